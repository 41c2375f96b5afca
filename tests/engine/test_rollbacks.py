"""Workbooks that were rolled back, changed in bulk by hand, or edited where only the worker writes."""

import pytest

from sheets_crm import sample
from sheets_crm.engine import state
from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import Conflict, RefusedPlan

pytestmark = pytest.mark.long

TIMES = ("_at", "timestamp")


def published(desk):
    return desk.server._library._books[desk.sheet_id]


def set_back(desk, book):
    """What File > Version history > Restore does: the cells and the metadata of then, under the same id."""
    desk.server._library.evaluator.forget(desk.sheet_id)
    desk.server._library._books[desk.sheet_id] = book


def sound(desk):
    """The doctor finds nothing; the desk's clock is not the machine's."""
    return all(one["ok"] for one in desk.app.doctor(probe=False).json["findings"] if one["check"] != "clock")


def full(desk):
    return desk.app.context.run(RunRequest(now=True, whole=True))


def timeless(desk):
    return {n: {k: v for k, v in row.items() if not k.endswith(TIMES)} for n, row in desk.leads().items()}


def test_a_workbook_set_back_stops_and_adopting_it_brings_back_what_was_lost(open_desk):
    desk = open_desk("imported")
    earlier = published(desk)
    desk.tick("Verification Input", 10)
    desk.sync()
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.paste(["firstName", "lastName", "companyName", "vmid"], [["Eva", "Sol", "Acme", "ACwAAZZ1"]], place="A20")
    desk.sync()
    lost = timeless(desk)
    assert sum(row["validation_success"] is True for row in lost.values())

    set_back(desk, earlier)
    with pytest.raises(RefusedPlan) as stopped:
        full(desk)
    assert stopped.value.cause.startswith("set_back")
    assert "--adopt" in stopped.value.remedy
    before = desk.everything()
    with pytest.raises(RefusedPlan):
        full(desk)
    assert desk.everything() == before, "the message is written once"

    desk.init(adopt=True)

    assert timeless(desk) == lost
    assert desk.problems() == []
    assert len(desk.rows("Verification Input")) == sum(
        row["verification_status"] == "ready" for row in lost.values()
    )
    version = published(desk).file["version"]
    full(desk)
    assert published(desk).file["version"] == version, "nothing is left to do"


def test_an_adoption_that_is_cut_off_is_finished_by_the_next_run(open_desk):
    """Between the write that accepts the rollback and the one that brings the lost changes back."""
    desk = open_desk("imported")
    earlier = published(desk)
    desk.tick("Verification Input", 10)
    desk.sync()
    lost = timeless(desk)
    set_back(desk, earlier)
    with pytest.raises(RefusedPlan):
        full(desk)
    apply = desk.app.context.gateway.apply
    count = []

    def cut_off(*call, **options):
        count.append(1)
        if len(count) == 2:
            raise KeyboardInterrupt
        return apply(*call, **options)

    desk.app.context.gateway.apply = cut_off
    with pytest.raises(KeyboardInterrupt):
        desk.init(adopt=True)
    assert not any(row["verification_sent"] is True for row in desk.leads().values())

    desk.worker().context.run(RunRequest(now=True))

    assert timeless(desk) == lost


def test_a_replay_that_is_refused_is_not_read_again_at_each_poll(open_desk):
    desk = open_desk("imported")
    context = desk.app.context
    state.save_facts(context.settings.state_dir, context.settings.workbook, {"replay_after": 1})
    header = desk.cells("Master")[0]
    desk.put("Master", "A1", [["renamed"]], who="owner")

    def poll():
        before = context.gateway.requests_made()["reads"]
        with pytest.raises(RefusedPlan, match="header"):
            desk.sync(now=False, scheduled=True)
        return context.gateway.requests_made()["reads"] - before

    assert poll() > 3
    assert [poll(), poll()] == [1, 1]
    desk.now += 121
    assert poll() > 3
    desk.put("Master", "A1", [[header[0]]], who="owner")
    desk.sync()
    assert state.load_facts(context.settings.state_dir, context.settings.workbook)["replay_after"] is None


@pytest.mark.long
def test_an_adoption_that_another_worker_disturbs_brings_back_every_lost_change(open_desk):
    """The second attempt finds the workbook at what the first one wrote: the first lost write counts all the same."""
    desk = open_desk("imported")
    earlier = published(desk)
    for count in (10, 5, 3, 2):
        desk.tick("Verification Input", count)
        desk.sync()
    lost = timeless(desk)
    set_back(desk, earlier)
    with pytest.raises(RefusedPlan):
        full(desk)
    gateway = desk.app.context.gateway
    titles, disturbed = gateway.titles, [True]

    def disturb():
        if disturbed and disturbed.pop():
            raise Conflict("another writer came between")
        return titles()

    gateway.titles = disturb
    desk.init(adopt=True)

    assert not disturbed
    assert timeless(desk) == lost


def test_nobody_is_sent_twice_after_a_set_back_was_adopted(open_desk):
    desk = open_desk("imported")
    earlier = published(desk)
    desk.tick("Verification Input", 10)
    desk.sync()
    sent = {row["LeadNumber"] for row in desk.rows("Verification Batch")}

    set_back(desk, earlier)
    desk.init(adopt=True)
    desk.tick("Verification Input")
    desk.sync()

    second = {row["LeadNumber"] for row in desk.rows("Verification Batch")}
    assert second
    assert not sent & second
    assert len({row["id"] for row in desk.rows("Batches")}) == 2


def test_a_workbook_set_back_by_one_write_goes_on_being_refused_by_every_worker(open_desk):
    """The message is a write too: the number alone would soon say that all is well."""
    desk = open_desk("imported")
    earlier = published(desk)
    desk.tick("Verification Input", 5)
    desk.sync()
    set_back(desk, earlier)

    for worker in (desk.app, desk.app, desk.worker("other"), desk.app):
        with pytest.raises(RefusedPlan):
            worker.context.run(RunRequest(now=True, whole=True))

    desk.init(adopt=True)
    assert sum(row["verification_sent"] is True for row in desk.leads().values()) == 5


def test_another_machine_without_a_memory_cannot_tell_a_set_back_but_breaks_nothing(open_desk):
    desk = open_desk("imported")
    earlier = published(desk)
    desk.tick("Verification Input", 5)
    desk.sync()
    set_back(desk, earlier)

    desk.worker("other").context.run(RunRequest(now=True, whole=True))

    assert all(row["verification_sent"] is False for row in desk.leads().values())


def test_a_large_change_by_hand_is_refused_with_numbers_until_it_is_confirmed(open_desk):
    desk = open_desk("imported")
    full(desk)
    header = desk.cells("Master")[0]
    column = header.index("personTitle")
    letter = chr(ord("A") + column)
    desk.put("Master", f"{letter}2", [["todos iguales"]] * 20, who="owner")

    with pytest.raises(RefusedPlan) as stopped:
        full(desk)
    assert stopped.value.cause.startswith("unexplained")
    assert stopped.value.numbers["leads"] == 20
    assert "confirm" in stopped.value.remedy
    with pytest.raises(RefusedPlan):
        full(desk)
    assert len([row for row in desk.rows("Log") if row["result"] == "refused"]) == 1

    desk.set_control("confirm", "B", True)
    desk.sync()

    assert [row["personTitle"] for row in desk.leads().values()].count("todos iguales") == 20
    assert desk.control("confirm")[1][1] is False
    full(desk)


def test_a_hand_edit_in_the_master_is_told_with_its_cell_and_noted_in_the_journal(open_desk):
    desk = open_desk("imported")
    full(desk)
    place = desk.cells("Master")[0].index("personTitle")
    letter = chr(ord("A") + place)
    old = desk.cells("Master")[2][place]
    desk.put("Master", f"{letter}3", [["Directora"]], who="owner")

    result = full(desk)

    assert any(f"{letter}3" in text and "Directora" in text for text in result.problems)
    lead = desk.cells("Master")[2][0]
    lines = desk.app.history(str(lead)).as_json()
    assert any("Directora" in str(line) and str(old) in str(line) for line in lines["changes"]), lines
    assert desk.leads()[lead]["personTitle"] == "Directora", "the Master is reported, not written over"


@pytest.mark.parametrize(
    ("tab", "column"),
    [
        pytest.param("Verification Input", "personTitle", marks=pytest.mark.long),
        pytest.param("Batches", "returned", marks=pytest.mark.long),
        ("Verification Batch", "firstName"),
    ],
)
def test_hand_edits_in_derived_tabs_are_put_back(open_desk, tab, column):
    desk = open_desk("sent")
    desk.app.batch_undo("V-0001")
    desk.tick("Verification Input", 5)
    desk.sync()
    full(desk)
    before = desk.cells(tab)
    letter = chr(ord("A") + before[0].index(column))
    desk.put(tab, f"{letter}2", [["a mano"]], who="owner")

    full(desk)

    assert desk.cells(tab) == before


@pytest.mark.long
def test_a_lead_that_stands_twice_in_an_input_tab_is_sent_and_counted_once(open_desk):
    desk = open_desk("imported")
    numbers = [row["LeadNumber"] for row in desk.rows("Verification Input")]
    desk.put("Verification Input", "B3", [[numbers[0]]], who="owner")
    desk.tick("Verification Input", 2)

    desk.sync()

    assert [(row["id"], row["size"]) for row in desk.rows("Batches")] == [("V-0001", 1)]
    assert [n for n, row in desk.leads().items() if row["verification_sent"] is True] == [numbers[0]]
    assert numbers[1] in [row["LeadNumber"] for row in desk.rows("Verification Input")]


@pytest.mark.parametrize("copied", [False, True])
def test_a_claim_is_right_whether_or_not_a_duplicated_tab_takes_its_metadata_along(open_desk, copied):
    desk = open_desk("sent")
    desk.server._library._copy_metadata = copied
    header, rows = sample.verification_output(*desk.batch("Verification"), seed=3)
    desk.paste(header, rows)

    report = desk.sync()

    assert [drop["rows"] for drop in report["drops"]] == [len(rows)]
    assert desk.cells("Inbox") == [[]]
    assert [title for title in desk.titles() if title.startswith("Claim")] == []
    full(desk)
    assert desk.problems() == []
    assert sound(desk)


def test_the_text_format_comes_back_where_a_rich_paste_took_it_away(open_desk):
    desk = open_desk("sent")
    cells = {"sheetId": desk.tab_id("Inbox"), "startRowIndex": 0, "endRowIndex": 60}
    number = {"userEnteredFormat": {"numberFormat": {"type": "NUMBER", "pattern": "0"}}}
    desk.structure({"repeatCell": {"range": cells, "cell": number, "fields": "userEnteredFormat.numberFormat"}})
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.sync()

    desk.put("Inbox", "A1", [["007", "1-2", "=1+1"]])

    assert desk.cells("Inbox")[0][:3] == ["007", "1-2", "=1+1"]


def test_somebody_erased_does_not_come_back_with_a_restored_version(open_desk):
    """The hashes stood in System, which was rolled back too: the machine that erased the person knows them."""
    desk = open_desk("imported")
    person = desk.leads()[5]
    earlier = published(desk)
    desk.app.forget("5")
    desk.tick("Verification Input", 3)
    desk.sync()
    sent = {number for number, row in desk.leads().items() if row["verification_sent"] is True}

    set_back(desk, earlier)
    with pytest.raises(RefusedPlan):
        full(desk)
    desk.init(adopt=True)

    assert 5 not in desk.leads()
    assert person["personSalesUrl"] not in str(desk.everything())
    assert {number for number, row in desk.leads().items() if row["verification_sent"] is True} == sent
    desk.load(["firstName", "lastName", "companyName", "vmid"], [[person["firstName"], person["lastName"], person["companyName_fromP"], person["personSalesUrl"].rsplit("/", 1)[-1].split(",")[0]]])  # fmt: skip
    assert len(desk.leads()) == 39
    assert desk.sync()["writes"] == 0
