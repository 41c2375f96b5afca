"""The files in examples, played in their order on a workbook: what each brings."""

from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"


def imported(desk, name, **options):
    given = {"step": None, "target_id": None, "plan": False} | options
    (drop,) = desk.app.import_tables([str(EXAMPLES / name)], **given).json["drops"]
    return drop["step"], drop["new"], drop["updated"], drop["duplicate"], drop["rejected"]


@pytest.mark.long
def test_the_outputs_of_every_step_lead_three_people_through_the_pipeline(open_desk):
    desk = open_desk("initialised")
    assert imported(desk, "export.csv") == ("export", 3, 0, 0, 0)
    for tab, name, merged in (
        ("Verification Input", "verification.csv", ("verification", 0, 3, 0, 0)),
        ("CompScrap Input", "company_scrap.csv", ("company_scrap", 0, 2, 0, 0)),
        ("Box1 Input", "box1.csv", ("box1", 0, 2, 0, 0)),
        ("Instantly Input", "instantly.csv", ("instantly", 0, 1, 0, 0)),
    ):
        desk.tick(tab)
        desk.sync()
        assert imported(desk, name) == merged
    leads = desk.leads()
    assert (leads[1]["instantly_status"], leads[2]["validation_success"], leads[3]["storage"]) == (
        "positive reply",
        False,
        True,
    )
    assert desk.problems() == []
    assert len(desk.cells("Rejected")) == 1


@pytest.mark.long
@pytest.mark.parametrize(("name", "count"), [("contacts.csv", 5), ("companies.csv", 3)])
def test_lists_of_contacts_come_in_whole_and_once(open_desk, name, count):
    desk = open_desk("initialised")
    assert imported(desk, name) == ("contacts", count, 0, 0, 0)
    again = desk.app.import_tables([str(EXAMPLES / name)], step=None, target_id=None, plan=False)
    assert again.json["drops"] == [], "the same file is merged once"
    for lead in desk.leads().values():
        assert lead["email"] or lead["phone"] or lead["person_phone"]
        assert lead["website"]


@pytest.mark.long
def test_people_of_a_list_are_those_of_an_export(open_desk):
    desk = open_desk("initialised")
    imported(desk, "export.csv")
    assert imported(desk, "contacts.csv") == ("contacts", 2, 0, 3, 0)
    assert desk.leads()[1]["person_phone"] == "+34612345601"
