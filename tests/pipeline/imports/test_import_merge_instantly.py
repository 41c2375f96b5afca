"""What Instantly says of the leads it was given."""

import json

import pytest
from import_samples import INSTANTLY, LATER, NOW, cells, counts, imported, reasons, sent, table, verified

from sheets_crm.pipeline.leads import put

STATUS = ("instantly_status", "instantly_status_at", "instantly_step_status")


def contacted(*numbers):
    done = {"company_scrap_status": "completed", "box1_status": "completed", "box1_result": "HIT"}
    return sent(put(verified(4), [1, 2, 3, 4], done), "instantly", *(numbers or (1, 2, 3, 4)))


def words(*pairs):
    return [["LeadNumber", "instantly_status"], *([str(number), word] for number, word in pairs)]


def status_after(leads, *lines, **settings):
    for line in lines:
        leads = imported(leads, words((1, line)), **settings).leads
    return cells(leads, 1, "instantly_status")


@pytest.mark.long
@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("sent", "sent"),
        ("Enviado", "sent"),
        ("Not contacted", "not contacted"),
        ("no contactado", "not contacted"),
        ("Contacted", "contacted"),
        ("contactado", "contacted"),
        ("positive_reply", "positive reply"),
        ("Respuesta positiva", "positive reply"),
        ("Interested", "positive reply"),
        ("Meeting Booked", "positive reply"),
        ("respuesta negativa", "negative reply"),
        ("Not Interested", "negative reply"),
        ("Wrong Person", "negative reply"),
        ("Converted", "converted"),
        ("convertido", "converted"),
        ("Won", "converted"),
        ("lead_interested", "positive reply"),
        ("lead_closed", "converted"),
        ("reply_received", "contacted"),
        ("lead_unsubscribed", "unsubscribed"),
        ("email_bounced", "bounced"),
        ("out of office", "contacted"),
    ],
)
def test_the_words(word, status):
    outcome = imported(contacted(1), words((1, word)))
    assert cells(outcome, 1, "instantly_status") == status
    expected = ("sent", NOW, "processing") if status == "sent" else (status, LATER, "completed")
    assert cells(outcome, 1, *STATUS) == expected


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ({"lt_interest_status": "4"}, "converted"),
        ({"lt_interest_status": "1"}, "positive reply"),
        ({"lt_interest_status": "3.0"}, "positive reply"),
        ({"lt_interest_status": "-1", "status": "3"}, "negative reply"),
        ({"lt_interest_status": "-4"}, "negative reply"),
        ({"lt_interest_status": "0", "status": "1"}, "not contacted"),
        ({"status": "1", "email_reply_count": "0"}, "not contacted"),
        ({"status": "1", "email_reply_count": "2"}, "contacted"),
        ({"status": "1", "timestamp_last_contact": "2026-11-01T10:00:00Z"}, "contacted"),
        ({"status": "-1", "timestamp_last_contact": "2026-11-01T10:00:00Z"}, "bounced"),
        ({"status": "-2"}, "unsubscribed"),
        ({"status": "-2.0", "lt_interest_status": "0", "email_reply_count": "2"}, "unsubscribed"),
        ({"status": "Unsubscribed", "timestamp_last_contact": "2026-11-01T10:00:00Z"}, "unsubscribed"),
        ({"status": "Bounced", "email_reply_count": "1"}, "bounced"),
        ({"status": "-2", "lt_interest_status": "-1"}, "negative reply"),
        ({"status": "-3", "email_reply_count": "1"}, "not contacted"),
        ({"status": "Omitido", "timestamp_last_contact": "2026-11-01T10:00:00Z"}, "not contacted"),
        ({"status": "-3"}, "not contacted"),
        ({"status": "3"}, "contacted"),
        ({}, "not contacted"),
    ],
)
def test_the_codes_of_a_lead_list(row, status):
    outcome = imported(contacted(1), table(INSTANTLY, {"email": "LEAD1@ejemplo.es"} | row))
    assert cells(outcome, 1, "instantly_status") == status


def test_unknown_words_and_a_custom_labels_number_are_rejected():
    assert reasons(imported(contacted(), words((1, "quizá"), (2, "")))) == ["unknown_status", "blank_status"]
    rows = [
        {"email": "lead1@ejemplo.es", "lt_interest_status": "77"},
        {"email": "lead1@ejemplo.es", "status": "42"},
    ]
    assert reasons(imported(contacted(), table(INSTANTLY, *rows))) == ["unknown_status", "unknown_status"]


@pytest.mark.parametrize(
    ("label", "status"), [("positive", "positive reply"), ("Negative", "negative reply"), ("neutral", "contacted")]
)
def test_a_custom_label_is_read_by_its_kind(label, status):
    header = ["LeadNumber", "lt_interest_status", "interest_status_label"]
    assert cells(imported(contacted(), [header, ["1", "77", label]]), 1, "instantly_status") == status


@pytest.mark.long
def test_the_time_is_instantlys_in_the_workbooks_time_zone():
    row = {"email": "lead1@ejemplo.es", "lt_interest_status": "1", "timestamp_last_reply": "2026-11-20T11:00:00Z"}
    outcome = imported(contacted(1), table(INSTANTLY, row), time_zone="Europe/Madrid")
    assert cells(outcome, 1, *STATUS) == ("positive reply", 46346.5, "completed")
    assert imported(contacted(1), table(INSTANTLY, row)).leads.loc[1, "instantly_status_at"] == pytest.approx(
        46346 + 11 / 24
    )


@pytest.mark.long
def test_a_weaker_status_never_overwrites_a_stronger_one():
    assert status_after(contacted(), "converted", "contacted", "negative reply", "sent") == "converted"
    assert status_after(contacted(), "positive reply", "contacted", "not contacted") == "positive reply"
    assert status_after(contacted(), "contacted", "not contacted", "sent") == "contacted"
    assert status_after(contacted(), "not contacted", "sent") == "not contacted"
    assert status_after(contacted(), "negative reply", "converted") == "converted"
    assert status_after(contacted(), "bounced", "contacted", "not contacted", "sent") == "bounced"
    assert status_after(contacted(), "contacted", "bounced", "unsubscribed", "bounced") == "unsubscribed"
    assert status_after(contacted(), "unsubscribed", "negative reply", "unsubscribed") == "negative reply"


@pytest.mark.long
def test_what_an_earlier_version_wrote_of_a_bounce_stays_until_an_output_says_it_again():
    assert status_after(contacted(), "not contacted", "sent") == "not contacted"
    assert status_after(contacted(), "not contacted", "email_bounced") == "bounced"


@pytest.mark.long
def test_of_two_replies_the_newer_counts():
    assert status_after(contacted(), "positive reply", "negative reply") == "negative reply"
    header = ["LeadNumber", "instantly_status", "instantly_status_at"]
    first = imported(contacted(), [header, ["1", "positive reply", "2026-11-10 10:00:00"]])
    older = imported(first.leads, [header, ["1", "negative reply", "2026-11-09 10:00:00"]])
    newer = imported(first.leads, [header, ["1", "negative reply", "2026-11-11 10:00:00"]])
    assert cells(older, 1, "instantly_status") == "positive reply"
    assert cells(newer, 1, "instantly_status") == "negative reply"


@pytest.mark.parametrize(("word", "since"), [("contacted", 46336.5), ("negative reply", 46338.25)])
def test_contact_counts_since_the_last_contact_and_a_reply_since_the_last_reply(word, since):
    header = ["LeadNumber", "instantly_status", "last contacted", "timestamp_last_reply"]
    line = ["1", word, "2026-11-10 12:00:00", "2026-11-12 06:00:00"]
    assert cells(imported(contacted(), [header, line]), 1, *STATUS[:2]) == (word, since)


def test_the_same_drop_again_changes_nothing():
    grid = words(
        (1, "contacted"), (2, "positive reply"), (3, "sent"), (1, "positive reply"), (1, "negative reply")
    )
    once = imported(contacted(1, 2, 3), grid)
    again = imported(once.leads, grid, now=LATER + 1)
    assert (counts(again), again.touched) == ({"unchanged": 5}, frozenset())
    assert again.leads.equals(once.leads)


def test_a_lead_that_was_never_sent_is_marked_as_both():
    outcome = imported(contacted(1), words((2, "contacted"), (3, "sent")))
    assert outcome.not_sent == 2
    assert cells(outcome, 2, "instantly_sent", *STATUS) == (True, "contacted", LATER, "completed")
    assert cells(outcome, 3, "instantly_sent", *STATUS) == (True, "sent", LATER, "processing")


@pytest.mark.parametrize("header", ["payload", "Custom Variables"])
def test_the_lead_number_comes_back_among_the_custom_variables(header):
    payload = json.dumps({"leadNumber": 2, "TargetID": "T1", "x": None})
    grid = [
        ["email", header, "lt_interest_status"],
        ["other@ejemplo.es", payload, "1"],
        ["lead3@ejemplo.es", "{", "1"],
    ]
    outcome = imported(contacted(), grid)
    assert cells(outcome, 2, "instantly_status") == cells(outcome, 3, "instantly_status") == "positive reply"


def test_webhook_rows():
    grid = [
        ["lead_email", "event_type", "timestamp"],
        ["lead1@ejemplo.es", "lead_meeting_booked", "2026-11-20T12:00:00Z"],
    ]
    assert cells(imported(contacted(), grid), 1, *STATUS) == ("positive reply", 46346.5, "completed")


def test_an_email_that_belongs_to_another_lead_disagrees_with_the_number():
    grid = [["LeadNumber", "email", "instantly_status"], ["1", "lead2@ejemplo.es", "contacted"]]
    assert reasons(imported(contacted(), grid)) == ["keys_disagree"]
