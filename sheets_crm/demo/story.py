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
from sheets_crm.messages import said

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
            self.progress(said("demo.step", number=number, all=len(chapters), title=title))
            for note in chapter():
                self.progress(said("demo.note", text=note))

    def _chapters(self, export: Path) -> Iterator[tuple[str, Callable[[], Iterator[str]]]]:
        yield said("demo.export", count=LEADS), lambda: self._import(export)
        yield said("demo.ticked"), self._verification_ticked
        yield said("demo.taken"), self._verification_taken
        yield said("demo.mended"), self._verification_mended
        yield said("demo.company"), self._company
        yield said("demo.box1"), self._box1
        yield said("demo.instantly"), self._instantly

    def _import(self, export: Path) -> Iterator[str]:
        header, rows = sample.export_rows(LEADS)
        write_csv(export, header, rows)
        yield from self.worker.import_tables([str(export)], step=None, target_id="DEMO-1", plan=False).notes
        discarded = self.operator.discard(lambda _line: True)
        yield said("demo.discarded", count=discarded)
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
        yield said("demo.reopened", lead=str(lead))
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
