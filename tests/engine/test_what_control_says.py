"""What operators read on Control and in Batches without a hint from elsewhere."""

import pytest

from sheets_crm import sample
from sheets_crm.errors import RefusedPlan


@pytest.fixture
def sent(open_desk):
    return open_desk("sent")


@pytest.mark.long
def test_a_block_without_headers_stays_and_control_says_what_to_do(sent):
    sent.paste(["María", "maria@empresa.example"], [["Pepe", "pepe@empresa.example"]])

    sent.sync()

    said = sent.problems()[0]
    assert said.startswith("Inbox, filas 1–2: No se reconoció ningún paso")  # noqa: RUF001
    assert "maria@empresa.example. Si falta la fila de cabecera, ponla encima." in said
    assert "di en la pestaña Cabeceras" in said
    assert sent.cells("Inbox")[1][0] == "Pepe"


@pytest.mark.long
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


def rules(desk):
    """The rules of Control: first row, end, formula."""
    fields = "sheets(properties(title),conditionalFormats(ranges,booleanRule(condition)))"
    sheets = desk.book("owner").fetch_sheet_metadata({"fields": fields})["sheets"]
    (found,) = [one["conditionalFormats"] for one in sheets if one["properties"]["title"] == "Control"]
    return {
        (
            rule["ranges"][0]["startRowIndex"],
            rule["ranges"][0]["endRowIndex"],
            rule["booleanRule"]["condition"]["values"][0]["userEnteredValue"],
        )
        for rule in found
    }


def test_what_asks_for_somebody_is_coloured(sent):
    """The state by its sign and each problem, by rules of the tab: no run has to write a colour."""
    first, state = sent.control("problem.1")[0], sent.control("state")[0]
    assert rules(sent) == {
        *((state - 1, state, f'=LEFT($A${state};1)="{sign}"') for sign in "✓▲●"),
        (first - 1, first + 7, f'=$B{first}<>""'),
    }


@pytest.mark.long
def test_a_tick_on_the_empty_row_of_an_empty_input_is_taken_back(sent):
    assert not sent.rows("Verification Input")
    sent.put("Verification Input", "A2", [[True]])
    sent.sync()
    assert sent.cells("Verification Input")[1][0] is False
    assert sent.control("step.verification")[1][2] == 0
    assert sent.problems() == [
        "Verification Input, fila 2: la casilla marcada no está junto a ningún lead; se ha desmarcado."
    ]
    assert sent.sync()["idle"]


@pytest.mark.long
def test_the_label_of_the_next_import_is_used_once_and_imports_shows_it(open_desk):
    desk = open_desk("initialised")
    desk.set_control("target_id", "B", "T7", raw=True)
    assert desk.control("target_id")[1][2].startswith("la recibe lo próximo")
    header, rows = sample.export_rows(6)
    desk.paste(header, rows[:3])
    desk.sync()
    assert desk.control("target_id")[1][1] == ""
    assert desk.control("target_id")[1][2].startswith("sin etiqueta")
    desk.paste(header, rows[3:])
    desk.sync()
    labels = [lead["TargetID"] for lead in desk.leads().values()]
    given = labels.count("T7")
    assert [row["TargetID"] for row in desk.rows("Imports")] == ["", "T7"]
    assert 0 < given == desk.rows("Imports")[1]["new"] < len(labels)
    assert desk.sync()["idle"]


# -- the state in a line


def state(desk):
    return desk.control("state")[1][0]


@pytest.mark.long
def test_the_state_stands_in_one_line_with_its_age_and_turns_red_when_the_worker_is_silent(open_desk):
    sent = open_desk("initialised")
    sent.set_control("sync_now", "B", True)
    sent.sync()
    assert state(sent).startswith("✓ Sistema activo hace 1 min · últimos cambios ")
    assert state(sent).endswith(" · Todo en orden")
    sent.now += 25 * 60
    assert state(sent).startswith("✓ Sistema activo hace 25 min")
    sent.now += 10 * 60
    assert state(sent).startswith("● SISTEMA PARADO: sin señal desde hace 35 min")
    assert "Todo en orden" not in str(sent.cells("Control"))
    sent.now += 3 * 86_400
    assert "desde hace 3 d" in state(sent)
    sent.sync()
    assert state(sent).startswith("✓ Sistema activo hace 1 min · últimos cambios ")


@pytest.mark.long
def test_all_is_not_in_order_while_rows_wait_in_rejected(sent):
    sent.paste(["LeadNumber", "email_status"], [["99998", "valid"], ["99999", "valid"]])
    sent.sync()
    waiting = int(sent.control("rejected")[1][1])
    assert state(sent).startswith("▲ Sistema activo hace 1 min")
    assert state(sent).endswith(f" · {waiting} filas en Rejected por corregir")


# -- problems take room only while there are some


ALL = {"problems", *(f"problem.{n}" for n in range(1, 9))}


@pytest.mark.long
def test_a_problem_shows_its_row_and_hides_it_when_it_is_gone(open_desk):
    sent = open_desk("imported")
    assert sent.hidden_of_control() == ALL
    sent.put("Verification Input", "A2", [["perhaps"]])
    sent.sync()
    assert sent.hidden_of_control() == ALL - {"problems", "problem.1"}
    assert state(sent).startswith("● Sistema activo hace 1 min")
    assert " · 1 problema en Control" in state(sent)
    sent.put("Verification Input", "A3", [["maybe"]])
    sent.sync()
    assert sent.hidden_of_control() == ALL - {"problems", "problem.1", "problem.2"}
    sent.put("Verification Input", "A2", [[False], [False]])
    sent.set_control("sync_now", "B", True)
    sent.sync()
    assert sent.hidden_of_control() == ALL
    assert sent.sync()["idle"]


@pytest.mark.long
def test_the_reason_of_a_refusal_shows_itself(sent):
    sent.put("Master", "B1", [["other"]], who="owner")
    with pytest.raises(RefusedPlan):
        sent.sync(force=True)
    assert sent.hidden_of_control() == ALL - {"problems", "problem.1"}


@pytest.mark.long
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


# -- settings of Control


SETTINGS = [
    ("step.verification", "F", 25, "«25» no vale en partes K · Verification. Escribe un número entero de 1 a 20;"),
    ("schedule.2", "B", "muchos", "«muchos» no vale en Calendario de envíos · miércoles. Escribe un número"),
    ("import_kind", "B", "perros", "«perros»"),
    ("enters", "B", "antes", "«antes»"),
]


@pytest.mark.long
@pytest.mark.parametrize(("row", "column", "wrong", "said"), SETTINGS, ids=[row for row, *_ in SETTINGS])
def test_a_wrong_setting_is_told_by_the_next_poll_and_its_problem_goes_with_it(
    open_desk, row, column, wrong, said
):
    desk = open_desk("imported")
    assert desk.sync(now=False)["idle"]
    right = desk.control(row)[1]["ABCDEF".index(column)]

    desk.set_control(row, column, wrong)
    desk.sync(now=False)
    (problem,) = desk.problems()
    assert said in problem
    assert desk.sync(now=False)["idle"], "it is told once"

    desk.set_control(row, column, right)
    desk.sync(now=False)
    assert desk.problems() == []
    assert set(desk.spent(lambda: desk.sync(now=False)).values()) == {1}


@pytest.mark.long
def test_what_is_wrong_in_two_settings_is_told_of_both_and_of_what_counts(open_desk):
    desk = open_desk("imported")
    desk.set_control("step.box1", "F", True)
    desk.set_control("schedule.0", "B", -3.5)
    desk.sync(now=False)
    row, day = desk.control("step.box1")[0], desk.control("schedule.0")[0]
    sent, k = "Calendario de envíos · lunes", "partes K · Box1"
    assert sorted(desk.problems()) == [
        f"Control!B{day}: «-3,5» no vale en {sent}. Escribe un número que no sea negativo; mientras tanto cuenta como 0.",
        f"Control!F{row}: «VERDADERO» no vale en {k}. Escribe un número entero de 1 a 20; mientras tanto cuenta como 1.",
    ]


@pytest.mark.long
def test_the_signal_of_the_settings_is_blank_while_they_are_right(open_desk):
    """So that an idle poll gets no more than it did."""
    cells = dict(row[:2] for row in open_desk("imported").cells("System"))
    assert cells["signal.settings"] == ""


@pytest.mark.long
def test_beside_a_step_stands_what_happened_there_last(open_desk):
    """A refusal or a send of before says nothing about what came after it."""
    desk = open_desk("sent")

    def said(step="verification"):
        return desk.control(f"step.{step}")[1][6]

    assert said() == "40 enviados en V-0001"
    desk.paste(["LeadNumber", "email_status"], [["1", "valid"], ["2", "valid"], ["99999", "valid"]])
    desk.sync()
    assert said() == desk.rows("Log")[0]["what"]
    assert "3 filas" in said()
    batches = desk.cells("Batches")[0]
    desk.put("Batches", f"{chr(65 + batches.index('undo'))}2", [[True]])
    desk.sync()
    assert said() == "V-0001: 38 leads disponibles de nuevo"
    desk.tick("CompScrap Input", 1)
    desk.sync()
    assert (said(), said("company_scrap")) == ("V-0001: 38 leads disponibles de nuevo", "1 enviado en C-0001")
