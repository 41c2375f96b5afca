"""What the commands do: each operation takes a context and returns a report."""
