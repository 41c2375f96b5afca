"""The value between reading and writing: changes, their cost, their requests, their rendering."""
