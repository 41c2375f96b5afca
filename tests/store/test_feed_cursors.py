"""How far feeds got: each workbook and feed has its own cursors, and they stay as they were saved."""

import pytest
from sqlalchemy import select

from sheets_crm.store import keeping
from sheets_crm.store.feed_cursors import StoredCursors
from sheets_crm.store.schema import FEED_CURSORS


@pytest.fixture
def cursors(place):
    """Makes cursors as another process has them."""
    return lambda workbook="book", feed="instantly": StoredCursors(place.store(), workbook, feed)


def test_a_new_store_has_none(cursors):
    assert cursors().load() == {}


def test_cursors_come_back_as_they_were_saved_and_others_stay(cursors):
    cursors().save({"mails": "2026-08-14T12:00:00Z", "labels": "añ"})
    cursors().save({"labels": "", "missed": "x" * 5_000})
    assert cursors().load() == {"mails": "2026-08-14T12:00:00Z", "labels": "", "missed": "x" * 5_000}


def test_nothing_is_saved_of_nothing(cursors):
    cursors().save({})
    cursors().delete([])
    assert cursors().load() == {}


def test_each_workbook_and_feed_has_its_own(cursors):
    others = (cursors("another"), cursors(feed="sendgrid"))
    for each in (cursors(), *others):
        each.save({"mails": "1"})
    cursors().save({"mails": "2"})
    cursors().delete(["mails", "none"])
    assert cursors().load() == {}
    assert [each.load() for each in others] == [{"mails": "1"}, {"mails": "1"}]


def test_the_moment_is_noted(place, cursors):
    cursors().save({"mails": "1"})
    place.now += 60
    cursors().save({"mails": "2"})
    (moment,) = place.store().read(lambda c: c.execute(select(FEED_CURSORS.c.saved_at)).scalars().all())
    assert moment.timestamp() == place.now


@pytest.mark.long
def test_a_restored_backup_has_the_cursors_of_its_moment(file_place):
    store = file_place.store()
    saved = StoredCursors(store, "book", "instantly")
    saved.save({"mails": "1"})
    backup = keeping.back_up(store)
    saved.save({"mails": "2"})
    keeping.restore(store, backup)
    assert StoredCursors(file_place.store(), "book", "instantly").load() == {"mails": "1"}
