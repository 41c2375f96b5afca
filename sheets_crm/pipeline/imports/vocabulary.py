"""The meanings of e-mail verifiers' words, and which of them count as success.

The vendor's own word is stored in ``email_validation``; this table, which operators can edit in a tab, gives its
meaning. Sources: the verifiers' public documentation of their results (Anymailfinder, Findymail, Dropcontact,
Icypeas, NeverBounce, ZeroBounce, MillionVerifier, Hunter, Instantly, Reoon).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.messages import Problem
from sheets_crm.pipeline.imports.text import flag, shown, word_key

PENDING: Final = "pending"
MEANINGS: Final = (
    "valid",
    "catch_all",
    "risky",
    "role",
    "disposable",
    "invalid",
    "not_found",
    "unknown",
    PENDING,
    "do_not_mail",
)

Verdict = tuple[str, bool | None]
"""A normalised meaning and whether it counts as success; None: not decided yet, the lead stays processing."""

_GENERIC: Final = {
    "valid": "valid deliverable ok good verified true verdadero safe vrai valido válido",
    "catch_all": "catch_all accept_all catchall acceptall ok_for_all",
    "risky": "risky webmail inbox_full",
    "role": "role role_account role_based",
    "disposable": "disposable",
    "invalid": "invalid undeliverable bad false falso disabled faux inválido",
    "not_found": "not_found none_found no_email_found no_encontrado",
    "unknown": "unknown error desconocido",
    "pending": "pending pendiente",
    "do_not_mail": "do_not_mail spamtrap abuse blacklisted",
}
_ICYPEAS: Final = {
    "valid": "ultra_sure very_sure sure",
    "risky": "probable found debited",
    "not_found": "debited_not_found",
    "pending": "none scheduled in_progress",
    "unknown": "bad_input insufficient_funds aborted",
}
_NEVERBOUNCE: Final = {"valid": "0", "invalid": "1", "disposable": "2", "catch_all": "3", "unknown": "4"}
_DROPCONTACT: Final = {
    "nominative": "valid",
    "catch_all": "catch_all",
    "non_confirm": "catch_all",
    "generic": "role",
    "random": "risky",
    "invalid": "invalid",
}
_HEADING: Final = "word"


@dataclass(frozen=True, slots=True)
class Vocabulary(Mapping[str, Verdict]):
    """Vendors' words and their verdicts; words are compared without case, spaces, hyphens and underscores.

    Attributes:
        words: (word as written, meaning, counts as success) in the order of the table.
        problems: Invalid rows of the operators' table.
    """

    words: tuple[tuple[str, str, bool | None], ...]
    problems: tuple[Problem, ...] = ()
    _verdicts: Mapping[str, Verdict] = None  # type: ignore[assignment]  # made from the words

    def __post_init__(self) -> None:
        verdicts: dict[str, Verdict] = {}
        for word, meaning, success in self.words:
            verdicts.setdefault(word_key(word), (meaning, success))
        object.__setattr__(self, "_verdicts", verdicts)

    def __getitem__(self, word: str) -> Verdict:
        return self._verdicts[word_key(word)]

    def __iter__(self) -> Iterator[str]:
        return iter(self._verdicts)

    def __len__(self) -> int:
        return len(self._verdicts)

    def rows(self) -> list[list[str | bool]]:
        """The table for a tab: word, meaning, counts as success ("" while pending), without a header."""
        return [[word, meaning, "" if success is None else success] for word, meaning, success in self.words]

    @classmethod
    def from_rows(cls, rows: Sequence[Sequence[object]]) -> Vocabulary:
        """The vocabulary of an operator's table; invalid rows are listed in ``problems``.

        Args:
            rows: Word, meaning, counts as success; blank rows and a header row are skipped. A blank third
                cell means success for ``valid`` only.
        """
        words: dict[str, tuple[str, str, bool | None]] = {}
        problems: list[Problem] = []
        for number, cells in enumerate(rows, start=1):
            texts = [*(shown(cell).strip() for cell in cells), "", "", ""][:3]
            if not any(texts) or (number == 1 and word_key(texts[0]) in {_HEADING, "palabra"}):
                continue
            entry = _entry(texts, number)
            if isinstance(entry, Problem):
                problems.append(entry)
            # A word listed twice is a problem only if the two rows disagree.
            elif words.setdefault(word_key(entry[0]), entry)[1:] != entry[1:]:
                problems.append(Problem("vocabulary_twice", column=entry[0]))
        return cls(tuple(words.values()), tuple(problems))


def _entry(texts: Sequence[str], number: int) -> tuple[str, str, bool | None] | Problem:
    word, meaning, counts = texts
    if not word:
        return Problem("vocabulary_no_word", value=str(number))
    normal = word_key(meaning)
    if normal not in MEANINGS:
        return Problem("vocabulary_bad_meaning", column=word, value=meaning, headers=", ".join(MEANINGS))
    if normal == PENDING:
        return word, normal, None
    success = flag(counts) if counts else normal == "valid"
    if success is None:
        return Problem("vocabulary_bad_flag", column=word, value=counts)
    return word, normal, success


def _default_words() -> dict[str, str]:
    words: dict[str, str] = {}
    # Of a word in several tables the first one counts.
    for table in (_GENERIC, _ICYPEAS, _NEVERBOUNCE):
        for meaning, listed in table.items():
            for word in listed.split():
                words.setdefault(word, meaning)
    for local, meaning in _DROPCONTACT.items():
        words[f"{local}@pro"] = meaning
        words[f"{local}@perso"] = meaning
        words[f"{local}@invalid"] = "invalid"
    return words


def _success(meaning: str) -> bool | None:
    return None if meaning == PENDING else meaning == "valid"


DEFAULT_VOCABULARY: Final = Vocabulary(
    tuple((word, made, _success(made)) for word, made in _default_words().items())
)
"""The documented words of the verifiers above; risky, catch-all and unknown are no success."""
