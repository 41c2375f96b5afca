"""Facts of a workbook that a worker keeps between two runs, in the cache file; they may be deleted at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import orjson

from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import FACTS, CachedRows, Columns, Value
from sheets_crm.engine.caches import bytes_of, key_of
from sheets_crm.workbook.cells import Cell


def load_facts(state_dir: Path, workbook: str) -> dict[str, Any]:
    """The facts of a workbook; empty when there are none, or they cannot be trusted.

    Facts of another type than this version writes are left out, the others count.
    """
    rows = CacheFile(state_dir).read(lambda rows: rows.of(FACTS, key_of(workbook)), dict[Columns, Columns]())
    return {str(name): fact for (_, name), (value,) in rows.items() for fact in _facts(str(name), value)}


def save_facts(state_dir: Path, workbook: str, facts: Mapping[str, Any]) -> None:
    """Save facts of a workbook beside those saved before; nothing is written when none of them is new."""
    saved = load_facts(state_dir, workbook)
    new = {name: orjson.dumps(fact) for name, fact in facts.items() if name not in saved or saved[name] != fact}

    def write(rows: CachedRows) -> None:
        for name, value in new.items():
            rows.put(FACTS, (key_of(workbook), name), value)

    if new:
        CacheFile(state_dir).write(write)


def _facts(name: str, value: Value) -> Iterator[Any]:
    """Yield the value of a fact, if this version takes it for one."""
    with suppress(TypeError, ValueError):
        fact = orjson.loads(bytes_of(value))
        if KINDS.get(name, _anything)(fact):
            yield fact


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
    "fed_at": _seconds,
    "understood": _by_key(_text),
}
"""The check of each fact's value."""
