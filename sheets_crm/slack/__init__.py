"""Slack's incoming webhook: a message to one channel, by an address that is itself the secret."""
