"""One run: poll, debounce, read, claim, decide, apply, record; it speaks to ports."""
