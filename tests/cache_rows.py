"""The cache file as tests look into it and spoil it, from outside the program."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sheets_crm.engine.cache_file import NAME, CacheFile


def rows_of(state_dir: Path, table: str) -> list[tuple]:
    """The rows of a table, with their checksums."""
    with closing(sqlite3.connect(state_dir / NAME)) as file:
        return file.execute(f"SELECT * FROM {table}").fetchall()


def change(state_dir: Path, statement: str, *values: object) -> int:
    """Change rows as no worker does: their checksums stay; return how many rows changed."""
    with closing(sqlite3.connect(state_dir / NAME)) as file, file:
        return file.execute(statement, values).rowcount


def put(state_dir: Path, table, key: tuple, *values: object) -> None:
    """Put a row with a right checksum, whatever its values say."""
    CacheFile(state_dir).write(lambda rows: rows.put(table, key, *values))
