"""The Dashboard's second block: Box 1 version by version, and the funnel of each TargetID, as live formulas.

It stands right of the metrics, below the charts, in cells that the worker does not read. One formula lists the versions
and one the TargetIDs. Names are compared with ``EXACT``, since COUNTIFS would read ``007`` as a number and ``a*`` as a
pattern.

A reply counts for the version whose copy was sent: the lead's present result if it is older than the send, else the
result in Box1 History that belongs to the same send.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import LEAD_NUMBER
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
VERSION_HEADS: Final = [
    "version",
    "results",
    "hit",
    "hit_ratio",
    "sent",
    "replies",
    "reply_ratio",
    "positive",
    "positive_ratio",
    "converted",
    "conversion_ratio",
]
TARGET_HEADS: Final = [
    "target",
    "leads",
    "verified",
    "verification_ratio",
    "scraped",
    "hit",
    "hit_ratio",
    "sent",
    "reply_ratio",
    "positive_ratio",
    "conversion_ratio",
]
WIDTH: Final = len(VERSION_HEADS)


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A row of the block: its cells, and ``title``, ``heads`` or ``body``; ``ratios`` are columns in percent."""

    cells: tuple[CellIn, ...]
    kind: str
    ratios: tuple[int, ...] = ()


def rows(language: str, where: Addresses) -> tuple[BlockRow, ...]:
    """The rows of the block, from FIRST_ROW and FIRST_COLUMN on."""
    return (*_versions(language, where), BlockRow(("",) * WIDTH, ""), *_targets(language, where))


def _headed(name: str, heads: list[str], language: str, overflow: str) -> Iterator[BlockRow]:
    title: tuple[CellIn, ...] = (localize(f"breakdown.{name}", language), *[""] * (WIDTH - 2), Formula(overflow))
    yield BlockRow(title, "title")
    yield BlockRow(tuple(localize(f"breakdown.head.{head}", language) for head in heads), "heads")


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


def targets_listed(where: Addresses) -> str:
    """The range of the listed TargetIDs, as a formula for a drop-down."""
    return _listed(where, FIRST_ROW + 2 + VERSIONS_LISTED + 5, TARGETS_LISTED)


def _listed(where: Addresses, row: int, most: int) -> str:
    letters = column_letters(FIRST_COLUMN)
    return f"={quoted(where.titles[DASHBOARD])}!${letters}${row}:${letters}${row + most - 1}"


# -- versions of Box 1


def _versions(language: str, where: Addresses) -> Iterator[BlockRow]:
    yield from _headed("versions", VERSION_HEADS, language, _overflow(_every_version(where), VERSIONS_LISTED))
    for n in range(VERSIONS_LISTED):
        row = FIRST_ROW + 2 + n + 1
        first = _listing(_every_version(where), VERSIONS_LISTED) if n == 0 else ""
        yield BlockRow((first, *_version_cells(where, row)), "body", _ratios(VERSION_HEADS))


def _every_version(where: Addresses) -> str:
    return f"VSTACK({where.column(MASTER, 'box1_version')};{where.column(BOX1_HISTORY, 'box1_version')})"


def _version_cells(where: Addresses, row: int) -> Iterator[CellIn]:
    name = _at(0, row)
    results, hits = _results(where, name), _results(where, name, hit=True)
    sent = _outcomes(where, name, ())
    counts = [_outcomes(where, name, words) for words in (REPLIED, IS_POSITIVE, IS_CONVERTED)]
    yield _shown(name, results)
    yield _shown(name, hits)
    yield _shown(name, _share(_at(2, row), _at(1, row)))
    yield _shown(name, sent)
    # Columns of the denominators: replies and positive ones per lead sent to (4), conversions per positive reply (7).
    for pair, (count, below) in enumerate(zip(counts, (4, 4, 7), strict=True)):
        yield _shown(name, count)
        yield _shown(name, _share(_at(5 + 2 * pair, row), _at(below, row)))


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


def _targets(language: str, where: Addresses) -> Iterator[BlockRow]:
    names = where.column(MASTER, "TargetID")
    yield from _headed("targets", TARGET_HEADS, language, _overflow(names, TARGETS_LISTED))
    start = FIRST_ROW + 2 + VERSIONS_LISTED + 3
    ratios = _ratios(TARGET_HEADS)
    nameless = f'({names}="")*({where.column(MASTER, LEAD_NUMBER)}<>"")'
    cells = _target_cells(where, start + 1, nameless)
    yield BlockRow((localize("breakdown.no_target", language), *cells), "body", ratios)
    for n in range(1, TARGETS_LISTED + 1):
        row = start + 1 + n
        first = _listing(names, TARGETS_LISTED) if n == 1 else ""
        yield BlockRow((first, *_target_cells(where, row, f"EXACT({names};{_at(0, row)})")), "body", ratios)


def _target_cells(where: Addresses, row: int, own: str) -> Iterator[CellIn]:
    def count(*clauses: Clause) -> str:
        return _product(own, *factors(clauses, where))

    name = _at(0, row)
    leads = _product(own, f'({where.column(MASTER, LEAD_NUMBER)}<>"")')
    positive = count(IS_POSITIVE)
    yield _shown(name, leads)
    yield _shown(name, count(IS_VERIFIED))
    yield _shown(name, _share(_at(2, row), count(one_of(VERIFICATION.status, COMPLETED))))
    yield _shown(name, count(one_of(COMPANY_SCRAP.status, COMPLETED)))
    yield _shown(name, count(*TALLIES["box1_hit"].clauses))
    yield _shown(name, _share(_at(5, row), count(BOX1_DONE)))
    yield _shown(name, count(IS_SENT_TO_INSTANTLY))
    yield _shown(name, _share(count(REPLIED), _at(7, row)))
    yield _shown(name, _share(positive, _at(7, row)))
    yield _shown(name, _share(count(IS_CONVERTED), positive))
