"""Pushes over the wire: whatever happens to them, each lead is there once, and its outcome is true."""

import itertools

import pytest

from sheets_crm.claims.values import AnswerKind
from sheets_crm.instantly.leads import NewLead
from sheets_crm.instantly.outcomes import Outcome, outcomes

ADDED, DUPLICATE, BLOCKED, INVALID, SKIPPED, UNKNOWN = Outcome
FAULTS = ["status", "rate_limit", "html_502", "drop_request", "drop_response", "truncate", "malformed", "after_apply", "duplicate_delivery"]  # fmt: skip

FOLLOWING = set(itertools.pairwise([*FAULTS, FAULTS[0]]))
PAIRS = [
    pytest.param(*pair, marks=() if pair in FOLLOWING else pytest.mark.long)
    for pair in itertools.product(FAULTS, FAULTS)
]
"""Each fault before and after another; all pairs take longer."""


def new_leads(*names):
    return [NewLead(email=f"{name}@ejemplo.cl", key=f"key-{name}") for name in names]


def push(client, campaign, leads, *, sent_before=False):
    """Push, list back whom the answer does not name, and give the outcomes."""
    answer = client.add_leads(campaign, leads)
    listed = client.leads_by_contacts(campaign, [lead.email for lead in leads])
    return outcomes(leads, campaign, answer.result, listed=listed, sent_before=sent_before)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_a_push_that_is_repeated_until_it_is_known_adds_each_lead_once(
    api, client, campaign, fault, first, second
):
    api.add({"id": campaign}, "was-there@ejemplo.cl")
    client.block("blocked@ejemplo.cl")
    leads = new_leads("ana", "was-there", "bea", "blocked")
    fault("leads/add", first)
    fault("leads/add", second)
    tries = [push(client, campaign, leads)]
    while UNKNOWN in tries[-1] and len(tries) < 4:
        tries.append(push(client, campaign, leads, sent_before=True))
    assert tries[-1][:3] == (ADDED, DUPLICATE, ADDED)
    assert tries[-1][3] in (BLOCKED, SKIPPED)
    assert sorted(api.addresses(campaign=campaign)) == ["ana@ejemplo.cl", "bea@ejemplo.cl", "was-there@ejemplo.cl"]
    for earlier in tries:
        assert all(one in (UNKNOWN, last) for one, last in zip(earlier, tries[-1], strict=True))


def test_what_lists_do_not_find_yet_is_unknown_and_not_left_out(api, client, campaign, fault):
    """The first push came in, its answer did not, and nobody finds the lead yet: the second must not call it skipped."""
    api.settings(visible_after=5)
    leads = new_leads("ana")
    fault("leads/add", "drop_response")
    assert push(client, campaign, leads) == (UNKNOWN,)
    answer = client.add_leads(campaign, leads)
    assert (answer.kind, answer.result.skipped) == (AnswerKind.ACCEPTED, 1)
    assert outcomes(leads, campaign, answer.result, sent_before=True) == (UNKNOWN,)


def test_what_the_plan_has_no_room_for_is_unknown(api, client, campaign):
    api.settings(leads_in_plan=1)
    assert push(client, campaign, new_leads("ana", "bea")) == (ADDED, UNKNOWN)


@pytest.mark.long
def test_a_thousand_leads_are_added_in_one_call_and_listed_back(api, client, campaign):
    leads = new_leads(*(f"lead{number:04}" for number in range(1000)))
    assert set(push(client, campaign, leads)) == {ADDED}
    assert len(client.leads_by_contacts(campaign, [lead.email for lead in leads])) == 1000
