"""Batches that go to Instantly by themselves, from the tick to the campaign, over HTTP on both sides."""

import pytest

from sheets_crm.claims.judgement import Judgement
from sheets_crm.config_instantly import Instantly
from sheets_crm.engine.session import RunRequest
from sheets_crm.errors import RefusedPlan
from sheets_crm.scheduling import run_job

pytestmark = pytest.mark.long


def test_a_batch_goes_to_the_campaign_with_its_variables_and_is_told_on_control(pushed):
    pushed.send()
    leads = {number: lead for number, lead in pushed.desk.leads().items() if lead["instantly_push"]}
    assert set(pushed.words()) == {"due"}
    report = pushed.push()
    assert (report.judgement, len(report.handed)) == (Judgement.IN_ORDER, len(leads))
    assert pushed.words() == {"added": len(leads)}
    assert pushed.there() == sorted(lead["email"] for lead in leads.values())
    (sent,) = pushed.api.sent()
    one = sent["received"]["leads"][0]
    lead = leads[one["custom_variables"]["LeadNumber"]]
    told = {name: lead[name] for name in ("TargetID", "subject", "body_1", "body_2", "body_3", "body_4")}
    told |= {"LeadNumber": lead["LeadNumber"], "companyName": lead["companyName_fromP"]}
    assert one["custom_variables"].pop("sc_key").startswith(f"push-{lead['LeadNumber']}.1.1-")
    assert one["custom_variables"] == told
    assert (one["first_name"], one["email"]) == (lead["firstName_cleaned"], lead["email"])
    said = pushed.desk.control("step.instantly")[1][6]
    assert said == f"I-0001 en Instantly: {len(leads)} añadidos, 0 ya estaban, 0 no admitidos, 0 sin enviar."
    assert pushed.desk.batch("Instantly")[1], "it can still be exported and pasted by hand"


def test_a_pass_with_nothing_to_do_asks_nobody(pushed):
    pushed.send()
    pushed.push()
    assert pushed.desk.spent(pushed.push) == {}
    assert len(pushed.api.sent()) == 1


def test_without_a_campaign_a_batch_waits_and_control_says_so(pushed):
    pushed.desk.set_control("instantly_campaign", "B", "")
    pushed.send()
    pushed.push()
    assert set(pushed.words()) == {"due"}
    assert "falta el nombre de la campaña" in pushed.desk.control("step.instantly")[1][6]
    pushed.desk.set_control("instantly_campaign", "B", pushed.campaign["id"])
    pushed.push()
    assert set(pushed.words()) == {"added"}


def test_a_campaign_that_is_not_there_or_there_twice_is_told(pushed):
    pushed.desk.set_control("instantly_campaign", "B", "Otra")
    pushed.send(1)
    pushed.push()
    assert "no tiene la campaña Otra" in pushed.desk.control("step.instantly")[1][6]
    pushed.api.campaign("Otra")
    pushed.api.campaign("otra ")
    pushed.push()
    assert "2 campañas" in pushed.desk.control("step.instantly")[1][6]
    assert set(pushed.words()) == {"due"}


def test_whom_the_service_does_not_take_is_completed_and_who_was_there_is_not(pushed):
    addresses = {
        number: lead["email"] for number, lead in pushed.desk.leads().items() if lead["box1_result"] == "HIT"
    }
    pushed.send()
    first, second = sorted(pushed.cells())[:2]
    pushed.api.ok("POST", "block-lists-entries", {"bl_value": addresses[first]})
    pushed.api.add(pushed.campaign, addresses[second])
    pushed.push()
    leads = pushed.desk.leads()
    assert leads[first]["instantly_push"].split()[0] in {"blocked", "skipped"}
    assert (leads[first]["instantly_step_status"], leads[first]["instantly_status"]) == (
        "completed",
        "not contacted",
    )
    assert leads[second]["instantly_push"].startswith("duplicate ")
    assert (leads[second]["instantly_step_status"], leads[second]["instantly_status"]) == ("processing", "sent")
    (batch,) = (row for row in pushed.desk.rows("Batches") if row["id"] == "I-0001")
    assert (batch["returned"], batch["outstanding"]) == (1, len(pushed.cells()) - 1)


@pytest.mark.parametrize("mode", ["drop_response", "after_apply", "drop_request", "truncate"])
def test_after_a_lost_answer_the_campaign_is_looked_into_a_minute_later(pushed, fault, mode):
    pushed.send()
    fault("leads/add", mode)
    pushed.push()
    assert set(pushed.words()) == {"added"}
    assert 60 in pushed.slept
    there = pushed.there()
    assert len(there) == len(set(there)) == len(pushed.cells())


def test_what_certainly_did_not_leave_follows_after_a_pause(pushed, fault):
    pushed.send()
    fault("leads/add", "rate_limit")
    pushed.push()
    assert set(pushed.words()) == {"failed"}
    pushed.push()
    assert set(pushed.words()) == {"failed"}
    pushed.desk.now += 660
    pushed.push()
    assert set(pushed.words()) == {"added"}


def test_another_store_pushes_nothing_and_says_so(pushed):
    pushed.send(3)
    pushed.push()
    pushed.send()
    other = pushed.desk.worker("elsewhere")
    assert pushed.push(other).judgement is Judgement.OTHER_STORE
    assert pushed.words()["due"]
    assert "otro almacén" in pushed.desk.control("step.instantly")[1][6]
    assert len(pushed.there()) == 3
    pushed.push()
    assert set(pushed.words()) == {"added"}


def test_an_output_that_comes_by_hand_first_counts(pushed):
    pushed.send()
    lead = min(pushed.cells())
    email = pushed.desk.leads()[lead]["email"]
    pushed.desk.paste(["email", "lt_interest_status", "timestamp_last_contact"], [[email, "1", "2026-05-28"]])
    pushed.desk.sync()
    pushed.push()
    assert pushed.cells()[lead] == "due 1"
    assert email not in pushed.there()


def test_switched_off_nothing_is_marked_and_nothing_asked(open_desk):
    desk = open_desk("boxed", modules=["instantly"])
    desk.now += 600
    desk.init()
    desk.tick("Instantly Input")
    desk.sync()
    assert {lead["instantly_push"] for lead in desk.leads().values()} == {""}
    assert desk.app._pushing is None


def test_the_job_by_itself_ends_with_the_batch_at_the_service(pushed):
    pushed.send()
    at_stand_in = Instantly(push=True, endpoint=pushed.stand_ins.url, api_key=pushed.stand_ins.api_key)
    settings = pushed.desk.settings.model_copy(update={"instantly": at_stand_in})
    run_job(settings, "runners")
    assert set(pushed.words()) == {"added"}
    assert len(pushed.there()) == len(pushed.cells())


def test_a_store_that_takes_over_pushes_and_looks_up_what_was_under_way(pushed):
    pushed.send(3)
    pushed.push()
    pushed.send()
    other = pushed.desk.worker("elsewhere")
    assert pushed.application(other).store_adopt().json == {"adopted": True, "unknown": []}
    assert pushed.push(other).judgement is Judgement.IN_ORDER
    assert set(pushed.words()) == {"added"}
    assert pushed.push().judgement is Judgement.OTHER_STORE


def test_a_workbook_that_was_set_back_pushes_nobody_again(pushed):
    """The version before the pass is put back: its leads are due there, and stand in the campaign."""
    desk, books = pushed.desk, pushed.desk.server._library
    pushed.send(3)
    earlier = books._books[desk.sheet_id]
    pushed.push()
    books.evaluator.forget(desk.sheet_id)
    books._books[desk.sheet_id] = earlier
    with pytest.raises(RefusedPlan, match="rolled back"):
        desk.app.context.run(RunRequest(now=True, whole=True))
    desk.init(adopt=True)
    pushed.send()
    assert pushed.push().judgement is Judgement.SET_BACK
    assert "versión anterior" in desk.control("step.instantly")[1][6]
    pushed.application(desk.app).init(adopt=True)
    assert desk.control("instantly_campaign")[1][1] == ""
    other = pushed.api.campaign("Otra")
    desk.set_control("instantly_campaign", "B", other["id"])
    pushed.push()
    assert set(pushed.words()) == {"added"}
    assert len(pushed.there()) == 3
    assert set(pushed.there()).isdisjoint(pushed.there(other))
    assert len(pushed.there(other)) == len(pushed.cells()) - 3


def test_who_may_not_be_contacted_since_the_send_is_not_pushed(pushed):
    """An entry of the list that names the lead by a domain above that of its address."""
    desk = pushed.desk
    pushed.send()
    first, second = sorted(pushed.cells())[:2]
    addresses = {number: desk.leads()[number]["email"] for number in (first, second)}
    desk.put("No contactar", "C2", [[addresses[first]], [addresses[second].partition("@")[2]]])
    for _ in range(2):
        desk.now += 60
        desk.sync()
    pushed.push()
    assert {pushed.cells()[number].split()[0] for number in (first, second)} == {"stopped"}
    assert not set(addresses.values()) & set(pushed.there())
    assert pushed.words()["added"] == len(pushed.cells()) - 2
