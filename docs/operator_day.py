"""Play an operator's first day in Chromium, as the guide tells it, and make the pictures in docs/images/day.

    python docs/operator_day.py

The person ticks, types and pastes on the emulator's page; after each act the worker makes one run. Needs what
``screenshots.py`` needs.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from screenshots import Camera, Scene, as_clipboard

from sheets_crm import sample

PICTURES = Path(__file__).parent / "images" / "day"
LARGEST = 150_000
Block = tuple[Sequence[str], Sequence[Sequence[str]]]
Tool = Callable[..., Block]


class Day:
    """One day of one operator, on a workbook that begins empty.

    Args:
        scene: The workbook and its worker.
        camera: The browser that the person sits at.
    """

    def __init__(self, scene: Scene, camera: Camera) -> None:
        self._scene = scene
        self._camera = camera

    def play(self) -> None:
        """Play the day, stage by stage; the numbers are those of docs/operator-day.md."""
        self._bring_in()
        self._verify()
        self._scrap_companies()
        self._classify()
        self._campaign()
        self._mistakes()

    def _bring_in(self) -> None:
        self._set("target_id", "Q4-ES")
        self._paste(sample.export_rows(160, seed=11))
        self._save("01-inbox", rows=16)
        self._scene.sync()

    def _verify(self) -> None:
        self._camera.open("Verification Input")
        self._camera.tick(["A2", "A3", "A5", "A8"])
        self._save("02-ticked", rows=14)
        self._scene.sync()
        self._take("verification", 90)
        self._look("Control", "03-sent", rows=36)
        self._answer("Verification Batch", sample.verification_output)

    def _scrap_companies(self) -> None:
        self._scene.operator.split("company_scrap", 3)
        self._take("company_scrap", self._scene.operator.available("CompScrap Input"))
        for tab in ("CompScrap Batch", "CompScrap Batch 2"):
            self._answer(tab, sample.company_output)
        self._look("Batches", "04-batches", rows=8)
        self._scene.operator.batch_box("C-0001", "close")
        self._scene.sync()
        self._answer("CompScrap Batch 3", sample.company_output)

    def _classify(self) -> None:
        self._take("box1", 45)
        self._answer("Box1 Batch", sample.box1_output)
        self._set("box1_version", "v2")
        self._scene.operator.reopen("box1", "texto nuevo")
        self._look("Storage", "05-storage", rows=12)
        self._scene.sync()
        self._take("box1", self._scene.operator.available("Box1 Input"))
        self._answer("Box1 Batch", sample.box1_output, version="v2")

    def _campaign(self) -> None:
        self._take("instantly", 12)
        self._answer("Instantly Batch", sample.instantly_output)
        self._look("Dashboard", "06-dashboard", rows=32)
        self._look("Imports", "07-imports", rows=10)

    def _mistakes(self) -> None:
        first = self._scene.operator.shown("Instantly Batch")[1]
        self._paste((["email", "instantly_status"], [[first[4], "respondió"], ["nadie@otra.example", "sent"]]))
        self._scene.sync()
        self._look("Rejected", "08-rejected", rows=10)
        self._scene.operator.take("verification", 500)
        self._set("schedule.0", "muchos")
        self._paste((["María", "maria@empresa.example"], [["Pepe", "pepe@empresa.example"]]))
        self._scene.sync()
        self._look("Control", "09-problems", rows=34)
        self._camera.open("Lead Profile")
        self._camera.go("B2")
        self._camera.type(first[4] + "\n")
        self._save("10-lead", rows=30)

    def _set(self, setting: str, value: str) -> None:
        self._scene.operator.set(setting, value)

    def _take(self, step: str, count: int) -> None:
        self._scene.operator.take(step, count)
        self._scene.sync()

    def _answer(self, tab: str, tool: Tool, **options: str) -> None:
        header, *rows = self._scene.operator.shown(tab)
        self._paste(tool(header, rows, **options))
        self._scene.sync()

    def _paste(self, block: Block) -> None:
        self._camera.open("Inbox")
        self._camera.go("A1")
        self._camera.paste(as_clipboard(*block))

    def _look(self, tab: str, name: str, *, rows: int) -> None:
        self._camera.open(tab)
        self._save(name, rows=rows)

    def _save(self, name: str, *, rows: int) -> None:
        self._camera.save_grid(PICTURES / f"{name}.png", rows, LARGEST)


def main() -> None:
    """Play the day in a folder of its own, which is removed afterwards."""
    folder = Path(tempfile.mkdtemp())
    PICTURES.mkdir(parents=True, exist_ok=True)
    scene = Scene(folder)
    camera = Camera(f"{scene.server.url}/")
    try:
        Day(scene, camera).play()
    finally:
        camera.driver.quit()
        scene.server.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
