"""The people whom somebody asked to forget: what was ever known of each, and where nothing of it may stand.

A lead is known by what only that person has: member ids, profile URLs, e-mail addresses, and the full name where no
other lead bears the same.
"""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

URLS = ("personSalesUrl", "personLinkedinUrl")
MEMBER = re.compile(r"/sales/(?:lead|people)/([^,/?#\s]+)|(?:^\s*|/in/)(AC[A-Za-z0-9_-]{6,})(?=[/?#,\s]|$)")
PROFILE = re.compile(r"linkedin\.com/((?:in|pub)/[^/?#\s]+)")
SHORT = 5
"""A word with fewer letters says nothing about one person."""


@dataclass
class Known:
    """What was ever known of a lead: words, names, and its row of the Master as it was seen last."""

    words: set[str] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)
    row: dict[str, Any] = field(default_factory=dict)

    def see(self, row: dict[str, Any]) -> None:
        """Note a row of the Master."""
        self.words |= set(words_of(row))
        for kind in ("", "_cleaned"):
            first, last = (str(row[f"{name}{kind}"]).casefold().strip() for name in ("firstName", "lastName"))
            if first and last:
                self.names.add((first, last))
        self.row = row


@dataclass
class Asked:
    """A lead that somebody asked to forget.

    Attributes:
        lead: The LeadNumber.
        name: What it was named by: the LeadNumber or the e-mail address.
        worker: Who was asked.
        state: The disk that the worker had then.
        done: Whether the command ended well.
        blind: Whether the note of it was lost meanwhile, so that what else lies on that disk cannot be known.
    """

    lead: int
    name: str
    worker: str
    state: Path
    done: bool = False
    blind: bool = False


def words_of(row: dict[str, Any]) -> Iterator[str]:
    """Yield what tells who a lead is, in small letters."""
    for url in (str(row[name]) for name in URLS):
        found = MEMBER.search(url)
        if found:
            yield (found[1] or found[2]).casefold()
        elif profile := PROFILE.search(url):
            yield profile[1].casefold()
    mail = str(row["email"]).strip().casefold()
    if "@" in mail:
        yield mail


class Forgetting:
    """Who was seen in the Master, and who was asked to be forgotten."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.known: dict[int, Known] = {}
        self.asked: dict[int, Asked] = {}

    def see(self, rows: Iterable[dict[str, Any]]) -> None:
        """Note the rows of the Master."""
        for row in rows:
            self.known.setdefault(int(row["LeadNumber"]), Known()).see(row)

    def waiting(self, worker: str) -> Asked | None:
        """Return what a worker was asked and did not end."""
        return next((one for one in self.asked.values() if one.worker == worker and not one.done), None)

    def choose(self, rows: list[dict[str, Any]], worker: str, state: Path) -> Asked | None:
        """Choose somebody whom nobody asked to forget yet, and how to name the person."""
        free = [row for row in rows if row["LeadNumber"] not in self.asked]
        if not free:
            return None
        row = self.random.choice(free)
        mail = str(row["email"]).strip()
        alone = sum(str(other["email"]).strip().casefold() == mail.casefold() for other in rows) == 1
        name = mail if "@" in mail and alone and self.random.random() < 0.4 else str(row["LeadNumber"])
        asked = Asked(int(row["LeadNumber"]), name, worker, state)
        self.asked[asked.lead] = asked
        return asked

    def blind(self, worker: str) -> None:
        """Note that a worker lost what it had noted of what it was asked."""
        for one in self.asked.values():
            if one.worker == worker and not one.done:
                one.blind = True

    def words(self, lead: int) -> set[str]:
        """Return the words that only this person was ever known by, but for others who are forgotten too."""
        others = set().union(*(known.words for one, known in self.known.items() if one not in self.asked))
        return {word for word in self.known[lead].words - others if len(word) >= SHORT}

    def names(self, lead: int) -> set[tuple[str, str]]:
        """Return the names that only this person ever bore."""
        others = set().union(*(known.names for one, known in self.known.items() if one != lead))
        return self.known[lead].names - others

    def told_by(self, lead: int) -> re.Pattern[str]:
        """Return what finds a word or the full name of a person in a text of small letters."""
        full = {f"{first} {last}" for first, last in self.names(lead)}
        either = "|".join(re.escape(word) for word in sorted(self.words(lead) | full))
        return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])" if either else r"(?!)")

    def export_rows(self) -> list[list[str]]:
        """Return everybody asked for as an export names them: first name, last name, …, member id, profile URL."""
        found = []
        for lead in self.asked:
            row = self.known[lead].row
            members = [MEMBER.search(str(row[url])) for url in URLS]
            member = next((one[1] or one[2] for one in members if one), "")
            profile = str(row["personLinkedinUrl"])
            if member or profile:
                names = [str(row["firstName"]), str(row["lastName"]), "", "", str(row["companyName_fromP"])]
                found.append([*names, member, profile])
        return found


def in_cells(cells: list[list[Any]], told: re.Pattern[str], names: set[tuple[str, str]]) -> str:
    """Return what of a tab speaks of a person: a word in a cell, or both names in one row; "" when nothing does."""
    for row in cells:
        texts = [cell.casefold() for cell in row if isinstance(cell, str) and cell]
        if any(told.search(text) for text in texts):
            return next(text for text in texts if told.search(text))[:80]
        if any(first in texts and last in texts for first, last in names):
            return "both names"
    return ""


def in_files(state: Path, told: re.Pattern[str]) -> list[str]:
    """Return the files of a worker that can be read and speak of a person."""
    files = [path for path in sorted(state.rglob("*")) if path.is_file()]
    return [str(path.relative_to(state)) for path in files if told.search(_text(path))]


def _text(path: Path) -> str:
    body = path.read_bytes()
    with suppress(OSError, EOFError, zlib.error):
        body = gzip.decompress(body)
    return body.decode("utf-8", "replace").casefold()
