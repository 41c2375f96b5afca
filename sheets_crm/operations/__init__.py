"""The operations behind the verbs: each takes a context and returns a report."""
