"""The mirror of the leads, on SQLite and PostgreSQL alike: rows for SQL, brought up to date, compared, rebuilt."""

import datetime as dt
import re
from pathlib import Path

import orjson
import pandas as pd
import pytest
from sqlalchemy import text

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.steps import SCHEMA
from sheets_crm.plan.plan import LeadChange
from sheets_crm.store import lead_rows, mirror
from sheets_crm.store.journal import StoredJournal
from sheets_crm.store.lead_columns import BY_HEADER, COLUMNS, column_name
from sheets_crm.store.mirror import StoredMirror
from sheets_crm.store.schema import SUPPRESSIONS

ZONE = "Europe/Madrid"


def leads(**cells_by_number):
    """The frame of leads `n1`, `n2`, …: the cells given, the others blank."""
    numbers = [int(name[1:]) for name in cells_by_number]
    names = dict.fromkeys([*SCHEMA.names, *(name for cells in cells_by_number.values() for name in cells)])
    rows = [
        {**dict.fromkeys(names, ""), LEAD_NUMBER: number, **cells}
        for number, cells in zip(numbers, cells_by_number.values(), strict=True)
    ]
    return pd.DataFrame(rows, index=pd.Index(numbers, name=LEAD_NUMBER), dtype=object)


def rows(store, sql="SELECT * FROM leads ORDER BY workbook, lead_number"):
    return [dict(row._mapping) for row in store.read(lambda c: c.execute(text(sql)).all())]


def emails(store, workbook="book"):
    return {row["lead_number"]: row["email"] for row in rows(store) if row["workbook"] == workbook}


@pytest.fixture
def mirrored(place):
    return StoredMirror(place.store(), "book")


# -- rows


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("personSalesUrl", "person_sales_url"),
        ("TargetID", "target_id"),
        ("companyTimestampSN", "company_timestamp_sn"),
        ("companyName_fromP", "company_name_from_p"),
        ("box1_version", "box1_version"),
    ],
)
def test_columns_are_the_headers_in_snake_case(header, name):
    assert column_name(header) == name
    assert name in COLUMNS


def test_every_column_of_the_master_has_one_of_its_own():
    """One that is new needs a migration in `sheets_crm/store/versions`; until then it is in `other_cells`."""
    kinds = {column_name(column.name): column.kind for column in SCHEMA.columns if column.name != LEAD_NUMBER}
    assert kinds == COLUMNS
    assert len(BY_HEADER) == len(SCHEMA.columns) - 1


def made(**cells):
    (row,) = lead_rows.rows_of(leads(n1=cells), "book", ZONE)
    return {name: value for name, value in row.items() if value is not None and name not in {"workbook", "digest"}}


def test_a_row_has_texts_flags_and_moments_in_utc():
    assert made(email="a@one.example", storage=False, imported_at=46_000.5) == {
        "lead_number": 1,
        "email": "a@one.example",
        "storage": False,
        "imported_at": dt.datetime(2025, 12, 9, 11, 0, tzinfo=dt.UTC),
    }


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("imported_at", "#N/A"),
        ("imported_at", 1e12),
        ("imported_at", True),
        ("storage", "yes"),
        ("email", 12),
        ("my_own_column", "of the settings"),
        ("Industry", "of a header that only looks like one of the Master"),
        ("prompt9_output", "of a ninth prompt"),
    ],
)
def test_what_no_column_takes_is_kept_by_its_header(header, cell):
    row = made(**{header: cell})
    assert orjson.loads(row.pop("other_cells")) == {header: cell}
    assert row == {"lead_number": 1}


@pytest.mark.parametrize(
    "other",
    [
        {"email": "b@one.example"},
        {"email": "a@one.example", "own": "x"},
        {"email": "a@one.example", "imported_at": 1},
    ],
)
def test_a_digest_is_another_one_as_soon_as_a_cell_is(other):
    one, different = leads(n1={"email": "a@one.example"}), leads(n1=other)
    assert lead_rows.digests(one, ZONE) == lead_rows.digests(one, ZONE)
    assert lead_rows.digests(one, ZONE) != lead_rows.digests(different, ZONE)
    assert lead_rows.digests(one, ZONE) != lead_rows.digests(one, "UTC")


# -- brought up to date


def test_rows_come_back_from_each_database_as_they_were_made(place, mirrored):
    frame = leads(n1={"email": "a\0@one.example", "storage": True, "imported_at": 46_000.5, "own": 7})
    mirrored.reconcile(frame, ZONE, 3)
    (row,) = rows(place.store())
    assert (row["workbook"], row["lead_number"], row["email"], row["notes"]) == ("book", 1, "a@one.example", None)
    assert (bool(row["storage"]), orjson.loads(row["other_cells"])) == (True, {"own": 7})
    hour = "strftime('%Y-%m-%d %H', imported_at)" if place.sqlite else "to_char(imported_at, 'YYYY-MM-DD HH24')"
    assert rows(place.store(), f"SELECT {hour} AS hour FROM leads") == [{"hour": "2025-12-09 11"}]


@pytest.mark.long
def test_the_first_update_takes_all_leads_and_the_next_those_that_changed(place, mirrored):
    frame = leads(n1={"email": "a@one.example"}, n2={"email": "b@one.example"})
    mirrored.update(frame, ZONE, 3, {2})
    assert emails(place.store()) == {1: "a@one.example", 2: "b@one.example"}
    later = leads(n1={"email": "unchanged"}, n2={"email": "c@one.example"}, n4={"email": "d@one.example"})
    mirrored.update(later, ZONE, 4, {2, 4})
    assert emails(place.store()) == {1: "a@one.example", 2: "c@one.example", 4: "d@one.example"}
    assert mirrored.sequence() == 4
    mirrored.update(later.drop(index=[2]), ZONE, 5, {2})
    assert emails(place.store()) == {1: "a@one.example", 4: "d@one.example"}


def test_a_comparison_puts_right_what_differs_and_nothing_else(place, mirrored):
    mirrored.reconcile(leads(n1={"email": "a"}, n2={"email": "b"}, n3={"email": "c"}), ZONE, 3)
    frame = leads(n1={"email": "a"}, n2={"email": "B"}, n5={"email": "e"})
    assert mirrored.reconcile(frame, ZONE, 4) == 3
    assert emails(place.store()) == {1: "a", 2: "B", 5: "e"}
    assert mirrored.reconcile(frame, ZONE, 4) == 0


@pytest.mark.long
def test_two_workbooks_of_one_store_keep_apart(place, mirrored):
    other = StoredMirror(place.store(), "another")
    mirrored.reconcile(leads(n1={"email": "a"}), ZONE, 3)
    other.reconcile(leads(n1={"email": "theirs"}), ZONE, 9)
    mirrored.rebuild(leads(n2={"email": "b"}), ZONE, 4)
    assert (emails(place.store()), emails(place.store(), "another")) == ({2: "b"}, {1: "theirs"})
    assert (mirrored.sequence(), other.sequence()) == (4, 9)


@pytest.mark.long
def test_a_rebuilt_mirror_has_nothing_that_somebody_wrote_into_it(place, mirrored):
    frame = leads(n1={"email": "a"})
    mirrored.reconcile(frame, ZONE, 3)
    place.store().write(lambda c: c.execute(text("UPDATE leads SET email = 'written by SQL'")))
    assert mirrored.reconcile(frame, ZONE, 3) == 0
    assert mirrored.rebuild(frame, ZONE, 3) == 1
    assert emails(place.store()) == {1: "a"}


@pytest.mark.long
def test_one_that_dies_in_the_middle_of_a_comparison_is_made_whole_by_the_next_update(
    place, mirrored, monkeypatch
):
    monkeypatch.setattr(mirror, "LEADS_AT_ONCE", 2)
    frame = leads(**{f"n{number}": {"email": str(number)} for number in range(1, 6)})
    replace = StoredMirror._replace
    calls = []

    def dies(self, connection, **given):
        calls.append(given["numbers"])
        if len(calls) == 2:
            raise KeyboardInterrupt
        replace(self, connection, **given)

    monkeypatch.setattr(StoredMirror, "_replace", dies)
    with pytest.raises(KeyboardInterrupt):
        mirrored.reconcile(frame, ZONE, 3)
    assert emails(place.store()) == {1: "1", 2: "2"}
    monkeypatch.setattr(StoredMirror, "_replace", replace)
    StoredMirror(place.store(), "book").update(frame, ZONE, 4, {1})
    assert emails(place.store()) == {number: str(number) for number in range(1, 6)}


# -- the page for those who read it


ENTRY = {"row_key": "X-0001", "entry": "ana@one.example", "normal_form": "ana@one.example", "reason": "manual"}
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sql.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("query", re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL))
def test_every_query_of_the_page_is_answered(place, mirrored, query):
    mirrored.reconcile(leads(n1={"verification_status": "ready"}), ZONE, 3)
    StoredJournal(place.store(), "book").note(
        "2026-05-28T10:00:00+00:00", "run", 1, [LeadChange(1, "notes", "", "x", "r")]
    )
    place.store().write(lambda c: c.execute(SUPPRESSIONS.insert(), {**ENTRY, "workbook": "book"}))
    named = {name: value for name, value in {"workbook": "book", "lead": 1}.items() if f":{name}" in query}
    assert len(place.store().read(lambda c: c.execute(text(query), named).all())) == 1
