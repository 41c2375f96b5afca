"""The intake: what is stored stays until it is settled, once; bodies go when they are old."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import event, select, text

from sheets_crm.engine.intake import Count, Delivery, Outcome, Settled
from sheets_crm.store import intake, keeping, opening
from sheets_crm.store.schema import INTAKE
from sheets_crm.store.stored_intake import StoredIntake
from tests.store.conftest import NOW

AT = datetime.fromtimestamp(NOW, tz=UTC)


def delivery(n, body=b"{}", *, source="instantly", kind="email_sent", at=AT, key=...):
    return Delivery(source, kind, at, body, f"key-{n}" if key is ... else key)


@pytest.fixture
def store(place):
    return place.store()


@pytest.fixture
def own(store):
    return StoredIntake(store, "book")


def bodies(page):
    return [each.delivery.body for each in page]


def everything(own, **more):
    return own.page(rows=1_000, size=10**9, **more)


def settled(store, *each, workbook="book"):
    return store.write(lambda connection: intake.settle(connection, workbook, each, AT))


# -- stored


def test_a_delivery_comes_back_as_it_came(own):
    raw = bytes(range(256)) * 3
    sent = delivery(1, raw, kind="Llamar en enero")
    assert own.add([sent]) == 1
    (waiting,) = everything(own)
    assert waiting.delivery == sent


def test_what_has_the_same_key_is_stored_once_for_each_workbook_and_source(store, own):
    assert own.add([delivery(1), delivery(2), delivery(1)]) == 2
    assert own.add([delivery(2), delivery(3)]) == 1
    assert own.add([delivery(1, source="sendgrid")]) == 1
    assert StoredIntake(store, "another").add([delivery(1)]) == 1
    assert [each.delivery.key for each in everything(own)] == ["key-1", "key-2", "key-3", "key-1"]


def test_what_has_no_key_is_stored_each_time(own):
    assert own.add([delivery(0, key=None), delivery(0, key=None)]) == 2
    assert len(everything(own)) == 2


def test_nothing_is_stored_of_nothing(own):
    assert own.add([]) == 0
    assert everything(own) == []


def test_many_deliveries_are_one_transaction(place, own):
    engine = place.stores[0].engine()
    commits = []
    event.listen(engine, "commit", commits.append)
    assert own.add([delivery(n) for n in range(2_500)]) == 2_500
    assert len(commits) == 1


def test_what_fails_within_a_transaction_leaves_none_of_it(store, own):
    def fails(connection):
        intake.add(connection, "book", [delivery(n) for n in range(1_500)])
        raise KeyError

    with pytest.raises(KeyError):
        store.write(fails)
    assert own.counts() == []


# -- read


def test_a_page_has_so_many_rows_oldest_first_and_the_next_goes_on_after_it(own):
    own.add([delivery(n, b"%d" % n) for n in range(5)])
    first = own.page(rows=2, size=10**6)
    assert bodies(first) == [b"0", b"1"]
    assert bodies(own.page(first[-1].number, rows=10, size=10**6)) == [b"2", b"3", b"4"]


def test_a_page_has_so_many_bytes_but_one_delivery_at_least(own):
    own.add([delivery(1, b"a" * 10), delivery(2, b"b" * 10), delivery(3, b"c" * 11), delivery(4, b"d" * 99)])
    assert [len(body) for body in bodies(own.page(rows=10, size=20))] == [10, 10]
    assert [len(body) for body in bodies(own.page(rows=10, size=19))] == [10]
    last = own.page(rows=10, size=31)[-1].number
    assert [len(body) for body in bodies(own.page(last, rows=10, size=1))] == [99]


def test_a_page_that_is_bounded_reads_no_body_that_does_not_fit(store, own):
    own.add([delivery(n, b"x" * 1_000) for n in range(50)])

    def work(connection):
        rows = []
        event.listen(connection, "after_execute", lambda *args: rows.append(str(args[1])))
        page = intake.page(connection, "book", rows=50, size=2_500)
        return page, rows

    page, asked = store.read(work)
    assert len(page) == 2
    assert "length(" in asked[0]
    assert "<=" in asked[1]


def test_a_page_has_the_asked_sources_and_this_workbook_alone(store, own):
    own.add([delivery(1), delivery(2, source="sendgrid")])
    StoredIntake(store, "another").add([delivery(9)])
    assert [each.delivery.source for each in everything(own, sources=["sendgrid"])] == ["sendgrid"]
    assert len(everything(own)) == 2


# -- settled


def test_what_is_settled_waits_no_more_and_is_counted_by_what_it_was(store, own):
    own.add([delivery(1), delivery(2), delivery(3, kind="reply_received"), delivery(4)])
    one, two, three, _ = (each.number for each in everything(own))
    done = settled(
        store, Settled(one, Outcome.IMPORTED), Settled(two, Outcome.DUPLICATE), Settled(three, Outcome.REFUSED, "no JSON")
    )  # fmt: skip
    assert done == {one, two, three}
    assert [each.delivery.key for each in everything(own)] == ["key-4"]
    assert own.counts() == [
        Count("instantly", "email_sent", "duplicate", 1),
        Count("instantly", "email_sent", "imported", 1),
        Count("instantly", "email_sent", "waiting", 1),
        Count("instantly", "reply_received", "refused", 1),
    ]
    assert StoredIntake(store, "another").counts() == []
    asked = select(INTAKE.c.settled_at, INTAKE.c.reason, INTAKE.c.body).where(INTAKE.c.intake_id == three)
    assert tuple(store.read(lambda c: c.execute(asked).one())) == (AT, "no JSON", b"{}")


def test_it_is_settled_once_and_in_its_own_workbook(store, own):
    own.add([delivery(1)])
    (waiting,) = everything(own)
    imported = Settled(waiting.number, Outcome.IMPORTED)
    assert settled(store, imported, workbook="another") == set()
    assert settled(store, imported) == {waiting.number}
    assert settled(store, Settled(waiting.number, Outcome.REFUSED, "late")) == set()
    assert [count.state for count in own.counts()] == ["imported"]


def test_it_waits_on_when_the_transaction_of_its_import_fails(store, own):
    own.add([delivery(1)])
    (waiting,) = everything(own)

    def fails(connection):
        assert intake.settle(connection, "book", [Settled(waiting.number, Outcome.IMPORTED)], AT) == {
            waiting.number
        }
        raise KeyError

    with pytest.raises(KeyError):
        store.write(fails)
    assert everything(own) == [waiting]


def test_a_repetition_of_what_was_settled_is_no_new_delivery(store, own):
    own.add([delivery(1)])
    settled(store, Settled(everything(own)[0].number, Outcome.IMPORTED))
    assert own.add([delivery(1)]) == 0
    assert everything(own) == []


@pytest.mark.long
def test_many_are_settled_at_once(store, own):
    own.add([delivery(n) for n in range(1_201)])
    numbers = {each.number for each in own.page(rows=2_000, size=10**6)}
    assert settled(store, *(Settled(number, Outcome.IMPORTED) for number in numbers)) == numbers


def test_a_body_that_may_not_stay_goes_when_it_is_settled(store, own):
    own.add([delivery(1, b"about somebody who is erased")])
    settled(store, Settled(everything(own)[0].number, Outcome.REFUSED, "erased", keeps_body=False))
    assert store.read(lambda c: c.execute(select(INTAKE.c.body)).scalars().all()) == [None]
    assert own.add([delivery(1, b"again")]) == 0


# -- several at once


def at_once(*works):
    """Do each in a thread of its own; return what they gave."""
    together = Barrier(len(works))

    def begin(work):
        together.wait(10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [each.result() for each in [pool.submit(begin, work) for work in works]]


def test_receivers_that_store_the_same_at_once_store_it_once(place):
    receivers = [StoredIntake(place.store(), "book") for _ in range(3)]
    deliveries = [delivery(n) for n in range(300)]
    new = at_once(*[lambda own=own: own.add(deliveries) for own in receivers])
    assert sum(new) == 300
    assert len(everything(receivers[0])) == 300


def test_runs_that_settle_the_same_at_once_settle_each_once(place):
    stores = [place.store() for _ in range(3)]
    StoredIntake(stores[0], "book").add([delivery(n) for n in range(200)])
    imported = [Settled(each.number, Outcome.IMPORTED) for each in everything(StoredIntake(stores[0], "book"))]
    done = at_once(*[lambda store=store: settled(store, *imported) for store in stores])
    assert sorted(number for each in done for number in each) == [each.number for each in imported]


# -- old bodies


def test_bodies_are_deleted_after_thirty_days_and_their_rows_stay(store, own):
    days = (31, 30.001, 29.9, 0)
    own.add([delivery(n, b"body %d" % n, at=AT - timedelta(days=age)) for n, age in enumerate(days)])
    done, *_ = everything(own)
    settled(store, Settled(done.number, Outcome.IMPORTED))
    assert own.delete_old_bodies() == 2
    asked = select(INTAKE.c.body, INTAKE.c.state, INTAKE.c.reason).order_by(INTAKE.c.intake_id)
    assert [tuple(row) for row in store.read(lambda c: c.execute(asked).all())] == [
        (None, "imported", ""),
        (None, "refused", "expired"),
        (b"body 2", "waiting", ""),
        (b"body 3", "waiting", ""),
    ]
    assert own.delete_old_bodies() == 0
    assert own.add([delivery(1)]) == 0


def test_old_bodies_are_deleted_from_the_files_of_backups_too(file_place):
    store = file_place.store()
    own = StoredIntake(store, "book")
    own.add([delivery(1, b"an old body", at=AT - timedelta(days=29)), delivery(2, b"a new body")])
    backup = keeping.back_up(store)
    assert b"an old body" in backup.read_bytes()
    file_place.now += 2 * 86_400
    assert own.delete_old_bodies() == 1
    for path in (*file_place.state_dir.rglob("*.db*"), backup):
        assert b"an old body" not in path.read_bytes(), path
    assert b"a new body" in backup.read_bytes()


# -- its tables


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("statement", "index"),
    [
        ("SELECT intake_id FROM intake WHERE workbook='b' AND state='waiting' AND intake_id>5 ORDER BY intake_id", "intake_by_state"),
        ("SELECT source, kind, state, count(*) FROM intake WHERE workbook='b' GROUP BY 1, 2, 3", "intake_by_kind"),
        ("SELECT 1 FROM intake WHERE received_at < '2026' AND body IS NOT NULL", "intake_by_time"),
    ],
)  # fmt: skip
def test_each_query_has_an_index(store, statement, index):
    plan = store.read(lambda c: c.execute(text(f"EXPLAIN QUERY PLAN {statement}")).all())
    assert index in str(plan)
    assert "TEMP B-TREE" not in str(plan)


def test_a_store_of_the_version_before_has_no_intake_and_is_refused(file_place):
    store = file_place.store()
    store.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '0003'")))
    with pytest.raises(opening.SettingsError, match="0003"):
        StoredIntake(file_place.store(), "book").add([delivery(1)])
