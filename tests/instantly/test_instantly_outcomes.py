"""What became of each lead of a push, whatever the answer says."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.instantly.leads import KEY, AddedLeads, CreatedLead, Lead, NewLead
from sheets_crm.instantly.outcomes import Outcome, outcomes, well_formed

CAMPAIGN = "c1"
ADDED, DUPLICATE, BLOCKED, INVALID, SKIPPED, UNKNOWN = Outcome
COUNTS = ("blocked", "duplicated", "repeated", "skipped", "invalid", "incomplete")


def leads(*addresses):
    return [NewLead(email=address, key=f"key-{place}") for place, address in enumerate(addresses)]


def answer(pushed, *places, **counts):
    """An answer that adds those at some places, and counts the others."""
    created = tuple(CreatedLead(place, f"id-{place}", pushed[place].email) for place in places)
    return AddedLeads(total=len(pushed), uploaded=len(created), created=created, **counts)


def listed(*pairs, campaign=CAMPAIGN):
    return [
        Lead(id=f"l{place}", email=email, campaign=campaign, variables={KEY: key} if key else {})
        for place, (email, key) in enumerate(pairs)
    ]


ANA, BEA, CEA = leads("ana@a.cl", "bea@b.cl", "cea@c.cl")
PUSHED = [ANA, BEA, CEA]


def test_who_is_named_is_added_and_one_reason_is_everybody_elses():
    for count, outcome in zip(COUNTS, [BLOCKED, DUPLICATE, DUPLICATE, SKIPPED, INVALID, INVALID], strict=True):
        assert outcomes(PUSHED, CAMPAIGN, answer(PUSHED, 1, **{count: 2})) == (outcome, ADDED, outcome)


def test_of_several_reasons_none_is_told():
    assert outcomes(PUSHED, CAMPAIGN, answer(PUSHED, 0, blocked=1, invalid=1)) == (ADDED, SKIPPED, SKIPPED)


def test_own_checks_tell_the_reasons_apart():
    pushed = leads("ana@a.cl", "no address", "ANA@a.cl ", "bea@blocked.cl", "cea@c.cl")
    told = answer(pushed, 0, invalid=1, repeated=1, blocked=1, skipped=1)
    assert outcomes(pushed, CAMPAIGN, told, blocked=["Blocked.cl"]) == (
        ADDED,
        INVALID,
        DUPLICATE,
        BLOCKED,
        SKIPPED,
    )


def test_own_checks_say_nothing_that_the_counts_have_no_room_for():
    pushed = leads("no address", "bea@b.cl")
    assert outcomes(pushed, CAMPAIGN, answer(pushed, blocked=2)) == (BLOCKED, BLOCKED)


@pytest.mark.parametrize(
    "told",
    [
        answer(PUSHED, 0, blocked=1),  # one is in no count, as when the plan is full
        answer(PUSHED, 0, blocked=3),
        AddedLeads(total=4, uploaded=1, created=(CreatedLead(0, "i", "ana@a.cl"),), blocked=3),
        AddedLeads(total=3, uploaded=2, created=(CreatedLead(0, "i", "ana@a.cl"),), blocked=1),
    ],
)
def test_counts_that_do_not_add_up_leave_the_rest_unknown(told):
    assert outcomes(PUSHED, CAMPAIGN, told) == (ADDED, UNKNOWN, UNKNOWN)


@pytest.mark.parametrize(
    "created",
    [
        [CreatedLead(0, "i", "bea@b.cl")],
        [CreatedLead(0, "i", "")],
        [CreatedLead(-1, "i", "cea@c.cl")],
        [CreatedLead(3, "i", "ana@a.cl")],
        [CreatedLead(0, "i", "ana@a.cl"), CreatedLead(0, "j", "ana@a.cl")],
    ],
)
def test_a_place_without_its_own_address_proves_nothing(created):
    told = AddedLeads(total=3, uploaded=len(created), created=tuple(created), blocked=3 - len(created))
    assert outcomes(PUSHED, CAMPAIGN, told) == (UNKNOWN, UNKNOWN, UNKNOWN)


def test_after_a_lost_answer_listing_back_tells_ours_from_those_that_were_there():
    shown = listed((" Ana@a.cl", "key-0"), ("bea@b.cl", "another key"))
    assert outcomes(PUSHED, CAMPAIGN, None, listed=shown) == (ADDED, DUPLICATE, UNKNOWN)
    assert outcomes(PUSHED, CAMPAIGN, None, listed=listed(("ana@a.cl", None))) == (DUPLICATE, UNKNOWN, UNKNOWN)
    assert outcomes(PUSHED, CAMPAIGN, None) == (UNKNOWN, UNKNOWN, UNKNOWN)


def test_a_lead_of_another_campaign_proves_nothing():
    shown = listed(("ana@a.cl", "key-0"), campaign="another")
    assert outcomes(PUSHED, CAMPAIGN, None, listed=shown) == (UNKNOWN, UNKNOWN, UNKNOWN)


def test_who_was_added_by_a_push_whose_answer_was_lost_is_skipped_by_the_next_and_is_ours():
    told = answer(PUSHED, 2, skipped=2)
    assert outcomes(PUSHED, CAMPAIGN, told, sent_before=True) == (UNKNOWN, UNKNOWN, ADDED)
    shown = listed(("ana@a.cl", "key-0"), ("bea@b.cl", None))
    assert outcomes(PUSHED, CAMPAIGN, told, sent_before=True, listed=shown) == (ADDED, DUPLICATE, ADDED)


def test_a_lead_that_stands_there_without_room_in_the_counts_makes_them_worth_nothing():
    shown = listed(("ana@a.cl", None))
    assert outcomes(PUSHED, CAMPAIGN, answer(PUSHED, 1, blocked=2), listed=shown) == (DUPLICATE, ADDED, UNKNOWN)


@pytest.mark.parametrize("count", ["skipped", "duplicated", "repeated"])
def test_a_lead_that_stands_there_is_taken_out_of_the_counts(count):
    told = answer(PUSHED, 1, blocked=1, **{count: 1})
    assert outcomes(PUSHED, CAMPAIGN, told) == (SKIPPED, ADDED, SKIPPED)
    shown = listed(("ana@a.cl", None))
    assert outcomes(PUSHED, CAMPAIGN, told, listed=shown) == (DUPLICATE, ADDED, BLOCKED)


def test_who_is_named_is_added_although_the_list_shows_no_key():
    assert outcomes([ANA], CAMPAIGN, answer([ANA], 0), listed=listed(("ana@a.cl", None))) == (ADDED,)


@pytest.mark.parametrize("address", ["ana@a.cl", " ana+x@sub.a.co.uk ", "ñandú@a.cl", "o'hara@a.cl"])
def test_addresses(address):
    assert well_formed(address)


@pytest.mark.parametrize(
    "address",
    ["", "ana", "ana@", "@a.cl", "ana@a", "a b@a.cl", "ana@a.cl, b@b.cl", "ana@a..cl", "a" * 250 + "@a.cl"],
)
def test_no_addresses(address):
    assert not well_formed(address)


ADDRESSES = st.sampled_from(["ana@a.cl", "Ana@A.cl", "bea@b.cl", "cea@c.cl", "dea@c.cl", "no address", ""])
PUSHES = st.lists(ADDRESSES, min_size=1, max_size=6).map(lambda addresses: leads(*addresses))
SMALL = st.integers(0, 4)
ANSWERS = st.builds(
    AddedLeads,
    total=st.integers(0, 6),
    uploaded=SMALL,
    created=st.lists(
        st.builds(CreatedLead, st.integers(-1, 6), st.just("id"), ADDRESSES), max_size=4
    ).map(tuple),
    **dict.fromkeys(COUNTS, SMALL),
)  # fmt: skip
LISTED = st.lists(
    st.builds(
        lambda email, key, campaign: Lead(id="l", email=email, campaign=campaign, variables={KEY: key}),
        ADDRESSES,
        st.sampled_from(["key-0", "key-1", "key-2", "another", None]),
        st.sampled_from([CAMPAIGN, "another"]),
    ),
    max_size=5,
)


def proved(pushed, place, told, shown):
    """Whether anything proves that a lead was added: the answer's name for it, or its key in the campaign."""
    named = [one for one in (told.created if told else ()) if one.index == place]
    address = pushed[place].email.strip().lower()
    by_answer = len(named) == 1 and address and named[0].email.strip().lower() == address
    by_list = address and any(
        (lead.campaign, lead.email.strip().lower(), lead.variables[KEY]) == (CAMPAIGN, address, pushed[place].key)
        for lead in shown or ()
    )
    return bool(by_answer or by_list)


@pytest.mark.long
@given(PUSHES, st.none() | ANSWERS, st.none() | LISTED, st.booleans(), st.sets(ADDRESSES))
def test_whatever_comes_back_each_lead_has_one_outcome_and_is_added_exactly_with_proof(
    pushed, told, shown, before, blocked
):
    found = outcomes(pushed, CAMPAIGN, told, listed=shown, blocked=blocked, sent_before=before)
    assert len(found) == len(pushed)
    assert [one is ADDED for one in found] == [proved(pushed, place, told, shown) for place in range(len(pushed))]


@pytest.mark.long
@given(PUSHES, st.none() | ANSWERS, st.none() | LISTED, st.booleans())
def test_a_reason_is_told_only_by_counts_that_add_up_or_by_the_list(pushed, told, shown, before):
    found = outcomes(pushed, CAMPAIGN, told, listed=shown, sent_before=before)
    if told is None or told.total != len(pushed) or told.uploaded + told.left_out != told.total:
        assert not {BLOCKED, INVALID, SKIPPED} & set(found)


FATES = {
    "added": ADDED,
    "blocked": BLOCKED,
    "duplicated": DUPLICATE,
    "repeated": DUPLICATE,
    "skipped": DUPLICATE,
    "invalid": INVALID,
}


@st.composite
def true_pushes(draw):
    """A push, what truly became of each lead, an answer that tells no lie, and what stands in the campaign after."""
    pushed = draw(PUSHES)
    fates, seen = [], set()
    for lead in pushed:
        address = lead.email.strip().lower()
        if not well_formed(address):
            fates.append("invalid")
        elif address in seen:
            fates.append("repeated")
        else:
            fates.append(draw(st.sampled_from(["added", "blocked", "duplicated", "skipped", "invalid"])))
        seen.add(address)
    counts = Counter(fates)
    added = [place for place, fate in enumerate(fates) if fate == "added"]
    told = answer(pushed, *added, **{name: counts[name] for name in COUNTS})
    there = [
        (lead.email, lead.key if fate == "added" else "another")
        for lead, fate in zip(pushed, fates, strict=True)
        if fate in ("added", "duplicated", "skipped")
    ]
    return pushed, [FATES[fate] for fate in fates], told, listed(*there)


@pytest.mark.long
@given(true_pushes(), st.booleans(), st.booleans())
def test_of_a_true_answer_nothing_is_unknown_and_no_reason_is_wrong(push, looked, knows_blocked):
    pushed, fates, told, shown = push
    blocked = [lead.email for lead, fate in zip(pushed, fates, strict=True) if fate is BLOCKED and knows_blocked]
    found = outcomes(pushed, CAMPAIGN, told, listed=shown if looked else None, blocked=blocked)
    for outcome, fate in zip(found, fates, strict=True):
        assert outcome in ((ADDED,) if fate is ADDED else (fate, SKIPPED))


@pytest.mark.long
@given(true_pushes(), st.booleans())
def test_of_a_lost_answer_only_what_stands_there_is_known(push, looked):
    pushed, fates, _, shown = push
    found = outcomes(pushed, CAMPAIGN, None, listed=shown if looked else None)
    for outcome, fate in zip(found, fates, strict=True):
        assert outcome in ({fate, UNKNOWN} if looked else {UNKNOWN})
        assert outcome is ADDED or fate is not ADDED or not looked
