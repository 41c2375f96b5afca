"""Facts of a workbook that a worker keeps between two runs, in ``state_dir``; they may be deleted at any time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from sheets_crm.engine import state_files
from sheets_crm.engine.state_files import DamagedFileError
from sheets_crm.workbook.cells import Cell


def load_facts(state_dir: Path, workbook: str) -> dict[str, Any]:
    """The facts of a workbook; empty when there are none, or they cannot be trusted.

    Facts of another type than this version writes are left out, the others count.
    """
    facts = state_files.read(_path(state_dir, workbook), _facts)
    return {} if facts is None else facts


def save_facts(state_dir: Path, workbook: str, facts: Mapping[str, Any]) -> None:
    """Save facts of a workbook beside those saved before; nothing is written when none of them is new."""
    saved = load_facts(state_dir, workbook)
    if saved | dict(facts) != saved:
        body = orjson.dumps(saved | dict(facts))
        state_files.write_whole(_path(state_dir, workbook), state_files.sealed(body))


def _path(state_dir: Path, workbook: str) -> Path:
    return state_dir / f"workbook-{workbook[:44]}.json"


def _facts(content: bytes) -> dict[str, Any]:
    """Read the facts; version 0.1.0 wrote them without a checksum."""
    body = orjson.loads(content if content.startswith(b"{") else state_files.unsealed(content))
    if not isinstance(body, dict):
        raise DamagedFileError("no facts of a workbook")
    return {name: value for name, value in body.items() if KINDS.get(name, _anything)(value)}


def _anything(_value: Any) -> bool:
    """Accept any value, for a fact that only another version of the program writes."""
    return True


def _whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def _whole_or_none(value: Any) -> bool:
    return value is None or _whole(value)


def _seconds(value: Any) -> bool:
    return type(value) in {int, float}


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _tabs(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(tab, list) and len(tab) == 2 and _whole(tab[0]) and _text(tab[1]) for tab in value
    )


def _keys(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _refusal(value: Any) -> bool:
    fields = value.get("told") if isinstance(value, dict) else None
    if not isinstance(fields, dict) or not _text(value.get("look")) or not _seconds(value.get("at")):
        return False
    names = {"message", "cause", "numbers", "where", "remedy", "state"}
    texts = all(_text(fields.get(name)) for name in names - {"numbers"})
    return fields.keys() == names and texts and isinstance(fields["numbers"], dict)


def _by_key(of_each: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """The check of a fact that has a value for each two-way table, or row of one, by its key."""
    return lambda value: isinstance(value, dict) and all(map(of_each, value.values()))


def _row_problem(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and _whole(value[0]) and _text(value[1])


KINDS: Final[dict[str, Callable[[Any], bool]]] = {
    "sequence": _whole,
    "next_lead_number": _whole,
    "replay_after": _whole_or_none,
    "time_zone": _text,
    "system_title": _text,
    "control_title": _text,
    "system_keys": _keys,
    "system_tab": _whole,
    "control_tab": _whole,
    "own_tabs": _tabs,
    "quiet": _text,
    "quiet_at": _seconds,
    "titles_at": _seconds,
    "whole_at": _seconds,
    "beat_at": _seconds,
    "refused": _refusal,
    "setting_up": _flag,
    "rows_moving": _by_key(_by_key(_seconds)),
    "table_orders": _by_key(lambda value: isinstance(value, Cell)),
    "row_problems": _by_key(_by_key(_row_problem)),
    "problems_shown": _keys,
    "key_columns": _by_key(_whole),
}
"""The check of each fact's value."""
