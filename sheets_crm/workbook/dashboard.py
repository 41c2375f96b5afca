"""The Dashboard's full list: every metric as a live formula over the input tabs and the Master's state columns.

It stands below the first screen (`sheets_crm.workbook.morning`), whose cells refer to its lines. Formulas use English
names, ``;`` and whole numbers only, so that they mean the same in every workbook locale.
The metrics are declared in `sheets_crm.pipeline.metric_list`; `tally_formulas` counts tallies.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sheets_crm.limits import CELLS_LIMIT
from sheets_crm.messages import localize
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.metric_list import Metric, metrics, passing, sections, tallies
from sheets_crm.pipeline.metrics import DECIMALS, DISPLAYED
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.states import READY
from sheets_crm.pipeline.steps import schema_in_use
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.cells import CellIn, Formula, column_letters, quoted
from sheets_crm.workbook.roles import SYSTEM, input_key
from sheets_crm.workbook.tally_formulas import count

WIDTH: Final = 7
"""Cells of a line: label, value, numerator, denominator, low, high, id."""
FIRST_ROW: Final = 37
"""0-based row of the list's header; the first screen stands above it."""
VALUE_COLUMN: Final = 5
"""0-based column of a line's value; its label has the columns left of that to itself."""
END_COLUMN: Final = VALUE_COLUMN + WIDTH - 1
READ_ROWS: Final = 80
"""Number of rows that are read of a Dashboard without custom steps."""
LEAST_CASES: Final = 20
"""Ratios of fewer cases are greyed, and not compared."""
CUSTOM_STEP_LINES: Final = 5
"""Rows of a custom step: a title and four metrics."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the Dashboard.

    Attributes:
        cells: Label, value, numerator, denominator, low, high, id.
        kind: The metric's kind, ``section`` for a title, ``header`` for row 1, "" for a blank row.
    """

    cells: tuple[CellIn, ...]
    kind: str


def results(schema: Schema) -> str:
    """The A1 range of every line of a Dashboard from its value to its id, without the title of the tab."""
    return f"{VALUE}{FIRST_ROW + 1}:{ID}{read_rows(schema)}"


def read_rows(schema: Schema) -> int:
    """The last row that is read of a Dashboard, from 1; its grid has at least as many."""
    return FIRST_ROW + READ_ROWS + CUSTOM_STEP_LINES * len(schema.custom)


VALUE, NUMERATOR, DENOMINATOR, LOW, HIGH, ID = (column_letters(VALUE_COLUMN + n) for n in range(WIDTH - 1))


def height(steps: Collection[str]) -> int:
    """Number of lines of a Dashboard that was made for the steps of some names, the header included."""
    built_in = schema_in_use(steps)
    custom = set(steps) - {step.name for step in built_in.steps}
    return 1 + len(sections(built_in)) + len(metrics(built_in)) + CUSTOM_STEP_LINES * len(custom)


def lines(schema: Schema, language: str, where: Addresses, system_rows: Mapping[str, int]) -> tuple[Line, ...]:
    """Every row of the Dashboard's metric block as ``init`` lays it out, from row 1.

    Args:
        schema: Columns and steps.
        language: "es" or "en".
        where: Titles and columns of the tabs.
        system_rows: 1-based rows of System's keys.
    """
    return tuple(_lines(schema, language, _Writer(schema, where, system_rows)))


def metric_rows(schema: Schema) -> dict[str, int]:
    """The 1-based row of each metric."""
    return {metric.id: row for metric, row in numbered(schema) if metric is not None}


def numbered(schema: Schema) -> Iterator[tuple[Metric | None, int]]:
    """Yield every line below the header with its 1-based row; None for the title of a section."""
    row = FIRST_ROW + 2
    for section in sections(schema):
        of_section = [metric for metric in metrics(schema) if metric.section == section.id]
        for line in (None, *of_section):
            yield line, row
            row += 1


def _lines(schema: Schema, language: str, writer: _Writer) -> Iterator[Line]:
    heads = ("title", "value", "numerator", "denominator", "low", "high")
    yield Line((*(localize(f"dashboard.{name}", language) for name in heads), "id"), "header")
    writer.rows = metric_rows(schema)
    titles = iter(section.title_en if language == "en" else section.title_es for section in sections(schema))
    for declared, number in numbered(schema):
        if declared is None:
            yield Line((next(titles), *[""] * (WIDTH - 1)), "section")
            continue
        label = declared.label_en if language == "en" else declared.label_es
        cells: tuple[CellIn, ...] = (label, *writer.cells(declared, number), declared.id)
        yield Line(_if_any(cells, number) if declared.if_any else cells, declared.kind)


def _if_any(cells: tuple[CellIn, ...], row: int) -> tuple[CellIn, ...]:
    """The cells of a line that is blank, label and id too, where it counts nothing."""
    label, counted, *between, metric = cells
    assert isinstance(counted, Formula)
    value = Formula(f'=LET(n;{counted.text.removeprefix("=")};IF(n=0;"";n))')
    shown = (Formula(f'=IF(${VALUE}{row}="";"";"{text}")') for text in (label, metric))
    return (next(shown), value, *between, next(shown))


class _Writer:
    """Builds the cells of a metric's row, given the row of every metric."""

    def __init__(self, schema: Schema, where: Addresses, system_rows: Mapping[str, int]) -> None:
        self.rows: dict[str, int] = {}
        self._schema = schema
        self._where = where
        self._tallies = tallies(schema)
        self._system_rows = system_rows

    def _tally(self, name: str) -> str:
        return count(self._tallies[name], self._where)

    def _system(self, key: str) -> str:
        return f"{quoted(self._where.titles[SYSTEM])}!$B${self._system_rows[key]}"

    def _value(self, metric_id: str) -> str:
        return f"${VALUE}${self.rows[metric_id]}"

    def cells(self, metric: Metric, row: int) -> tuple[CellIn, ...]:
        """Value, numerator, denominator, low and high of a metric in a row (1-based)."""
        special = self._special(metric)
        if special is not None:
            return (Formula("=" + special), "", "", "", "")
        if metric.kind == "ratio":
            return self._ratio(metric, row)
        if metric.of:
            return self._estimate(metric)
        return (Formula("=" + self._count(metric)), "", "", "", "")

    def _count(self, metric: Metric) -> str:
        for step in self._schema.steps:
            if metric.numerator == f"{step.name}_{READY}":
                return f"COUNT({self._where.column(input_key(step), LEAD_NUMBER)})"
        return self._tally(metric.numerator)

    def _ratio(self, metric: Metric, row: int) -> tuple[CellIn, ...]:
        if metric.id == "cells_used_ratio":
            above, below = self._system("cells_used"), str(CELLS_LIMIT)
        else:
            above, below = self._tally(metric.numerator), self._tally(metric.denominator)
        value = f'=IF({DENOMINATOR}{row}=0;"";{NUMERATOR}{row}/{DENOMINATOR}{row})'
        low = high = ""
        if metric.sampled:
            low, high = (wilson(f"${NUMERATOR}{row}", f"${DENOMINATOR}{row}", sign) for sign in ("-", "+"))
        blank = f"OR(${DENOMINATOR}{row}=0;${NUMERATOR}{row}>${DENOMINATOR}{row})"
        bounds = _range(blank, low, high, DISPLAYED["ratio"]) if metric.sampled else ("", "")
        return (Formula(value), Formula("=" + above), Formula("=" + below), *bounds)

    def _estimate(self, metric: Metric) -> tuple[CellIn, ...]:
        base, ratio = f"{VALUE}{self.rows[metric.of]}", f"{VALUE}{self.rows[metric.times]}"
        blank, value = f'OR({base}="";{ratio}="")', f"{base}*{ratio}"
        if metric.behind:
            # Where everybody entered behind the step, nothing is multiplied by a ratio that nobody knows.
            behind = self._value(metric.behind)
            blank = f'OR({base}="";AND({ratio}="";OR({base}<>{behind};{behind}=0)))'
            value = f"IF({base}={behind};{base};({base}-{behind})*{ratio}+{behind})"
        low, high = (self._estimated_end(metric, sign) for sign in ("-", "+"))
        return (Formula(f'=IF({blank};"";{value})'), "", "", *_range(blank, low, high, DISPLAYED["count"]))

    def _estimated_end(self, metric: Metric, sign: str) -> str:
        """One end of an estimate: the ends of the ratios are multiplied along the whole chain that it ends."""
        before = {one.id: one for one in metrics(self._schema)}[metric.of]
        end = self._estimated_end(before, sign) if before.of else self._value(before.id)
        share = self._end(self.rows[metric.times], sign)
        if not metric.behind:
            return f"{end}*{share}"
        behind = self._value(metric.behind)
        return f"(({end}-{behind})*{share}+{behind})"

    @staticmethod
    def _end(row: int, sign: str) -> str:
        """One end of the interval of a ratio in a row, whether that row shows it or not; 0 of a ratio of nothing."""
        above, below = f"${NUMERATOR}${row}", f"${DENOMINATOR}${row}"
        return f"IF({below}=0;0;IF({above}>{below};${VALUE}${row};{wilson(above, below, sign)}))"

    def _special(self, metric: Metric) -> str | None:
        if metric.section == "feeding":
            return self._runway(metric)
        formulas = {"conservation_ok": self._conservation(), "last_run_at": self._system("last_run_at")}
        return formulas.get(metric.id)

    def _runway(self, metric: Metric) -> str:
        mean, week = self._system("feed.mean"), self._system("feed.day.6")
        ready = self._value("instantly_ready")
        days = ":".join((self._system("feed.day.0"), self._system("feed.day.6").split("!")[1]))
        rest = self._system("feed.rest")
        ahead = f'7*{self._system("feed.week")}+COUNTIF({days};"<"&{rest})'
        formulas = {
            "feed_days": f'IF({mean}=0;"";{ready}/{mean})',
            "feed_until": f'IF({week}=0;"";IF({ready}=0;TODAY();TODAY()+{ahead}))',
            "feed_days_with_pipeline": self._with_pipeline(ready, mean),
            "next_export_by": self._next_export(days, mean, week),
        }
        return formulas[metric.id]

    def _next_export(self, days: str, mean: str, week: str) -> str:
        """The day by which the schedule uses up the leads that are ready and on their way, less the days one takes.

        As in `sheets_crm.pipeline.metrics`, leads that are expected are compared to six decimals.
        """
        with_pipeline, lead = self._value("feed_days_with_pipeline"), self._system("lead_days")
        total = f"ROUND({with_pipeline}*{mean};{DECIMALS})"
        weeks = f"MAX(0;ROUNDUP(ROUND(total/{week};{DECIMALS});0)-1)"
        ahead = f"7*weeks+SUMPRODUCT((ROUND({days};{DECIMALS})<ROUND(total-weeks*{week};{DECIMALS}))*1)"
        last = f"LET(total;{total};weeks;{weeks};TODAY()+{ahead})"
        return f'IF({with_pipeline}="";"";{last}-ROUNDUP({lead};0))'

    def _with_pipeline(self, ready: str, mean: str) -> str:
        ratios = [self._value(ratio) for _, ratio in passing(self._schema)]
        on_its_way = [state.suffix for state in self._schema.states if state.on_its_way]
        terms, missing = [], []
        for n, (step, _) in enumerate(passing(self._schema)):
            waiting = f"({'+'.join(self._tally(f'{step}_{suffix}') for suffix in on_its_way)})"
            product = "*".join(ratios[n:])
            blank = ";".join(f'{ratio}=""' for ratio in ratios[n:])
            terms.append(f"IF({waiting}=0;0;IFERROR({waiting}*{product};0))")
            missing.append(f"AND({waiting}>0;OR({blank}))")
        return f'IF(OR({";".join((f"{mean}=0", *missing))});"";({"+".join((ready, *terms))})/{mean})'

    def _conservation(self) -> str:
        total = self._tally("leads_total")
        checks = []
        for step in self._schema.steps:
            counted = "+".join(
                self._tally(f"{step.name}_{state.suffix}") for state in self._schema.states_of(step)
            )
            rows = f"COUNT({self._where.column(input_key(step), LEAD_NUMBER)})"
            checks += [f"{counted}={total}", f"{self._tally(f'{step.name}_{READY}')}={rows}"]
        return f"AND({';'.join(checks or ['TRUE'])})"


def wilson(above: str, below: str, sign: str) -> str:
    """The expression of one end of the 95 % Wilson interval of a share.

    z = 1.96 and its square are fractions of whole numbers, since locales differ in the decimal separator.
    """
    z2 = "(38416/10000)"
    root = f"SQRT({above}*({below}-{above})/{below}+{z2}/4)"
    return f"({above}+{z2}/2{sign}(196/100)*{root})/({below}+{z2})"


def _range(blank: str, low: str, high: str, decimals: int) -> tuple[Formula, Formula]:
    """Both ends of a range; blank where there is none, and where both would be displayed alike."""
    alike = f"ROUND(low;{decimals})=ROUND(high;{decimals})"
    ends = f"low;{low};high;{high}"
    return tuple(Formula(f'=IF({blank};"";LET({ends};IF({alike};"";{end})))') for end in ("low", "high"))  # type: ignore[return-value]
