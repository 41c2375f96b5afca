"""What became of each lead of a push, by the answer and by what listing back shows.

The answer counts who was left out and names only who was added. So a lead is *added* when the answer names its place
and its address, or when it stands in the campaign with our key; a reason is told when the counts, or our own checks
with them, leave no other. What is left is *skipped*, or *unknown* where nobody can say that it did not come in.
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from sheets_crm.instantly.leads import KEY, AddedLeads, Lead, NewLead


class Outcome(enum.Enum):
    """What became of a lead."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    BLOCKED = "blocked"
    INVALID = "invalid"
    SKIPPED = "skipped (reason not told)"
    UNKNOWN = "unknown"


_ADDRESS: Final = re.compile(r"[^@\s,;<>]+@[^@\s,;<>.]+(\.[^@\s,;<>.]+)+")
_LONGEST_ADDRESS: Final = 254


def well_formed(address: str) -> bool:
    """Whether an address can be one; others need not be sent."""
    text = address.strip()
    return len(text) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def outcomes(
    pushed: Sequence[NewLead],
    campaign: str,
    answer: AddedLeads | None,
    *,
    listed: Collection[Lead] | None = None,
    blocked: Collection[str] = (),
    sent_before: bool = False,
) -> tuple[Outcome, ...]:
    """One outcome for each lead, in their order.

    Args:
        pushed: The leads that were sent, in the order of the request.
        campaign: The id of the campaign.
        answer: The answer; None when it was lost, or could not be read.
        listed: What listing those addresses back showed, long enough after; None when nobody looked.
        blocked: Addresses and domains that are known to be on the block list.
        sent_before: Whether the same leads were sent before without an answer: then one that is left out for being
            there already may be the one that was sent.
    """
    named = _named(pushed, answer)
    found = _standing(pushed, campaign, listed or ()) | named  # the answer's word is the later one
    standing = len(found) - len(named)
    rest = [index for index in range(len(pushed)) if index not in found]
    if answer is not None and _adds_up(pushed, answer, named, standing):
        left = _left(answer, standing)
        reasons = _own_checks(pushed, rest, left, blocked)
        rest = [index for index in rest if index not in reasons]
        found |= reasons | _by_counts(rest, left, in_doubt=sent_before and listed is None)
    return tuple(found.get(index, Outcome.UNKNOWN) for index in range(len(pushed)))


def _named(pushed: Sequence[NewLead], answer: AddedLeads | None) -> dict[int, Outcome]:
    """The leads that the answer names as added: each by a place that is named once, with its own address."""
    created = answer.created if answer else ()
    places = Counter(one.index for one in created)
    return {
        one.index: Outcome.ADDED
        for one in created
        if places[one.index] == 1 and 0 <= one.index < len(pushed) and _same(one.email, pushed[one.index].email)
    }


def _standing(pushed: Sequence[NewLead], campaign: str, listed: Iterable[Lead]) -> dict[int, Outcome]:
    """The leads whose address stands in the campaign: added with our key, else there before."""
    keys: dict[str, set[object]] = {}
    for lead in listed:
        if lead.campaign == campaign:
            keys.setdefault(_plain(lead.email), set()).add(lead.variables.get(KEY))
    return {
        index: Outcome.ADDED if lead.key and lead.key in keys[_plain(lead.email)] else Outcome.DUPLICATE
        for index, lead in enumerate(pushed)
        if lead.email and _plain(lead.email) in keys
    }


def _adds_up(pushed: Sequence[NewLead], answer: AddedLeads, named: Mapping[int, Outcome], standing: int) -> bool:
    """Whether the counts are of this push, all of it is in them, and they have room for those that stand there."""
    whole = answer.total == len(pushed) == answer.uploaded + answer.left_out
    room = answer.duplicated + answer.repeated + answer.skipped
    return whole and answer.uploaded == len(answer.created) == len(named) and standing <= room


def _left(answer: AddedLeads, standing: int) -> Counter[Outcome]:
    """The counts without those whose outcome is known although they were left out.

    One that stands in the campaign was left out as a duplicate, or was skipped; which, the answer does not say.
    """
    there = answer.duplicated + answer.repeated
    of_duplicates = min(standing, there)
    return Counter(
        {
            Outcome.DUPLICATE: there - of_duplicates,
            Outcome.SKIPPED: answer.skipped - (standing - of_duplicates),
            Outcome.BLOCKED: answer.blocked,
            Outcome.INVALID: answer.invalid + answer.incomplete,
        }
    )


def _own_checks(
    pushed: Sequence[NewLead], rest: Sequence[int], left: Counter[Outcome], blocked: Collection[str]
) -> dict[int, Outcome]:
    """The reasons that our own checks give, each only where the counts have room for all that it is given to."""
    first: dict[str, int] = {}
    for index, lead in enumerate(pushed):
        first.setdefault(_plain(lead.email), index)
    stopped = frozenset(map(_plain, blocked))
    checks = {
        Outcome.INVALID: [index for index in rest if not well_formed(pushed[index].email)],
        Outcome.DUPLICATE: [index for index in rest if first[_plain(pushed[index].email)] < index],
        Outcome.BLOCKED: [index for index in rest if _is_blocked(pushed[index].email, stopped)],
    }
    reasons: dict[int, Outcome] = {}
    for reason, indexes in checks.items():
        new = [index for index in indexes if index not in reasons]
        if len(new) <= left[reason]:
            reasons |= dict.fromkeys(new, reason)
            left[reason] -= len(new)
    return reasons


def _by_counts(rest: Sequence[int], left: Counter[Outcome], *, in_doubt: bool) -> dict[int, Outcome]:
    """What the counts say of the rest: the one reason that is left, else that none is told.

    Args:
        rest: The leads that are left.
        left: The counts that are left.
        in_doubt: Whether one that is there already may be ours.
    """
    reasons = [reason for reason, count in left.items() if count]
    if in_doubt and (left[Outcome.DUPLICATE] or left[Outcome.SKIPPED]):
        return {}
    only = reasons[0] if len(reasons) == 1 else Outcome.SKIPPED
    return dict.fromkeys(rest, only)


def _is_blocked(address: str, stopped: frozenset[str]) -> bool:
    plain = _plain(address)
    return plain in stopped or plain.rpartition("@")[2] in stopped


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and _plain(one) == _plain(other)


def _plain(address: str) -> str:
    return address.strip().lower()
