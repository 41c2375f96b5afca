"""The leads as this worker last left them, on disk, bound to the guard's sequence number.

A base file and a log of what every later write changed; each line of the log names the base that it continues, so
that the two are one record. It is a cache: deleting it costs one full read and nothing else. It serves to find hand
edits in the Master and rows that were written to while somebody sorted them.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pandas as pd

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.leads import object_ids
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, UpdateCells
from sheets_crm.sync import state_files
from sheets_crm.sync.control_rows import ControlWrite
from sheets_crm.sync.state_files import DamagedFileError
from sheets_crm.workbook.tabs import MASTER

REBASE_BYTES: Final = 8_000_000


@dataclass(frozen=True)
class CachedLeads:
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
        self._known: CachedLeads | None = None
        self._base_id = ""
        self._logged = 0

    def load(self) -> CachedLeads | None:
        """Return what is known; None when there is nothing, or it cannot be read."""
        if self._known is None:
            self._known = self._load()
        return self._known

    def save(self, sequence: int, leads: pd.DataFrame) -> None:
        """Keep the leads as they were read at a sequence number."""
        columns = {str(name): _packed(leads[name].to_numpy(dtype=object)) for name in leads.columns}
        base_id = secrets.token_hex(8)
        body = {"id": base_id, "sequence": sequence, "leads": leads.index.tolist(), "columns": columns}
        state_files.write_whole(self._base, state_files.sealed(orjson.dumps(body)))
        state_files.delete(self._log)
        self._known, self._base_id, self._logged = CachedLeads(sequence, leads), base_id, 0

    def append(self, sequence: int, changes: Sequence[Change], leads: pd.DataFrame) -> None:
        """Note what a write changed; the leads are as it left them."""
        if self._known is None or self._known.sequence != sequence - 1:
            self.save(sequence, leads)
            return
        line = _line({"base": self._base_id, "sequence": sequence, **_delta(changes)})
        self._logged += len(line)
        if self._logged > REBASE_BYTES:
            self.save(sequence, leads)
            return
        state_files.append(self._log, line)
        self._known = CachedLeads(sequence, leads)

    def save_pending(
        self,
        sequence: int,
        token: str,
        changes: Sequence[Change],
        repairing: Collection[str] = (),
        control: ControlWrite | None = None,
    ) -> None:
        """Note what a write is about to change, so that a crash before its answer is not taken for hand edits.

        Args:
            sequence: The number the write takes.
            token: Who takes it.
            changes: What it changes.
            repairing: Columns in which it puts right what an earlier write left in other rows.
            control: What it puts into Control.
        """
        body = {"sequence": sequence, "token": token, "repairing": sorted(repairing), **_delta(changes)}
        if control is not None:
            body["control"] = control.as_json()
        state_files.write_whole(self._pending, state_files.sealed(orjson.dumps(body)))

    def waiting(self) -> bool:
        """Return whether a write was prepared whose answer is not known."""
        return self._pending.exists()

    def clear_pending_control(self) -> None:
        """Forget what was prepared when it concerned Control alone: its rows are right."""
        body = state_files.read_cache(self._pending, orjson.loads)
        if body is not None and not any(body[name] for name in ("cells", "rows", "gone", "repairing")):
            self.clear_pending()

    def clear_pending(self) -> None:
        """Forget what was prepared: its answer is known, and every row is where it should be."""
        state_files.delete(self._pending)

    def pending_control(self, stamps: Collection[tuple[int, str]]) -> tuple[int, ControlWrite] | None:
        """Return what a write that was prepared put into Control, and the number that the workbook has had since.

        A workbook at another number was written to by somebody else; see `resume`.
        """
        body = state_files.read_cache(self._pending, orjson.loads)
        if body is None or "control" not in body:
            return None
        applied = (body["sequence"], body["token"]) in stamps
        since = body.get("through", body["sequence"]) if applied else body["sequence"] - 1
        return since, ControlWrite.from_json(body["control"], applied=applied)

    def doomed(self) -> frozenset[int]:
        """Return the leads whose rows a write was to delete that was prepared and is not known to have reached them."""
        body = state_files.read_cache(self._pending, orjson.loads)
        return frozenset(body["gone"]) if body is not None else frozenset()

    def resume(self, stamps: Collection[tuple[int, str]]) -> frozenset[str]:
        """Take up a write whose answer never came, or that went to other rows; return the columns to look into.

        What was prepared stays until `clear_pending`, so that a crash before the rows are put right loses nothing.

        Args:
            stamps: Sequence number and token of every stamp in the workbook.
        """
        body = state_files.read_cache(self._pending, orjson.loads)
        if body is None:
            return frozenset()
        known, through = self.load(), body.get("through", body["sequence"])
        if known is None or not body["sequence"] - 1 <= known.sequence <= through:
            return frozenset()
        if (body["sequence"], body["token"]) not in stamps:
            return frozenset(body.get("repairing", ()))
        if known.sequence != through:
            try:
                leads = known.leads if known.sequence >= body["sequence"] else _replayed(known.leads, body)
            except (KeyError, ValueError):
                self._delete()
                return frozenset()
            self.save(through, leads)
        return frozenset(body["cells"]) | frozenset(body.get("repairing", ()))

    def advance(self, sequence: int) -> None:
        """Note a write of this worker that left the leads alone."""
        self.passed(sequence)
        known = self.load()
        if known is not None and known.sequence == sequence - 1:
            self.append(sequence, [], known.leads)

    def passed(self, sequence: int) -> None:
        """Note in what waits to be put right that this worker's next write, which left the leads alone, was made."""
        body = state_files.read_cache(self._pending, orjson.loads)
        if body is not None and sequence == body.get("through", body["sequence"]) + 1:
            state_files.write_whole(self._pending, state_files.sealed(orjson.dumps({**body, "through": sequence})))

    def forget(self) -> None:
        """Delete the cache, and what was prepared."""
        self._delete()
        self.clear_pending()

    def _delete(self) -> None:
        self._known = None
        for path in (self._base, self._log):
            state_files.delete(path)

    def _load(self) -> CachedLeads | None:
        found = state_files.read_cache(self._base, _based)
        if found is None:
            return None
        self._base_id, known = found
        content = state_files.read(self._log, bytes) or b""
        lines = content.split(b"\n")[:-1]  # what stands after the last line break, a crash cut off
        self._logged = len(content)
        try:
            return self._continued(known, lines)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError):
            self._delete()
            return None

    def _continued(self, known: CachedLeads, lines: Sequence[bytes]) -> CachedLeads:
        """Return what is known once the lines of the log are applied to the base that they continue."""
        for line in lines:
            delta = _delta_of(line)
            if delta["base"] == self._base_id:
                if delta["sequence"] != known.sequence + 1:
                    raise DamagedFileError("a line of the log is missing")
                known = CachedLeads(delta["sequence"], _replayed(known.leads, delta))
        return known


def _based(body: bytes) -> tuple[str, CachedLeads]:
    found = orjson.loads(body)
    index = pd.Index(found["leads"], dtype="int64", name=LEAD_NUMBER)
    columns = {name: _unpacked(cells, len(index)) for name, cells in found["columns"].items()}
    leads = pd.DataFrame(columns, index=index, dtype=object, copy=False)
    return str(found["id"]), CachedLeads(int(found["sequence"]), leads)


def _line(delta: dict[str, Any]) -> bytes:
    body = orjson.dumps(delta)
    return b"%08x %s\n" % (zlib.crc32(body), body)


def _delta_of(line: bytes) -> dict[str, Any]:
    checksum, _, body = line.partition(b" ")
    if checksum != b"%08x" % zlib.crc32(body):
        raise DamagedFileError("a line without its checksum")
    found: dict[str, Any] = orjson.loads(body)
    return found


def _packed(cells: np.ndarray) -> list[Any] | dict[str, Any]:
    """Return a column for the file: one cell for all rows when it is the same in each, as most are at first."""
    if len(cells) and (object_ids(cells) == id(cells[0])).all():
        return {"all": cells[0]}
    return list(cells)


def _unpacked(cells: list[Any] | dict[str, Any], count: int) -> np.ndarray:
    found = np.empty(count, dtype=object)
    found[:] = cells["all"] if isinstance(cells, dict) else cells
    return found


def _delta(changes: Sequence[Change]) -> dict[str, Any]:
    """Return the Master's changed cells, new rows and deleted leads of a plan."""
    cells: dict[str, list[Any]] = {}
    rows: dict[str, list[Any]] = {}
    gone: list[int] = []
    for change in changes:
        if isinstance(change, UpdateCells) and change.sheet.spec.key == MASTER:
            for name, (positions, values) in change.cells.items():
                leads = [int(number) for number in change.sheet.frame.index[positions]]
                cells[name] = [leads, values.tolist()]
        elif isinstance(change, AppendRows) and change.sheet.spec.key == MASTER:
            rows = {name: change.frame[name].tolist() for name in change.frame.columns}
        elif isinstance(change, DeleteRows) and change.sheet.spec.key == MASTER:
            gone = [int(number) for number in change.sheet.frame.index[change.positions]]
    return {"cells": cells, "rows": rows, "gone": gone}


def _replayed(leads: pd.DataFrame, delta: dict[str, Any]) -> pd.DataFrame:
    """Return the leads after a write.

    Raises:
        DamagedFileError: It changed a lead that is not there.
    """
    for name, (numbers, values) in delta["cells"].items():
        places = leads.index.get_indexer(pd.Index(numbers, dtype="int64"))
        if len(numbers) != len(values) or (places < 0).any():
            raise DamagedFileError("a change of a lead that is not known")
        column = leads[name].to_numpy(dtype=object, copy=True)
        column[places] = values
        leads = leads.assign(**{name: pd.Series(column, index=leads.index, dtype=object)})
    rows = delta["rows"]
    if rows:
        index = pd.Index(rows[LEAD_NUMBER], dtype="int64", name=LEAD_NUMBER)
        added = {name: pd.Series(rows[name], index=index, dtype=object) for name in leads.columns}
        fresh = pd.DataFrame(added, index=index)
        # A row that a write brings back is known already, and a lead that it deletes again is known to be gone.
        fresh = fresh[~fresh.index.isin(leads.index)]
        leads = pd.concat([leads, fresh]) if len(leads) else fresh
    gone = leads.index.intersection(delta["gone"])
    return leads.drop(index=gone) if len(gone) else leads
