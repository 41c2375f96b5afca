"""The rows of Conversations as values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.features.conversation_rows import HeardMail, after_mails, is_over, suggested_class, woken

DAY = 46_000.0


def mail(at, *, received=True, automatic=False, text="", suggested=""):
    return HeardMail(
        channel="instantly",
        lead=1,
        at=DAY + at,
        received=received,
        automatic=automatic,
        text=text,
        suggested=suggested,
    )


def row_after(*mails, row=None):
    before = dict(row or {})
    return {**before, **after_mails(before, mails)}


def test_a_reply_is_our_turn_and_an_answer_theirs():
    row = row_after(mail(1, text="Hola"))
    assert (row["state"], row["unread"], row["last_message"]) == ("waiting_us", 1, "Hola")
    row = row_after(mail(2, received=False, text="Buenas"), row=row)
    assert (row["state"], row["unread"], row["last_out_at"]) == ("waiting_them", 0, DAY + 2)


def test_a_machine_that_answers_is_nobodys_turn():
    assert row_after(mail(1, automatic=True, text="Fuera"))["state"] == "waiting_them"
    row = row_after(mail(1, text="Hola"), mail(2, automatic=True, text="Fuera"))
    assert (row["state"], row["unread"], row["earlier"]) == ("waiting_us", 1, "Hola")


def test_the_inbox_tells_the_same_reply_minutes_later_and_with_more_text():
    row = row_after(mail(1), mail(1 + 5 / 1440, text="Sí, llámame"))
    assert (row["unread"], row["last_message"], row["last_in_at"]) == (1, "Sí, llámame", DAY + 1)
    row = row_after(mail(1, text="Sí"), mail(1 + 5 / 1440, text="Sí, llámame"))
    assert row["unread"] == 1
    assert row_after(mail(1, text="Sí"), mail(1 + 5 / 1440, text="No"))["unread"] == 2


def test_an_answer_from_before_the_reply_leaves_it_our_turn():
    row = row_after(mail(2, text="Hola"), mail(1, received=False))
    assert (row["state"], row["last_out_at"]) == ("waiting_us", DAY + 1)
    late = row_after(mail(1, received=False), row=row_after(mail(2, text="Hola")))
    assert late["state"] == "waiting_us"


def test_a_new_reply_opens_what_was_closed_and_our_own_mail_does_not():
    closed = {**row_after(mail(1, text="Hola")), "state": "closed", "unread": 0}
    assert row_after(mail(2, text="Otra"), row=closed)["state"] == "waiting_us"
    assert row_after(mail(2, received=False), row=closed)["state"] == "closed"


def test_long_texts_are_cut_and_lines_are_one():
    row = row_after(mail(1, text="a\n\nb " + "x" * 600))
    assert len(row["last_message"]) == 500
    assert row["last_message"].startswith("a b xxx")
    assert row["last_message"].endswith("…")


MAILS = st.builds(
    mail,
    st.integers(0, 20),
    received=st.booleans(),
    automatic=st.booleans(),
    text=st.sampled_from(["", "Hola", "Vale", "No"]),
)


@pytest.mark.long
@given(st.lists(MAILS, max_size=8))
def test_the_same_mails_once_more_change_nothing(mails):
    row = row_after(*mails)
    assert after_mails(row, mails) == {}


@pytest.mark.long
@given(st.lists(MAILS, max_size=8), st.randoms())
def test_the_order_within_one_import_is_of_no_matter(mails, chance):
    shuffled = list(mails)
    chance.shuffle(shuffled)
    # Two that are of one moment and differ in nothing but their text have no order of their own.
    one = {(each.at, each.received): each for each in mails}
    assert row_after(*one.values()) == row_after(
        *[each for each in shuffled if one[each.at, each.received] == each]
    )


def test_a_snoozed_one_wakes_on_its_day():
    row = {"state": "snoozed", "snooze_until": 46_010}
    assert woken(row, 46_009) == {}
    assert woken(row, 46_010) == {"state": "waiting_us"}
    assert woken({"state": "closed", "snooze_until": 46_000}, 46_010) == {}


def test_closed_ones_leave_after_thirty_days_unless_somebody_wrote_into_them():
    row = {"state": "closed", "last_in_at": 46_000.0}
    assert not is_over(row, 46_029.0)
    assert is_over(row, 46_031.0)
    assert not is_over({**row, "rep": "Ana"}, 46_031.0)
    assert not is_over({**row, "state": "waiting_us"}, 46_031.0)
    assert not is_over({**row, "last_out_at": 46_020.0}, 46_031.0)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("BAJA", "unsubscribe"),
        ("Dar de baja.", "unsubscribe"),
        ("unsubscribe", "unsubscribe"),
        ("¿Cuánto cuesta?", "question"),
        ("Me interesa", ""),
        ("La planta baja está libre", ""),
        ("Sí\n> ¿Te llamo?", ""),
    ],
)
def test_words_suggest_a_class_only_where_they_are_plain(text, suggested):
    assert suggested_class(text, automatic=False) == suggested
    assert suggested_class(text, automatic=True) == "out_of_office"
