"""Versions: the tables by Box 1 version and by TargetID, read over HTTP and counted apart."""

import itertools

import pytest

from sheets_crm import sample
from sheets_crm.workbook.breakdown.rows import beyond_chance
from tests.emulator.formulas.formula_workbook import Book, Tab, calculator

REPLIED = {"positive reply", "negative reply", "converted"}
KEPT = {
    "versión": [1, 2, 5, 8, 9, 10, 13, 14, 17, 18],
    "TargetID": [1, 2, 3, 6, 7, 8, 11, 12, 15, 18],
}
"""The columns that are counted here, without the ends of ranges, by the first head."""


def block(desk):
    """The rows of the tables by version and by TargetID, by their names, as numbers."""
    raw, found = desk.cells("Versiones"), {}
    for first, columns in KEPT.items():
        start = next(n for n, row in enumerate(raw) if row[0] == first)
        for row in itertools.takewhile(lambda row: row[0] != "", raw[start + 1 :]):
            found[row[0]] = [row[column] for column in columns]
    return found


def said(desk):
    """The small lines above the table by version: the explanation, and the verdicts."""
    rows = desk.cells("Versiones")
    return rows[1][3], [cell for cell in rows[2] if cell != ""]


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
    assert said(desk) == ("", [])

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
    explained, _ = said(desk)
    done = sum(lead["box1_status"] == "completed" for lead in now.values())
    assert f"suman {found['v1'][0] + found['v2'][0]} " in explained
    assert f"dice {done}:" in explained


@pytest.mark.long
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
    # The row of leads without a TargetID is there only while there are such leads.
    assert ("(sin TargetID)" in found) is any(lead["TargetID"] == "" for lead in leads)


@pytest.mark.long
def test_a_lead_without_a_target_has_a_row_below_all_targets(open_desk):
    desk = open_desk("boxed")
    assert "(sin TargetID)" not in block(desk)
    desk.load(
        ["vmid", "firstName", "lastName"], [["ACwAAA900999", "Neu", "Nobody"]], name="none.csv", target_id=""
    )
    found = block(desk)
    assert list(found)[-1] == "(sin TargetID)"
    assert found["(sin TargetID)"][:2] == [1, 0]


@pytest.mark.parametrize("locale", ["es_ES", "en_US"])
@pytest.mark.parametrize(
    ("rows", "verdict"),
    [
        ([(40, 100), (42, 100)], "no"),
        ([(20, 100), (60, 100)], "yes"),
        ([(30, 100), (42, 100)], "no"),  # p = 0.08: no difference even before it is shared out
        ([(30, 100), (45, 100)], "no"),  # p = 0.03: one in four comparisons shows that by chance
        ([(20, 100), (60, 100), (9, 19)], "yes"),  # below twenty cases a row does not count
        ([(1, 30), (2, 40)], "few"),
        ([(10, 19), (2, 15)], ""),
        ([(40, 100)], ""),
        ([], ""),
    ],
)
def test_whether_versions_differ_by_more_than_chance(locale, rows, verdict):
    """A chi-square test at 5 % shared out among four ratios, by the formula itself, in both locales."""
    formula = beyond_chance("$A$1:$A$5", "$B$1:$B$5", 4, ("yes", "no", "few")).text
    tab = Tab("S").fill("A1", [[below, above] for above, below in rows] + [["", ""]] * (5 - len(rows)))
    tab.put("D1", formula if locale == "es_ES" else formula.replace(";", ","))
    assert calculator(locale=locale).evaluate(Book([tab])).value("S", 0, 3) == verdict
