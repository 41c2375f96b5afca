"""The Dashboard's second block: Box 1 version by version, and the funnel of each TargetID, as live formulas.

It stands right of the metrics, below the charts, in cells that the worker does not read. One formula lists the versions
and one the TargetIDs. Names are compared with ``EXACT``, since COUNTIFS would read ``007`` as a number and ``a*`` as a
pattern.

A reply counts for the version whose copy was sent: the lead's present result if it is older than the send, else the
result in Box1 History that belongs to the same send.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.states import COMPLETED
from sheets_crm.pipeline.steps import COMPANY_SCRAP, VERIFICATION
from sheets_crm.pipeline.tallies import (
    BOX1_DONE,
    HAS_REPLIED,
    IS_CONVERTED,
    IS_HIT,
    IS_POSITIVE,
    IS_SENT_TO_INSTANTLY,
    IS_VERIFIED,
    TALLIES,
    Clause,
    one_of,
)
from sheets_crm.workbook import charts
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, Formula, column_letters, quoted
from sheets_crm.workbook.tabs import BOX1_HISTORY, DASHBOARD, MASTER
from sheets_crm.workbook.tally_formulas import criterion, either, equal, factors

FIRST_ROW: Final = charts.FUNNEL_ROW + 2 * charts.ROWS_OF_A_CHART + 1
FIRST_COLUMN: Final = charts.FUNNEL_COLUMN
VERSIONS_LISTED: Final = 10
TARGETS_LISTED: Final = 30
# Positive ones first, as in the formulas of workbooks in use: another order would be reported as a changed formula.
REPLIED: Final = tuple(sorted(HAS_REPLIED, key=lambda need: need not in IS_POSITIVE))
VERSION_HEADS: Final = (
    ("version", "box1_version"),
    ("results", "box1_version"),
    ("hit", "box1_result"),
    ("hit_ratio", "box1_result"),
    ("sent", "instantly_sent"),
    ("replies", "instantly_status"),
    ("reply_ratio", "instantly_status"),
    ("positive", "instantly_status"),
    ("positive_ratio", "instantly_status"),
    ("converted", "instantly_status"),
    ("conversion_ratio", "instantly_status"),
)
"""The heads of the block by version, each with a column of the step that has to be in use."""
TARGET_HEADS: Final = (
    ("target", "TargetID"),
    ("leads", "LeadNumber"),
    ("verified", "validation_success"),
    ("verification_ratio", "validation_success"),
    ("scraped", COMPANY_SCRAP.status),
    ("hit", "box1_result"),
    ("hit_ratio", "box1_result"),
    ("sent", "instantly_sent"),
    ("reply_ratio", "instantly_status"),
    ("positive_ratio", "instantly_status"),
    ("conversion_ratio", "instantly_status"),
)
"""The same of the block by TargetID."""
WIDTH: Final = len(VERSION_HEADS)
VERSIONS_HEIGHT: Final = 2 + VERSIONS_LISTED + 1
"""Title, heads, versions, and a blank row."""


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A row of the block: its cells, and ``title``, ``heads`` or ``body``; ``ratios`` are columns in percent."""

    cells: tuple[CellIn, ...]
    kind: str
    ratios: tuple[int, ...] = ()


def rows(schema: Schema, language: str, where: Addresses) -> tuple[BlockRow, ...]:
    """The rows of the block, from FIRST_ROW and FIRST_COLUMN on: as many whatever steps are in use."""
    blank = BlockRow(("",) * WIDTH, "")
    targets = _targets(schema, language, where)
    if _has_versions(schema):
        return (*_versions(schema, language, where), blank, *targets)
    return (*targets, *[blank] * VERSIONS_HEIGHT)


def _has_versions(schema: Schema) -> bool:
    return schema.has("box1_version")


def _in_use(heads: Sequence[tuple[str, str]], schema: Schema) -> list[str]:
    return [head for head, column in heads if schema.has(column)]


def _headed(name: str, heads: list[str], language: str, overflow: str) -> Iterator[BlockRow]:
    title: tuple[CellIn, ...] = (localize(f"breakdown.{name}", language), *[""] * (WIDTH - 2), Formula(overflow))
    yield BlockRow(title, "title")
    yield BlockRow(_wide(localize(f"breakdown.head.{head}", language) for head in heads), "heads")


def _wide(cells: Iterable[CellIn]) -> tuple[CellIn, ...]:
    row = tuple(cells)
    return (*row, *[""] * (WIDTH - len(row)))


def _listing(column: str, most: int) -> Formula:
    names = f'SORT(UNIQUE(FILTER({column};{column}<>"")))'
    return Formula(f'=IFERROR(ARRAY_CONSTRAIN({names};{most};1);"")')


def _overflow(column: str, most: int) -> str:
    names = f'IFERROR(ROWS(UNIQUE(FILTER({column};{column}<>"")));0)'
    return f'=IF({names}>{most};"+ "&({names}-{most});"")'


def _ratios(heads: list[str]) -> tuple[int, ...]:
    return tuple(n for n, head in enumerate(heads) if head.endswith("_ratio"))


def _at(column: int, row: int) -> str:
    return f"${column_letters(FIRST_COLUMN + column)}{row}"


def _shown(name: str, text: str) -> Formula:
    """The formula of a cell that is blank while its row has no name."""
    return Formula(f'=IF({name}="";"";{text})')


def _share(above: str, below: str) -> str:
    return f'IFERROR({above}/{below};"")'


def _product(*factors: str) -> str:
    return f"SUMPRODUCT({'*'.join(factors)})"


def versions_listed(where: Addresses) -> str:
    """The range of the listed versions, as a formula for a drop-down."""
    return _listed(where, FIRST_ROW + 3, VERSIONS_LISTED)


def targets_listed(schema: Schema, where: Addresses) -> str:
    """The range of the listed TargetIDs, as a formula for a drop-down."""
    return _listed(where, _nameless_row(schema) + 1, TARGETS_LISTED)


def _listed(where: Addresses, row: int, most: int) -> str:
    letters = column_letters(FIRST_COLUMN)
    return f"={quoted(where.titles[DASHBOARD])}!${letters}${row}:${letters}${row + most - 1}"


# -- versions of Box 1


def _versions(schema: Schema, language: str, where: Addresses) -> Iterator[BlockRow]:
    heads = _in_use(VERSION_HEADS, schema)
    yield from _headed("versions", heads, language, _overflow(_every_version(where), VERSIONS_LISTED))
    for n in range(VERSIONS_LISTED):
        row = FIRST_ROW + 2 + n + 1
        first = _listing(_every_version(where), VERSIONS_LISTED) if n == 0 else ""
        yield BlockRow(_wide((first, *_version_cells(heads, where, row))), "body", _ratios(heads))


def _every_version(where: Addresses) -> str:
    return f"VSTACK({where.column(MASTER, 'box1_version')};{where.column(BOX1_HISTORY, 'box1_version')})"


def _version_cells(heads: Sequence[str], where: Addresses, row: int) -> Iterator[CellIn]:
    name = _at(0, row)

    def at(head: str) -> str:
        return _at(heads.index(head), row)

    # Formulas of heads that are not in use would name columns that the workbook does not have: none is built.
    cells: dict[str, Callable[[], str]] = {
        "results": lambda: _results(where, name),
        "hit": lambda: _results(where, name, hit=True),
        "hit_ratio": lambda: _share(at("hit"), at("results")),
        "sent": lambda: _outcomes(where, name, ()),
        "replies": lambda: _outcomes(where, name, REPLIED),
        "reply_ratio": lambda: _share(at("replies"), at("sent")),
        "positive": lambda: _outcomes(where, name, IS_POSITIVE),
        "positive_ratio": lambda: _share(at("positive"), at("sent")),
        "converted": lambda: _outcomes(where, name, IS_CONVERTED),
        "conversion_ratio": lambda: _share(at("converted"), at("positive")),
    }
    yield from (_shown(name, cells[head]()) for head in heads[1:])


def _results(where: Addresses, name: str, *, hit: bool = False) -> str:
    """Count the results of a version: present ones in the Master and earlier ones in Box1 History."""
    of_master, of_history = (
        [f"EXACT({where.column(tab, 'box1_version')};{name})"] + ([equal(IS_HIT[0], where, tab)] if hit else [])
        for tab in (MASTER, BOX1_HISTORY)
    )
    of_master.append(equal(BOX1_DONE[0], where))
    of_history.append(f'({where.column(BOX1_HISTORY, LEAD_NUMBER)}<>"")')
    return f"{_product(*of_master)}+{_product(*of_history)}"


def _outcomes(where: Addresses, name: str, statuses: Clause) -> str:
    """Count the leads that a version's copy was sent to: all, or those with one of some statuses.

    Times of earlier results are compared with the time of their own send, and joined to the Master by LeadNumber and
    that time, since a lead's present status says nothing of another send.
    """
    done, sent = where.column(MASTER, "box1_completed_at"), where.column(MASTER, "instantly_sent_at")
    own = [
        f"EXACT({where.column(MASTER, 'box1_version')};{name})",
        *(f'({column}<>"")' for column in (done, sent)),
        f"({done}<={sent})",
    ]
    kept, kept_done, kept_sent = (
        where.column(BOX1_HISTORY, header) for header in ("box1_version", "box1_completed_at", "instantly_sent_at")
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
    return f"{_product(*own, *([either(statuses, where)] if statuses else []))}+{_product(*earlier)}"


# -- TargetIDs


def _nameless_row(schema: Schema) -> int:
    """The 1-based row of the leads without a TargetID; those of each TargetID stand below it."""
    return FIRST_ROW + (VERSIONS_HEIGHT if _has_versions(schema) else 0) + 3


def _targets(schema: Schema, language: str, where: Addresses) -> Iterator[BlockRow]:
    names, heads = where.column(MASTER, "TargetID"), _in_use(TARGET_HEADS, schema)
    yield from _headed("targets", heads, language, _overflow(names, TARGETS_LISTED))
    start, ratios = _nameless_row(schema), _ratios(heads)
    nameless = f'({names}="")*({where.column(MASTER, LEAD_NUMBER)}<>"")'
    cells = _target_cells(heads, where, start, nameless)
    yield BlockRow(_wide((localize("breakdown.no_target", language), *cells)), "body", ratios)
    for n in range(1, TARGETS_LISTED + 1):
        row = start + n
        first = _listing(names, TARGETS_LISTED) if n == 1 else ""
        cells = _target_cells(heads, where, row, f"EXACT({names};{_at(0, row)})")
        yield BlockRow(_wide((first, *cells)), "body", ratios)


def _target_cells(heads: Sequence[str], where: Addresses, row: int, own: str) -> Iterator[CellIn]:
    def count(*clauses: Clause) -> str:
        return _product(own, *factors(clauses, where))

    def at(head: str) -> str:
        return _at(heads.index(head), row)

    name = _at(0, row)
    cells: dict[str, Callable[[], str]] = {
        "leads": lambda: _product(own, f'({where.column(MASTER, LEAD_NUMBER)}<>"")'),
        "verified": lambda: count(IS_VERIFIED),
        "verification_ratio": lambda: _share(at("verified"), count(one_of(VERIFICATION.status, COMPLETED))),
        "scraped": lambda: count(one_of(COMPANY_SCRAP.status, COMPLETED)),
        "hit": lambda: count(*TALLIES["box1_hit"].clauses),
        "hit_ratio": lambda: _share(at("hit"), count(BOX1_DONE)),
        "sent": lambda: count(IS_SENT_TO_INSTANTLY),
        "reply_ratio": lambda: _share(count(REPLIED), at("sent")),
        "positive_ratio": lambda: _share(count(IS_POSITIVE), at("sent")),
        "conversion_ratio": lambda: _share(count(IS_CONVERTED), count(IS_POSITIVE)),
    }
    yield from (_shown(name, cells[head]()) for head in heads[1:])
