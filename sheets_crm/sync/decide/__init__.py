"""The pure part of a run: from a snapshot to a plan. No clock, no I/O; the time is an argument."""
