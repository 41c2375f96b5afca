"""One run: look, claim, read, plan, apply, record; it speaks to ports."""
