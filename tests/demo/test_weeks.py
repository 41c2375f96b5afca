"""The invented weeks of the demo's History."""

import itertools

import pytest

from sheets_crm.demo.weeks import APART, PART_OF, WEEKS, invented
from sheets_crm.pipeline.metric_list import METRICS
from sheets_crm.workbook.morning.trend import RATIOS

HEADER = ["date", "leads_total", "verification_ratio", "box1_hit", "conservation_ok"]


def test_counts_grow_towards_those_of_now_and_nothing_else_is_invented():
    now = {"leads_total": 500, "verification_ratio": 0.68, "box1_hit": 71, "conservation_ok": True}
    rows = invented(HEADER, 46_000.0, now)
    assert [row[0] for row in rows] == [46_000 - 7 * week for week in range(WEEKS, 0, -1)]
    for column in (1, 3):
        counts = [*(row[column] for row in rows), now[HEADER[column]]]
        assert counts == sorted(counts)
        assert counts[0] == 0
    assert {row[2] for row in rows} == {row[4] for row in rows} == {""}


NOW = {
    "leads_total": 3_600,
    "estimate_total": 3_600,
    "leads_with_company_url": 2_900,
    "entered_behind_verification": 0,
    "entered_behind_company_scrap": 40,
    "entered_behind_box1": 0,
    "verification_sent": 3_000,
    "verification_completed": 2_700,
    "verification_verified": 1_800,
    "verified_with_company_url": 1_500,
    "company_scrap_sent": 1_490,
    "company_scrap_completed": 1_300,
    "company_scrap_blank": 90,
    "box1_sent": 1_200,
    "box1_completed": 1_100,
    "box1_drop": 300,
    "box1_storage": 350,
    "box1_hit": 450,
    "instantly_ready": 60,
    "instantly_sent": 390,
    "instantly_replied": 41,
    "instantly_positive": 17,
    "instantly_converted": 6,
    "instantly_bounced": 9,
    "instantly_unsubscribed": 4,
}
FEW = NOW | {
    "instantly_sent": 12,
    "instantly_replied": 5,
    "instantly_positive": 5,
    "instantly_converted": 4,
    "instantly_bounced": 2,
    "instantly_unsubscribed": 1,
}
NONE = dict.fromkeys(NOW, 0)


def gains_of(now):
    """What each count of a history gained in each week, the last up to now."""
    header = ["date", *(metric.id for metric in METRICS)]
    rows = invented(header, 46_000.0, now)
    columns = {name: [*(row[n] for row in rows), now[name]] for n, name in enumerate(header) if name in now}
    return {name: [after - before for before, after in itertools.pairwise(each)] for name, each in columns.items()}


@pytest.mark.parametrize("now", [NOW, FEW, NONE], ids=["many", "few", "none"])
def test_in_no_week_does_a_part_gain_more_than_its_whole(now):
    gains = gains_of(now)
    assert min(min(weeks) for weeks in gains.values()) >= 0
    for part, whole in (*PART_OF.items(), *((above, below) for _, above, below in RATIOS)):
        assert all(one <= of for one, of in zip(gains[part], gains[whole], strict=True)), (part, whole)
    for name, others in APART.items():
        parts = zip(*(gains[one] for one in (name, *others)), gains[PART_OF[name]], strict=True)
        assert all(sum(of) <= whole for *of, whole in parts), name
    assert gains["estimate_total"] == gains["leads_total"]


def test_most_weeks_bring_something_and_none_brings_most_of_it():
    gains = gains_of(NOW)
    for name in ("leads_total", "verification_completed", "box1_hit", "instantly_sent", "instantly_replied"):
        assert min(gains[name]) > 0, name
        assert max(gains[name]) < 2.5 * NOW[name] / WEEKS, name


def test_every_count_of_history_has_its_place():
    """So that a count that comes later is not forgotten."""
    alone = {"leads_total", "instantly_ready"}
    counts = {one.id for one in METRICS if one.kind == "count" and not one.of and "_available" not in one.id}
    assert counts - alone == set(PART_OF)
