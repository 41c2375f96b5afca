"""Whether pushes wait, and whom nobody may contact, by what the store knows alone, on SQLite and PostgreSQL alike."""

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd
import pytest

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.values import Pending, StoreClaim
from sheets_crm.store.claims import StoredClaims
from sheets_crm.store.mirror import StoredMirror
from sheets_crm.store.suppressed import suppressed
from sheets_crm.store.waiting_pushes import pushes_wait
from tests.claims.world import enrolment

AT = datetime(2026, 11, 30, 9, tzinfo=UTC)


def mirrored(store, push, status="processing", workbook="book"):
    """A store that knows one lead of a workbook."""
    cells = {"email": "ana@acme.es", "instantly_step_status": status, "instantly_push": push}
    frame = pd.DataFrame([cells], index=pd.Index([1], name="LeadNumber"), dtype=object)
    StoredMirror(store, workbook).reconcile(frame, "Europe/Madrid", 1)
    return store


def test_a_store_that_does_not_know_the_leads_lets_the_workbook_be_asked(place):
    assert pushes_wait(place.store(), "book")


@pytest.mark.parametrize("push", ["due 1", "claimed 1.1 @1 2026-11-30T09:00:00Z c", "unknown 1.1 @1 x c", "failed 1.1 @1 x c", "cancelled 1.1 @1 x c"])  # fmt: skip
def test_a_lead_that_is_not_settled_waits(place, push):
    assert pushes_wait(mirrored(place.store(), push), "book")


@pytest.mark.parametrize("push", ["", "added 1.1 @1 x c", "duplicate 1.1 @1 x c", "stopped 1"])
def test_a_lead_that_is_settled_does_not(place, push):
    assert not pushes_wait(mirrored(place.store(), push), "book")


def test_a_lead_that_came_back_does_not(place):
    assert not pushes_wait(mirrored(place.store(), "due 1", status="completed"), "book")


@pytest.mark.long
def test_another_workbooks_leads_do_not(place):
    store = mirrored(place.store(), "added 1.1 @1 x c")
    mirrored(store, "due 1", workbook="another")
    assert not pushes_wait(store, "book")


def test_an_epoch_whose_write_is_in_doubt_and_an_open_claim_wait(place):
    store = mirrored(place.store(), "added 1.1 @1 x c")
    claims = StoredClaims(store, "book")
    row = replace(enrolment(1), enrolment="push-1", claim=ClaimState.CLAIMED, claimed_at=AT, epoch=1)
    claims.raise_epoch(Pending(epoch=1, token="w/1", sequence=0, becomes=1, claims=(StoreClaim(row=row),)))
    assert pushes_wait(store, "book")
    claims.confirm(1, 1)
    assert pushes_wait(store, "book")
    claims.close({"push-1.1.1": ClaimState.ACCEPTED})
    assert not pushes_wait(store, "book")


def test_a_store_without_a_list_names_nobody(place):
    assert suppressed(mirrored(place.store(), ""), "book") == frozenset()
