"""The story that the demo plays: 500 sample leads, from the export to the first conversions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sheets_crm import sample
from sheets_crm.demo.operator import Operator
from sheets_crm.engine.report import Report
from sheets_crm.files import write_csv

LEADS = 500
UNKNOWN = "900017"
"""A LeadNumber that no lead has; its row is corrected in Rejected."""


class Worker(Protocol):
    """The verbs of the product that the story uses."""

    def sync(self, *, plan: bool, now: bool, force: bool) -> Report:
        """Make one run."""
        ...

    def import_tables(self, sources: list[str], *, step: str | None, target_id: str | None, plan: bool) -> Report:
        """Merge files."""
        ...


@dataclass(frozen=True, slots=True)
class Story:
    """The demo's story.

    Attributes:
        worker: Responds to the operator.
        operator: Ticks and pastes.
        progress: Receives a line on each chapter and each note.
    """

    worker: Worker
    operator: Operator
    progress: Callable[[str], None]

    def play(self, export: Path) -> None:
        """Take the sample through all steps.

        Args:
            export: Path to write the sample export to; it is imported from there.
        """
        chapters = tuple(self._chapters(export))
        for number, (title, chapter) in enumerate(chapters, start=1):
            self.progress(f"[{number}/{len(chapters)}] {title}")
            for note in chapter():
                self.progress(f"      {note}")

    def _chapters(self, export: Path) -> Iterator[tuple[str, Callable[[], Iterator[str]]]]:
        yield f"Export: import {LEADS} people, with duplicates and failed rows", lambda: self._import(export)
        yield "Verification: tick 180 leads, paste the finder's answer into Inbox", self._verification_ticked
        yield "Verification: take 200 from Control, answer in a tab of its own", self._verification_taken
        yield "Verification: correct a rejected row and retry; send 20 and undo them", self._verification_mended
        yield "Company Scrap: send all in two parts, paste, close what never came back", self._company
        yield "Box 1: send 150, paste; run a stored lead again under another version", self._box1
        yield "Instantly: send the HITs, paste the campaign's lead list", self._instantly

    def _import(self, export: Path) -> Iterator[str]:
        header, rows = sample.export_rows(LEADS)
        write_csv(export, header, rows)
        yield from self.worker.import_tables([str(export)], step=None, target_id="DEMO-1", plan=False).notes
        discarded = self.operator.discard(lambda _line: True)
        yield f"{discarded} rows of failed searches are in Rejected: discard"
        yield from self._sync()

    def _verification_ticked(self) -> Iterator[str]:
        self.operator.tick("Verification Input", 180)
        yield from self._sync()
        self.operator.paste(*self._answer("Verification Batch", sample.verification_output))
        yield from self._sync()

    def _verification_taken(self) -> Iterator[str]:
        self.operator.take("verification", 200)
        yield from self._sync()
        header, rows = self._answer("Verification Batch", sample.verification_output, seed=1)
        rows[3][header.index("LeadNumber")] = UNKNOWN
        self.operator.add_tab("Output ZeroBounce", header, rows)
        yield from self._sync()

    def _verification_mended(self) -> Iterator[str]:
        batch = self.operator.shown("Verification Batch")
        self.operator.correct(UNKNOWN, batch[4][batch[0].index("LeadNumber")])
        yield from self._sync()
        self.operator.take("verification", 20)
        yield from self._sync()
        self.operator.batch_box("V-0003", "undo")
        yield from self._sync()

    def _company(self) -> Iterator[str]:
        self.operator.split("company_scrap", 2)
        self.operator.tick("CompScrap Input", self.operator.available("CompScrap Input"))
        yield from self._sync()
        for tab in ("CompScrap Batch", "CompScrap Batch 2"):
            self.operator.paste(*self._answer(tab, sample.company_output))
            yield from self._sync()
        self.operator.batch_box("C-0001", "close")
        yield from self._sync()

    def _box1(self) -> Iterator[str]:
        self.operator.take("box1", 150)
        yield from self._sync()
        self.operator.paste(*self._answer("Box1 Batch", sample.box1_output))
        yield from self._sync()
        self.operator.set("box1_version", "v2")
        lead = self.operator.reopen("box1", "nueva versión del mensaje")
        yield f"lead {lead} of Storage once more, under v2"
        yield from self._sync()
        self.operator.tick("Box1 Input", min(30, self.operator.available("Box1 Input")))
        yield from self._sync()
        header, rows = self.operator.shown("Box1 Batch")[0], self.operator.shown("Box1 Batch")[1:]
        self.operator.paste(*sample.box1_output(header, rows, seed=2, version="v2"))
        yield from self._sync()

    def _instantly(self) -> Iterator[str]:
        ready = self.operator.available("Instantly Input")
        self.operator.tick("Instantly Input", max(1, ready - 12))
        yield from self._sync()
        self.operator.paste(*self._answer("Instantly Batch", sample.instantly_output))
        yield from self._sync()

    def _answer(
        self, tab: str, tool: Callable[..., tuple[list[str], list[list[str]]]], *, seed: int = 0
    ) -> tuple[list[str], list[list[str]]]:
        """An outside tool's output for the batch that a tab shows."""
        header, *rows = self.operator.shown(tab)
        return tool(header, rows, seed=seed)

    def _sync(self) -> Iterator[str]:
        yield from self.worker.sync(plan=False, now=True, force=False).notes
