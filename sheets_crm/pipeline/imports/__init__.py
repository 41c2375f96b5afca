"""Imports: recognise pasted or uploaded output, match its rows to leads and merge them into the Master."""
