"""Probes: what this server does where the documentation is silent, against what the product was built on.

Each asks one thing of a throwaway workbook (es_ES, one blank tab). What is expected is what the emulator does; the
sources of these facts, and how sure they are, stand in docs/reliability.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sheets_crm.operations.probes import PROBES, TAB, Probe, RawClient, grid, write
from sheets_crm.sync.report import Report, Table


@dataclass(frozen=True, slots=True)
class Seen:
    """What one probe saw."""

    probe: Probe
    found: str

    @property
    def same(self) -> bool:
        """Whether it is what was expected."""
        return self.found == self.probe.expected


def run(client: RawClient) -> Report:
    """Ask everything and report what differs from what the product was built on.

    Args:
        client: A throwaway spreadsheet in es_ES with one blank tab; it is left in disorder.
    """
    seen = list(_asked(client))
    differing = sum(not one.same for one in seen)
    rows = [
        [
            "as expected" if one.same else "DIFFERS",
            one.probe.name,
            one.found,
            "" if one.same else one.probe.expected,
            one.probe.matters,
        ]
        for one in seen
    ]
    title = f"{len(seen)} probes; {differing} gave an unexpected result."
    table = Table("", ("", "probe", "this server", "expected", "what depends on it"), rows)
    body = {
        "probes": [
            {"probe": s.probe.name, "as_expected": s.same, "found": s.found, "expected": s.probe.expected}
            for s in seen
        ]
    }
    return Report(title, {}, [table], ok=not differing, json=body)


def _asked(client: RawClient) -> Iterator[Seen]:
    write(client, {"addSheet": {"properties": {"sheetId": TAB, "title": "Probe", "gridProperties": grid(20, 6)}}})
    for probe in PROBES:
        yield Seen(probe, probe.ask(client))
