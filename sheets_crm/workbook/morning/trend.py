"""The ratios of each of the last twelve times seven days, with the cases that each counts.

History has counts since the beginning, a row a day: what came in seven days is the difference of two of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheets_crm.workbook.cells import Formula
from sheets_crm.workbook.dashboard import LEAST_CASES
from sheets_crm.workbook.morning import places
from sheets_crm.workbook.morning.figures import ACCENT
from sheets_crm.workbook.morning.page import Cells, Page, block, cell

RATIOS: Final = (
    ("verification", "verification_verified", "verification_completed"),
    ("hit", "box1_hit", "box1_completed"),
    ("reply", "instantly_replied", "instantly_sent"),
    ("positive", "instantly_positive", "instantly_sent"),
    ("conversion", "instantly_converted", "instantly_positive"),
)
"""Name, the count above the line and the one below it."""
FEW: Final = cell(places.TREND, places.WEEKS_COLUMN)
"""Whether there are fewer than two weeks to show."""


def ratios(page: Page) -> list[tuple[str, str, str]]:
    """The ratios of the steps in use."""
    return [one for one in RATIOS if page.has(*one[1:])]


def cells(page: Page) -> Iterator[Cells]:
    """Yield the title, the days, two rows for each ratio, and the hidden counts that they come from."""
    shown = ratios(page)
    if not shown:
        return
    title, none = page.sentence("trend.title"), page.sentence("trend.none")
    grey = page.sentence("trend.grey", least=str(LEAST_CASES))
    yield Cells(places.TREND, 0, ((Formula(f"={title}&IF({FEW};{none};{grey})"),),))
    days = tuple(
        Formula(f'=IF({FEW};"";{cell(places.TREND + 1, places.WEEKS_COLUMN + 2 + week)})')
        for week in range(places.WEEKS)
    )
    yield Cells(places.TREND + 1, places.TREND_COLUMN, (days,))
    yield from _counts(page)
    for n, (name, above, below) in enumerate(shown):
        yield from _ratio(page, places.TREND + 2 + 2 * n, name, (above, below))


def counted(page: Page) -> list[str]:
    """The counts that the ratios are made of, each once."""
    return list(dict.fromkeys(metric for one in ratios(page) for metric in one[1:]))


def _counts(page: Page) -> Iterator[Cells]:
    """Yield the hidden block: the days, and each count as it was on that day; the last is the present one."""
    column, weeks = places.WEEKS_COLUMN, places.WEEKS
    enough = [
        f"COUNT({block(places.TREND + 3 + 2 * n, places.TREND_COLUMN, 1, weeks)})"
        for n in range(len(ratios(page)))
    ]
    yield Cells(places.TREND, column, ((Formula(f"=MAX({';'.join(enough)})<2"),),))
    days = (Formula(f"=TODAY()-{7 * (weeks - week)}") for week in range(weeks + 1))
    yield Cells(places.TREND + 1, column, (("", *days),))
    for n, metric in enumerate(counted(page)):
        row = places.TREND + 2 + n
        then = (
            Formula(f"={page.as_of(metric, cell(places.TREND + 1, column + 1 + week))}") for week in range(weeks)
        )
        yield Cells(row, column, ((metric, *then, Formula(f"={page.value(metric)}")),))


def _ratio(page: Page, row: int, name: str, share: tuple[str, str]) -> Iterator[Cells]:
    """Yield the row of a ratio and, below it, that of its cases."""
    places_of = {metric: places.TREND + 2 + n for n, metric in enumerate(counted(page))}
    values, cases = [], []
    for week in range(places.WEEKS):
        below, above = (_gain(places_of[metric], week) for metric in reversed(share))
        number = cell(row + 1, places.TREND_COLUMN + week)
        cases.append(Formula(f'=LET(gain;{below};IF(gain="";"";IF(gain>0;gain;"")))'))
        # What came back in these days may answer what was sent before them: a share above 1 says nothing.
        ratio = f'LET(gain;{above};IF(gain="";"";IF(OR(gain<0;gain>{number});"";gain/{number})))'
        values.append(Formula(f'=IF({number}="";"";{ratio})'))
    spark = block(row, places.TREND_COLUMN, 1, places.WEEKS)
    line = f'SPARKLINE({spark};VSTACK(HSTACK("charttype";"line");HSTACK("color";"{ACCENT}")))'
    label = Formula(f'=IF({FEW};"";"{page.say(f"trend.{name}")}")')
    under = Formula(f'=IF({FEW};"";"{page.say("trend.cases")}")')
    yield Cells(row, 0, ((label, Formula(f'=IF(COUNT({spark})<2;"";{line})'), *values),))
    yield Cells(row + 1, 0, ((under,),))
    yield Cells(row + 1, places.TREND_COLUMN, (tuple(cases),))


def _gain(row: int, week: int) -> str:
    """What a count gained in a week; blank unless both ends are known."""
    first = places.WEEKS_COLUMN + 1 + week
    then, now = cell(row, first), cell(row, first + 1)
    return f'IF(AND(ISNUMBER({then});ISNUMBER({now}));{now}-{then};"")'
