"""The Dashboard's block by Box 1 version and by TargetID, read over HTTP and counted apart."""

import pytest

from sheets_crm import sample

REPLIED = {"positive reply", "negative reply", "converted"}
FIRST, LAST = 8, 19


def block(desk):
    """The block's filled rows by their first cell, as numbers."""
    cells = (row[FIRST:LAST] for row in desk.cells("Dashboard")[34:])
    return {row[0]: row[1:] for row in cells if row and row[0] != ""}


def share(above, below):
    return above / below if below else ""


def counts(leads):
    """Sent to Instantly, replies, positive, converted."""
    words = [lead["instantly_status"] for lead in leads if lead["instantly_sent"] is True]
    return [
        len(words),
        sum(word in REPLIED for word in words),
        sum(word in REPLIED - {"negative reply"} for word in words),
        words.count("converted"),
    ]


def by_version(results, leads):
    hits = results.count("HIT")
    sent, replied, positive, converted = counts(leads)
    ratios = share(replied, sent), share(positive, sent), share(converted, positive)
    return [
        len(results),
        hits,
        share(hits, len(results)),
        sent,
        replied,
        ratios[0],
        positive,
        ratios[1],
        converted,
        ratios[2],
    ]


def by_target(leads):
    sent, replied, positive, converted = counts(leads)
    verified = sum(lead["validation_success"] is True for lead in leads)
    done = [lead["box1_result"] for lead in leads if lead["box1_status"] == "completed"]
    checked = sum(lead["verification_status"] == "completed" for lead in leads)
    scraped = sum(lead["company_scrap_status"] == "completed" for lead in leads)
    return [
        len(leads),
        verified,
        share(verified, checked),
        scraped,
        done.count("HIT"),
        share(done.count("HIT"), len(done)),
        sent,
        share(replied, sent),
        share(positive, sent),
        share(converted, positive),
    ]


def answered(desk):
    """Send to Instantly what is a HIT and bring the replies."""
    desk.now += 600
    desk.tick("Instantly Input")
    desk.sync()
    desk.now += 600
    desk.paste(*sample.instantly_output(*desk.batch("Instantly"), seed=0))
    desk.sync()
    desk.now += 600


@pytest.mark.long
@pytest.mark.parametrize("locale", ["es_ES", "en_US"])
def test_replies_belong_to_the_version_that_was_sent_also_after_a_run_under_another(open_desk, locale):
    desk = open_desk("boxed", locale)
    answered(desk)
    first = list(desk.leads().values())
    results = [lead["box1_result"] for lead in first if lead["box1_status"] == "completed"]
    before = by_version(results, first)
    assert before[4] > 0
    assert block(desk)["v1"] == pytest.approx(before)

    desk.app.reopen_version("v1", reason="otro prompt")
    desk.set_control("box1_version", "B", "v2")
    desk.tick("Box1 Input")
    desk.sync()
    desk.now += 600
    desk.paste(*sample.box1_output(*desk.batch("Box1"), seed=4, version="v2"))
    desk.sync()
    assert block(desk)["v1"] == pytest.approx(before)

    answered(desk)
    old = {lead["LeadNumber"] for lead in first if lead["instantly_sent"] is True}
    now = desk.leads()
    again = [lead["box1_result"] for lead in now.values() if lead["box1_version"] == "v2"]
    found = block(desk)
    assert found["v2"] == pytest.approx(
        by_version(again, [lead for number, lead in now.items() if number not in old])
    )
    assert found["v1"][3] + found["v2"][3] == counts(now.values())[0]


@pytest.mark.parametrize("locale", ["es_ES", pytest.param("en_US", marks=pytest.mark.long)])
def test_each_target_has_its_own_funnel_and_names_are_compared_letter_by_letter(open_desk, locale):
    desk = open_desk("boxed", locale)
    people = [[f"ACwAAA90090{n}", "Neu", f"Person{n}"] for n in range(6)]
    for n, target in enumerate(("007", "7", "T*")):
        desk.load(["vmid", "firstName", "lastName"], people[2 * n : 2 * n + 2], name=f"{n}.csv", target_id=target)
    leads = list(desk.leads().values())
    found = block(desk)

    assert {"007", "7", "T*", "T1"} <= set(map(str, found))
    for target in ("007", "7", "T*", "T1"):
        own = [lead for lead in leads if str(lead["TargetID"]) == target]
        assert found[target] == pytest.approx(by_target(own)), target
    listed = [row[0] for name, row in found.items() if name in {"007", "7", "T*", "T1", "(sin TargetID)"}]
    assert sum(listed) == len(leads)


def test_the_metrics_stay_where_they_are(open_desk):
    desk = open_desk("boxed")
    cells = desk.cells("Dashboard")
    assert [row[6] for row in cells[:3]] == ["id", "", "leads_total"]
    assert all(row[6] == "" for row in cells[60:])
    assert not [cell for row in cells for cell in row if str(cell).startswith("#")]
