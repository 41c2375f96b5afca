"""What the stand-ins remember: JSON documents by kind and id, in memory, and in a file where they are to outlive it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

__all__ = ["Document", "Documents"]

Document = dict[str, Any]

SYNCHRONOUS = "FULL"
"""How SQLite waits for the disk: so that a change is there when the machine loses its power, too."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS documents (kind TEXT, id TEXT, body TEXT, PRIMARY KEY (kind, id)) WITHOUT ROWID"
)


class Documents:
    """The documents of all stand-ins. A document is never changed: a new one takes its place.

    Args:
        path: The SQLite file that keeps them; None to keep them in memory only.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._kinds: dict[str, dict[str, Document]] = {}
        self._in_order: dict[str, bool] = {}  # whether a kind's documents stand in the order of their ids
        self._before: dict[tuple[str, str], Document | None] = {}
        self._lock = RLock()
        self._depth = 0
        self._file: sqlite3.Connection | None = None
        if path is not None:
            self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
            self._file.execute(_TABLE)
            for kind, key, body in self._file.execute("SELECT kind, id, body FROM documents ORDER BY kind, id"):
                self._kinds.setdefault(kind, {})[key] = json.loads(body)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._file is not None:
                self._file.close()
                self._file = None

    @contextmanager
    def change(self) -> Iterator[None]:
        """One change: all of its documents are in the file when it ends, or, if it fails, nothing of it happened.

        Only one is under way at a time; a change within another is a part of it.
        """
        with self._lock:
            self._depth += 1
            try:
                yield
                if self._depth == 1:
                    self._commit()
            except BaseException:
                if self._depth == 1:
                    self._undo()
                raise
            finally:
                self._depth -= 1

    def get(self, kind: str, key: str) -> Document | None:
        """A document, or None."""
        return self._kinds.get(kind, {}).get(key)

    def all(self, kind: str) -> list[Document]:
        """The documents of a kind, in the order of their ids."""
        if not self._in_order.get(kind, False):
            self._kinds[kind] = dict(sorted(self._kinds.get(kind, {}).items()))
            self._in_order[kind] = True
        return list(self._kinds[kind].values())

    def put(self, kind: str, document: Document) -> Document:
        """Keep a document under its ``id``, in the place of the one that was there."""
        self._note(kind, document["id"])
        self._set(kind, document["id"], document)
        return document

    def remove(self, kind: str, key: str) -> None:
        """Forget a document."""
        self._note(kind, key)
        self._kinds.get(kind, {}).pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        for kind, found in self._kinds.items():
            for key in list(found):
                self.remove(kind, key)

    def last_id(self) -> str:
        """The greatest id that is a UUID of this stand-in's; empty where there is none."""
        return max((key for found in self._kinds.values() for key in found if key.count("-") == 4), default="")

    def _note(self, kind: str, key: str) -> None:
        assert self._depth > 0, "documents change within a change"
        self._before.setdefault((kind, key), self.get(kind, key))

    def _commit(self) -> None:
        if self._file is not None and self._before:
            self._file.execute("BEGIN IMMEDIATE")
            try:
                for kind, key in self._before:
                    self._write(self._file, kind, key)
                self._file.execute("COMMIT")
            except BaseException:
                self._file.execute("ROLLBACK")
                raise
        self._before.clear()

    def _write(self, file: sqlite3.Connection, kind: str, key: str) -> None:
        document = self.get(kind, key)
        if document is None:
            file.execute("DELETE FROM documents WHERE kind = ? AND id = ?", (kind, key))
        else:
            body = json.dumps(document, ensure_ascii=False)
            file.execute("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)", (kind, key, body))

    def _undo(self) -> None:
        for (kind, key), document in self._before.items():
            if document is None:
                self._kinds.get(kind, {}).pop(key, None)
            else:
                self._set(kind, key, document)
        self._before.clear()

    def _set(self, kind: str, key: str, document: Document) -> None:
        """Set a document; an id that is the greatest, as a new one is, leaves the order as it is."""
        found = self._kinds.setdefault(kind, {})
        if key not in found and found and key < next(reversed(found)):
            self._in_order[kind] = False
        found[key] = document
