"""The unified inbox: what campaigns sent, what came back, and answers."""

import pytest


@pytest.fixture
def thread(api, campaign):
    """A lead who was written to twice and answered; the mails, the newest first."""
    api.add(campaign, {"email": "ana@x.example", "first_name": "Ana", "custom_variables": {"LeadNumber": "7"}})
    api.happens("send", campaign=campaign["id"])
    api.forward(1)
    api.happens("reply", "ana@x.example", text="Tell me more")
    return api.ok("GET", "emails")["items"]


def test_mails_come_the_newest_first_with_who_wrote_to_whom(thread, campaign):
    received, sent = thread
    assert [mail["ue_type"] for mail in thread] == [2, 1]
    assert (sent["subject"], sent["body"]["html"], sent["body"]["text"]) == ("Hi Ana", "<p>No. 7</p>", "No. 7")
    assert (received["subject"], received["body"]["text"]) == ("Re: Hi Ana", "Tell me more")
    assert received["from_address_email"] == sent["to_address_email_list"] == "ana@x.example"
    assert received["eaccount"] == sent["eaccount"] == sent["from_address_email"]
    assert received["thread_id"] == sent["thread_id"]
    assert (received["is_unread"], sent["is_unread"], received["is_auto_reply"]) == (1, 0, 0)
    assert received["campaign_id"] == campaign["id"]


def test_mails_are_found(api, thread, campaign):
    received, sent = thread

    def found(**query):
        return [mail["id"] for mail in api.ok("GET", "emails", **query)["items"]]

    assert found(email_type="received") == [received["id"]]
    assert found(email_type="sent") == [sent["id"]]
    assert found(email_type="manual") == []
    assert found(is_unread="true") == [received["id"]]
    assert found(latest_of_thread="true") == [received["id"]]
    assert found(lead="ana@x.example") == found(campaign_id=campaign["id"]) == [received["id"], sent["id"]]
    assert found(lead="leo@x.example") == []
    assert found(search=f"thread:{sent['thread_id']}", sort_order="asc") == [sent["id"], received["id"]]
    assert found(search="thread:other") == []
    assert found(search="re: hi") == [received["id"]]
    assert found(min_timestamp_created=received["timestamp_created"]) == [received["id"]]
    assert found(max_timestamp_created=sent["timestamp_created"]) == [sent["id"]]
    assert found(eaccount=f"x@y.example,{sent['eaccount']}", limit=1) == [received["id"]]
    assert api.refused("GET", "emails", min_timestamp_created="soon")[0] == 400


def test_a_preview_has_no_body(api, thread):
    previews = api.ok("GET", "emails", preview_only="true")["items"]
    assert [("body" in mail, mail["content_preview"]) for mail in previews] == [
        (False, "Tell me more"),
        (False, "No. 7"),
    ]
    assert api.ok("GET", f"emails/{thread[0]['id']}")["body"]["text"] == "Tell me more"


def test_mails_come_in_pages(api, thread):
    first = api.ok("GET", "emails", limit=1)
    second = api.ok("GET", "emails", limit=1, starting_after=first["next_starting_after"])
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [mail["id"] for mail in thread]
    assert "next_starting_after" not in second


def answer_to(mail, **more):
    return {
        "eaccount": mail["eaccount"], "reply_to_uuid": mail["id"], "subject": "Re: Hi", "body": {"text": "Gladly"}, **more
    }  # fmt: skip


def test_an_answer_leaves_in_the_thread(api, thread):
    mail = api.ok("POST", "emails/reply", answer_to(thread[0]))
    assert (mail["ue_type"], mail["to_address_email_list"]) == (3, "ana@x.example")
    assert mail["thread_id"] == thread[0]["thread_id"]
    entry = api.sent(what="reply")[0]
    assert (entry["to"], entry["email_id"], entry["received"]) == (
        "ana@x.example",
        mail["id"],
        answer_to(thread[0]),
    )


def test_an_answer_to_somebody_who_wrote_from_elsewhere_goes_there(api, thread):
    api.happens("reply", "ana@x.example", text="Ask him", **{"from": "boss@x.example"})
    latest = api.ok("GET", "emails", limit=1)["items"][0]
    assert (latest["from_address_email"], latest["lead"]) == ("boss@x.example", "ana@x.example")
    assert api.ok("POST", "emails/reply", answer_to(latest))["to_address_email_list"] == "boss@x.example"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"reply_to_uuid": "019ffad2-0000-7000-8000-000000000000"}, 404),
        ({"reply_to_uuid": "x"}, 400),
        ({"eaccount": "stranger@y.example"}, 404),
        ({"body": {}}, 400),
        ({"body": {"markdown": "x"}}, 400),
    ],
)
def test_an_answer_that_cannot_leave_is_refused(api, thread, wrong, status):
    assert api.refused("POST", "emails/reply", answer_to(thread[0], **wrong))[0] == status
    assert api.sent(what="reply") == []


def test_a_mail_is_marked_as_read(api, thread):
    api.ok("PATCH", f"emails/{thread[0]['id']}", {"is_unread": 0})
    assert api.ok("GET", "emails", is_unread="true")["items"] == []
