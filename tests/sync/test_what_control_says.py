"""What operators read on Control and in Batches without being told where else to look."""

import pytest


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
