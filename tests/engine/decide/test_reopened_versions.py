"""Reopening of a version: whom it touches is told, and who was sent to Instantly is left out unless it is asked for."""

import pytest
from snapshots import workbook

from sheets_crm.features.reopening import ReopenVersion, reopen_version, touched
from sheets_crm.pipeline.reply_words import CONVERTED
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS


def book():
    """Four leads of v1: one waits, two were sent, of which one is a conversion; and one that Box 1 never answered."""
    made = workbook().boxed(1, 2, 3, 4).sent("instantly", 2, 3).lead(3, instantly_status=CONVERTED)
    return made.lead(1, instantly_step_status="ready").lead(4, instantly_step_status="ready").scraped(5)


def reopening(*, also_sent=False):
    answers = []

    def act(working):
        done = reopen_version(working, ReopenVersion("V1", "new prompt", also_sent=also_sent))
        answers.extend(working.answers)
        return done

    return book().decide(command=act), answers


def test_whom_a_version_touches_is_counted():
    whom = touched(book().snapshot(), "v1", Schema(STEPS))
    assert whom.numbers == (1, 2, 3, 4)
    assert whom.sent == {2, 3}
    assert (whom.waiting, whom.converted) == (2, 1)


@pytest.mark.long
def test_leads_that_were_sent_are_left_out_and_told():
    outcome, answers = reopening()
    assert set(outcome.listed("box1")) >= {1, 4}
    assert not {2, 3} & set(outcome.listed("box1"))
    assert outcome.plan.summary.reopened == 2
    assert "2 HITs wait in Instantly Input, 2 were already sent to Instantly, 1 converted" in answers[0]
    assert "2 leads" in answers[1]
    assert "--also-sent" in answers[1].localized("es")


@pytest.mark.long
def test_with_also_sent_everybody_is_reopened():
    outcome, answers = reopening(also_sent=True)
    assert outcome.plan.summary.reopened == 4
    assert len(answers) == 1
