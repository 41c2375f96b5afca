"""What may happen to a file of a worker's ``state_dir``: a disk's faults, a crash's leftovers, a person's hands."""

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from random import Random
from typing import Any

import orjson

ZIPPED = ".gz"
CACHE = "cache.db"
SET_ASIDE = ".damaged"
SEAL = b"\n"
"""Between the checksum and the body of a file that has one."""
NOBODY = 999_999_999
"""The number of no process."""


def kinds_of_files(state: Path) -> dict[str, list[Path]]:
    """List the files of a worker by what they are for, leaving out what was set aside and what a crash left."""
    found: dict[str, list[Path]] = {}
    for path in sorted(state.rglob("*")):
        if path.is_file() and SET_ASIDE not in path.name and not path.name.startswith("."):
            kind = path.parent.name if path.parent != state else ""
            found.setdefault(f"{kind}/{_purpose(path)}", []).append(path)
    return found


def _purpose(path: Path) -> str:
    """The purpose that a file's name gives, without what differs from one workbook or import to the next."""
    if path.name == CACHE:
        return CACHE
    parts = path.name.split(".")
    return ".".join(parts[1:]) if len(parts) > 1 else path.name


def damage(path: Path, random: Random) -> str:
    """Do some damage to a file; say what."""
    name, act = random.choice((*DAMAGES[:-1], *OF_ROWS) if path.name == CACHE else DAMAGES)
    act(path, random)
    return name


def _put(path: Path, body: bytes) -> None:
    path.write_bytes(body)


def _cut(path: Path, random: Random) -> None:
    body = path.read_bytes()
    _put(path, body[: random.randrange(len(body))] if body else b"")


def _of_value(path: Path, value: Any) -> None:
    """Let a file hold another value than it should, put down as its own writer would."""
    head, mark, _ = path.read_bytes().partition(SEAL)
    body = orjson.dumps(value)
    if path.suffix == ZIPPED:
        body = gzip.compress(body, mtime=0)
    elif mark and not head.startswith((b"{", b"[")):
        body = head + mark + body
    _put(path, body)


def _wrong_types(path: Path, random: Random) -> None:
    """Put a value of another type in one of the places of a file."""
    raw = path.read_bytes()
    try:
        text = gzip.decompress(raw) if path.suffix == ZIPPED else raw
    except (OSError, EOFError):
        text = b""
    value = _value(text)
    if isinstance(value, dict) and value:
        _spoil(value, random)
        _of_value(path, value)
    else:
        _of_value(path, {"sequence": "uno", "lead": "dos"})


def _value(text: bytes) -> Any:
    """What a file or its first line holds; None when it cannot be read."""
    for body in (text, text.partition(SEAL)[2], text.partition(SEAL)[0]):
        try:
            return orjson.loads(body)
        except orjson.JSONDecodeError:
            continue
    return None


def _spoil(value: dict[str, Any], random: Random) -> None:
    """Give one entry, at the top or one step down, another type."""
    key = random.choice(sorted(value))
    inner = value[key]
    if isinstance(inner, dict) and inner and random.random() < 0.5:
        _spoil(inner, random)
    else:
        value[key] = 7 if isinstance(inner, str | list | dict) else "siete"


def _leftover(path: Path, _random: Random) -> None:
    """Leave what a process that died while it wrote the file leaves: a part of it under another name."""
    body = path.read_bytes()
    _put(path.with_name(f".{path.name}.{NOBODY}.part"), body[: len(body) // 2])


DAMAGES: tuple[tuple[str, Callable[[Path, Random], None]], ...] = (
    ("deleted", lambda path, _: path.unlink()),
    ("emptied", lambda path, _: _put(path, b"")),
    ("cut", _cut),
    ("filled with garbage", lambda path, random: _put(path, random.randbytes(40))),
    ("made null", lambda path, _: _of_value(path, None)),
    ("made a list", lambda path, _: _of_value(path, [])),
    ("given wrong types", _wrong_types),
    ("left beside a part of it", _leftover),
)
"""Each kind of damage with what does it."""


def _spoiled_rows(path: Path, random: Random) -> None:
    """Change what some rows of the cache file say, as a disk does: behind their checksums."""
    _with_rows(path, random, "UPDATE {table} SET {column} = substr({column}, 2) WHERE {name} = ?")


def _lost_rows(path: Path, random: Random) -> None:
    _with_rows(path, random, "DELETE FROM {table} WHERE {name} = ?")


def _with_rows(path: Path, random: Random, statement: str) -> None:
    """Do something to all rows of one name: a fact, the leads with their log, the pending write, a record."""
    table, name, column = random.choice(ROWS)
    with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as file, file:
        names = sorted({row[0] for row in file.execute(f"SELECT {name} FROM {table}")})
        if names:
            query = statement.format(table=table, name=name, column=column)
            file.execute(query, (random.choice(names),))


ROWS = (
    ("facts", "name", "value"),
    ("caches", "name", "body"),
    ("caches", "name", "body"),
    ("job_records", "key", "value"),
)
OF_ROWS: tuple[tuple[str, Callable[[Path, Random], None]], ...] = (
    ("changed in some rows", _spoiled_rows),
    ("rid of some rows", _lost_rows),
    ("changed in some rows", _spoiled_rows),
    ("rid of some rows", _lost_rows),
)
"""Damage to rows of the cache file, as often as to the whole."""
