"""All spreadsheets of one emulator: opened, changed under a lock for each file, published whole."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Condition, Lock
from typing import Any

from sheets_crm.emulator.accounts import OWNER
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.errors import not_found, permission_denied
from sheets_crm.emulator.evaluation import Evaluator
from sheets_crm.emulator.protection import Guard
from sheets_crm.emulator.spreadsheet import Spreadsheet, new_spreadsheet
from sheets_crm.emulator.store import Store

__all__ = ["FORBIDDEN_FILE", "Library"]

#: A file that nobody shared with anybody here: opening it is refused with 403 (gspread's own tests use this id).
FORBIDDEN_FILE = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"


class Library:
    """The files, by id.

    Attributes:
        evaluator: Computes formulas.
        followers: Are told of each change as it is published, under the file's lock: the file before, and the change.
    """

    def __init__(self, store: Store, clock: Callable[[], float], *, copy_metadata: bool = False) -> None:
        self._store = store
        self._clock = clock
        self._copy_metadata = copy_metadata
        self._books = {book.id: book for book in store.load()}
        self._locks: dict[str, Lock] = {}
        self._lock = Lock()
        self._changed = Condition()
        self._changes = 0
        self.evaluator = Evaluator(self.now)
        self.followers: list[Callable[[Spreadsheet, Batch], None]] = []

    def now(self) -> datetime:
        """Give the time, UTC."""
        return datetime.fromtimestamp(self._clock(), UTC)

    def files(self) -> list[Spreadsheet]:
        """List the files, the newest first, as Drive does."""
        return sorted(self._books.values(), key=lambda book: str(book.file["modifiedTime"]), reverse=True)

    def open(self, file_id: str) -> Spreadsheet:
        """Give a file to read.

        Raises:
            ApiError: 404 or 403.
        """
        book = self._books.get(file_id)
        if book is None:
            raise permission_denied() if file_id == FORBIDDEN_FILE else not_found()
        return book

    def check_public(self, file_id: str) -> None:
        """Refuse who has no account, unless the file is shared with anyone.

        Raises:
            ApiError: 403, also for what is not one file.
        """
        shared = self.open(file_id).file.get("permissions") or [] if file_id else []
        if all(entry.get("type") != "anyone" for entry in shared):
            raise permission_denied()

    def guard(self, book: Spreadsheet, email: str) -> Guard:
        """Say what a person may do to a file."""
        return Guard(book, email, OWNER)

    def create(self, title: str, email: str, properties: dict[str, Any] | None = None) -> Spreadsheet:
        """Make a new file that belongs to a person."""
        book = new_spreadsheet(title, email, self.now(), properties or {})
        self.publish(book, None)
        return book

    def publish(self, book: Spreadsheet, old: Spreadsheet | None) -> None:
        """Put a working copy on disk, then in the place of the file."""
        self._store.save(book, old)
        self._books[book.id] = book
        with self._changed:
            self._changes += 1
            self._changed.notify_all()

    @contextmanager
    def change(self, file_id: str, email: str) -> Iterator[Batch]:
        """Change a file: what is written to the batch is published when the block ends without an error."""
        with self._file_lock(file_id):
            old = self.open(file_id)
            book = old.begin()
            now = self.now()
            guard = self.guard(book, email)
            batch = Batch(book, guard, self.evaluator, now, copy_metadata=self._copy_metadata)
            yield batch
            book.file["modifiedTime"] = now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}Z"
            book.file["version"] = int(book.file.get("version", 1)) + 1
            self.publish(book, old)
            for follow in self.followers:
                follow(old, batch)

    def delete(self, file_id: str) -> None:
        """Delete a file."""
        with self._file_lock(file_id):
            self.open(file_id)
            self._store.delete(file_id)
            del self._books[file_id]
            self.evaluator.forget(file_id)

    def wait_for_change(self, since: int, seconds: float) -> int:
        """Wait until more than `since` changes were published, at most so long; give how many there were."""
        with self._changed:
            self._changed.wait_for(lambda: self._changes > since, seconds)
            return self._changes

    def close(self) -> None:
        """Close the store."""
        self._store.close()

    def _file_lock(self, file_id: str) -> Lock:
        with self._lock:
            return self._locks.setdefault(file_id, Lock())
