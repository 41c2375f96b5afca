"""How many requests a run makes."""

import pytest

from sheets_crm import sample
from sheets_crm.errors import RefusedPlan


@pytest.mark.long
def test_a_run_with_nothing_to_do_makes_one_read_and_writes_nothing(open_desk):
    desk = open_desk("imported")
    desk.sync()
    before = desk.everything()

    made = desk.spent(desk.sync)

    assert list(made.values()) == [1], made
    assert next(iter(made)).startswith("GET "), made
    assert desk.everything() == before


def counted(made):
    reads = sum(count for name, count in made.items() if name.startswith("GET "))
    return reads, sum(made.values()) - reads


@pytest.mark.long
def test_a_send_costs_a_look_at_most_two_reads_and_one_write(open_desk):
    desk = open_desk("imported")
    desk.tick("Verification Input", 9)

    reads, writes = counted(desk.spent(desk.sync))

    assert writes == 1
    assert reads <= 3


@pytest.mark.long
def test_a_drop_costs_a_claim_and_its_reading_besides(open_desk):
    desk = open_desk("sent")
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))

    reads, writes = counted(desk.spent(desk.sync))

    assert writes == 2
    assert reads <= 5


@pytest.mark.long
def test_a_file_costs_two_reads_for_what_the_workbook_has_said_about_headers(open_desk):
    desk = open_desk("imported")
    desk.sync()

    made = desk.spent(
        lambda: desk.load(["Nombre", "E-mail"], [["Ana Prueba", "ana@acme.example"]], name="gente.csv")
    )

    reads, writes = counted(made)
    assert writes == 1
    assert reads == 4, made


@pytest.mark.long
def test_nothing_is_written_when_everything_is_read_and_nothing_differs(open_desk):
    desk = open_desk("sent")
    desk.sync(force=True)

    reads, writes = counted(desk.spent(lambda: desk.sync(force=True)))

    assert writes == 0
    assert reads <= 3


@pytest.mark.long
def test_a_heartbeat_is_written_every_ten_minutes_at_most(open_desk):
    desk = open_desk("imported")
    desk.sync()
    writes = 0
    for _ in range(25):
        desk.now += 60
        writes += counted(desk.spent(desk.sync))[1]

    assert writes == 2
    assert desk.control("heartbeat")[1][1] == dict(row[:2] for row in desk.cells("System"))["heartbeat"]


@pytest.mark.long
def test_a_refusal_that_stands_is_not_looked_into_at_every_look(open_desk):
    desk = open_desk("imported")
    letter = chr(65 + desk.cells("Master")[0].index("personTitle"))
    desk.put("Master", f"{letter}1", [["puesto"]], who="owner")
    with pytest.raises(RefusedPlan):
        desk.sync(force=True)

    def poll_signals():
        with pytest.raises(RefusedPlan, match="personTitle") as caught:
            desk.sync(now=False, scheduled=True)
        assert caught.value.where == "Master!1:1"
        assert "init" in caught.value.remedy

    desk.spent(poll_signals)
    assert counted(desk.spent(poll_signals)) == (1, 0)
    desk.set_control("sync_now", "B", True)
    assert counted(desk.spent(poll_signals)) > (1, 0), "somebody asks for a run"
    assert counted(desk.spent(poll_signals)) == (1, 0)
    desk.now += 130
    assert counted(desk.spent(poll_signals)) > (1, 0), "it may have been put right"
    desk.put("Master", f"{letter}1", [["personTitle"]], who="owner")
    desk.sync(now=False)
    assert not desk.problems()
    desk.sync(now=False, scheduled=True)


@pytest.mark.long
def test_titles_are_asked_for_once_a_minute_of_a_workbook_with_tabs_of_the_operators_own(open_desk):
    desk = open_desk("sent")
    desk.structure({"addSheet": {"properties": {"title": "Hoja 9"}}}, who="operator")
    desk.sync(now=False)
    assert counted(desk.spent(lambda: desk.sync(now=False))) == (2, 0)
    assert counted(desk.spent(lambda: desk.sync(now=False))) == (1, 0)
    desk.now += 61
    assert counted(desk.spent(lambda: desk.sync(now=False))) == (2, 0)


@pytest.mark.long
def test_a_block_that_stays_is_not_looked_into_at_every_look(open_desk):
    desk = open_desk("sent")
    desk.paste(["color", "sabor"], [["rojo", "dulce"]])
    desk.sync(now=False)
    desk.sync(now=False)

    assert counted(desk.spent(lambda: desk.sync(now=False))) == (1, 0)
