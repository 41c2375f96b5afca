"""Text: cutting, joining, searching, showing values by a pattern."""

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.entry import read_number
from sheets_crm.emulator.formats import render_pattern
from sheets_crm.emulator.formulas.coercion import to_bool, to_number, to_text
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Area, Block, Failure, Value
from sheets_crm.emulator.languages import Language

__all__: list[str] = []

_LONGEST = 50_000


def _count(context: Context, value: CellValue, what: str) -> int:
    number = int(to_number(value, context.language))
    if number < 0:
        raise Failure(ErrorValue("#VALUE!", f"{what} must not be negative."))
    return number


@function("LEN", "s")
def _len(context: Context, value: CellValue) -> float:
    return float(len(to_text(value, context.language)))


@function("LEFT", "ss", least=1)
def _left(context: Context, value: CellValue, count: CellValue = 1.0) -> str:
    return to_text(value, context.language)[: _count(context, count, "LEFT's count")]


@function("RIGHT", "ss", least=1)
def _right(context: Context, value: CellValue, count: CellValue = 1.0) -> str:
    text, length = to_text(value, context.language), _count(context, count, "RIGHT's count")
    return text[max(0, len(text) - length) :]


@function("MID", "sss")
def _mid(context: Context, value: CellValue, start: CellValue, count: CellValue) -> str:
    first = int(to_number(start, context.language))
    if first < 1:
        raise Failure(ErrorValue("#NUM!", "MID's start must be at least 1."))
    return to_text(value, context.language)[first - 1 : first - 1 + _count(context, count, "MID's length")]


@function("UPPER", "s")
def _upper(context: Context, value: CellValue) -> str:
    return to_text(value, context.language).upper()


@function("LOWER", "s")
def _lower(context: Context, value: CellValue) -> str:
    return to_text(value, context.language).lower()


@function("PROPER", "s")
def _proper(context: Context, value: CellValue) -> str:
    shown, start = [], True
    for letter in to_text(value, context.language):
        shown.append(letter.upper() if start else letter.lower())
        start = not letter.isalpha()
    return "".join(shown)


@function("TRIM", "s")
def _trim(context: Context, value: CellValue) -> str:
    return " ".join(part for part in to_text(value, context.language).split(" ") if part)


@function("CLEAN", "s")
def _clean(context: Context, value: CellValue) -> str:
    return "".join(letter for letter in to_text(value, context.language) if ord(letter) >= 32)


@function("EXACT", "ss")
def _exact(context: Context, first: CellValue, second: CellValue) -> bool:
    return to_text(first, context.language) == to_text(second, context.language)


@function("REPT", "ss")
def _rept(context: Context, value: CellValue, times: CellValue) -> str:
    text, count = to_text(value, context.language), _count(context, times, "REPT's count")
    if len(text) * count > _LONGEST:
        raise Failure(
            ErrorValue("#VALUE!", f"Text result of REPT is longer than the limit of {_LONGEST} characters.")
        )
    return text * count


@function("SUBSTITUTE", "ssss", least=3)
def _substitute(
    context: Context, value: CellValue, old: CellValue, new: CellValue, which: CellValue = None
) -> str:
    text, was, becomes = (to_text(part, context.language) for part in (value, old, new))
    if not was:
        return text
    if which is None:
        return text.replace(was, becomes)
    place = -1
    for _ in range(_count(context, which, "SUBSTITUTE's occurrence")):
        place = text.find(was, place + 1)
        if place < 0:
            return text
    return text if place < 0 else text[:place] + becomes + text[place + len(was) :]


@function("REPLACE", "ssss")
def _replace(context: Context, value: CellValue, start: CellValue, count: CellValue, new: CellValue) -> str:
    text, first = to_text(value, context.language), _count(context, start, "REPLACE's position")
    if first < 1:
        raise Failure(ErrorValue("#NUM!", "REPLACE's position must be at least 1."))
    end = first - 1 + _count(context, count, "REPLACE's length")
    return text[: first - 1] + to_text(new, context.language) + text[end:]


def _found(context: Context, wanted: str, text: str, start: CellValue) -> float:
    first = int(to_number(start, context.language))
    place = text.find(wanted, first - 1) if first >= 1 else -1
    if place < 0:
        raise Failure(ErrorValue("#VALUE!", f"'{wanted}' is not in '{text}'."))
    return float(place + 1)


@function("FIND", "sss", least=2)
def _find(context: Context, wanted: CellValue, value: CellValue, start: CellValue = 1.0) -> float:
    return _found(context, to_text(wanted, context.language), to_text(value, context.language), start)


@function("SEARCH", "sss", least=2)
def _search(context: Context, wanted: CellValue, value: CellValue, start: CellValue = 1.0) -> float:
    sought, text = (to_text(part, context.language).lower() for part in (wanted, value))
    return _found(context, sought, text, start)


@function("CHAR UNICHAR", "s")
def _char(context: Context, value: CellValue) -> str:
    code = int(to_number(value, context.language))
    if not 1 <= code <= 0x10FFFF:
        raise Failure(ErrorValue("#NUM!", "There is no such character."))
    return chr(code)


@function("CODE UNICODE", "s")
def _code(context: Context, value: CellValue) -> float:
    text = to_text(value, context.language)
    if not text:
        raise Failure(ErrorValue("#VALUE!", "CODE needs a character."))
    return float(ord(text[0]))


@function("VALUE", "s")
def _value(context: Context, value: CellValue) -> float:
    return to_number(value, context.language)


@function("TO_TEXT", "s")
def _to_text(context: Context, value: CellValue) -> str:
    return to_text(value, context.language)


@function("TO_DATE TO_PERCENT TO_PURE_NUMBER TO_DOLLARS", "s")
def _to_same(_context: Context, value: CellValue) -> CellValue:
    """These change how a number is shown, which is its cell's format here."""
    return value


@function("TEXT", "ss")
def _text(context: Context, value: CellValue, pattern: CellValue) -> str:
    form = _in_english(to_text(pattern, context.language), context.language)
    if isinstance(value, bool):
        return to_text(value, context.language)
    if isinstance(value, str):
        read = read_number(value, context.language)
        return render_pattern(value if read is None else read, form, context.language)
    return render_pattern(to_number(value, context.language), form, context.language)


def _in_english(pattern: str, language: Language) -> str:
    """Spell a TEXT pattern as in en_US: where the decimal is a comma, ``0,0`` and ``#.##0`` follow it."""
    if not language.comma_decimal or "," not in pattern:
        return pattern.replace("#.##0", "#,##0") if language.comma_decimal else pattern
    return pattern.translate(str.maketrans(",.", ".,"))


def _texts(context: Context, values: tuple[Value, ...], *, skip_empty: bool = False) -> list[str]:
    """Every cell as text.

    Raises:
        Failure: The first error among them.
    """
    found: list[str] = []
    for value in values:
        cells = context.block(value).values() if isinstance(value, Area | Block) else [value]
        found.extend(to_text(cell, context.language) for cell in cells)
    return [text for text in found if text] if skip_empty else found


@function("CONCATENATE", "r", repeat="r")
def _concatenate(context: Context, *values: Value) -> str:
    return "".join(_texts(context, values))


@function("CONCAT", "ss")
def _concat(context: Context, first: CellValue, second: CellValue) -> str:
    return to_text(first, context.language) + to_text(second, context.language)


@function("JOIN", "sr", repeat="r")
def _join(context: Context, mark: CellValue, *values: Value) -> str:
    return to_text(mark, context.language).join(_texts(context, values))


@function("TEXTJOIN", "ssr", repeat="r")
def _textjoin(context: Context, mark: CellValue, skip: CellValue, *values: Value) -> str:
    texts = _texts(context, values, skip_empty=to_bool(skip, context.language))
    return to_text(mark, context.language).join(texts)


@function("SPLIT", "ssss", least=2)
def _split(
    context: Context, value: CellValue, marks: CellValue, each: CellValue = True, skip: CellValue = True
) -> Block:
    text, mark = to_text(value, context.language), to_text(marks, context.language)
    if not text or not mark:
        raise Failure(ErrorValue("#VALUE!", "SPLIT needs a text and a delimiter."))
    if to_bool(each, context.language):
        for other in mark[1:]:
            text = text.replace(other, mark[0])
        mark = mark[0]
    parts = [part for part in text.split(mark) if part or not to_bool(skip, context.language)]
    if not parts:
        raise Failure(ErrorValue("#REF!", "SPLIT leaves nothing"))
    numbers = [read_number(part, context.language) for part in parts]
    cells: list[CellValue] = [
        (part or None) if number is None else number for part, number in zip(parts, numbers, strict=True)
    ]
    return Block.from_grid([cells])


@function("HYPERLINK", "ss", least=1)
def _hyperlink(_context: Context, address: CellValue, label: CellValue = None) -> CellValue:
    return address if label is None else label
