"""The dashboard's figures against a plain count over rows, written independently of the frame code."""

import datetime as dt
import math
import statistics
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_crm.pipeline.leads import no_leads, with_states
from sheets_crm.pipeline.metric_list import METRICS, SECTIONS
from sheets_crm.pipeline.metrics import (
    MetricContext,
    Runway,
    _displayed,
    by_target,
    by_version,
    figures,
    flags,
    lead_days,
    wilson,
)
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.pipeline.tallies import TALLIES

SCHEMA = Schema(STEPS)
MONDAY = float((dt.date(2026, 11, 16) - dt.date(1899, 12, 30)).days)
WEEKDAYS = (10.0, 10.0, 10.0, 10.0, 10.0, 0.0, 0.0)
STATES = ("", "ready", "processing", "completed")
STATUS = {
    "verification": "verification_status",
    "company_scrap": "company_scrap_status",
    "box1": "box1_status",
    "instantly": "instantly_step_status",
}
SPEC_IDS = """
leads_total
verification_available verification_sent verification_verified verification_ratio verified_with_company_url
verified_with_company_url_ratio leads_with_company_url leads_with_company_url_ratio
company_scrap_available company_scrap_sent company_scrap_completed company_scrap_ratio
company_scrap_blank company_scrap_data_ratio
box1_available box1_sent box1_drop box1_drop_ratio box1_fit_ratio box1_storage box1_storage_ratio box1_hit_ratio
instantly_ready instantly_sent instantly_reply_ratio instantly_positive_ratio instantly_conversion_ratio
instantly_bounced instantly_unsubscribed
estimate_total estimate_verified estimate_company_scrap estimate_hit estimate_positive estimate_converted
feed_days feed_until feed_days_with_pipeline next_export_by
conservation_ok last_run_at cells_used_ratio
verification_completed box1_completed box1_hit instantly_replied instantly_positive instantly_converted
entered_behind_verification entered_behind_company_scrap entered_behind_box1
""".split()  # noqa: SIM905 - reads as the table of the specification


def frame(rows):
    index = pd.Index(range(1, len(rows) + 1), dtype="int64", name="LeadNumber")
    names = [name for name in SCHEMA.names if name != "LeadNumber"]
    cells = {
        name: pd.Series(np.array([row.get(name, "") for row in rows], dtype=object), index=index, dtype=object)
        for name in names
    }
    return pd.DataFrame(cells, index=index)


def context(rows=(), *, today=MONDAY, schedule=WEEKDAYS, lead_days=5.0, input_rows=None, last_run_at=None):
    kept = {step: sum(row.get(status) == "ready" for row in rows) for step, status in STATUS.items()}
    return MetricContext(
        today=today,
        runway=Runway(schedule=schedule, lead_days=lead_days),
        last_run_at=last_run_at,
        cells_used=2_500_000,
        input_rows=kept if input_rows is None else input_rows,
    )


def lead():
    flag = st.sampled_from([True, False, "", "TRUE"])
    choices = {
        "TargetID": st.sampled_from(["", "T1", "T2"]),
        "enters": st.sampled_from(["", "", "company_scrap", "box1", "instantly"]),
        "companyLinkedinUrl_fromP": st.sampled_from(["", "https://l.example/1"]),
        "industry": st.sampled_from(["", "Software"]),
        "website": st.sampled_from(["", "https://acme.example"]),
        "companySalesUrl_fromP": st.sampled_from(["", "https://s.example/1"]),
        "validation_success": flag,
        "box1_result": st.sampled_from(["", "HIT", "noHIT", "DROP"]),
        "box1_version": st.sampled_from(["", "v1", "v2"]),
        "instantly_status": st.sampled_from(
            [
                "",
                "sent",
                "not contacted",
                "contacted",
                "bounced",
                "unsubscribed",
                "positive reply",
                "negative reply",
                "converted",
            ]
        ),
        "imported_at": st.sampled_from(["", 46000.0, 46001.5]),
        "box1_completed_at": st.sampled_from(["", 46003.25, 46011.0]),
    }
    choices |= {f"{step}_sent": flag for step in STATUS}
    choices |= {status: st.sampled_from(STATES) for status in STATUS.values()}
    return st.fixed_dictionaries(choices)


def counted(rows, test):
    total = 0
    for row in rows:
        if test(row):
            total += 1
    return total


def expected(rows, given):
    """Every metric by the definitions of the specification, one row at a time."""

    def url(r):
        return r["companyLinkedinUrl_fromP"] != "" or r["companySalesUrl_fromP"] != ""

    def state(step, *words):
        return counted(rows, lambda r: r[STATUS[step]] in words)

    def sent(step):
        return counted(rows, lambda r: r[f"{step}_sent"] is True)

    def box1(*words):
        return counted(rows, lambda r: r["box1_status"] == "completed" and r["box1_result"] in words)

    def reply(*words):
        return counted(rows, lambda r: r["instantly_sent"] is True and r["instantly_status"] in words)

    def ratio(above, below):
        return above / below if below else None

    def product(*factors):
        return None if None in factors else math.prod(factors)

    def entered(*steps):
        return counted(rows, lambda r: r["enters"] in steps)

    def estimated(*shares):
        """Sums of leads by where they enter: of each only the ratios count of that step and those behind it."""
        left = {name: entered(name) for name in ("", "company_scrap", "box1", "instantly")}
        for name, share in zip(("", "company_scrap", "box1"), shares, strict=False):
            asked = sum(left[step] for step in list(left)[: list(left).index(name) + 1])
            if share is None and (asked or not sum(left.values())):
                return None
            left |= {step: left[step] * (share or 0) for step in list(left)[: list(left).index(name) + 1]}
        return product(sum(left.values()), *shares[3:])

    total = len(rows)
    verified = counted(rows, lambda r: r["validation_success"] is True)
    verified_url = counted(rows, lambda r: r["validation_success"] is True and url(r))
    boxed = state("box1", "completed")
    vr = ratio(verified, state("verification", "completed"))
    scrapped = state("company_scrap", "completed")
    told = counted(
        rows, lambda r: r["company_scrap_status"] == "completed" and (r["industry"] != "" or r["website"] != "")
    )
    cr = ratio(told, scrapped)
    hr = ratio(box1("HIT"), boxed)
    pr = ratio(reply("positive reply", "converted"), sent("instantly"))
    kr = ratio(reply("converted"), reply("positive reply", "converted"))
    ready = state("instantly", "ready")
    sending = [n for n in given.runway.schedule if n > 0]
    mean = sum(sending) / len(sending) if sending else None
    waiting = [
        (state("box1", "ready", "processing"), (hr,)),
        (state("company_scrap", "ready", "processing"), (cr, hr)),
        (state("verification", "ready", "processing"), (vr, cr, hr)),
    ]
    coming = [product(n, *ratios) if n else 0 for n, ratios in waiting]
    days = [
        r["box1_completed_at"] - r["imported_at"]
        for r in rows
        if r["box1_status"] == "completed" and r["box1_completed_at"] != "" and r["imported_at"] != ""
    ]
    until = walked(ready, given.runway.schedule, given.today)
    stock = None if None in coming else ready + sum(coming)
    last = None if stock is None else walked(stock, given.runway.schedule, given.today)
    wait = statistics.median(days) if days else given.runway.lead_days
    return {
        "verification_completed": state("verification", "completed"),
        "box1_completed": boxed,
        "box1_hit": box1("HIT"),
        "instantly_replied": reply("positive reply", "negative reply", "converted"),
        "instantly_positive": reply("positive reply", "converted"),
        "instantly_converted": reply("converted"),
        "instantly_bounced": reply("bounced"),
        "instantly_unsubscribed": reply("unsubscribed"),
        "leads_total": total,
        "verification_available": state("verification", "ready"),
        "verification_sent": sent("verification"),
        "verification_verified": verified,
        "verification_ratio": vr,
        "verified_with_company_url": verified_url,
        "verified_with_company_url_ratio": ratio(verified_url, verified),
        "leads_with_company_url": counted(rows, url),
        "leads_with_company_url_ratio": ratio(counted(rows, url), total),
        "company_scrap_available": state("company_scrap", "ready"),
        "company_scrap_sent": sent("company_scrap"),
        "company_scrap_completed": scrapped,
        "company_scrap_ratio": ratio(scrapped, sent("company_scrap")),
        "company_scrap_blank": scrapped - told,
        "company_scrap_data_ratio": cr,
        "box1_available": state("box1", "ready"),
        "box1_sent": sent("box1"),
        "box1_drop": box1("DROP"),
        "box1_drop_ratio": ratio(box1("DROP"), boxed),
        "box1_fit_ratio": ratio(box1("HIT") + box1("noHIT"), boxed),
        "box1_storage": box1("noHIT"),
        "box1_storage_ratio": ratio(box1("noHIT"), boxed),
        "box1_hit_ratio": hr,
        "instantly_ready": ready,
        "instantly_sent": sent("instantly"),
        "instantly_reply_ratio": ratio(reply("positive reply", "negative reply", "converted"), sent("instantly")),
        "instantly_positive_ratio": pr,
        "instantly_conversion_ratio": kr,
        "estimate_total": total,
        "estimate_verified": estimated(vr),
        "estimate_company_scrap": estimated(vr, cr),
        "estimate_hit": estimated(vr, cr, hr),
        "estimate_positive": estimated(vr, cr, hr, pr),
        "estimate_converted": estimated(vr, cr, hr, pr, kr),
        "entered_behind_verification": entered("company_scrap", "box1", "instantly"),
        "entered_behind_company_scrap": entered("box1", "instantly"),
        "entered_behind_box1": entered("instantly"),
        "feed_days": ready / mean if mean else None,
        "feed_until": until,
        "feed_days_with_pipeline": None if not mean or None in coming else (ready + sum(coming)) / mean,
        "next_export_by": None if last is None else last - math.ceil(wait),
        "conservation_ok": all(given.input_rows[step] == state(step, "ready") for step in STATUS),
        "last_run_at": given.last_run_at,
        "cells_used_ratio": given.cells_used / 10_000_000,
    }


def walked(ready, schedule, today):
    """The last sending day, by walking the calendar a day at a time."""
    if not any(n > 0 for n in schedule):
        return None
    day = dt.date(1899, 12, 30) + dt.timedelta(days=math.floor(today))
    left = ready
    while True:
        left -= schedule[day.weekday()]
        if left <= 1e-6:
            return (day - dt.date(1899, 12, 30)).days
        day += dt.timedelta(days=1)


schedules = st.tuples(*[st.sampled_from([0.0, 0.0, 1.0, 2.0, 5.0])] * 7)


@pytest.mark.long
@settings(max_examples=30, deadline=None)
@given(rows=st.lists(lead(), max_size=25), schedule=schedules, today=st.integers(46000, 46020))
def test_every_metric_agrees_with_a_count_by_hand(rows, schedule, today):
    """Each id's value is what its definition gives when rows are counted one at a time."""
    given_ = context(rows, today=today + 0.4, schedule=schedule, last_run_at=46000.25)
    got = figures(frame(rows), SCHEMA, given_)
    want = expected(rows, given_)
    assert list(got) == SPEC_IDS
    for name, value in want.items():
        assert got[name].value == (None if value is None else pytest.approx(value)), name


@pytest.mark.long
@settings(max_examples=150, deadline=None)
@given(rows=st.lists(lead(), max_size=25), schedule=schedules, today=st.integers(46000, 46020))
def test_every_metric_agrees_with_a_count_by_hand_at_length(rows, schedule, today):
    test_every_metric_agrees_with_a_count_by_hand.hypothesis.inner_test(rows, schedule, today)


@pytest.mark.long
@settings(max_examples=15, deadline=None)
@given(rows=st.lists(lead(), max_size=25))
def test_targets_and_versions_add_up_to_the_whole(rows):
    """Counted apart by TargetID, every tally adds up; versions divide as the dashboard does."""
    leads = frame(rows)
    table = by_target(leads, SCHEMA)
    assert table.sum().to_dict() == flags(leads, SCHEMA).sum().to_dict()
    assert list(table.index) == sorted({row["TargetID"] for row in rows})
    for version, row in by_version(leads).iterrows():
        mine = [r for r in rows if r["box1_version"] == version]
        want = expected(mine, context(mine))
        assert row["sent"] == want["instantly_sent"]
        for name, metric in (
            ("reply_ratio", "instantly_reply_ratio"),
            ("positive_ratio", "instantly_positive_ratio"),
            ("conversion_ratio", "instantly_conversion_ratio"),
        ):
            if want[metric] is None:
                assert math.isnan(row[name])
            else:
                assert row[name] == pytest.approx(want[metric])
    assert set(by_version(leads).index) == {row["box1_version"] for row in rows} - {""}


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(lead(), max_size=25))
def test_targets_and_versions_add_up_to_the_whole_at_length(rows):
    test_targets_and_versions_add_up_to_the_whole.hypothesis.inner_test(rows)


def test_the_declared_metrics_are_the_specifications_in_order():
    assert [metric.id for metric in METRICS] == SPEC_IDS
    assert {metric.section for metric in METRICS} == {section.id for section in SECTIONS}
    assert all(metric.label_es and metric.label_en and metric.meaning for metric in METRICS)


def test_every_tally_that_a_metric_names_is_counted():
    counted_names = set(flags(no_leads(SCHEMA), SCHEMA)) | {"cells_used", "cells_limit"}
    named = {name for metric in METRICS for name in (metric.numerator, metric.denominator) if name}
    assert named | set(TALLIES) <= counted_names


def test_an_empty_master_has_blank_ratios_and_no_error():
    got = figures(no_leads(SCHEMA), SCHEMA, context())
    assert got["leads_total"].value == 0
    assert {m.id for m in METRICS if got[m.id].value is None} == {
        *(m.id for m in METRICS if m.kind == "ratio" and m.id != "cells_used_ratio"),
        *(m.id for m in METRICS if m.of),
        "last_run_at",
    }
    assert got["feed_until"].value == MONDAY
    assert got["next_export_by"].value == MONDAY - 5
    assert got["conservation_ok"].value is True
    assert lead_days(no_leads(SCHEMA), SCHEMA) is None
    assert by_target(no_leads(SCHEMA), SCHEMA).empty
    assert by_version(no_leads(SCHEMA)).empty


@pytest.mark.parametrize(
    ("ready", "schedule", "today", "days"),
    [
        (0, WEEKDAYS, MONDAY, 0),
        (10, WEEKDAYS, MONDAY, 0),
        (11, WEEKDAYS, MONDAY, 1),
        (50, WEEKDAYS, MONDAY, 4),
        (51, WEEKDAYS, MONDAY, 7),
        (100, WEEKDAYS, MONDAY, 11),
        (1, WEEKDAYS, MONDAY + 5, 2),
        (0, WEEKDAYS, MONDAY + 5, 0),
        (3, (0, 0, 0, 0, 0, 0, 1.0), MONDAY, 20),
        (3, (0.5,) * 7, MONDAY, 5),
    ],
)
def test_feeding_lasts_until_the_day_the_schedule_uses_the_leads_up(ready, schedule, today, days):
    rows = [{"instantly_step_status": "ready"}] * ready
    got = figures(frame(rows), SCHEMA, context(rows, today=today, schedule=schedule))
    assert got["feed_until"].value == today + days


def test_without_a_schedule_feeding_is_blank():
    rows = [{"instantly_step_status": "ready"}]
    got = figures(frame(rows), SCHEMA, context(rows, schedule=(0.0,) * 7))
    assert [got[m.id].value for m in METRICS if m.section == "feeding"] == [None] * 4


def test_the_median_of_a_sample_replaces_the_setting():
    done = {"box1_status": "completed", "imported_at": 46000.0}
    rows = [{**done, "box1_completed_at": 46000.0 + days} for days in (1.0, 2.5, 40.0)]
    leads = frame(rows)
    assert lead_days(leads, SCHEMA) == 2.5
    assert figures(leads, SCHEMA, context(rows))["next_export_by"].value == MONDAY - 3


def test_a_wrong_state_or_a_wrong_input_tab_breaks_conservation():
    rows = [dict.fromkeys(STATUS.values(), "completed")] * 3
    assert figures(frame(rows), SCHEMA, context(rows))["conservation_ok"].value is True
    odd = [*rows, {"box1_status": "lost"}]
    assert figures(frame(odd), SCHEMA, context(odd))["conservation_ok"].value is False
    short = context(rows, input_rows={step: int(step == "box1") for step in STATUS})
    assert figures(frame(rows), SCHEMA, short)["conservation_ok"].value is False


def test_an_interval_stands_beside_a_ratio_while_its_ends_are_displayed_apart():
    def share(hits, of):
        rows = [{"box1_status": "completed", "box1_result": "HIT" if n < hits else "DROP"} for n in range(of)]
        return figures(frame(rows), SCHEMA, context(rows))["box1_hit_ratio"]

    small = share(3, 10)
    assert (small.low, small.high) == (pytest.approx(0.1078, abs=1e-4), pytest.approx(0.6032, abs=1e-4))
    assert (small.numerator, small.denominator) == (3, 10)
    large = share(500, 1000)
    assert (large.low, large.high) == (pytest.approx(0.4691, abs=1e-4), pytest.approx(0.5309, abs=1e-4))
    assert _displayed((0.50012, 0.50034), "ratio") == (None, None), "50.0 % to 50.0 %"


def test_a_batch_that_is_out_does_not_lower_the_forecast():
    back = {"verification_status": "completed", "validation_success": True, "company_scrap_sent": True}
    rows = [{**back, "company_scrap_status": "completed", "industry": "Software"}] * 8
    before = figures(frame(rows), SCHEMA, context(rows))
    rows += [{**back, "company_scrap_status": "processing"}] * 8
    after = figures(frame(rows), SCHEMA, context(rows))
    assert (before["company_scrap_ratio"].value, after["company_scrap_ratio"].value) == (1.0, 0.5)
    assert after["estimate_company_scrap"].value == 16.0
    assert after["company_scrap_data_ratio"].value == 1.0


def test_leads_that_were_closed_without_company_data_are_told_apart_and_lower_the_forecast():
    done = {"verification_status": "completed", "validation_success": True, "company_scrap_status": "completed"}
    rows = [{**done, "company_scrap_sent": True, "domain": "acme.example" if n < 3 else ""} for n in range(4)]
    got = figures(frame(rows), SCHEMA, context(rows))
    assert (got["company_scrap_ratio"].value, got["company_scrap_blank"].value) == (1.0, 1)
    assert got["estimate_company_scrap"].value == 3.0


def test_ratios_of_steps_that_leads_entered_behind_are_not_applied_to_them():
    checked = [{"verification_status": "completed", "validation_success": n < 2} for n in range(4)]
    scraped = {"company_scrap_status": "completed", "enters": "company_scrap"}
    rows = [*checked, *[{**scraped, "industry": "Software" if n < 3 else ""} for n in range(4)]]
    got = figures(frame(rows), SCHEMA, context(rows))
    assert got["estimate_verified"].value == 2 + 4
    assert got["estimate_company_scrap"].value == (2 + 4) * 0.75
    verified, scrap = wilson(2, 4), wilson(3, 4)
    assert got["estimate_company_scrap"].low == pytest.approx((4 * verified[0] + 4) * scrap[0])
    rows = rows[4:]
    got = figures(frame(rows), SCHEMA, context(rows))
    assert (got["verification_ratio"].value, got["estimate_verified"].value) == (None, 4), "nobody was verified"
    assert got["estimate_company_scrap"].value == 3


def test_a_large_sample_in_the_chain_keeps_its_uncertainty():
    rows = [
        {
            "verification_status": "completed",
            "validation_success": n % 2 == 0,
            "company_scrap_status": "completed" if n % 2 == 0 else "",
            "industry": "Software",
        }
        for n in range(1000)
    ]
    got = figures(frame(rows), SCHEMA, context(rows))["estimate_company_scrap"]
    verified, scrap = wilson(500, 1000), wilson(500, 500)
    assert (got.low, got.high) == (
        pytest.approx(1000 * verified[0] * scrap[0]),
        pytest.approx(1000 * verified[1] * scrap[1]),
    )


def test_the_next_export_waits_for_the_stock_on_its_way():
    """Ten leads are ready for one day; ninety that wait for Box 1, which lets all through, are for nine more."""
    hit = {"box1_status": "completed", "box1_result": "HIT", "validation_success": True}
    sent = [{**hit, "instantly_sent": True, "instantly_step_status": "completed"}] * 4
    ready = [{**hit, "instantly_step_status": "ready"}] * 10
    got = figures(frame(sent + ready), SCHEMA, context(sent + ready, lead_days=2))
    assert got["next_export_by"].value == MONDAY - 2
    waiting = [{"box1_status": "ready"}] * 90
    got = figures(frame(sent + ready + waiting), SCHEMA, context(sent + ready + waiting, lead_days=2))
    assert got["feed_until"].value == MONDAY
    assert got["next_export_by"].value == MONDAY + 11 - 2
    unknown = [*ready, {"verification_status": "ready"}]
    got = figures(frame(unknown), SCHEMA, context(unknown, lead_days=2))
    assert got["next_export_by"].value is None, "nobody knows yet how many come through"


def test_estimates_multiply_the_intervals_of_their_ratios():
    rows = [
        {
            "verification_status": "completed",
            "validation_success": n < 4,
            "company_scrap_sent": n < 4,
            "company_scrap_status": "completed" if n < 4 else "",
            "industry": "Software" if n < 3 else "",
        }
        for n in range(8)
    ]
    got = figures(frame(rows), SCHEMA, context(rows))
    verified, scrap = wilson(4, 8), wilson(3, 4)
    chained = got["estimate_company_scrap"]
    assert chained.value == pytest.approx(3.0)
    assert chained.low == pytest.approx(8 * verified[0] * scrap[0])
    assert chained.high == pytest.approx(8 * verified[1] * scrap[1])
    assert got["estimate_hit"].value is None


@pytest.mark.parametrize(("above", "below"), [(0, 0), (3, 2)])
def test_an_interval_without_meaning_is_none(above, below):
    assert wilson(above, below) is None


def test_wilson_stays_between_0_and_1():
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0


@pytest.mark.long
def test_seventy_five_thousand_leads_are_counted_in_a_blink():
    """Vectorised: the largest workbook in well under a second (the limit is wide for a loaded machine)."""
    one = {"validation_success": True, "verification_sent": True, "verification_status": "completed"}
    leads = with_states(frame([one, {}, {"box1_result": "HIT"}] * 25_000), SCHEMA)
    start = time.perf_counter()
    got = figures(leads, SCHEMA, context())
    assert time.perf_counter() - start < 1.0
    assert got["leads_total"].value == 75_000
