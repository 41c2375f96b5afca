"""How a cell shows its value (`FORMATTED_VALUE`): number formats, in the spreadsheet's locale.

Patterns are those of the Sheets API guide "Date & number formats"; they are written as in en_US whatever the
locale.
"""

import math
import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.dates import moment_of
from sheets_crm.emulator.languages import Language, language_of
from sheets_crm.emulator.numerals import plain_number

__all__ = ["pattern_of", "render", "render_pattern"]

_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<money>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<elapsed>h+|m+|s+)\]|\[(?P<tag>[^\]]*)\]'
    r"|_(?P<space>.)|\*(?P<fill>.)|(?P<half>am/pm|a/p)|(?P<fraction>[0#?]+/(?:[0#?]+|[1-9][0-9]*))|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?)"
    r"|(?P<power>[eE][+-]0+)|(?P<digits>[0#?][0#?,]*(?:\.[0#?]*,*)?|\.[0#?]+,*)|(?P<percent>%)|(?P<text>@)|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_EXACT = 1e15
_DEFAULT_PATTERNS = {
    "NUMBER": "#,##0.00",
    "PERCENT": "0.00%",
    "SCIENTIFIC": "0.00E+00",
    "TEXT": "@",
}


def render(value: CellValue, number_format: Mapping[str, str] | None, locale: str) -> str:
    """Show a value as its cell does.

    Args:
        value: The cell's value; a date is its serial number.
        number_format: The cell's `NumberFormat`: `type` and, where given, `pattern`. `None` is automatic.
        locale: The spreadsheet's.

    Returns:
        The text; empty for a blank cell.
    """
    language = language_of(locale)
    if value is None:
        return ""
    if isinstance(value, ErrorValue):
        return value.type
    if isinstance(value, bool):
        return language.words[0 if value else 1]
    pattern = pattern_of(number_format, language)
    if not pattern:
        return value if isinstance(value, str) else plain_number(value, language)
    return render_pattern(value, pattern, language)


def pattern_of(number_format: Mapping[str, str] | None, language: Language) -> str:
    """Give the pattern of a number format, a type's own where it has none; empty for the automatic format."""
    if not number_format:
        return ""
    kind, pattern = number_format.get("type", ""), number_format.get("pattern", "")
    if pattern:
        return "" if pattern.lower() == "general" else pattern
    if kind == "CURRENCY":
        sign, before = language.currency
        return f'"{sign}"#,##0.00' if before else f'#,##0.00 "{sign}"'
    dates = {"DATE": language.date, "TIME": language.time, "DATE_TIME": language.moment}
    return dates.get(kind) or _DEFAULT_PATTERNS.get(kind, "")


def render_pattern(value: float | str, pattern: str, language: Language) -> str:
    """Show a number or a text by a pattern of up to four sections: positive, negative, zero, text."""
    if isinstance(value, str):
        return value if pattern == "@" else _patterned_text(value, pattern)
    return _patterned_number(value, pattern, language)


@lru_cache(maxsize=4096)
def _patterned_text(value: str, pattern: str) -> str:
    section = _text_section(_sections(pattern))
    return value if section is None else _text(section, value)


@lru_cache(maxsize=65_536)
def _patterned_number(value: float, pattern: str, language: Language) -> str:
    """Many cells of a column share their dates and ratios: what was shown once is kept."""
    sections = _sections(pattern)
    shown, section = _section_for(value, sections)
    tokens = _tokens(section)
    if any(kind == "text" for kind, _ in tokens):
        return "".join(
            plain_number(value, language) if kind == "text" else _literal(kind, text) for kind, text in tokens
        )
    if any(kind in ("date", "elapsed", "half") for kind, _ in tokens):
        return _moment(shown, tokens, language)
    return _number(shown, tokens, language)


def _text_section(sections: tuple[str, ...]) -> str | None:
    """The section for texts: the fourth, or a last one that holds ``@``; without one, texts show as they are."""
    last = sections[min(len(sections), 4) - 1]
    return last if len(sections) > 3 or any(kind == "text" for kind, _ in _tokens(last)) else None


def _section_for(value: float, sections: tuple[str, ...]) -> tuple[float, str]:
    """The section for a number, and the number without the sign that its section stands for."""
    for section in sections[:2]:
        condition = re.match(r"\[(<=|>=|<>|<|>|=)(-?[\d.]+)\]", section)
        if condition and _holds(value, condition[1], float(condition[2])):
            return value, section
    if value < 0 and len(sections) > 1:
        return -value, sections[1]
    if value == 0 and len(sections) > 2:
        return value, sections[2]
    return value, sections[0]


def _holds(value: float, operator: str, bound: float) -> bool:
    tests = {
        "<": value < bound,
        ">": value > bound,
        "<=": value <= bound,
        ">=": value >= bound,
        "=": value == bound,
        "<>": value != bound,
    }
    return tests[operator]


@lru_cache(maxsize=1024)
def _sections(pattern: str) -> tuple[str, ...]:
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


@lru_cache(maxsize=1024)
def _tokens(section: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for match in _TOKENS.finditer(section):
        kind = match.lastgroup or "other"
        found.append((kind, match[kind] if match.lastgroup else ""))
    return tuple(found)


def _literal(kind: str, text: str) -> str:
    """What stands in a pattern for itself; of a repeated character the API's answers have one (recorded, A)."""
    if kind == "space":
        return " "
    return "" if kind == "tag" else text


def _text(section: str, value: str) -> str:
    return "".join(value if kind == "text" else _literal(kind, text) for kind, text in _tokens(section))


def _number(value: float, tokens: tuple[tuple[str, str], ...], language: Language) -> str:
    value *= 100 ** sum(kind == "percent" for kind, _ in tokens)
    power = next((text for kind, text in tokens if kind == "power"), None)
    exponent = 0
    if power is not None and value:
        exponent = math.floor(math.log10(abs(value)))
        value /= 10.0**exponent
    whole_too = any(kind == "digits" for kind, _ in tokens)
    ratio = next((_fraction(value, text, whole_too) for kind, text in tokens if kind == "fraction"), None)
    if ratio is not None:
        value = math.copysign(ratio[0], value) if ratio[0] else value
    parts, first = [], True
    for kind, text in tokens:
        if ratio is not None and kind in ("digits", "fraction"):
            parts.append(_whole(ratio[0], text, language) if kind == "digits" else ratio[1])
            first = False
        elif kind == "digits":
            parts.append(_digits(value if first else 0.0, text, language))
            first = False
        elif kind == "power":
            parts.append(_exponent(exponent, text))
        else:
            parts.append(_literal(kind, text))
    body = "".join(parts)
    return "-" + body if value < 0 and not first and any(sign in body for sign in "123456789") else body


def _exponent(exponent: int, text: str) -> str:
    sign = "-" if exponent < 0 else "+" if text[1] == "+" else ""
    return f"{text[0]}{sign}{abs(exponent):0{len(text) - 2}d}"


def _digits(value: float, text: str, language: Language) -> str:
    bare = text.rstrip(",")
    value = abs(value) / 1000 ** (len(text) - len(bare))
    scaled, _, fraction = bare.partition(".")
    rounded = _half_up(value, len(fraction))
    before, _, after = f"{rounded:.{len(fraction)}f}".partition(".")
    optional = len(fraction) - len(fraction.rstrip("#?"))
    spaces = ""
    while optional and after.endswith("0"):
        spaces = (" " if fraction[len(after) - 1] == "?" else "") + spaces
        after, optional = after[:-1], optional - 1
    mark = language.decimal if "." in text else ""
    return _padded(before, scaled, language) + mark + after + spaces


def _padded(digits: str, places: str, language: Language) -> str:
    """Fill up a whole number: a missing digit is a 0 at the places of 0, a space at those of ?, nothing at #."""
    digits, signs = digits.lstrip("0"), places.replace(",", "")
    missing = signs[: max(len(signs) - len(digits), 0)]
    zeros = len(missing) - missing.index("0") if "0" in missing else 0
    digits = "0" * zeros + digits
    spaces = " " * missing[: len(missing) - zeros].count("?")
    return spaces + (_grouped(digits, language.group) if "," in places else digits)


def _whole(number: int, text: str, language: Language) -> str:
    """The whole number before a fraction."""
    return _padded(str(number), text.partition(".")[0].rstrip(","), language)


def _fraction(value: float, text: str, whole_too: bool) -> tuple[int, str]:
    """Split a number into what stands before a fraction and the fraction, as ``1/8`` in the places of ``???/???``."""
    above, _, below = text.partition("/")
    exact = Fraction(abs(value))
    whole = math.floor(exact) if whole_too else 0
    if below[0] in "0#?":
        rest = (exact - whole).limit_denominator(10 ** len(below) - 1)
    else:
        rest = Fraction(round((exact - whole) * int(below)), int(below))
    if whole_too and rest >= 1:
        whole, rest = whole + 1, rest - 1
    if whole_too and not rest:
        return whole, " " * (len(text) if "?" in text else 0)
    lower = rest.denominator if below[0] in "0#?" else int(below)
    upper = str(rest.numerator * (lower // rest.denominator))
    return whole, f"{_to_right(upper, above)}/{_to_left(str(lower), below)}"


def _to_right(digits: str, places: str) -> str:
    return digits.rjust(len(places), "0" if "0" in places else " ") if "#" not in places else digits


def _to_left(digits: str, places: str) -> str:
    return digits.ljust(len(places)) if "?" in places else digits


def _half_up(value: float, places: int) -> float:
    """Round half away from zero, as spreadsheets do, undoing the noise of binary fractions."""
    scaled = value * 10.0**places
    if scaled >= _EXACT:
        return value
    return math.floor(scaled + 0.5 + 1e-9 * max(1.0, scaled * 1e-6)) / 10.0**places


def _grouped(digits: str, mark: str) -> str:
    start = len(digits) % 3
    groups = [digits[:start]] if start else []
    return mark.join(groups + [digits[place : place + 3] for place in range(start, len(digits), 3)])


def _moment(value: float, tokens: tuple[tuple[str, str], ...], language: Language) -> str:
    try:
        moment = moment_of(value)
    except (OverflowError, ValueError):
        return plain_number(value, language)
    half = any(kind == "half" for kind, _ in tokens)
    parts = []
    for place, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            parts.append(_elapsed(value, text))
        elif kind == "half":
            parts.append(_half_day(moment, text))
        elif kind == "date":
            minutes = text[0] in "mM" and _is_minutes(tokens, place)
            parts.append(_date_part(moment, text.lower(), language, half=half, minutes=minutes))
        else:
            parts.append(_literal(kind, text))
    return "".join(parts)


def _is_minutes(tokens: tuple[tuple[str, str], ...], place: int) -> bool:
    """Whether an ``m`` is minutes: it follows hours or comes before seconds."""
    parts = [(kind, text) for kind, text in tokens if kind in ("date", "elapsed")]
    index = sum(kind in ("date", "elapsed") for kind, _ in tokens[:place])
    before = parts[index - 1][1][0].lower() if index else ""
    after = parts[index + 1][1][0].lower() if index + 1 < len(parts) else ""
    return before == "h" or after == "s"


def _elapsed(value: float, text: str) -> str:
    seconds = round(value * 86_400)
    amount = {"h": seconds // 3600, "m": seconds // 60, "s": seconds}[text[0].lower()]
    return str(amount).rjust(len(text), "0")


def _half_day(moment: datetime, text: str) -> str:
    word = "AM" if moment.hour < 12 else "PM"
    if len(text) > 3:
        return word
    return word[0].lower() if text[0] == "a" else word[0]


def _date_part(moment: datetime, text: str, language: Language, *, half: bool, minutes: bool) -> str:
    letter, count = text[0], len(text)
    if letter == "s":
        digits = text.partition(".")[2]
        whole = f"{moment.second:0{min(2, count - (len(digits) + 1 if digits else 0))}d}"
        return whole + (language.decimal + f"{moment.microsecond:06d}"[: len(digits)] if digits else "")
    if minutes:
        return f"{moment.minute:0{min(count, 2)}d}"
    if letter == "h":
        hour = (moment.hour % 12 or 12) if half else moment.hour
        return f"{hour:0{min(count, 2)}d}"
    if letter == "y":
        return f"{moment.year:04d}" if count > 2 else f"{moment.year % 100:02d}"
    names, number = (language.months, moment.month) if letter == "m" else (language.days, moment.weekday() + 1)
    if count <= 2:
        return f"{moment.month if letter == 'm' else moment.day:0{count}d}"
    return _named(names[number - 1], letter, count, language)


def _named(name: str, letter: str, count: int, language: Language) -> str:
    name = name.capitalize() if language.capital_names else name
    if letter == "m" and count == 5:
        return name[0].upper()
    return name[:3] if count == 3 else name
