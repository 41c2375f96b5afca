"""The leads as this worker last left them, on disk, bound to the guard's sequence number.

A base file and a log of what every later write changed. It is a cache: deleting it costs one full read and nothing
else. It serves to find hand edits in the Master and rows that were written to while somebody sorted them.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.leads import addresses
from sheets_crm.plan.changes import AppendRows, Change, UpdateCells
from sheets_crm.sync.archive import write_whole
from sheets_crm.workbook.tabs import MASTER

REBASE_BYTES: Final = 8_000_000


@dataclass(frozen=True)
class Known:
    """What was last known of the leads.

    Attributes:
        sequence: The guard's number of the write that left them so.
        leads: The leads frame.
    """

    sequence: int
    leads: pd.DataFrame


class LeadCache:
    """The cached leads of one workbook.

    Args:
        state_dir: Where it is kept.
        workbook: Id of the spreadsheet.
    """

    def __init__(self, state_dir: Path, workbook: str) -> None:
        self._base = state_dir / "cache" / f"{workbook[:44]}.leads.json"
        self._log = state_dir / "cache" / f"{workbook[:44]}.changes.jsonl"
        self._pending = state_dir / "cache" / f"{workbook[:44]}.pending.json"
        self._known: Known | None = None
        self._logged = 0

    def known(self) -> Known | None:
        """Return what is known; None when there is nothing, or it cannot be read."""
        if self._known is None:
            try:
                self._known = self._load()
            except (FileNotFoundError, orjson.JSONDecodeError, KeyError, ValueError):
                return None
        return self._known

    def keep(self, sequence: int, leads: pd.DataFrame) -> None:
        """Keep the leads as they were read at a sequence number."""
        columns = {str(name): _packed(leads[name].to_numpy(dtype=object)) for name in leads.columns}
        body = {"sequence": sequence, "leads": leads.index.tolist(), "columns": columns}
        write_whole(self._base, orjson.dumps(body))
        self._log.unlink(missing_ok=True)
        self._known, self._logged = Known(sequence, leads), 0

    def note(self, sequence: int, changes: Sequence[Change], leads: pd.DataFrame) -> None:
        """Note what a write changed; the leads are as it left them."""
        if self._known is None or self._known.sequence != sequence - 1:
            self.keep(sequence, leads)
            return
        line = orjson.dumps({"sequence": sequence, **_delta(changes)}) + b"\n"
        self._logged += len(line)
        if self._logged > REBASE_BYTES:
            self.keep(sequence, leads)
            return
        with self._log.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        self._known = Known(sequence, leads)

    def prepare(
        self, sequence: int, token: str, changes: Sequence[Change], repairing: Collection[str] = ()
    ) -> None:
        """Note what a write is about to change, so that a crash before its answer is not taken for hand edits.

        Args:
            sequence: The number the write takes.
            token: Who takes it.
            changes: What it changes.
            repairing: Columns in which it puts right what an earlier write left in other rows.
        """
        body = {"sequence": sequence, "token": token, "repairing": sorted(repairing), **_delta(changes)}
        write_whole(self._pending, orjson.dumps(body))

    def waiting(self) -> bool:
        """Return whether a write was prepared whose answer is not known."""
        return self._pending.exists()

    def settle(self) -> None:
        """Forget what was prepared: its answer is known, and every row is where it should be."""
        self._pending.unlink(missing_ok=True)

    def resume(self, stamps: Collection[tuple[int, str]]) -> frozenset[str]:
        """Take up a write whose answer never came, or that went to other rows; return the columns to look into.

        What was prepared stays until `settle`, so that a crash before the rows are put right loses nothing.

        Args:
            stamps: Sequence number and token of every stamp in the workbook.
        """
        try:
            body = orjson.loads(self._pending.read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return frozenset()
        known = self.known()
        if known is None or known.sequence not in {body["sequence"] - 1, body["sequence"]}:
            self.settle()
            return frozenset()
        if (body["sequence"], body["token"]) not in stamps:
            return frozenset(body.get("repairing", ()))
        if known.sequence != body["sequence"]:
            self.keep(body["sequence"], _replayed(known.leads, body))
        return frozenset(body["cells"]) | frozenset(body.get("repairing", ()))

    def advance(self, sequence: int) -> None:
        """Note a write that left the leads alone."""
        known = self.known()
        if known is not None and known.sequence == sequence - 1:
            self.note(sequence, [], known.leads)

    def forget(self) -> None:
        """Delete the cache."""
        for path in (self._base, self._log, self._pending):
            path.unlink(missing_ok=True)
        self._known = None

    def _load(self) -> Known:
        body = orjson.loads(self._base.read_bytes())
        index = pd.Index(body["leads"], dtype="int64", name=LEAD_NUMBER)
        columns = {name: _unpacked(cells, len(index)) for name, cells in body["columns"].items()}
        leads = pd.DataFrame(columns, index=index, dtype=object, copy=False)
        sequence = int(body["sequence"])
        lines = self._log.read_bytes().splitlines() if self._log.exists() else []
        for line in lines:
            delta = orjson.loads(line)
            if delta["sequence"] != sequence + 1:
                break
            leads, sequence = _replayed(leads, delta), sequence + 1
        self._logged = sum(map(len, lines))
        return Known(sequence, leads)


def _packed(cells: np.ndarray) -> list[Any] | dict[str, Any]:
    """Return a column for the file: one cell for all rows when it is the same in each, as most are at first."""
    if len(cells) and (addresses(cells) == id(cells[0])).all():
        return {"all": cells[0]}
    return list(cells)


def _unpacked(cells: list[Any] | dict[str, Any], count: int) -> np.ndarray:
    found = np.empty(count, dtype=object)
    found[:] = cells["all"] if isinstance(cells, dict) else cells
    return found


def _delta(changes: Sequence[Change]) -> dict[str, Any]:
    """Return the Master's changed cells and new rows of a plan."""
    cells: dict[str, list[Any]] = {}
    rows: dict[str, list[Any]] = {}
    for change in changes:
        if isinstance(change, UpdateCells) and change.sheet.spec.key == MASTER:
            for name, (positions, values) in change.cells.items():
                leads = [int(number) for number in change.sheet.frame.index[positions]]
                cells[name] = [leads, values.tolist()]
        elif isinstance(change, AppendRows) and change.sheet.spec.key == MASTER:
            rows = {name: change.frame[name].tolist() for name in change.frame.columns}
    return {"cells": cells, "rows": rows}


def _replayed(leads: pd.DataFrame, delta: dict[str, Any]) -> pd.DataFrame:
    for name, (numbers, values) in delta["cells"].items():
        column = leads[name].to_numpy(dtype=object, copy=True)
        column[leads.index.get_indexer(pd.Index(numbers, dtype="int64"))] = values
        leads = leads.assign(**{name: pd.Series(column, index=leads.index, dtype=object)})
    rows = delta["rows"]
    if rows:
        index = pd.Index(rows[LEAD_NUMBER], dtype="int64", name=LEAD_NUMBER)
        added = {name: pd.Series(rows[name], index=index, dtype=object) for name in leads.columns}
        fresh = pd.DataFrame(added, index=index)
        leads = pd.concat([leads, fresh]) if len(leads) else fresh
    return leads
