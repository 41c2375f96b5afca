"""The blocks by Box 1 version and by version of each prompt.

A reply counts for the version whose copy was sent: the lead's present result if it is older than the send, else the
result in Box1 History that belongs to the same send. Box1 History keeps the versions of prompts too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.schema import Need, Schema
from sheets_crm.pipeline.tallies import BOX1_DONE, HAS_REPLIED, IS_CONVERTED, IS_POSITIVE, Clause
from sheets_crm.workbook import dashboard
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.breakdown.rows import (
    BlockRow,
    at,
    beyond_chance,
    in_use,
    listing,
    overflow,
    product,
    ratio_formulas,
    shown,
    wide,
)
from sheets_crm.workbook.cells import CellIn, Formula, column_letters, quoted
from sheets_crm.workbook.tabs import BOX1_HISTORY, DASHBOARD, MASTER
from sheets_crm.workbook.tally_formulas import criterion, either, equal

FIRST: Final = 3
"""Rows above the first version of a prompt: title, verdicts, heads; above those of Box 1 an explanation too."""
EXPLAINED: Final = 3
"""Column of the explanation."""
VERSIONS_LISTED: Final = 10
PROMPT_VERSIONS_LISTED: Final = 4
# Positive ones first: a reply is either.
REPLIED: Final = tuple(sorted(HAS_REPLIED, key=lambda need: need not in IS_POSITIVE))
HEADS: Final = (
    ("version", "box1_version"),
    ("results", "box1_version"),
    ("hit", "box1_result"),
    ("nohit", "box1_result"),
    ("drop", "box1_result"),
    ("hit_ratio", "box1_result"),
    ("hit_low", "box1_result"),
    ("hit_high", "box1_result"),
    ("sent", "instantly_sent"),
    ("replies", "instantly_status"),
    ("reply_ratio", "instantly_status"),
    ("reply_low", "instantly_status"),
    ("reply_high", "instantly_status"),
    ("positive", "instantly_status"),
    ("positive_ratio", "instantly_status"),
    ("positive_low", "instantly_status"),
    ("positive_high", "instantly_status"),
    ("converted", "instantly_status"),
    ("conversion_ratio", "instantly_status"),
    ("conversion_low", "instantly_status"),
    ("conversion_high", "instantly_status"),
)
"""The heads, each with a column of the step that has to be in use."""
RATIOS: Final = {
    "hit": ("hit", "results"),
    "reply": ("replies", "sent"),
    "positive": ("positive", "sent"),
    "conversion": ("converted", "positive"),
}
"""The heads above and below the line of each ratio."""
WORDS: Final = {"hit": "HIT", "nohit": "noHIT", "drop": "DROP"}


def rows(schema: Schema, language: str, where: Addresses) -> Iterator[BlockRow]:
    """Yield the rows of the versions; none without Box 1."""
    if not schema.has("box1_version"):
        return
    block = _Block(schema, language, where, "box1_version", VERSIONS_LISTED, 0)
    title, *others = block.rows()
    yield from (title, _explained(schema, language, where, block.first), *others, BlockRow(wide(()), ""))


def prompt_rows(schema: Schema, language: str, where: Addresses, above: int) -> Iterator[BlockRow]:
    """Yield the rows of the versions of each prompt, below so many others."""
    if not schema.has("box1_version"):
        return
    for n in range(1, schema.prompts + 1):
        yield BlockRow(wide(()), "")
        above += 1
        block = _Block(schema, language, where, f"prompt{n}_version", PROMPT_VERSIONS_LISTED, above, prompt=n)
        of_prompt = tuple(block.rows())
        yield from of_prompt
        above += len(of_prompt)


class _Block:
    """The rows of one column of versions, from a 0-based row on."""

    def __init__(
        self, schema: Schema, language: str, where: Addresses, column: str, most: int, row: int, *, prompt: int = 0
    ) -> None:
        self._schema, self._language, self._where = schema, language, where
        self._column, self._most, self._row, self._prompt = column, most, row, prompt
        self._heads = in_use(HEADS, schema)
        self._ratios = [name for name in RATIOS if f"{name}_ratio" in self._heads]
        self.first = row + FIRST + (0 if prompt else 1) + 1

    def rows(self) -> Iterator[BlockRow]:
        names, language = self._every_name(), self._language
        first = self.first
        code = "breakdown.prompt" if self._prompt else "breakdown.versions"
        title = localize(code, language, number=self._prompt, ratios=len(self._ratios))
        heads = [localize(f"breakdown.head.{head}", language) for head in self._heads]
        if self._prompt:  # an empty block shows nothing
            said: list[CellIn] = [shown(at(0, first), f'"{text}"') for text in (title, *heads)]
        else:
            said = [title, *heads]
        yield BlockRow((*wide(said[:1])[:-1], Formula(overflow(names, self._most))), "title")
        yield BlockRow(self._verdicts(first), "said")
        yield BlockRow(wide(said[1:]), "heads")
        ratios = tuple(n for n, head in enumerate(self._heads) if head.endswith(("_ratio", "_low", "_high")))
        for n in range(self._most):
            row = first + n
            name = listing(names, self._most) if n == 0 else ""
            cells = (name, *self._cells(row))
            yield BlockRow(wide(cells), "body", ratios, self._cases())

    def _every_name(self) -> str:
        stacked = ";".join(self._where.column(tab, self._column) for tab in (MASTER, BOX1_HISTORY))
        return f"VSTACK({stacked})"

    def _cases(self) -> tuple[tuple[int, int], ...]:
        """The column of each ratio with that of its cases."""
        places = self._heads.index
        return tuple((places(f"{name}_ratio"), places(RATIOS[name][1])) for name in self._ratios)

    def _cells(self, row: int) -> Iterator[CellIn]:
        name = at(0, row)

        def place(head: str) -> str:
            return at(self._heads.index(head), row)

        # Formulas of heads that are not in use would name columns that the workbook does not have: none is built.
        cells: dict[str, Callable[[], str]] = {
            "results": lambda: self._results(name),
            **{head: lambda word=word: self._results(name, word) for head, word in WORDS.items()},  # type: ignore[misc]
            "sent": lambda: self._outcomes(name, ()),
            "replies": lambda: self._outcomes(name, REPLIED),
            "positive": lambda: self._outcomes(name, IS_POSITIVE),
            "converted": lambda: self._outcomes(name, IS_CONVERTED),
        }
        cells.update(ratio_formulas({ratio: RATIOS[ratio] for ratio in self._ratios}, place))
        yield from (shown(name, cells[head]()) for head in self._heads[1:])

    def _results(self, name: str, word: str = "") -> str:
        """Count the results of a version: present ones in the Master and earlier ones in Box1 History."""
        of_master, of_history = (
            [f"EXACT({self._where.column(tab, self._column)};{name})"]
            + ([equal(Need("box1_result", word), self._where, tab)] if word else [])
            for tab in (MASTER, BOX1_HISTORY)
        )
        of_master.append(equal(BOX1_DONE[0], self._where))
        of_history.append(f'({self._where.column(BOX1_HISTORY, LEAD_NUMBER)}<>"")')
        return f"{product(*of_master)}+{product(*of_history)}"

    def _outcomes(self, name: str, statuses: Clause) -> str:
        """Count the leads that a version's copy was sent to: all, or those with one of some statuses.

        Times of earlier results are compared with the time of their own send, and joined to the Master by LeadNumber
        and that time, since a lead's present status says nothing of another send.
        """
        where = self._where
        done, sent = where.column(MASTER, "box1_completed_at"), where.column(MASTER, "instantly_sent_at")
        own = [
            f"EXACT({where.column(MASTER, self._column)};{name})",
            *(f'({column}<>"")' for column in (done, sent)),
            f"({done}<={sent})",
        ]
        kept, kept_done, kept_sent = (
            where.column(BOX1_HISTORY, header)
            for header in (self._column, "box1_completed_at", "instantly_sent_at")
        )
        same_sending = (
            f"{where.column(MASTER, LEAD_NUMBER)};{where.column(BOX1_HISTORY, LEAD_NUMBER)};{sent};{kept_sent}"
        )
        with_status = [f";{criterion(status, where)}" for status in statuses] or [""]
        same = "+".join(f"COUNTIFS({same_sending}{status})" for status in with_status)
        earlier = [
            f"EXACT({kept};{name})",
            *(f'({column}<>"")' for column in (kept_done, kept_sent)),
            f"({kept_done}<={kept_sent})",
            f"({same})",
        ]
        return f"{product(*own, *([either(statuses, where)] if statuses else []))}+{product(*earlier)}"

    def _verdicts(self, first: int) -> tuple[CellIn, ...]:
        """Whether the versions differ by more than chance, above each ratio."""
        words = [localize(f"breakdown.chance.{name}", self._language) for name in ("differ", "equal", "few")]
        said: list[CellIn] = list(wide(()))
        for name in self._ratios:
            successes, cases = (self._range(head, first) for head in RATIOS[name])
            verdict = beyond_chance(cases, successes, len(self._ratios), words)
            said[self._heads.index(f"{name}_ratio")] = verdict
        return tuple(said)

    def _range(self, head: str, first: int) -> str:
        letters = column_letters(self._heads.index(head))
        return f"${letters}${first}:${letters}${first + self._most - 1}"


def _explained(schema: Schema, language: str, where: Addresses, top: int) -> BlockRow:
    """The line that says why the results below are more than the main figure; blank while they are not."""
    heads: Sequence[str] = in_use(HEADS, schema)
    line = dashboard.metric_rows(schema).get("box1_completed")
    if line is None or "results" not in heads:
        return BlockRow(wide(()), "said")
    letters = column_letters(heads.index("results"))
    listed = f"SUM(${letters}${top}:${letters}${top + VERSIONS_LISTED - 1})"
    main = f"{quoted(where.titles[DASHBOARD])}!${dashboard.VALUE}${line}"
    kept = f"COUNT({where.column(BOX1_HISTORY, LEAD_NUMBER)})"
    words = localize("breakdown.explained", language).split("#")
    numbers = ("FIXED(listed;0)", "FIXED(main;0)", "FIXED(kept;0)")
    said = "&".join(f'"{word}"&{number}' for word, number in zip(words, numbers, strict=False))
    text = f'=LET(listed;{listed};main;{main};kept;{kept};IF(listed=main;"";{said}))'
    # It stands in a column that no formula reads: the emulator works out again what reads a column that changed.
    return BlockRow(wide((*[""] * EXPLAINED, Formula(text))), "said")
