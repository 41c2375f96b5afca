"""How far a commit of SQLite goes before it returns."""

from __future__ import annotations

SYNCHRONOUS = "FULL"
"""On the disk; tests that cut no power do not wait for it."""
