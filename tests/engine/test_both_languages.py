"""What stands on Control, in Log and Rejected is in the workbook's language, and in the operators' guide word for word."""

import re
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from sheets_crm import sample
from sheets_crm.errors import RefusedPlan
from sheets_crm.features import rejected
from sheets_crm.features.rejected import Rejection
from sheets_crm.messages import CATALOGUE
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook.tabs import REJECTED_COLUMNS, REJECTED_ES

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = {"es": DOCS / "guia-operador.md", "en": DOCS / "operator-guide.md"}
LOCALES = {"es": "es_ES", "en": "en_US"}


def sentences(language):
    """Every text of the guide's tables, longest first, as a pattern: what is in italics may differ, and so may a plural."""
    tables = GUIDES[language].read_text(encoding="utf-8").partition("<!-- messages:begin -->")[2]
    texts = {cell.strip() for line in tables.splitlines() if line.startswith("| ") for cell in line.split(" | ")}
    texts |= {text[language == "en"] for code, text in CATALOGUE.items() if code.endswith(".one")}
    texts |= {text[language == "en"] for text in CATALOGUE.values() if ":#" in text[0]}
    texts = {re.sub(r"{(\w+)(:#[^}]*)?}", r"*\1*", text) for text in texts}
    ones = [re.sub(r"\\\*\w+\\\*", ".+?", re.escape(text.strip("| ")), flags=re.DOTALL) for text in texts]
    return re.compile("|".join(f"(?:{one})" for one in sorted(ones, key=len, reverse=True)))


def told(desk, *tabs):
    """The texts of Log, one by one, and of Rejected."""
    log = {line for row in desk.rows("Log") for line in str(row["what"]).split(" · ")}
    rejected = {str(text) for row in desk.cells("Rejected")[2:] for text in row[2:4]} - {
        *REJECTED_COLUMNS,
        *REJECTED_ES,
        "",
    }
    return rejected if tabs else log | rejected


@pytest.mark.parametrize(
    ("language", "words"), [("es", "No se reconoció ningún paso"), ("en", "No step was recognised")]
)
def test_why_a_rejected_block_is_not_recognised_is_told_in_the_workbooks_language(language, words):
    problems = []
    working = SimpleNamespace(
        budget=SimpleNamespace(rows=10),
        schema=Schema(STEPS),
        snapshot=SimpleNamespace(tabs={}),
        settings=SimpleNamespace(language=language),
        problem=lambda code, **values: problems.append((code, values["problem"])),
    )
    row = Rejection(5, retry=True, discard=False, source="", number="", cells=("rot", "3"), block=4)
    assert rejected._as_source(working, None, ("Farbe", "Wert"), "", [row]) is None
    ((code, problem),) = problems
    assert code == "retry_not_understood"
    assert problem.startswith(words)


@pytest.mark.parametrize("language", [pytest.param("es", marks=pytest.mark.long), "en"])
@pytest.mark.long
def test_people_read_their_language_in_the_guides_words(open_desk, language):
    desk = open_desk("imported", LOCALES[language], language=language)
    desk.init()
    earlier = told(desk)  # by the stage, which was made in Spanish
    desk.set_control("step.verification", "D", "many")
    desk.set_control("step.verification", "E", True)
    desk.put("Verification Input", "A2", [["perhaps"]])
    desk.sync()
    shown = {
        str(cell) for row in desk.cells("Control") for cell in row if "many" in str(cell) and cell != "many"
    } | set(desk.problems())

    desk.tick("Verification Input", 3)
    desk.sync()
    shown |= {str(desk.control("step.verification")[1][6])}
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    unknown = {"LeadNumber": "9999", "email": "nobody@example.com"}
    desk.paste(header, [*rows, [unknown.get(name, "") for name in header]])
    desk.sync()
    desk.paste(["Farbe", "Wert"], [["rot", "3"]])
    desk.put("Inbox", "A9", [["allein"]])
    desk.put("Master", "C2", [["by hand"]], who="owner")
    desk.sync(force=True)
    shown |= set(desk.problems())
    desk.put("Master", "B1", [["other"]], who="owner")
    with suppress(RefusedPlan):
        desk.sync(force=True)
    shown |= set(desk.problems())

    assert told(desk, "Rejected") - earlier
    shown |= told(desk) - earlier
    quoted = sentences(language)
    assert len(shown) > 10
    assert [text for text in shown if text and not quoted.search(text)] == []


@pytest.mark.long
def test_messages_name_the_headers_that_a_spanish_workbook_of_an_earlier_version_has(open_desk):
    desk = open_desk("imported")
    desk.put("Verification Input", "A1", [["send"]], who="owner")
    desk.put("Vocabulary", "C1", [["counts as success"]], who="owner")
    desk.now += 2 * 3600
    desk.sync()
    desk.put("Verification Input", "A3", [["luego"]])
    desk.put("Vocabulary", "C2", [["luego"]])
    for _ in ("read incrementally", "read whole"):
        told = desk.sync()["problems"]
        assert any("A3: «luego» en send no se entiende" in text for text in told), told
        assert any("fila 2: counts as success es «luego»" in text for text in told), told
        desk.now += 2 * 3600
