"""Every text that people read, on Control, in Log and Rejected, as labels of tabs and on a terminal, in two languages.

A file for each area holds the texts, as data: ``code: (Spanish, English)``. Both have the same placeholders. Three
suffixes belong to the code: ``.remedy`` is the remedy for the message of the code before it, ``.one`` is the singular
for a ``count`` of 1, and ``stop.`` begins the causes of a refused run. Where a text has several counts, each has both
its forms in its placeholder, with ``#`` for the number: ``{rejected:# row|# rows}``.
"""

from __future__ import annotations

from typing import Any, Final, Self, SupportsIndex

from sheets_crm.messages import (
    alerts,
    checks,
    columns,
    custom_steps,
    demo,
    do_not_contact,
    failures,
    files,
    google,
    headers,
    imports,
    instantly,
    morning,
    progress,
    pushes,
    reports,
    runs,
    settings,
    stops,
    store,
    tabs,
    two_way,
    webhooks,
)

CATALOGUE: Final[dict[str, tuple[str, str]]] = {
    **alerts.TEXTS,
    **tabs.TEXTS,
    **columns.TEXTS,
    **morning.TEXTS,
    **runs.TEXTS,
    **imports.TEXTS,
    **instantly.TEXTS,
    **headers.TEXTS,
    **do_not_contact.TEXTS,
    **stops.TEXTS,
    **two_way.TEXTS,
    **reports.TEXTS,
    **checks.TEXTS,
    **failures.TEXTS,
    **files.TEXTS,
    **google.TEXTS,
    **progress.TEXTS,
    **pushes.TEXTS,
    **settings.TEXTS,
    **store.TEXTS,
    **webhooks.TEXTS,
    **custom_steps.TEXTS,
    **demo.TEXTS,
}
LANGUAGES: Final = ("es", "en")
REMEDY: Final = ".remedy"


def localize(code: str, language: str, /, **params: object) -> str:
    """A text of the catalogue with its placeholders filled in.

    Args:
        code: Its key in the catalogue. With ``count=1`` its singular is used, if there is one.
        language: ``"es"`` or ``"en"``.
        params: Values of the placeholders; surplus ones are ignored.

    Raises:
        KeyError: Unknown code, or a placeholder without a value.
        ValueError: Unknown language.
    """
    one = f"{code}.one" if params.get("count") == 1 else code
    texts = CATALOGUE[one if one in CATALOGUE else code]
    counted = {name: _Count.of(value) for name, value in params.items()}
    return texts[LANGUAGES.index(language)].format_map(counted)


def with_remedy(code: str, language: str, /, **params: object) -> str:
    """A message and its remedy, as two sentences."""
    message = localize(code, language, **params).removesuffix(".")
    return f"{message}. {localize(code + REMEDY, language, **params)}"


class Problem(str):
    """A message in Spanish, the workbook's default language, that keeps its code and parameters.

    So the domain need not know the workbook's language; ``localized`` translates the message.
    """

    __slots__ = ("code", "params")
    code: str
    params: dict[str, str]

    def __new__(cls, code: str, /, **params: str) -> Self:
        """Fill in the message of that code."""
        problem = super().__new__(cls, localize(code, "es", **params))
        problem.code = code
        problem.params = params
        return problem

    def localized(self, language: str) -> str:
        """The same message in a language ("es" or "en")."""
        return localize(self.code, language, **self.params)

    def __reduce__(self) -> tuple[object, ...]:
        return _problem, (self.code, self.params)


def _problem(code: str, params: dict[str, str]) -> Problem:
    return Problem(code, **params)


class Said(str):
    """A message in English, as scripts read it, that keeps its code and parameters.

    So what reports a result or a failure need not know the language of the person at the terminal: whatever shows the
    message says it in theirs (`in_language`). Parameters may be messages themselves, and lists of them.
    """

    __slots__ = ("code", "params")
    code: str
    params: dict[str, object]

    def __new__(cls, code: str, /, **params: object) -> Self:
        """Fill in the message of that code."""
        message = super().__new__(cls, cls._text(code, "en", params))
        message.code = code
        message.params = params
        return message

    def localized(self, language: str) -> str:
        """The same message in a language ("es" or "en")."""
        return self._text(self.code, language, self.params)

    @classmethod
    def _text(cls, code: str, language: str, params: dict[str, object]) -> str:
        return localize(code, language, **{name: _parameter(value, language) for name, value in params.items()})

    def __reduce__(self) -> tuple[object, ...]:
        return _said, (type(self), self.code, self.params)


class Explained(Said):
    """A message together with its remedy, as two sentences."""

    __slots__ = ()

    @classmethod
    def _text(cls, code: str, language: str, params: dict[str, object]) -> str:
        return with_remedy(code, language, **params)


class Moment(str):
    """A day, or a day and time, as scripts read it (``2026-11-20 09:41``); people read it as their language has it."""

    __slots__ = ()

    def localized(self, language: str) -> str:
        """The same moment in a language ("es" or "en"); what is no moment stays as it is."""
        day, space, time = str(self).partition(" ")
        parts = day.split("-")
        if language != "es" or len(parts) != 3 or not all(part.isdecimal() for part in parts):
            return str(self)
        return f"{'/'.join(reversed(parts))}{space}{time}"


def said(code: str, /, **params: object) -> Said:
    """A message for a terminal, of which the language is not known yet."""
    return Said(code, **params)


def _said(kind: type[Said], code: str, params: dict[str, object]) -> Said:
    return kind(code, **params)


def in_language(text: str, language: str) -> str:
    """A text as it is said in a language; one that is no message of the catalogue stays as it is."""
    return text.localized(language) if isinstance(text, Said | Problem | Moment) else str(text)


def _parameter(value: object, language: str) -> object:
    if isinstance(value, str):
        return in_language(value, language)
    if isinstance(value, list | tuple):
        return ", ".join(str(_parameter(item, language)) for item in value)
    if isinstance(value, int) and not isinstance(value, bool) and language == "es":
        return _SpanishNumber(value)
    return value


class _Count(int):
    """A whole number that a text may have in two forms: of one, and of any other number."""

    @classmethod
    def of(cls, value: object) -> object:
        """A whole number as one; anything else stays as it is."""
        if isinstance(value, bool | _Count) or not isinstance(value, SupportsIndex):
            return value
        return cls(value)

    def __format__(self, spec: str) -> str:
        one, mark, many = spec.partition("|")
        if not mark:
            return super().__format__(spec)
        return (one if self == 1 else many).replace("#", self.shown)

    @property
    def shown(self) -> str:
        """The number as it stands in a form, with its thousands apart."""
        return f"{int(self):,}"


class _SpanishNumber(_Count):
    """A whole number whose thousands are separated as in Spanish: ``3.560``."""

    def __format__(self, spec: str) -> str:
        return super().__format__(spec) if "|" in spec else number_in(super().__format__(spec), "es")

    @property
    def shown(self) -> str:
        """The number as it stands in a form, with its thousands apart."""
        return number_in(super().shown, "es")


def number_in(english: str, language: str) -> str:
    """A number as it is written in a language, given as it is written in English: ``3,560.5``."""
    return english.translate(_SPANISH_MARKS) if language == "es" else english


_SPANISH_MARKS: Final[dict[int, Any]] = str.maketrans(",.", ".,")
