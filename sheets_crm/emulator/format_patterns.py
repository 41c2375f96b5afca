"""Number format patterns taken apart: their sections, their tokens, and which section shows a number.

Source: the Sheets API guide "Date & number formats" (A where nothing else is said).
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias, TypeVar

__all__ = [
    "LONGEST_KEPT",
    "Tokens",
    "kept",
    "literal",
    "number_section",
    "split_sections",
    "text_section",
    "tokens_of",
]

#: The tokens of one section: kind and text.
Tokens: TypeAlias = tuple[tuple[str, str], ...]

#: Of a longer pattern nothing is kept, so that what is kept stays small.
LONGEST_KEPT = 200

_Read = TypeVar("_Read")
_Key = TypeVar("_Key", str, Tokens)

# No bracket opens inside brackets: a pattern of many open ones is read in one pass.
_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<money>[^\[\]-]*)(?:-[^\[\]]*)?\]|\[(?P<elapsed>h+|m+|s+)\]'
    r"|\[(?P<tag>[^\[\]]*)\]|_(?P<space>.)|\*(?P<fill>.)|(?P<half>am/pm|a/p|am|pm)"
    r"|(?P<fraction>[0#?]+/(?:[0#?]+|[1-9][0-9]{0,14}))|(?P<date>y+|m+|d+|h+|s+)|(?P<power>e[+-][0#?]+)"
    r"|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*,*)?|\.[0#?]+,*)|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"\[([^\[\]]*)\]")
_CONDITION = re.compile(r"\s*(<=|>=|<>|<|>|=)\s*(-?(?:\d+\.?\d*|\.\d+))\s*")


def kept(read: Callable[[_Key], _Read]) -> Callable[[_Key], _Read]:
    """Keep what was read of the last thousand patterns, sections or tokens, long ones aside."""
    remembered = lru_cache(maxsize=1024)(read)

    def read_once(key: _Key) -> _Read:
        return read(key) if len(key) > LONGEST_KEPT else remembered(key)

    return read_once


@kept
def split_sections(pattern: str) -> tuple[str, ...]:
    """Cut a pattern at the semicolons that are not quoted."""
    sections, start, quoted, place = [], 0, False, 0
    while place < len(pattern):
        if pattern[place] == "\\":
            place += 1
        elif pattern[place] == '"':
            quoted = not quoted
        elif pattern[place] == ";" and not quoted:
            sections.append(pattern[start:place])
            start = place + 1
        place += 1
    return (*sections, pattern[start:])


@kept
def tokens_of(section: str) -> Tokens:
    """Read a section's tokens, from left to right."""
    found: list[tuple[str, str]] = []
    for match in _TOKENS.finditer(section):
        kind = match.lastgroup or "other"
        found.append((kind, match[kind] if match.lastgroup else ""))
    return tuple(found)


def literal(kind: str, text: str) -> str:
    """What stands in a pattern for itself; of a repeated character the API's answers have one (recorded, A)."""
    if kind == "space":
        return " "
    return "" if kind == "tag" else text


def text_section(pattern: str) -> str | None:
    """The section for texts: the fourth, or a last one that holds ``@``; without one, texts show as they are."""
    sections = split_sections(pattern)
    last = sections[min(len(sections), 4) - 1]
    return last if len(sections) > 3 or _is_for_texts(last) else None


def number_section(value: float, pattern: str) -> tuple[float, str] | None:
    """The section for a number, and the number without the sign that its section stands for.

    A section for texts at the end does not count. `None`: no section takes the number.
    """
    sections = _number_sections(pattern)
    conditions = _conditions(pattern)
    if any(conditions):
        return _by_condition(value, sections, conditions)
    if value < 0 and len(sections) > 1:
        return -value, sections[1]
    if value == 0 and len(sections) > 2:
        return value, sections[2]
    return value, sections[0]


def _is_for_texts(section: str) -> bool:
    return any(kind == "text" for kind, _ in tokens_of(section))


@kept
def _number_sections(pattern: str) -> tuple[str, ...]:
    sections = split_sections(pattern)[:4]
    if len(sections) == 4 or (len(sections) > 1 and _is_for_texts(sections[-1])):
        return sections[:-1]
    return sections


@kept
def _conditions(pattern: str) -> tuple[tuple[str, float] | None, ...]:
    return tuple(_condition(section) for section in _number_sections(pattern)[:2])


def _condition(section: str) -> tuple[str, float] | None:
    """The condition among the instructions before a section's format, in any order with its colour."""
    place = 0
    while tag := _TAG.match(section, place):
        condition = _CONDITION.fullmatch(tag[1])
        if condition:
            return condition[1], float(condition[2])
        place = tag.end()
    return None


def _by_condition(
    value: float, sections: tuple[str, ...], conditions: tuple[tuple[str, float] | None, ...]
) -> tuple[float, str] | None:
    """The first section whose condition holds; one without keeps its own: positive, then negative.

    The third takes everything else, and so does the second of two where only the first has a condition (C). There
    the sign stays, unless the first took every positive number (C).
    """
    first, second = conditions[0], conditions[1] if len(conditions) > 1 else None
    if _holds(value, first or (">" if len(sections) > 2 else ">=", 0.0)):
        return value, sections[0]
    if len(sections) == 2 and second is None:
        return (abs(value) if first in ((">", 0.0), (">=", 0.0)) else value), sections[1]
    if len(sections) > 1 and _holds(value, second or ("<", 0.0)):
        return (value if second else -value), sections[1]
    return (value, sections[2]) if len(sections) > 2 else None


def _holds(value: float, condition: tuple[str, float]) -> bool:
    operator, bound = condition
    tests = {
        "<": value < bound,
        ">": value > bound,
        "<=": value <= bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }
    return tests[operator]
