"""Scorecards of the owner's key figures, the funnel to conversions, the days of feed and the health of the system."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sheets_crm.workbook import dashboard
from sheets_crm.workbook.cells import CellIn, Formula
from sheets_crm.workbook.morning import places
from sheets_crm.workbook.morning.page import Cells, Page, cell
from sheets_crm.workbook.morning.today import LONG_DAYS, SHORT_DAYS

ACCENT: Final = "#1967d2"
CARDS: Final = (
    ("leads_total", ""),
    ("verification_verified", "verification_ratio"),
    ("company_scrap_completed", "company_scrap_ratio"),
    ("box1_hit", "box1_hit_ratio"),
    ("instantly_sent", ""),
    ("instantly_positive", "instantly_positive_ratio"),
    ("instantly_converted", "instantly_conversion_ratio"),
)
"""The metric of each card, and its ratio."""
STAGES: Final = (
    ("leads_total", ""),
    ("verification_verified", "verification"),
    ("company_scrap_completed", "company_scrap"),
    ("box1_hit", "box1"),
    ("instantly_sent", ""),
    ("instantly_replied", "instantly"),
    ("instantly_positive", ""),
    ("instantly_converted", ""),
)
"""The metric of each stage of the funnel, none of which counts leads that are still out; the step that leads to it."""


def cells(page: Page) -> Iterator[Cells]:
    """Yield the cards, the funnel, and what stands beside it."""
    yield from _cards(page)
    yield from _funnel(page)
    side = [*_feed(page), *_health(page)]
    yield Cells(places.FUNNEL, places.SIDE_COLUMN, tuple(side))


def cards(page: Page) -> list[tuple[str, str]]:
    """The cards of the steps in use."""
    return [one for one in CARDS if page.has(one[0])]


def _cards(page: Page) -> Iterator[Cells]:
    for n, (metric, ratio) in enumerate(cards(page)):
        value, share, below = page.value(metric), "", ""
        if ratio:
            share, below = page.value(ratio), page.value(ratio, dashboard.DENOMINATOR)
        rows: tuple[tuple[CellIn, ...], ...] = (
            (page.say(f"card.{metric}"),),
            (Formula(f"={value}"),),
            (Formula(f"={share}"), Formula(f'=IF({share}="";"";{below})')) if ratio else ("", ""),
            tuple(Formula(f"={_change(page, metric, days)}") for days in (1, 7)),
        )
        yield Cells(places.CARDS, n * places.CARD_WIDTH, rows)


def _change(page: Page, metric: str, days: int) -> str:
    """The change of a metric since so many days ago; blank where History has nothing of that day."""
    return (
        f'LET(then;{page.as_of(metric, f"TODAY()-{days}", exactly=True)};IF(then="";"";{page.value(metric)}-then))'
    )


def stages(page: Page) -> list[tuple[str, str]]:
    """The stages of the steps in use."""
    return [one for one in STAGES if page.has(one[0])]


def _funnel(page: Page) -> Iterator[Cells]:
    heads = (page.say(f"funnel.{name}") for name in ("count", "share"))
    yield Cells(places.FUNNEL, 0, ((page.say("funnel.title"), "", *heads),))
    yield Cells(places.FUNNEL, places.FUNNEL_WAITING, ((page.say("funnel.waiting"),),))
    steps = {step.name: step for step in page.schema.steps}
    for n, (metric, step) in enumerate(stages(page)):
        row = places.FUNNEL + 1 + n
        share = f'=IF({cell(row - 1, 2)}=0;"";{cell(row, 2)}/{cell(row - 1, 2)})' if n else ""
        yield Cells(row, 0, ((page.say(f"card.{metric}"), "", Formula(f"={page.value(metric)}")),))
        if share:
            drawn = bar(cell(row, 3), "1")
            yield Cells(row, 3, ((Formula(share), Formula(f'=IF({cell(row, 3)}="";"";{drawn})')),))
        if step in steps:
            waiting = Formula("=" + page.on_its_way(steps[step]))
            yield Cells(row, places.FUNNEL_WAITING, ((waiting,),))


def bar(value: str, most: str) -> str:
    """The expression of a bar of a value; options are stacked, since locales write arrays in braces differently."""
    options = (("charttype", '"bar"'), ("max", most), ("color1", f'"{ACCENT}"'))
    stacked = ";".join(f'HSTACK("{name}";{to})' for name, to in options)
    return f"SPARKLINE({value};VSTACK({stacked}))"


def _feed(page: Page) -> Iterator[tuple[CellIn, ...]]:
    if not page.has("feed_days"):
        return
    ready, all_days = page.value("feed_days"), page.value("feed_days_with_pipeline")
    until, export = page.value("feed_until"), page.value("next_export_by")
    first = places.FUNNEL + 1
    value, more = cell(first, places.SIDE_VALUE), cell(first + 1, places.SIDE_VALUE)
    most = f"MAX(14;N({value})+N({more}))"
    low, short, fine, today, soon = (
        f'"{page.say(f"feed.{name}")}"' for name in ("low", "short", "fine", "today", "soon")
    )
    none = f"{page.value('leads_total')}=0"
    word = f'IF(OR({ready}="";{none});"";IF({ready}<{SHORT_DAYS};{low};IF({ready}<{LONG_DAYS};{short};{fine})))'
    due = (
        f'IF(OR({export}="";{none});"";IF({export}<=TODAY();{today};IF({export}<=TODAY()+{LONG_DAYS};{soon};"")))'
    )
    yield page.say("feed.title"), "", page.say("feed.days")
    yield page.say("feed.ready"), "", Formula(f"={ready}"), Formula(f'=IF({value}="";"";{bar(value, most)})')
    coming = Formula(f'=IF({all_days}="";"";{all_days}-{ready})')
    yield page.say("feed.coming"), "", coming, Formula(f'=IF({more}="";"";{bar(more, most)})')
    yield page.say("feed.until"), "", Formula(f'=IF({none};"";{until})'), Formula(f"={word}")
    yield page.say("feed.export"), "", Formula(f'=IF({none};"";{export})'), Formula(f"={due}")
    yield ("",)


def _health(page: Page) -> Iterator[tuple[CellIn, ...]]:
    equal = page.value("conservation_ok")
    yield (page.say("health.title"),)
    word = f'IF({equal}=TRUE;"{page.say("health.yes")}";"{page.say("health.no")}")'
    yield page.say("health.equal"), "", Formula(f"={word}")
    yield page.say("health.cells"), "", Formula(f"={page.value('cells_used_ratio')}")
