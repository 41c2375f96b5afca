"""The look and the validation of cells, shared between all cells that look the same."""

from collections.abc import Mapping
from threading import Lock
from typing import Any, TypeAlias

import orjson

__all__ = ["Style", "StyleRow", "intern_style", "styled"]


class Style:
    """A user-entered format and a validation rule; the same pair is always the same object.

    Attributes:
        number: Grows with each new style of this process; storage writes each once.
        format: The `userEnteredFormat`, or None.
        validation: The `dataValidation`, or None.
        text_pattern: The number format's pattern where it says how texts show, or None.
    """

    __slots__ = ("format", "number", "text_pattern", "validation")

    def __init__(self, number: int, form: dict[str, Any] | None, validation: dict[str, Any] | None) -> None:
        self.number = number
        self.format = form
        self.validation = validation
        pattern = (self.number_format or {}).get("pattern") or ""
        self.text_pattern = pattern if pattern != "@" and ("@" in pattern or pattern.count(";") > 2) else None

    @property
    def number_format(self) -> dict[str, Any] | None:
        """The number format, if the user or an entry set one."""
        return self.format.get("numberFormat") if self.format else None

    def body(self) -> bytes:
        """Give the JSON that storage keeps."""
        return orjson.dumps([self.format, self.validation])


#: The styles of one row by column; never changed in place, so that rows may share it.
StyleRow: TypeAlias = Mapping[int, Style]

_known: dict[bytes, Style] = {}
_lock = Lock()


def intern_style(form: dict[str, Any] | None, validation: dict[str, Any] | None) -> Style | None:
    """Give the one object for this pair; None where both are empty."""
    if not form and not validation:
        return None
    key = orjson.dumps([form or None, validation or None], option=orjson.OPT_SORT_KEYS)
    with _lock:
        style = _known.get(key)
        if style is None:
            style = _known[key] = Style(len(_known) + 1, form or None, validation or None)
        return style


def styled(styles: StyleRow | None, column: int, style: Style | None) -> StyleRow | None:
    """Give the row's styles with one column set or cleared."""
    if (styles or {}).get(column) is style:
        return styles
    fresh = dict(styles or {})
    if style is None:
        fresh.pop(column, None)
    else:
        fresh[column] = style
    return fresh or None
