"""The pure part of a run, from a snapshot to a plan: no clock, no I/O; the time is an argument."""
