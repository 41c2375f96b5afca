"""Probes: behaviour of a server that Google does not document, compared with what the product assumes.

Each makes a few requests to a throwaway workbook (es_ES, one blank tab). The expected result is the emulator's; the
sources of these assumptions, and how certain they are, stand in docs/reliability.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sheets_crm.operations.probes import PROBES, TAB, Probe, RawClient, grid, write
from sheets_crm.sync.report import Report, Table


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of one probe."""

    probe: Probe
    observed: str

    @property
    def same(self) -> bool:
        """Whether it is as expected."""
        return self.observed == self.probe.expected


def run(client: RawClient) -> Report:
    """Run every probe and report what differs from the product's assumptions.

    Args:
        client: A throwaway spreadsheet in es_ES with one blank tab; the probes leave it altered.
    """
    results = list(_results(client))
    differing = sum(not result.same for result in results)
    rows = [
        [
            "as expected" if result.same else "DIFFERS",
            result.probe.name,
            result.observed,
            "" if result.same else result.probe.expected,
            result.probe.matters,
        ]
        for result in results
    ]
    title = f"{len(results)} probes; {differing} gave an unexpected result."
    table = Table("", ("", "probe", "this server", "expected", "what depends on it"), rows)
    body = {
        "probes": [
            {
                "probe": result.probe.name,
                "as_expected": result.same,
                "found": result.observed,
                "expected": result.probe.expected,
            }
            for result in results
        ]
    }
    return Report(title, {}, [table], ok=not differing, json=body)


def _results(client: RawClient) -> Iterator[ProbeResult]:
    write(client, {"addSheet": {"properties": {"sheetId": TAB, "title": "Probe", "gridProperties": grid(20, 6)}}})
    for probe in PROBES:
        yield ProbeResult(probe, probe.ask(client))
