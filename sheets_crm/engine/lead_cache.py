"""Cached leads: the Master as this worker last left it, on disk, bound to the guard's sequence number.

A base, and a log of what every later write changed, each a row of the cache file; each of the log names the base that
it continues, because another process may have saved another one. It is a cache: deleting it costs one full read and
nothing else. By it hand edits of the Master are found, and rows that a write missed because somebody sorted them at
that moment.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import pandas as pd

from sheets_crm.engine import caches
from sheets_crm.engine.cache_file import CacheFile
from sheets_crm.engine.cached_rows import CACHES, CachedRows, Value
from sheets_crm.engine.control_rows import ControlWrite
from sheets_crm.engine.state_files import DamagedFileError
from sheets_crm.engine.table_repairs import TableWrite
from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.leads import object_ids
from sheets_crm.plan.changes import AppendRows, Change, DeleteRows, UpdateCells
from sheets_crm.workbook.roles import LEADS

_LOG = logging.getLogger(__name__)

REBASE_BYTES: Final = 8_000_000
"""A log that grows longer is replaced by a new base, or each start would replay ever more of it."""

BASE: Final = 0
"""The part that the base is; those of the log are the numbers of writes, which begin at 1."""


@dataclass(frozen=True)
class CachedLeads:
    """The leads as a write left them.

    Attributes:
        sequence: The guard's number of that write.
        leads: The leads frame.
    """

    sequence: int
    leads: pd.DataFrame


class LeadCache:
    """The cached leads of one workbook, and its pending write.

    A write is noted as pending before it is sent, and cleared once its answer is known and every row is right: what a
    crash leaves behind tells the next run which differences are no hand edits.

    Args:
        state_dir: The state folder.
        workbook: Id of the spreadsheet.
    """

    def __init__(self, state_dir: Path, workbook: str) -> None:
        self._state_dir = state_dir
        self._workbook = workbook
        self._file = CacheFile(state_dir)
        self._cached: CachedLeads | None = None
        self._base_id = ""
        self._logged = 0

    def load(self) -> CachedLeads | None:
        """The cached leads; None when there are none, or they cannot be read."""
        if self._cached is None:
            self._cached = self._load()
        return self._cached

    def save(self, sequence: int, leads: pd.DataFrame, *, settled: bool = False) -> None:
        """Save the leads as they are at a sequence number, as a new base.

        Args:
            sequence: The number.
            leads: The leads.
            settled: Whether the pending write is cleared with it.
        """
        columns = {str(name): _packed(leads[name].to_numpy(dtype=object)) for name in leads.columns}
        base_id = secrets.token_hex(8)
        body = orjson.dumps(
            {"id": base_id, "sequence": sequence, "leads": leads.index.tolist(), "columns": columns}
        )

        def write(rows: CachedRows) -> None:
            caches.take_out(rows, self._workbook, caches.LEADS, *([caches.PENDING] if settled else []))
            rows.put(CACHES, self._key(BASE), body)

        self._file.write(write)
        self._cached, self._base_id, self._logged = CachedLeads(sequence, leads), base_id, 0

    def append(
        self, sequence: int, changes: Sequence[Change], leads: pd.DataFrame, *, settled: bool = False
    ) -> None:
        """Log what a write changed.

        Args:
            sequence: The number of the write.
            changes: Its changes.
            leads: The leads as it left them.
            settled: Whether the pending write is cleared with it: its answer is known, every row where it should be.
        """
        if self._cached is None or self._cached.sequence != sequence - 1:
            self.save(sequence, leads, settled=settled)
            return
        body = orjson.dumps({"base": self._base_id, "sequence": sequence, **_delta(changes)})
        if self._logged + len(body) > REBASE_BYTES:
            self.save(sequence, leads, settled=settled)
            return

        def write(rows: CachedRows) -> None:
            rows.put(CACHES, self._key(sequence), body)
            if settled:
                caches.take_out(rows, self._workbook, caches.PENDING)

        self._file.write(write)
        self._cached, self._logged = CachedLeads(sequence, leads), self._logged + len(body)

    def _key(self, part: int) -> tuple[str, str, int]:
        """The key of the base, or of what the write of a number changed: so their order is that of the numbers."""
        return caches.key_of(self._workbook), caches.LEADS, part

    def save_pending(
        self,
        sequence: int,
        token: str,
        changes: Sequence[Change],
        repairing: Collection[str] = (),
        control: ControlWrite | None = None,
        tables: Sequence[TableWrite] = (),
        earlier: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """Note a write before it is sent, so that after a crash its changes are not taken for hand edits.

        Args:
            sequence: The number that the write takes.
            token: The writer's token.
            changes: Its changes.
            repairing: Columns in which it repairs what an earlier write put into other rows.
            control: What it writes to Control.
            tables: What it writes into rows of two-way tables.
            earlier: `pending_table_writes` of the write that it repairs.
        """
        body = {"sequence": sequence, "token": token, "repairing": sorted(repairing), **_delta(changes)}
        if control is not None:
            body["control"] = control.as_json()
        own = [{"sequence": sequence, "token": token, **write.as_json()} for write in tables]
        if own or earlier:
            body["tables"] = [*earlier, *own]
        caches.save(self._state_dir, self._workbook, caches.PENDING, orjson.dumps(body))

    def waiting(self) -> bool:
        """Whether a write is pending: its answer is not known, or its rows are not right yet."""
        return caches.exists(self._state_dir, self._workbook, caches.PENDING)

    def clear_pending_control(self) -> None:
        """Clear a pending write that concerned Control alone, now that Control's rows are right."""
        body = self._pending_write()
        if body is not None and not any(body[name] for name in ("cells", "rows", "gone", "repairing")):
            self.clear_pending()

    def clear_pending(self) -> None:
        """Clear the pending write: its answer is known, and every row is where it should be."""
        caches.delete(self._state_dir, self._workbook, caches.PENDING)

    def pending_control(self, stamps: Collection[tuple[int, str]]) -> tuple[int, ControlWrite] | None:
        """The sequence number that the pending write left, and its write to Control; None when there was none.

        A workbook at another number has been written to by somebody else since; see `resume`.

        Args:
            stamps: Sequence number and token of every stamp in the workbook, which tell whether it was applied.
        """
        body = self._pending_write()
        if body is None or "control" not in body:
            return None
        applied = (body["sequence"], body["token"]) in stamps
        sequence = body.get("through", body["sequence"]) if applied else body["sequence"] - 1
        return sequence, ControlWrite.from_json(body["control"], applied=applied)

    def pending_table_writes(self) -> list[dict[str, Any]]:
        """What the pending write, and those that it repairs, put into rows of two-way tables, as noted."""
        body = self._pending_write()
        return list(body.get("tables", ())) if body is not None else []

    def pending_tables(self, stamps: Collection[tuple[int, str]]) -> list[TableWrite]:
        """What the pending write put into rows of two-way tables, if it was applied.

        Args:
            stamps: Sequence number and token of every stamp in the workbook.
        """
        writes = self.pending_table_writes()
        return [TableWrite.from_json(one) for one in writes if (one["sequence"], one["token"]) in stamps]

    def doomed(self) -> frozenset[int]:
        """The leads whose rows the pending write was to delete; it may have deleted other rows."""
        body = self._pending_write()
        return frozenset(body["gone"]) if body is not None else frozenset()

    def resume(self, stamps: Collection[tuple[int, str]]) -> frozenset[str]:
        """Take up a pending write: one whose answer was lost, or that went to other rows.

        When the stamps show that it was applied, the cached leads are brought to what it left. The note of it stays
        until `clear_pending`, so that a crash before the rows are put right loses nothing.

        Args:
            stamps: Sequence number and token of every stamp in the workbook.

        Returns:
            The columns in which a difference from the cached leads may be that write's doing, and no hand edit.
        """
        body = self._pending_write()
        if body is None:
            return frozenset()
        # `through`: the latest of this worker's writes since then that left the leads alone, such as a heartbeat.
        cached, through = self.load(), body.get("through", body["sequence"])
        if cached is None or not body["sequence"] - 1 <= cached.sequence <= through:
            return frozenset()
        if (body["sequence"], body["token"]) not in stamps:
            # Not applied; but what an earlier write misplaced, and this one was to repair, is still to be repaired.
            return frozenset(body.get("repairing", ()))
        if cached.sequence != through:
            try:
                leads = cached.leads if cached.sequence >= body["sequence"] else _replayed(cached.leads, body)
            except (KeyError, ValueError):
                self._delete()
                return frozenset()
            self.save(through, leads)
        return frozenset(body["cells"]) | frozenset(body.get("repairing", ()))

    def advance(self, sequence: int) -> None:
        """Note that this worker made a write that left the leads alone, so that the cache keeps up with the guard."""
        self.passed(sequence)
        cached = self.load()
        if cached is not None and cached.sequence == sequence - 1:
            self.append(sequence, [], cached.leads)

    def passed(self, sequence: int) -> None:
        """Note the same in the pending write, if there is one, so that `resume` still recognises the workbook."""
        body = self._pending_write()
        if body is not None and sequence == body.get("through", body["sequence"]) + 1:
            through = orjson.dumps({**body, "through": sequence})
            caches.save(self._state_dir, self._workbook, caches.PENDING, through)

    def forget(self) -> None:
        """Delete the cached leads and the pending write."""
        self._delete()
        self.clear_pending()

    def _delete(self) -> None:
        self._cached = None
        caches.delete(self._state_dir, self._workbook, caches.LEADS)

    def _pending_write(self) -> dict[str, Any] | None:
        """The pending write, as it was noted; None when there is none."""
        return caches.load(self._state_dir, self._workbook, caches.PENDING, _object)

    def _load(self) -> CachedLeads | None:
        bodies = self._file.read(self._parts, list[Value]())
        if not bodies:
            return None
        try:
            base, *log = map(caches.bytes_of, bodies)
            self._base_id, cached = _parsed_base(base)
            self._logged = sum(map(len, log))
            return self._continued(cached, log)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
            _LOG.warning("the cached leads of %s cannot be used and are being rebuilt: %s", self._workbook, error)
            self._delete()
            return None

    def _parts(self, rows: CachedRows) -> list[Value]:
        """The bodies of the base and of the log, in order."""
        return [body for (body,) in rows.of(CACHES, caches.key_of(self._workbook), caches.LEADS).values()]

    def _continued(self, cached: CachedLeads, log: Sequence[bytes]) -> CachedLeads:
        """The base with the parts of the log applied that continue it; those of another process's base are skipped."""
        for part in log:
            delta = orjson.loads(part)
            if delta["base"] == self._base_id:
                if delta["sequence"] != cached.sequence + 1:
                    raise DamagedFileError("a part of the log is missing")
                cached = CachedLeads(delta["sequence"], _replayed(cached.leads, delta))
        return cached


def _parsed_base(body: bytes) -> tuple[str, CachedLeads]:
    base = orjson.loads(body)
    index = pd.Index(base["leads"], dtype="int64", name=LEAD_NUMBER)
    columns = {name: _unpacked(cells, len(index)) for name, cells in base["columns"].items()}
    leads = pd.DataFrame(columns, index=index, dtype=object, copy=False)
    return str(base["id"]), CachedLeads(int(base["sequence"]), leads)


def _object(body: bytes) -> dict[str, Any]:
    value = orjson.loads(body)
    if not isinstance(value, dict):
        raise DamagedFileError("no write")
    return value


def _packed(cells: np.ndarray) -> list[Any] | dict[str, Any]:
    """A column for the base: a single cell when all rows hold the same one, as in most columns at first."""
    # By object ids: equal cells that are different objects may differ in type, as 1, 1.0 and TRUE do.
    if len(cells) and (object_ids(cells) == id(cells[0])).all():
        return {"all": cells[0]}
    return list(cells)


def _unpacked(cells: list[Any] | dict[str, Any], count: int) -> np.ndarray:
    # Filled in place, so that all rows share one object: such columns stay small and compare by identity.
    column = np.empty(count, dtype=object)
    column[:] = cells["all"] if isinstance(cells, dict) else cells
    return column


def _delta(changes: Sequence[Change]) -> dict[str, Any]:
    """The changed cells, new rows and deleted leads of the Master in a plan."""
    cells: dict[str, list[Any]] = {}
    rows: dict[str, list[Any]] = {}
    deleted: list[int] = []
    for change in changes:
        if isinstance(change, UpdateCells) and change.sheet.spec.key == LEADS:
            for name, (positions, values) in change.cells.items():
                leads = [int(number) for number in change.sheet.frame.index[positions]]
                cells[name] = [leads, values.tolist()]
        elif isinstance(change, AppendRows) and change.sheet.spec.key == LEADS:
            rows = {name: change.frame[name].tolist() for name in change.frame.columns}
        elif isinstance(change, DeleteRows) and change.sheet.spec.key == LEADS:
            deleted = [int(number) for number in change.sheet.frame.index[change.positions]]
    return {"cells": cells, "rows": rows, "gone": deleted}


def _replayed(leads: pd.DataFrame, delta: dict[str, Any]) -> pd.DataFrame:
    """The leads after a write.

    Raises:
        DamagedFileError: It changed a lead that is not among them.
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
        new_leads = pd.DataFrame(added, index=index)
        # A repair appends rows that the cache still has, and deletes leads that it no longer has.
        new_leads = new_leads[~new_leads.index.isin(leads.index)]
        leads = pd.concat([leads, new_leads]) if len(leads) else new_leads
    deleted = leads.index.intersection(delta["gone"])
    return leads.drop(index=deleted) if len(deleted) else leads
