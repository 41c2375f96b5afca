"""What stands on Control, in Log and Rejected is in the workbook's language, and in the operators' guide word for word."""

import re
from contextlib import suppress
from pathlib import Path

import pytest

from sheets_crm import sample
from sheets_crm.errors import RefusedPlan

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDES = {"es": DOCS / "guia-operador.md", "en": DOCS / "operator-guide.md"}
LOCALES = {"es": "es_ES", "en": "en_US"}


def sentences(language):
    """Every text of the guide's tables of messages, longest first, as a pattern: what is in italics may differ."""
    tables = GUIDES[language].read_text(encoding="utf-8").partition("<!-- messages:begin -->")[2]
    texts = {cell.strip() for line in tables.splitlines() if line.startswith("| ") for cell in line.split(" | ")}
    ones = [re.sub(r"\\\*\w+\\\*", ".+?", re.escape(text.strip("| ")), flags=re.DOTALL) for text in texts]
    return re.compile("|".join(f"(?:{one})" for one in sorted(ones, key=len, reverse=True)))


@pytest.mark.parametrize("language", ["es", "en"])
def test_people_read_their_language_in_the_guides_words(open_desk, language):
    desk = open_desk("imported", LOCALES[language], language=language)
    desk.init()
    desk.set_control("step.verification", "D", "many")
    desk.set_control("step.verification", "E", True)
    desk.put("Verification Input", "A2", [["perhaps"]])
    desk.sync()
    shown = {str(cell) for row in desk.cells("Control") for cell in row if "many" in str(cell)} | set(
        desk.problems()
    )

    desk.tick("Verification Input", 3)
    desk.sync()
    shown |= {str(desk.control("step.verification")[1][6])}
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    unknown = {"LeadNumber": "9999", "email": "nobody@example.com"}
    desk.paste(header, [*rows, [unknown.get(name, "") for name in header]])
    desk.sync()
    rejected = [str(text) for row in desk.cells("Rejected")[2:] for text in row[2:4]]
    desk.paste(["Farbe", "Wert"], [["rot", "3"]])
    desk.put("Inbox", "A9", [["allein"]])
    desk.put("Master", "C2", [["by hand"]], who="owner")
    desk.sync(force=True)
    shown |= set(desk.problems())
    desk.put("Master", "B1", [["other"]], who="owner")
    with suppress(RefusedPlan):
        desk.sync(force=True)
    shown |= set(desk.problems())

    shown |= {line for row in desk.rows("Log") for line in str(row["what"]).split(" · ")}
    shown |= set(rejected) - {"reason", "remedy", ""}
    assert rejected
    quoted = sentences(language)
    assert len(shown) > 10
    assert [text for text in shown if text and not quoted.search(text)] == []
