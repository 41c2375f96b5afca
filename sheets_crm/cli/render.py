"""Show a report: as tables on a terminal, as aligned plain text in a pipe, as JSON for scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sheets_crm.cli.text import plain, shown
from sheets_crm.engine.report import Report, Table


def show(report: Report, *, as_json: bool = False) -> int:
    """Print a report on standard output; the result is the command's exit status.

    Args:
        report: The command's report.
        as_json: Print one JSON object instead.
    """
    if as_json:
        _show_json(report)
    elif sys.stdout.isatty():
        _show_rich(report)
    else:
        print("\n".join(lines(report)))
    return 0 if report.ok else 1


def _show_json(report: Report) -> None:
    import orjson  # noqa: PLC0415 - keeps --help fast

    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    sys.stdout.write(orjson.dumps(report.as_json(), default=_as_json, option=options).decode() + "\n")


def _as_json(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def lines(report: Report) -> Iterator[str]:
    """A report as lines of plain text."""
    yield plain(report.title)
    yield from aligned([(f"{shown(name)}:", shown(value)) for name, value in report.facts.items()])
    for table in report.tables:
        yield ""
        if table.title:
            yield plain(table.title)
        yield from aligned(
            [tuple(map(shown, table.header)), *(tuple(shown(cell) for cell in row) for row in table.rows)]
        )
    if report.notes:
        yield ""
    yield from (plain(note) for note in report.notes)


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as lines, padded so that columns align."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))] if rows else []
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _show_rich(report: Report) -> None:
    from rich.console import Console  # noqa: PLC0415 - keeps --help fast
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    console.print(Text(plain(report.title), style="bold" if report.ok else "bold red"))
    if report.facts:
        facts = Table("", ("", ""), [(name, value) for name, value in report.facts.items()])
        console.print(_grid(facts, header=False))
    for table in report.tables:
        console.print(_grid(table, header=True))
    for note in report.notes:
        console.print(Text(plain(note)))


def _grid(table: Table, *, header: bool) -> Any:
    from rich import box  # noqa: PLC0415 - keeps --help fast
    from rich.table import Table as Grid  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Grid(
        title=Text(plain(table.title), style="bold") if table.title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD if header else None,
        show_header=header,
    )
    for n, name in enumerate(table.header):
        numbers = header and all(_is_number(row[n]) for row in table.rows)
        grid.add_column(Text(plain(name)), justify="right" if numbers else "left", overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(shown(cell)) for cell in row))
    return grid


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
