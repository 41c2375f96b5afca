"""Failures as a person or a script reads them: what happened, the state left behind, the command to run next."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator
from typing import Any

import click

from sheets_crm.cli.text import plain
from sheets_crm.errors import CrmError, RefusedPlan, SettingsError, SheetError
from sheets_crm.messages import Problem, Said, in_language, localize, said


def report(error: CrmError, *, wants_json: bool, trace: bool, language: str = "en") -> int:
    """Report an error of the product's own; the result is the exit status."""
    _trace(error, wanted=trace)
    _print(list(_lines(error, language if _translated(error) else "en")))
    if wants_json:
        _print_json(describe(error))
    return 2 if isinstance(error, SettingsError) else 1


def _translated(error: CrmError) -> bool:
    """Whether every part of it can be said in another language: a message of two languages is worse than English."""
    parts = [error.state, *_problems(error), *error.details]
    parts += [] if _is_stop(error) else [error.message, error.remedy]
    return all(isinstance(part, Said | Problem) for part in parts if part)


def _is_stop(error: CrmError) -> bool:
    """Whether the catalogue has a text for its cause."""
    from sheets_crm.engine.refusal_messages import localize_refusal  # noqa: PLC0415 - keeps --help fast

    return isinstance(error, RefusedPlan) and localize_refusal(error, "es") != localize_refusal(error, "en")


def _problems(error: CrmError) -> list[str]:
    given = isinstance(error, SettingsError) and error.problems != [error.message]
    return error.problems if isinstance(error, SettingsError) and given else []


def _lines(error: CrmError, language: str) -> Iterator[str]:
    message, remedy = error.message, error.remedy
    if language != "en":
        from sheets_crm.engine.refusal_messages import localize_refusal  # noqa: PLC0415 - keeps --help fast

        message, remedy = localize_refusal(error, language)
    where = error.where if isinstance(error, SheetError) else ""
    beside = f" ({where})" if where and where not in message else ""
    yield localize("label.error", language, message=message) + beside
    yield from (f"  - {in_language(text, language)}" for text in (*_problems(error), *error.details))
    if error.state:
        yield localize("label.state", language, text=in_language(error.state, language))
    if remedy:
        yield localize("label.next", language, text=remedy)


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
    if error.details:
        body["details"] = error.details
    return body


def report_usage(error: click.ClickException, *, wants_json: bool, language: str = "en") -> int:
    """Report wrong use of the command line; the result is the exit status."""
    spoken = _usage_problem(error)
    if language == "en" or spoken is None:
        error.show(file=sys.stderr)
    else:
        _print(list(_usage_lines(error, spoken, language)))
    if wants_json:
        _print_json({"type": type(error).__name__, "message": error.format_message(), "state": "", "remedy": ""})
    return error.exit_code


def _usage_problem(error: click.ClickException) -> Said | None:
    """What is wrong, as a message; None for what the library of the command line says in its own words."""
    if isinstance(error, click.NoSuchOption):
        return said("usage.no_option", option=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return said("usage.missing", name=error.param.get_error_hint(error.ctx) if error.ctx else error.param.name)
    return error.message if isinstance(error.message, Said) else None


def _usage_lines(error: click.ClickException, problem: Said, language: str) -> Iterator[str]:
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        usage = " ".join((context.command_path, *context.command.collect_usage_pieces(context)))
        yield localize("usage.line", language, usage=usage)
        yield localize("usage.help", language, command=context.command_path)
        yield ""
    yield localize("label.error", language, message=problem.localized(language))


def report_unexpected(error: Exception, *, wants_json: bool, trace: bool, language: str = "en") -> int:
    """Report an unexpected exception; the result is the exit status. ``-v`` adds the traceback."""
    _trace(error, wanted=trace)
    failure = CrmError(
        said("unexpected", kind=type(error).__name__), remedy=said("unexpected.remedy"), state=said("intact")
    )
    _print(list(_lines(failure, language)))
    if wants_json:
        _print_json({**describe(failure), "type": type(error).__name__, "state": ""})
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
