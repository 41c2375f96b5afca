"""Every text that operators read on Control, in Log and Rejected, and as labels of the tabs, in Spanish and English.

A file for each area holds the texts, as data: ``code: (Spanish, English)``. Both have the same placeholders. Three
suffixes belong to the code: ``.remedy`` is the remedy for the message of the code before it, ``.one`` is the singular
for a ``count`` of 1, and ``stop.`` begins the causes of a refused run.
"""

from __future__ import annotations

from typing import Final, Self

from sheets_crm.messages import columns, imports, runs, stops, tabs, two_way

CATALOGUE: Final[dict[str, tuple[str, str]]] = {
    **tabs.TEXTS,
    **columns.TEXTS,
    **runs.TEXTS,
    **imports.TEXTS,
    **stops.TEXTS,
    **two_way.TEXTS,
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
    return texts[LANGUAGES.index(language)].format_map(params)


def with_remedy(code: str, language: str, /, **params: object) -> str:
    """A message and its remedy, as two sentences."""
    message = localize(code, language, **params).removesuffix(".")
    return f"{message}. {localize(code + REMEDY, language, **params)}"


def quantity(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun, in the English of reports: ``1 batch``, ``2 batches``.

    Args:
        count: How many.
        noun: The singular.
        plural: The plural, unless it is the singular with an s.
    """
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


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
