"""Find text in text, and put other text in its place; the functions that count bytes too."""

import re
import unicodedata
from functools import lru_cache

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.coercion import to_number, to_text
from sheets_crm.emulator.formulas.reasons import at_least, no_such_text
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Failure

__all__ = ["counted"]


def counted(context: Context, name: str, place: int, value: CellValue) -> int:
    """A number of characters.

    Raises:
        Failure: #VALUE!, when it is negative.
    """
    number = int(to_number(value, context.language))
    if number < 0:
        raise Failure(at_least(name, place, number, 0, "#VALUE!"))
    return number


def _from(context: Context, name: str, place: int, value: CellValue, kind: str = "#VALUE!") -> int:
    """A place in a text, counted from 1."""
    first = int(to_number(value, context.language))
    if first < 1:
        raise Failure(at_least(name, place, first, 1, kind))
    return first


@function("SUBSTITUTE", "ssss", least=3)
def _substitute(
    context: Context, value: CellValue, old: CellValue, new: CellValue, which: CellValue = None
) -> str:
    text, was, becomes = (to_text(part, context.language) for part in (value, old, new))
    occurrence = 0 if which is None else counted(context, "SUBSTITUTE", 4, which)
    if not was or not occurrence:
        # The occurrence 0 means all of them (B).
        return text.replace(was, becomes) if was else text
    place = -1
    for _ in range(occurrence):
        place = text.find(was, place + 1)
        if place < 0:
            return text
    return text[:place] + becomes + text[place + len(was) :]


@function("REPLACE", "ssss")
def _replace(context: Context, value: CellValue, start: CellValue, count: CellValue, new: CellValue) -> str:
    text, first = to_text(value, context.language), _from(context, "REPLACE", 2, start)
    end = first - 1 + counted(context, "REPLACE", 3, count)
    return text[: first - 1] + to_text(new, context.language) + text[end:]


@lru_cache(maxsize=1024)
def _sought(wanted: str) -> re.Pattern[str]:
    """What SEARCH looks for: any case, ``*`` and ``?`` for other characters, ``~`` before either (B)."""
    parts = re.findall(r"~[*?~]|.", wanted, re.DOTALL)
    signs = {"*": ".*", "?": "."}
    pattern = "".join(re.escape(part[1]) if len(part) == 2 else signs.get(part, re.escape(part)) for part in parts)
    return re.compile(pattern, re.DOTALL | re.IGNORECASE)


def _place_of(name: str, wanted: str, text: str, first: int) -> int:
    """Where a text stands, from 0.

    Raises:
        Failure: #VALUE!, when it is not there.
    """
    if name.startswith("SEARCH"):
        match = _sought(wanted).search(text, first - 1)
        place = match.start() if match and first - 1 <= len(text) else -1
    else:
        place = text.find(wanted, first - 1)
    if place < 0:
        raise Failure(no_such_text(name, wanted, text))
    return place


def _finding(name: str) -> None:
    def body(context: Context, wanted: CellValue, value: CellValue, start: CellValue = 1.0) -> float:
        sought, text = (to_text(part, context.language) for part in (wanted, value))
        place = _place_of(name, sought, text, _from(context, name, 3, start))
        return float(_width(text[:place]) + 1) if name.endswith("B") else float(place + 1)

    function(name, "sss", least=2)(body)


for _name in ("FIND", "SEARCH", "FINDB", "SEARCHB"):
    _finding(_name)


def _width(text: str) -> int:
    """Bytes as the functions with a B count them: two for wide characters such as Chinese ones (B)."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _within(text: str, size: int) -> int:
    """How many characters so many bytes take; one that they cut counts whole (B)."""
    used = count = 0
    while count < len(text) and used < size:
        used += _width(text[count])
        count += 1
    return count


@function("LENB", "s")
def _lenb(context: Context, value: CellValue) -> float:
    return float(_width(to_text(value, context.language)))


@function("LEFTB", "ss", least=1)
def _leftb(context: Context, value: CellValue, count: CellValue = 1.0) -> str:
    text = to_text(value, context.language)
    return text[: _within(text, counted(context, "LEFTB", 2, count))]


@function("RIGHTB", "ss", least=1)
def _rightb(context: Context, value: CellValue, count: CellValue = 1.0) -> str:
    text = to_text(value, context.language)
    return text[len(text) - _within(text[::-1], counted(context, "RIGHTB", 2, count)) :]


@function("MIDB", "sss")
def _midb(context: Context, value: CellValue, start: CellValue, count: CellValue) -> str:
    """The start counts characters, the length bytes (B)."""
    rest = to_text(value, context.language)[_from(context, "MIDB", 2, start, "#NUM!") - 1 :]
    return rest[: _within(rest, counted(context, "MIDB", 3, count))]


@function("REPLACEB", "ssss")
def _replaceb(context: Context, value: CellValue, start: CellValue, count: CellValue, new: CellValue) -> str:
    text, first = to_text(value, context.language), _from(context, "REPLACEB", 2, start) - 1
    end = first + _within(text[first:], counted(context, "REPLACEB", 3, count))
    return text[:first] + to_text(new, context.language) + text[end:]


@function("ASC", "s")
def _asc(context: Context, value: CellValue) -> str:
    """Full-width letters and signs in half width."""
    return "".join(_NARROW.get(letter, letter) for letter in to_text(value, context.language))


def _narrow_letters() -> dict[str, str]:
    """Each wide letter and the narrow one (with its sound mark) that Unicode says it is the width of."""
    narrow = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    narrow["\u3000"] = " "
    for code in range(0xFF61, 0xFFA0):
        narrow[unicodedata.normalize("NFKC", chr(code))] = chr(code)
    for base, half in list(narrow.items()):
        for mark, small in (("\u3099", "\uff9e"), ("\u309a", "\uff9f")):
            whole = unicodedata.normalize("NFC", base + mark)
            if len(whole) == 1:
                narrow[whole] = half + small
    return narrow


_NARROW = _narrow_letters()
