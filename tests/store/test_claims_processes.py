"""Claims of several processes on one database: races, a process that is killed, a disk that is full."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sheets_crm.claims.claim_states import ClaimState
from sheets_crm.claims.values import StoreClaim
from sheets_crm.store import opening
from sheets_crm.store.claims import StoredClaims
from tests.claims.world import enrolment
from tests.store.test_claims import confirmed, pending

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 30, 9, tzinfo=UTC)
MANY = 120

BEGINS = """
import os, signal, sys, time
from datetime import UTC, datetime
from pathlib import Path
from sheets_crm.claims.values import Pending
from sheets_crm.store.access import Store
from sheets_crm.store.claims import StoredClaims
address, state_dir, worker = sys.argv[1:4]
claims = StoredClaims(Store(address, Path(state_dir)), "book")
at = datetime(2026, 11, 30, 9, tzinfo=UTC)
claims.open_claims()
print("ready", flush=True)
sys.stdin.readline()
"""
HANDS_OVER = "print(*[i for i in IDS if claims.begin_hand_over(i, 1, at)])"
RELEASES = "print(*[i for i in IDS if claims.release([i])])"
RAISES = """
pending = [Pending(epoch=n, token=f"{worker}/{n}", sequence=n, becomes=n + 1) for n in range(2, 82)]
print(*[each.epoch for each in pending if claims.raise_epoch(each)])
"""


def claimed(n, epoch=1):
    return StoreClaim(
        row=replace(enrolment(n), claim=ClaimState.CLAIMED, claimed_at=AT, epoch=epoch), caps=("cap",)
    )


@pytest.fixture
def claims(place):
    claims = StoredClaims(place.store(), "book")
    confirmed(claims, 1, *map(claimed, range(1, MANY + 1)))
    return claims


def ids():
    return [f"N-{n:04d}.1.1" for n in range(1, MANY + 1)]


def raced(place, *scripts):
    """What each of several processes printed, that began at the same moment."""
    address, folder = place.address, place.state_dir
    begin = BEGINS + f"\nIDS = {ids()}\n"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", begin + script, address, folder, f"worker-{n}"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n, script in enumerate(scripts)
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    printed = [process.communicate(timeout=120)[0].split() for process in processes]
    assert [process.returncode for process in processes] == [0] * len(scripts)
    return printed


@pytest.mark.long
def test_of_two_workers_one_gets_each_message(place, claims):
    one, other = raced(place, HANDS_OVER, HANDS_OVER)
    assert sorted(one + other) == ids()


@pytest.mark.long
def test_a_message_is_released_or_handed_over_and_never_both(place, claims):
    begun, released = raced(place, HANDS_OVER, RELEASES)
    assert sorted(begun + released) == ids()
    known = claims.open_claims()
    assert {key for key, claim in known.items() if claim.released} == set(released)
    assert {key for key, claim in known.items() if claim.handing_at} == set(begun)


@pytest.mark.long
def test_of_two_workers_one_raises_each_epoch(place, claims):
    one, other = raced(place, RAISES, RAISES)
    assert len(one + other) == len({*one, *other})
    facts = claims.facts()
    assert {f"{each.epoch}" for each in facts.pending} == {*one, *other}
    tokens = {each.token for each in facts.pending}
    assert tokens == {f"worker-{n}/{epoch}" for n, epochs in enumerate((one, other)) for epoch in epochs}
    assert facts.raised == 81


DIES = """
claims.lease(worker, at, at.replace(hour=10))
assert claims.begin_hand_over(IDS[0], 1, at)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.long
def test_what_a_killed_process_had_noted_stands(place, claims):
    begin = BEGINS.replace("sys.stdin.readline()", f"IDS = {ids()}") + DIES
    done = subprocess.run(
        [sys.executable, "-c", begin, place.address, place.state_dir, "worker"],
        cwd=ROOT,
        check=False,
        env=os.environ,
        capture_output=True,
    )
    assert done.returncode == -9
    assert claims.open_claims()["N-0001.1.1"].handing_at == AT
    assert not claims.begin_hand_over("N-0001.1.1", 1, AT)
    assert not claims.lease("another", AT, AT.replace(hour=10))
    assert claims.lease("another", AT.replace(hour=10), AT.replace(hour=11))


def test_a_full_disk_leaves_claims_as_they_were(file_place, monkeypatch):
    claims = StoredClaims(file_place.store(), "book")
    confirmed(claims, 1, claimed(1))
    before = claims.facts()
    configure = opening._configure_sqlite

    def small(connection, record):
        configure(connection, record)
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 1}").close()

    monkeypatch.setattr(opening, "_configure_sqlite", small)
    full = StoredClaims(file_place.store(), "book")
    with pytest.raises(OSError, match="No space left"):
        full.raise_epoch(pending(2, *(claimed(n, epoch=2) for n in range(2, 400))))
    monkeypatch.undo()
    assert claims.facts() == before
    assert claims.begin_hand_over("N-0001.1.1", 1, AT)
