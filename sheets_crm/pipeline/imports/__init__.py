"""Drops: recognise pasted or imported output rows, match them to leads and merge them into the Master."""
