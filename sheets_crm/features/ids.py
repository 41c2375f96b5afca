"""Ids of batches and imports: a letter, a dash, a number, as in V-0007."""

from __future__ import annotations

from collections.abc import Iterable


def next_number(ids: Iterable[str], letter: str) -> int:
    """The number above all that are in use behind a letter; 1 when none is."""
    numbers = [text[2:] for text in ids if text.startswith(f"{letter}-")]
    return max((int(number) for number in numbers if _is_number(number)), default=0) + 1


def number_of(text: str) -> int:
    """The number of an id; 0 for a text that is none."""
    number = text[2:]
    return int(number) if _is_number(number) else 0


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 16
