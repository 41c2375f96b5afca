"""Probes: behaviour of a server that Google does not document, compared with what the emulator does.

Each makes a few requests to a throwaway workbook (es_ES, one blank tab). The sources of these assumptions, and how
certain they are, stand in docs/reliability.md and docs/emulator.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sheets_crm.engine.report import Report, Table
from sheets_crm.errors import Retryable
from sheets_crm.operations.probes import PROBES, expected
from sheets_crm.operations.probes.asking import TAB, Outcome, Probe, RawClient, tab, write

UNANSWERED = 3
"""So many probes in a row without an answer, and the server is taken for one that is not there."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of one probe, beside the one that is expected."""

    probe: Probe
    observed: Outcome
    expected: Outcome

    @property
    def same(self) -> bool:
        """Whether it is as expected."""
        return self.observed == self.expected

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        """The cases that differ: case, observation, expectation; a case that one side lacks counts as absent."""
        observed, wanted = _cases(self.observed), _cases(self.expected)
        names = [*wanted, *(name for name in observed if name not in wanted)]
        cases = [(name, observed.get(name, "absent"), wanted.get(name, "absent")) for name in names]
        return [case for case in cases if case[1] != case[2]]


def run(client: RawClient, began: Callable[[str], None] = lambda _name: None, *, own_file: bool = True) -> Report:
    """Run every probe and report what differs from the emulator.

    Args:
        client: A throwaway spreadsheet in es_ES with one blank tab; the probes leave it altered.
        began: Told the name of each probe before it asks.
        own_file: Whether the account made the spreadsheet, so that Drive says something of it.

    Raises:
        CrmError: The account was refused, or the server stopped answering.
    """
    results = list(_results(client, began, own_file=own_file))
    differing = sum(not result.same for result in results)
    title = f"{len(results)} probes; {differing} gave an unexpected result."
    table = Table(
        "",
        ("", "probe", "this server", "expected", "what depends on it"),
        [row for result in results for row in _rows(result)],
    )
    return Report(title, {}, [table], ok=not differing, json={"probes": [_json(result) for result in results]})


def _rows(result: ProbeResult) -> Iterator[Sequence[str]]:
    """One row for a probe as expected, and for each case that is not."""
    probe = result.probe
    if result.same:
        told = result.observed if isinstance(result.observed, str) else f"all {len(result.observed)} cases"
        yield ("as expected", probe.name, told, "", probe.matters)
    for case, observed, wanted in result.differing:
        yield ("DIFFERS", f"{probe.name}: {case}" if case else probe.name, observed, wanted, probe.matters)


def _json(result: ProbeResult) -> dict[str, Any]:
    return {
        "probe": result.probe.name,
        "as_expected": result.same,
        "found": result.observed,
        "expected": result.expected,
    }


def _cases(outcome: Outcome) -> dict[str, str]:
    return {"": outcome} if isinstance(outcome, str) else outcome


def _results(client: RawClient, began: Callable[[str], None], *, own_file: bool) -> Iterator[ProbeResult]:
    outcomes = expected()
    write(client, tab(TAB, "Probe", 20, 6))
    silent = 0
    for probe in PROBES:
        if probe.own_file and not own_file:
            continue
        began(probe.name)
        try:
            observed = _observed(probe, client)
            silent = 0
        except Retryable as error:
            silent += 1
            if silent == UNANSWERED:
                raise
            observed = f"no answer: {error.message}"
        yield ProbeResult(probe, observed, outcomes.get(probe.name, "nothing is expected yet"))


def _observed(probe: Probe, client: RawClient) -> Outcome:
    """Let a probe ask; an answer of another shape than it reads is an observation too, and stops no other probe."""
    try:
        return probe.ask(client)
    except (LookupError, TypeError, ValueError, AttributeError, StopIteration) as error:
        return f"an answer that the probe cannot read ({type(error).__name__}: {error})"
