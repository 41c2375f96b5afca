"""Failures as a person or a script reads them: what happened, the state left behind, the command to run next."""

from __future__ import annotations

import json
import sys
import traceback
from typing import Any

import click

from sheets_crm.cli.text import plain
from sheets_crm.errors import CrmError, RefusedPlan, SettingsError, SheetError


def report(error: CrmError, *, wants_json: bool, trace: bool) -> int:
    """Report an error of the product's own; the result is the exit status."""
    _trace(error, wanted=trace)
    lines = [f"Error: {error.message}"]
    if isinstance(error, SheetError) and error.where and error.where not in error.message:
        lines[0] += f" ({error.where})"
    if isinstance(error, SettingsError) and error.problems != [error.message]:
        lines += [f"  - {problem}" for problem in error.problems]
    lines += [f"{label}: {text}" for label, text in (("State", error.state), ("Next", error.remedy)) if text]
    _print(lines)
    if wants_json:
        _print_json(describe(error))
    return 2 if isinstance(error, SettingsError) else 1


def describe(error: CrmError) -> dict[str, Any]:
    """The error as the object under ``error`` of ``--json``."""
    body: dict[str, Any] = {
        "type": type(error).__name__,
        "message": error.message,
        "state": error.state,
        "remedy": error.remedy,
    }
    if isinstance(error, SheetError):
        body["where"] = error.where
    if isinstance(error, RefusedPlan):
        body |= {"cause": error.cause, "numbers": error.numbers}
    if isinstance(error, SettingsError):
        body["problems"] = error.problems
    return body


def report_usage(error: click.ClickException, *, wants_json: bool) -> int:
    """Report wrong use of the command line; the result is the exit status."""
    error.show(file=sys.stderr)
    if wants_json:
        _print_json({"type": type(error).__name__, "message": error.format_message(), "state": "", "remedy": ""})
    return error.exit_code


def report_unexpected(error: Exception, *, wants_json: bool, trace: bool) -> int:
    """Report an unexpected exception; the result is the exit status. ``-v`` adds the traceback."""
    _trace(error, wanted=trace)
    message = f"Unexpected error: {type(error).__name__}."
    remedy = "Run the same command again with -v before the verb, and report what it prints."
    _print([f"Error: {message}", "State: every write is whole or not at all, so the workbook is intact."])
    _print([f"Next: {remedy}"])
    if wants_json:
        _print_json({"type": type(error).__name__, "message": message, "state": "", "remedy": remedy})
    return 1


def _trace(error: Exception, *, wanted: bool) -> None:
    if wanted:
        _print("".join(traceback.format_exception(error)).splitlines())


def _print(lines: list[str]) -> None:
    for line in lines:
        print(plain(line), file=sys.stderr)


def _print_json(error: dict[str, Any]) -> None:
    import orjson  # noqa: PLC0415 - keeps --help fast

    body = {"ok": False, "error": error}
    try:
        text = orjson.dumps(body, default=str).decode()
    except TypeError:  # a path may hold bytes that are not UTF-8, which orjson refuses and json escapes
        text = json.dumps(body, default=str)
    sys.stdout.write(text + "\n")
