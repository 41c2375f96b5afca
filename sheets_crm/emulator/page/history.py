"""Undo and redo for each open page: what it did last, newest last, and what it undid.

As in Google Sheets, undo takes back one's own actions only, whatever others did in between, and a page that is loaded
again begins without any. Kept in memory.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock, local
from typing import Any

from sheets_crm.emulator.accounts import OPERATOR
from sheets_crm.emulator.batch import Batch
from sheets_crm.emulator.formulas import references
from sheets_crm.emulator.geometry import Edit
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.page.steps import Step, difference, follow
from sheets_crm.emulator.page.undoing import take_back
from sheets_crm.emulator.spreadsheet import Spreadsheet

__all__ = ["History"]

_log = logging.getLogger(__name__)
_MOST_STEPS, _MOST_PAGES = 100, 50
_MOST_CELLS = 2_000_000  # of all steps: about half a gigabyte
_OPPOSITE = {"undo": "redo", "redo": "undo"}


class History:
    """What the open pages did, step by step."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._pages: dict[tuple[str, str], dict[str, list[Step]]] = {}
        self._lock = RLock()
        self._acting = local()
        library.followers.append(self._follow)

    @contextmanager
    def acting(self, page: str, to: str = "did") -> Iterator[None]:
        """Remember what this thread changes meanwhile as a step of a page; one without a name leaves none.

        Args:
            page: The page's name, which it made up when it was loaded.
            to: ``did``, or for a step that is taken back the list that gets it: ``undo`` or ``redo``.
        """
        self._acting.by = (page, to) if page else None
        try:
            yield
        finally:
            self._acting.by = None

    def take_back(self, file_id: str, page: str, kind: str) -> dict[str, Any]:
        """Undo or redo the last step of a page: give what became of it, and whether there was one.

        Args:
            file_id: The file.
            page: The page's name.
            kind: ``undo`` or ``redo``.

        Raises:
            ApiError: As `undoing.take_back`; the step is dropped.
        """
        with self._lock:
            if not self._pages.get((file_id, page), {}).get(kind):
                return {"done": False}
        with self.acting(page, _OPPOSITE[kind]), self._library.change(file_id, OPERATOR) as batch:
            with self._lock:
                step = self._pages[file_id, page][kind].pop()
            outcome = take_back(batch, step)
        return {"done": True, **outcome.body()}

    def _follow(self, before: Spreadsheet, batch: Batch) -> None:
        """Keep all steps of a file true, and keep what this change did if a page made it."""
        with self._lock:
            try:
                self._keep_true(before, batch)
                by = getattr(self._acting, "by", None)
                if by is not None:
                    self._keep(before, batch, *by)
            except Exception:  # noqa: BLE001 - undo is a comfort: a change that was published must be answered
                _log.exception("the undo history of %s is dropped", before.id)
                self._pages = {place: kept for place, kept in self._pages.items() if place[0] != before.id}

    def _keep(self, before: Spreadsheet, batch: Batch, page: str, to: str) -> None:
        """Keep what a page did.

        The page itself neither inserts nor deletes rows amid others; after a request through it that does, nothing
        can be taken back, rather than something wrong.
        """
        if to == "did" and any(isinstance(move, Edit) for move in batch.moves):
            self._pages.pop((before.id, page), None)
        else:
            self._push((before.id, page), to, difference(before, batch.book))

    def _keep_true(self, before: Spreadsheet, batch: Batch) -> None:
        if not batch.moves:
            return
        titles = {sheet.id: sheet.title for sheet in before.sheets}
        by = getattr(self._acting, "by", None)
        names = [move for move in batch.moves if isinstance(move, references.RenameSheet)]
        for (file_id, page), lists in self._pages.items():
            for kind, steps in lists.items() if file_id == before.id else ():
                # Rows and tabs that this page takes back come again before its later steps do: these stay as they are.
                own = kind == "redo" and by == (page, "redo")
                for step in steps:
                    follow(step, titles, names if own else batch.moves)

    def _push(self, place: tuple[str, str], to: str, step: Step) -> None:
        if not step:
            return
        lists = self._pages.pop(place, None) or {"undo": [], "redo": []}
        self._pages[place] = lists  # the page that acted last comes last
        if to == "did":
            lists["redo"].clear()
        steps = lists["redo" if to == "redo" else "undo"]
        steps.append(step)
        del steps[:-_MOST_STEPS]
        while len(self._pages) > _MOST_PAGES or (len(self._pages) > 1 and self._size() > _MOST_CELLS):
            del self._pages[next(iter(self._pages))]
        while len(steps) > 1 and self._size() > _MOST_CELLS:
            del steps[0]

    def _size(self) -> int:
        return sum(step.size for lists in self._pages.values() for steps in lists.values() for step in steps)
