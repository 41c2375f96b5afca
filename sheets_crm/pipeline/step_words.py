"""The words by which people name steps, kinds of import and entries: ids, titles of tabs, and Spanish words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sheets_crm.messages import said
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.schema import Step

EXPORT: Final = "export"
CONTACTS: Final = "contacts"
SENDING: Final = "sending"
"""Word for the step that contacts the leads, whichever that is."""

_SPANISH: Final[Mapping[str, str]] = {CONTACTS: "contactos", SENDING: "envío"}
"""What a Spanish workbook shows; *export* is the owner's word in Spanish, too."""

KIND_WORDS: Final[Mapping[str, str]] = {
    EXPORT: EXPORT,
    "exportación": EXPORT,
    CONTACTS: CONTACTS,
    _SPANISH[CONTACTS]: CONTACTS,
    "verificación": "verification",
}
"""The kinds of import by further words than their steps' own."""
ENTRY_WORDS: Final[Mapping[str, str]] = {
    SENDING: SENDING,
    _SPANISH[SENDING]: SENDING,
    "envíos": SENDING,
    "verificación": "verification",
}
"""The entries by further words."""


def kind_word(kind: str, language: str) -> str:
    """A kind of import as a workbook of a language shows it; a step, or another kind, as it is."""
    return _SPANISH.get(kind, kind) if language == "es" else kind


def step_words(steps: Iterable[Step], further: Mapping[str, str], *also: str) -> dict[str, str]:
    """What words name, by `header_key`: an id before a further word, that before the title of a step's tabs.

    Args:
        steps: The steps that can be named.
        further: Further words; those for other steps are left out.
        also: Ids that are no steps.
    """
    steps = list(steps)
    ids = [*also, *(step.name for step in steps)]
    words = {header_key(name): name for name in ids}
    for word, name in further.items():
        if name in ids:
            words.setdefault(header_key(word), name)
    for step in steps:
        words.setdefault(header_key(step.title), step.name)
    return words


def names_for_errors(ids: Iterable[str], steps: Iterable[Step]) -> list[str]:
    """Steps, kinds and entries as an error lists them: the name that a workbook shows, and the id where it differs."""
    titles = {step.name: step.title for step in steps}
    return [
        said(f"word.{name}") if name in _SPANISH else _beside(titles.get(name, name), name)
        for name in dict.fromkeys(ids)
    ]


def _beside(title: str, name: str) -> str:
    return title if title.casefold() == name.casefold() else f"{title} ({name})"


def shown_words(words: Mapping[str, str], steps: Iterable[Step], language: str) -> list[str]:
    """What words name, each once, as a workbook of a language shows it: steps by the title of their tabs."""
    titles = {step.name: step.title for step in steps if words.get(header_key(step.title)) == step.name}
    spanish = _SPANISH if language == "es" else {}
    return [titles.get(name) or spanish.get(name, name) for name in dict.fromkeys(words.values())]
