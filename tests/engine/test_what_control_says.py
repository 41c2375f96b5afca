"""What operators read on Control and in Batches without a hint from elsewhere."""

import pytest

from sheets_crm import sample


@pytest.fixture
def sent(open_desk):
    return open_desk("sent")


def test_a_block_without_headers_stays_and_control_says_what_to_do(sent):
    sent.paste(["María", "maria@empresa.example"], [["Pepe", "pepe@empresa.example"]])

    sent.sync()

    said = sent.problems()[0]
    assert said.startswith("Inbox, filas 1–2: No se reconoció ningún paso")  # noqa: RUF001
    assert said.endswith(
        "maria@empresa.example. Pega la salida junto con su fila de cabecera, o indica el paso al importar."
    )
    assert sent.cells("Inbox")[1][0] == "Pepe"


def test_control_counts_the_rows_of_rejected_that_wait(sent):
    before = sent.control("rejected")[1][1]
    sent.paste(["LeadNumber", "email_status"], [["99998", "valid"], ["99999", "valid"]])

    sent.sync()
    assert sent.control("rejected")[1][1] == before + 2

    row = next(n for n, line in enumerate(sent.cells("Rejected"), start=1) if "99999" in map(str, line[6:]))
    sent.put("Rejected", f"B{row}", [[True]])
    sent.sync()
    assert sent.control("rejected")[1][1] == before + 1


def test_batches_says_in_spanish_which_batch_is_shown(sent):
    header, *rows = sent.cells("Batches")
    assert [row[header.index("shown")] for row in rows][-1] == "sí"


def test_what_asks_for_somebody_is_coloured(sent):
    """The status and each problem, by rules of the tab: no run has to write a colour."""
    first, status = sent.control("problem.1")[0], sent.control("status")[0]
    (tab,) = [
        one
        for one in sent.client("owner").open_by_key(sent.sheet_id).fetch_sheet_metadata()["sheets"]
        if one["properties"]["title"] == "Control"
    ]
    rules = {
        (rule["ranges"][0]["startRowIndex"], rule["ranges"][0]["endRowIndex"]): rule["booleanRule"]["condition"][
            "values"
        ][0]["userEnteredValue"]
        for rule in tab["conditionalFormats"]
    }
    assert rules == {(status - 1, status): f'=$B${first}<>""', (first - 1, first + 7): f'=$B{first}<>""'}


def test_a_lead_number_that_sheets_took_for_a_number_is_not_doubtful(sent):
    """In a tab without text format every number is one; other cells than keys and flags are worth a look."""
    header, rows = sample.verification_output(*sent.batch("Verification"), seed=3)
    sent.structure({"addSheet": {"properties": {"title": "Inbox de Ana"}}}, who="operator")
    sent.paste(["LeadNumber", "email", "email_status", "firstName_cleaned"], [], title="Inbox de Ana")
    leads = [row[header.index("LeadNumber")] for row in rows[:2]]
    block = [
        [lead, f"{lead}@acme.example", "valid", name] for lead, name in zip(leads, ["5,10", "Ana"], strict=True)
    ]
    sent.put("Inbox de Ana", "A2", block)

    sent.sync()

    assert next(row["doubtful cells"] for row in sent.rows("Imports")) == 1
