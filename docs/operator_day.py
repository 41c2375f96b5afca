"""Play an operator's first day in Chromium, as the guide tells it, and make the pictures in docs/images/day.

    python docs/operator_day.py

The person ticks, types and pastes on the emulator's page; after each act the worker makes one run. Needs what
``screenshots.py`` needs.
"""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from screenshots import DAY, Camera, Scene, as_clipboard

from sheets_crm import sample
from sheets_crm.workbook.cells import column_letters

PICTURES = Path(__file__).parent / "images" / "day"
LARGEST = 150_000
MORNING = 6 * 3600.0  # seven in the morning in Madrid's winter
BETWEEN = 300.0  # seconds from one run to the next
Block = tuple[Sequence[str], Sequence[Sequence[str]]]
Tool = Callable[..., Block]

UNKNOWN_WORD = "inboxable"
NOBODY = "900017"
# A list that names its columns as nobody else does; of two with addresses no cell says which is the person's.
FAIR = (
    ("Quién", "Firma", "Buzón", "Copia", "Pabellón"),
    (
        ("Nuria Alsina Pons", "Telares Alsina", "nuria@telaresalsina.example", "hola@telaresalsina.example", "3"),
        (
            "Íñigo Arrieta Lasa",
            "Fundiciones Lasa",
            "inigo@fundicioneslasa.example",
            "info@fundicioneslasa.example",
            "7",
        ),
    ),
)
BECOMES = {
    "Quién": "fullName",
    "Firma": "companyName_fromP",
    "Buzón": "email",
    "Copia": "ignorar",
    "Pabellón": "conservar",
}
# A list whose header "Estado" could be the result of a verifier.
SUPPLIERS = (
    ("Nombre", "Empresa", "Correo", "Estado"),
    (("Olga Prim", "Prim y Asociados", "olga@prim.example", "Madrid"),),
)


class Day:
    """One day of one operator, on a workbook that begins empty.

    Args:
        scene: The workbook and its worker.
        camera: The browser that the person sits at.
    """

    def __init__(self, scene: Scene, camera: Camera) -> None:
        self._scene = scene
        self._camera = camera
        scene.now += DAY - scene.now % DAY + MORNING

    def play(self) -> None:
        """Play the day, stage by stage; the numbers are those of docs/operator-day.md."""
        self._run()
        self._bring_in()
        self._ask_for_headers()
        self._verify()
        self._correct()
        self._scrap_companies()
        self._classify()
        self._campaign()
        self._mistakes()
        self._look_up()

    def _bring_in(self) -> None:
        self._set("target_id", "Q4-ES")
        self._save("01-control", rows=28)
        self._paste(sample.export_rows(160, seed=11))
        self._save("02-inbox", rows=16)
        self._run()

    def _ask_for_headers(self) -> None:
        self._paste(FAIR)
        self._run()
        self._camera.open("Inbox")
        self._camera.point("A1")
        self._save("03-not-understood", rows=10)
        self._camera.open("Cabeceras")
        header, *rows = self._scene.operator.shown("Cabeceras")
        asked, answer = header.index("cabecera"), column_letters(header.index("se convierte en"))
        for row, line in enumerate(rows, start=2):
            if line[asked] in BECOMES:
                self._type(f"{answer}{row}", BECOMES[line[asked]])
        self._save("04-headers", rows=8)
        self._run()
        self._set("import_kind", "contactos")
        self._set("enters", "sending")
        self._paste(SUPPLIERS)
        self._run()

    def _verify(self) -> None:
        self._camera.open("Verification Input")
        self._camera.tick(["A2", "A3", "A5", "A8"])
        self._save("05-ticked", rows=14)
        self._run()
        self._answer("Verification Batch", sample.verification_output)
        self._on_control("only.verification", "C", "CEO; director")
        self._take("verification", "todo")
        self._look("Control", "06-sent", rows=28)
        self._on_control("only.verification", "C", "")
        self._answer("Verification Batch", sample.verification_output)
        self._take("verification", "90")

    def _correct(self) -> None:
        header, *rows = self._scene.operator.shown("Verification Batch")
        columns, answers = sample.verification_output(header, rows, seed=2)
        for row in answers[:3]:
            row[columns.index("result")] = UNKNOWN_WORD
        right = answers[4][columns.index("LeadNumber")]
        answers[4][columns.index("LeadNumber")] = NOBODY
        self._paste((columns, answers))
        self._run()
        self._scene.operator.correct(NOBODY, NOBODY + "1")
        self._run()
        self._look("Rejected", "07-rejected", rows=16)
        self._camera.open("Vocabulary")
        row = len([line for line in self._scene.operator.shown("Vocabulary") if line[0]]) + 1
        for column, word in zip("ABC", (UNKNOWN_WORD, "valid", "VERDADERO"), strict=True):
            self._type(f"{column}{row}", word)
        self._save("08-vocabulary", rows=24)
        self._run()
        self._scene.operator.correct(NOBODY + "1", right)
        self._run()

    def _scrap_companies(self) -> None:
        self._on_control("step.company_scrap", "F", "3")
        self._take("company_scrap", "todo")
        for tab in ("CompScrap Batch", "CompScrap Batch 2"):
            self._answer(tab, sample.company_output)
        self._look("Batches", "09-batches", rows=8)
        self._scene.operator.batch_box("C-0001", "close")
        self._run()
        self._answer("CompScrap Batch 3", sample.company_output)

    def _classify(self) -> None:
        self._take("box1", "45")
        self._answer("Box1 Batch", sample.box1_output)
        self._scene.operator.set("box1_version", "v2")
        self._scene.operator.reopen("box1", "texto nuevo")
        self._look("Storage", "10-storage", rows=12)
        self._run()
        self._take("box1", "todo")
        self._answer("Box1 Batch", sample.box1_output, version="v2")

    def _campaign(self) -> None:
        self._take("instantly", "12")
        self._sent = _by_header(self._scene.operator.shown("Instantly Batch"))
        self._answer("Instantly Batch", sample.instantly_output)
        self._look("Dashboard", "11-dashboard", rows=26)
        self._look("Versiones", "12-versions", rows=24)
        self._look("Imports", "13-imports", rows=14)

    def _mistakes(self) -> None:
        address = self._sent["Email"]
        self._paste((["email", "instantly_status"], [[address, "respondió"], ["nadie@otra.example", "sent"]]))
        self._run()
        self._on_control("step.verification", "F", "21")
        self._paste((["María", "maria@empresa.example"], [["Pepe", "pepe@empresa.example"]]))
        self._take("verification", "500")
        self._look("Control", "14-problems", rows=30)

    def _look_up(self) -> None:
        self._camera.open("Lead Profile")
        self._camera.go("B2")
        self._camera.type("textil\n")
        self._save("15-several", rows=12)
        self._camera.go("B2")
        self._camera.type(self._sent["Email"] + "\n")
        self._save("16-lead", rows=34)

    def _set(self, setting: str, value: str) -> None:
        self._on_control(setting, "B", value)

    def _take(self, step: str, count: str) -> None:
        self._on_control(f"step.{step}", "D", count)
        self._camera.tick([f"E{self._control_row(f'step.{step}')}"])
        self._run()

    def _on_control(self, row_id: str, column: str, text: str) -> None:
        self._camera.open("Control")
        self._type(f"{column}{self._control_row(row_id)}", text)

    def _control_row(self, row_id: str) -> int:
        lines = self._scene.operator.shown("Control")
        return next(n for n, line in enumerate(lines, start=1) if line[-1] == row_id)

    def _type(self, cell: str, text: str) -> None:
        self._camera.go(cell)
        self._camera.type(f"{text}\n" if text else "\ue017")  # the key Delete
        self._camera.settle()

    def _answer(self, tab: str, tool: Tool, **options: str) -> None:
        header, *rows = self._scene.operator.shown(tab)
        self._paste(tool(header, rows, **options))
        self._run()

    def _paste(self, block: Block) -> None:
        self._camera.open("Inbox")
        self._camera.go("A1")
        self._camera.paste(as_clipboard(*block))

    def _run(self) -> None:
        self._scene.now += BETWEEN
        self._scene.sync()

    def _look(self, tab: str, name: str, *, rows: int, at: str = "") -> None:
        self._camera.open(tab)
        if at:
            self._camera.go(at)
        self._save(name, rows=rows)

    def _save(self, name: str, *, rows: int) -> None:
        self._camera.save_grid(PICTURES / f"{name}.png", rows, LARGEST)


def _by_header(cells: Sequence[Sequence[str]]) -> dict[str, str]:
    """Give the first row of a tab by its headers."""
    return dict(zip(cells[0], cells[1], strict=False))


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
