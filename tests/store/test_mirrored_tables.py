"""The mirror of two-way tables, on SQLite and PostgreSQL alike: rows for SQL, brought up to date, compared, rebuilt."""

import datetime as dt

import pandas as pd
import pytest
from sqlalchemy import text

from sheets_crm.features.do_not_contact_rows import DO_NOT_CONTACT, SPEC
from sheets_crm.store.mirror import StoredMirror
from sheets_crm.store.schema import METADATA
from sheets_crm.store.table_rows import MIRRORED, row_of

ZONE = "Europe/Madrid"
LISTED = {"entry": "Ana@acme.es", "reason": "manual", "lifted": "", "source": "operator", "since": 46_170.5}
LISTED |= {"_entry": "ana@acme.es", "_lifted_at": "", "lift_reason": ""}


@pytest.fixture
def mirrored(place):
    return StoredMirror(place.store(), "book")


def rows(mirrored, workbook="book"):
    asked = text("SELECT * FROM suppressions WHERE workbook = :workbook ORDER BY row_key")
    found = mirrored._store.read(lambda c: c.execute(asked, {"workbook": workbook}).all())
    return {row.row_key: dict(row._mapping) for row in found}


def entries(mirrored):
    return {key: row["entry"] for key, row in rows(mirrored).items()}


@pytest.mark.parametrize("key", list(MIRRORED))
def test_every_column_that_people_see_has_one_of_its_own(key):
    named = {column.header for column in SPEC.columns if not column.hidden} - {"problem"}
    assert named <= set(MIRRORED[key].columns)
    columns = {column.name for column in METADATA.tables[MIRRORED[key].table].columns}
    assert columns == {"workbook", "row_key", *MIRRORED[key].columns.values()}


def test_a_row_has_texts_ticks_and_moments_in_utc_and_null_for_what_is_none():
    mirrored = MIRRORED[DO_NOT_CONTACT]
    made = row_of(mirrored, {**LISTED, "entry": 17.0, "_lifted_at": "#N/A", "lifted": "perhaps"}, ZONE)
    assert (made["entry"], made["lifted"], made["lifted_at"], made["lift_reason"]) == ("17", None, None, None)
    assert made["since"] == dt.datetime(2026, 5, 28, 10, tzinfo=dt.UTC)
    assert row_of(mirrored, LISTED, ZONE)["lifted"] is False


def test_some_rows_are_brought_up_to_date_and_the_others_stay(mirrored):
    mirrored.update_rows(DO_NOT_CONTACT, {"X-0001": LISTED, "X-0002": {**LISTED, "entry": "b"}}, (), ZONE)
    mirrored.update_rows(DO_NOT_CONTACT, {"X-0002": {**LISTED, "entry": "c"}}, ["X-0009"], ZONE)
    assert entries(mirrored) == {"X-0001": "Ana@acme.es", "X-0002": "c"}
    mirrored.update_rows(DO_NOT_CONTACT, {}, ["X-0001"], ZONE)
    assert entries(mirrored) == {"X-0002": "c"}


def test_a_comparison_puts_right_what_differs_and_says_how_much(mirrored):
    mirrored.update_rows(DO_NOT_CONTACT, {"X-0001": LISTED, "X-0002": LISTED}, (), ZONE)
    other = StoredMirror(mirrored._store, "another book")
    other.update_rows(DO_NOT_CONTACT, {"X-0001": {**LISTED, "entry": "theirs"}}, (), ZONE)
    present = {"X-0001": {**LISTED, "entry": "b"}, "X-0003": LISTED}
    assert mirrored.reconcile_rows(DO_NOT_CONTACT, present, ZONE) == 2
    assert mirrored.reconcile_rows(DO_NOT_CONTACT, present, ZONE) == 0
    assert entries(mirrored) == {"X-0001": "b", "X-0003": "Ana@acme.es"}
    assert rows(other, "another book")["X-0001"]["entry"] == "theirs"


@pytest.mark.long
def test_five_thousand_rows_are_more_than_one_statement_takes(mirrored):
    many = {f"X-{n:04d}": {**LISTED, "entry": f"p{n}@acme.es"} for n in range(5_000)}
    assert mirrored.reconcile_rows(DO_NOT_CONTACT, many, ZONE) == 5_000
    assert len(rows(mirrored)) == 5_000


def test_the_rows_go_with_the_leads_when_the_mirror_is_made_anew(mirrored):
    mirrored.update_rows(DO_NOT_CONTACT, {"X-0001": LISTED}, (), ZONE)
    mirrored.rebuild(pd.DataFrame({"email": []}, dtype=object), ZONE, 1)
    assert rows(mirrored) == {}
