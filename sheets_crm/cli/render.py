"""Show a report: as tables on a terminal, as aligned plain text in a pipe, as JSON for scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sheets_crm.cli.text import plain, shown
from sheets_crm.engine.report import Report, Table
from sheets_crm.messages import in_language


def show(report: Report, *, as_json: bool = False, language: str = "en") -> int:
    """Print a report on standard output; the result is the command's exit status.

    Args:
        report: The command's report.
        as_json: Print one JSON object instead, which is English whatever the language.
        language: Of the person at the terminal: "es" or "en".
    """
    if as_json:
        _show_json(report)
    elif sys.stdout.isatty():
        _show_rich(report, language)
    else:
        print("\n".join(lines(report, language)))
    return 0 if report.ok else 1


def _show_json(report: Report) -> None:
    import orjson  # noqa: PLC0415 - keeps --help fast

    options = orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS
    sys.stdout.write(orjson.dumps(report.as_json(), default=_as_json, option=options).decode() + "\n")


def _as_json(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def lines(report: Report, language: str = "en") -> Iterator[str]:
    """A report as lines of plain text."""

    def said(value: Any) -> str:
        return shown(value, language)

    yield said(report.title)
    yield from aligned([(f"{said(name)}:", said(value)) for name, value in report.facts.items()])
    for table in report.tables:
        yield ""
        if table.title:
            yield said(table.title)
        yield from aligned([tuple(map(said, row)) for row in (table.header, *table.rows)])
    if report.notes:
        yield ""
    yield from (plain(in_language(note, language)) for note in report.notes)


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Rows of cells as lines, padded so that columns align."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))] if rows else []
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _show_rich(report: Report, language: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - keeps --help fast
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    console.print(Text(shown(report.title, language), style="bold" if report.ok else "bold red"))
    if report.facts:
        facts = Table("", ("", ""), [(name, value) for name, value in report.facts.items()])
        console.print(_grid(facts, language, header=False))
    for table in report.tables:
        console.print(_grid(table, language, header=True))
    for note in report.notes:
        console.print(Text(plain(in_language(note, language))))


def _grid(table: Table, language: str, *, header: bool) -> Any:
    from rich import box  # noqa: PLC0415 - keeps --help fast
    from rich.table import Table as Grid  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    grid = Grid(
        title=Text(shown(table.title, language), style="bold") if table.title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD if header else None,
        show_header=header,
    )
    for n, name in enumerate(table.header):
        numbers = header and all(_is_number(row[n]) for row in table.rows)
        grid.add_column(Text(shown(name, language)), justify="right" if numbers else "left", overflow="fold")
    for row in table.rows:
        grid.add_row(*(Text(shown(cell, language)) for cell in row))
    return grid


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, (int, float)) and not isinstance(value, bool))
