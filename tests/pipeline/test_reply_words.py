"""The words of ``instantly_status``: their ranks, what they count as, and the texts that list them."""

from sheets_crm.messages import localize
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.imports.words import instantly_status, interest_status, lead_status
from sheets_crm.pipeline.reply_words import CONVERSIONS, LISTED, POSITIVES, RANK, REPLIED, REPLIES


def test_ranks_are_the_specifications():
    weakest_first = [
        {""},
        {"sent", "not contacted"},
        {"contacted"},
        {"bounced"},
        {"unsubscribed"},
        {"negative reply", "positive reply"},
        {"converted"},
    ]
    assert {word: rank for rank, words in enumerate(weakest_first) for word in words} == RANK


def test_what_counts_in_which_ratio():
    assert set(REPLIED) == {"positive reply", "negative reply", "converted"}
    assert set(POSITIVES) == {"positive reply", "converted"}
    assert CONVERSIONS == ("converted",)


def test_no_spelling_and_no_code_means_two_words():
    for read in (
        [header_key(word) for reply in REPLIES for word in reply.spoken.split(",")],
        [code for reply in REPLIES for code in reply.interest],
        [code for reply in REPLIES for code in reply.lead_status],
    ):
        assert len(read) == len(set(read))


def test_every_word_and_code_is_read_as_the_word_that_declares_it():
    for reply in REPLIES:
        assert {instantly_status(spoken) for spoken in (reply.word, *reply.spoken.split(","))} == {reply.word}
        assert {interest_status(code) for code in reply.interest} <= {reply.word}
        assert {lead_status(f"{code}.0") for code in reply.lead_status} <= {reply.word}


def test_operators_are_told_the_words_in_both_languages():
    for code in ("unknown_status.remedy", "blank_status.remedy"):
        assert localize(code, "en", **LISTED) == (
            "Enter sent, not contacted, contacted, bounced, unsubscribed, positive reply, negative reply or converted "
            "here and tick retry."
        )
        assert localize(code, "es", **LISTED) == (
            "Escribe sent, not contacted, contacted, bounced, unsubscribed, positive reply, negative reply o converted "
            "aquí y marca reintentar."
        )
