"""A text in a column of ticks that is no tick is read whole once, and costs no full read at each poll from then on."""

import pytest

WHOLE = "GET /v4/spreadsheets/{spreadsheetId}"
"""The request that only a full read makes: the tabs of the workbook."""


def polls(desk, count=1):
    """What scheduled runs a minute apart report, and how many full reads they made."""
    reports = []
    spent = desk.spent(lambda: reports.extend(_poll(desk) for _ in range(count)))
    return reports[-1], spent.get(WHOLE, 0)


def is_one_look(desk):
    """Whether a run looks at the workbook once: what was said is forgotten, and nothing asks for a second look."""
    spent = desk.spent(lambda: _poll(desk))
    return spent["GET /v4/spreadsheets/{spreadsheetId}/values:batchGet"] == 1


def _poll(desk):
    desk.now += 61
    return desk.sync(now=False)


@pytest.mark.long
def test_a_label_beside_no_lead_is_left_alone_and_read_whole_once(open_desk):
    desk = open_desk("imported")
    tab, leads = "Verification Input", len(desk.cells("Verification Input")) - 1
    desk.structure({"appendDimension": {"sheetId": desk.tab_id(tab), "dimension": "ROWS", "length": 5}})
    desk.sync()
    desk.put(tab, f"A{leads + 3}", [["Total"]])
    assert [polls(desk)[1], polls(desk, 4)[1]] == [1, 0]

    desk.tick(tab, 2)
    report, whole = polls(desk)
    assert (whole, report["sent"]) == (0, {"V-0001": 2})
    assert desk.stored(tab)[leads][0] == "Total", "the label moves up with its row"
    assert polls(desk, 2)[1] == 0

    desk.put(tab, f"A{leads + 1}", [[""]])
    assert (polls(desk)[0]["problems"], desk.problems()) == ([], [])


@pytest.mark.long
def test_a_message_goes_with_what_it_is_about(open_desk):
    desk = open_desk("imported")
    desk.put("Verification Input", "A3", [["luego"]])
    assert "«luego»" in polls(desk, 2)[0]["problems"][0]
    desk.put("Verification Input", "A3", [[False]])
    assert (polls(desk)[0]["problems"], desk.problems()) == ([], [])
    assert is_one_look(desk)


@pytest.mark.long
def test_a_label_in_an_empty_tab_leaves_it_to_the_leads_when_it_becomes_a_tick(open_desk):
    desk = open_desk("sent")
    tab = "CompScrap Input"
    desk.put(tab, "A2", [["luego"]])
    assert [polls(desk)[1], polls(desk, 3)[1]] == [1, 0]
    desk.put(tab, "A2", [[True]])
    report, whole = polls(desk)
    assert (whole, desk.stored(tab)[1][0]) == (1, False)
    assert "se ha desmarcado" in report["problems"][0]
    report, whole = polls(desk, 3)
    assert (report["problems"], whole) == ([], 0)


@pytest.mark.long
def test_a_label_in_a_tick_of_control_is_told_and_asks_for_nothing(open_desk):
    desk = open_desk("imported")
    desk.sync()
    desk.set_control("sync_now", "B", "luego")
    report, whole = polls(desk, 3)
    assert whole == 0
    assert report["problems"] == [
        "Control: «luego» en sincronizar ya no se entiende. Usa la casilla, o TRUE, VERDADERO, x, 1, sí."
    ]
    desk.set_control("sync_now", "B", "x")
    report, whole = polls(desk)
    assert (whole, report["problems"], desk.problems()) == (1, [], []), "a word for yes asks for a full read"
    assert polls(desk, 2)[1] == 0


@pytest.mark.long
def test_control_counts_ticks_and_no_labels(open_desk):
    desk = open_desk("imported")
    desk.put("Verification Input", "A2", [[True], ["luego"], ["x"], ["Sí"], ["no"], [1], ["verdadero"], ["Total"]])
    assert desk.control("step.verification")[1][2] == 5
    desk.put("Verification Input", "A2", [[True], [False], [True], [""], [""], [""], [""], [""]])
    assert desk.control("step.verification")[1][2] == 2
