"""What e-mail finders and verifiers bring."""

import pytest
from import_samples import (
    LATER,
    NOW,
    VERIFICATION,
    cells,
    counts,
    imported,
    people,
    person,
    reasons,
    sent,
    verified,
)

from sheets_crm.pipeline.imports.names import cleaned
from sheets_crm.pipeline.imports.vocabulary import DEFAULT_VOCABULARY, Vocabulary

STATE = ("verification_sent", "verification_status", "verification_sent_at", "verification_completed_at")
EMAIL = ("email", "email_validation", "validation_success")


def rows(*given, header=VERIFICATION):
    return [list(header), *map(list, given)]


def test_a_verdict_completes_the_step():
    leads = sent(people(3), "verification", 1, 2, batch="V-0001")
    outcome = imported(leads, rows(["1", "ana@ejemplo.es", "valid", "TRUE"], ["2", "", "not_found", "FALSE"]))
    assert (counts(outcome), outcome.touched, outcome.not_sent) == ({"updated": 2}, {1, 2}, 0)
    assert cells(outcome, 1, *EMAIL) == ("ana@ejemplo.es", "valid", True)
    assert cells(outcome, 2, *EMAIL) == ("", "not_found", False)
    assert cells(outcome, 1, *STATE) == (True, "completed", NOW, LATER)
    assert cells(outcome, 1, "verification_batch", "updated_at") == ("V-0001", LATER)
    assert cells(outcome, 1, "firstName_cleaned", "lastName_cleaned") == ("Ana", "Prueba")
    assert cells(outcome, 3, "updated_at") == NOW


def test_the_same_drop_again_changes_nothing():
    grid = rows(["1", "ana@ejemplo.es", "valid", "TRUE"], ["2", "", "", ""], ["3", "", "pending", ""])
    once = imported(sent(people(3), "verification", 1, 2, 3), grid)
    again = imported(once.leads, grid, now=LATER + 5)
    assert (counts(again), again.touched) == ({"unchanged": 3}, frozenset())
    assert again.leads.equals(once.leads)


def test_a_lead_never_marked_as_sent_is_marked_as_both():
    outcome = imported(people(1), rows(["1", "ana@ejemplo.es", "valid", ""]))
    assert (counts(outcome), outcome.not_sent) == ({"updated": 1}, 1)
    assert cells(outcome, 1, *STATE, "verification_batch") == (True, "completed", LATER, LATER, "")


def test_no_verdict_at_all_means_processed_without_an_email():
    outcome = imported(sent(people(1), "verification", 1), rows(["1", "", "", ""]))
    assert cells(outcome, 1, *EMAIL, "verification_status") == ("", "", False, "completed")


def test_a_blank_takes_nothing_back():
    outcome = imported(verified(1), rows(["1", "", "", ""]))
    assert (counts(outcome), cells(outcome, 1, *EMAIL)) == (
        {"updated": 1},
        ("lead1@ejemplo.es", "valid", True),
    )


def test_pending_stays_processing():
    outcome = imported(
        sent(people(2), "verification", 1), rows(["1", "", "Pending", ""], ["2", "", "in progress", ""])
    )
    assert (outcome.pending, outcome.not_sent) == (2, 1)
    assert cells(outcome, 1, "verification_status", "validation_success", "email_validation") == (
        "processing",
        "",
        "Pending",
    )
    assert cells(outcome, 2, *STATE) == (True, "processing", LATER, "")
    done = imported(outcome.leads, rows(["1", "ana@ejemplo.es", "valid", ""]), now=LATER + 1)
    assert cells(done, 1, "verification_status", "email_validation") == ("completed", "valid")
    stale = imported(done.leads, rows(["1", "", "pending", ""]))
    assert (counts(stale), stale.pending) == ({"unchanged": 1}, 1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("header", "word", "success"),
    [
        ("validation", "valid", True),  # Anymailfinder
        ("validation", "risky", False),
        ("email_status", "blacklisted", False),
        ("verified", "true", True),  # Findymail
        ("verified", "FALSE", False),
        ("verified", "1", True),
        ("qualification", "nominative@pro", True),  # Dropcontact
        ("qualification", "catch_all@pro", False),
        ("qualification", "random@invalid", False),
        ("certainty", "ULTRA_SURE", True),  # Icypeas
        ("certainty", "probable", False),
        ("email_validation", "0", True),  # NeverBounce
        ("email_validation", "catchall", False),
        ("ZB Status", "valid", True),  # ZeroBounce
        ("ZB Status", "catch-all", False),
        ("ZB Status", "do_not_mail", False),
        ("ZB Status", "spamtrap", False),
        ("quality", "good", True),  # MillionVerifier
        ("Verification Status", "accept_all", False),  # Hunter
        ("Verification Status", "Deliverable", True),
        ("email_validation", "verified", True),  # Instantly
        ("email_validation", "safe", True),  # Reoon
        ("email_validation", "unknown", False),
        ("email_validation", "Verdadero", True),
    ],
)
def test_the_vendors_word_is_kept_beside_what_it_means(header, word, success):
    outcome = imported(people(1), [["LeadNumber", "email", header], ["1", "ana@ejemplo.es", word]])
    assert cells(outcome, 1, *EMAIL) == ("ana@ejemplo.es", word, success)


def test_a_plain_status_beside_a_column_of_verdicts_counts_only_if_it_is_one():
    header = ["LeadNumber", "email", "certainty", "status"]
    grid = [header, ["1", "a@b.es", "sure", "DEBITED"], ["2", "", "", "NOT_FOUND"], ["3", "", "", "IN_PROGRESS"]]
    outcome = imported(people(4), [*grid, ["4", "", "", "Row done"]])
    assert outcome.leads["email_validation"].tolist() == ["sure", "NOT_FOUND", "IN_PROGRESS", ""]
    assert outcome.leads["validation_success"].tolist() == [True, False, "", False]
    alone = imported(people(1), [["email", "quality", "result", "LeadNumber"], ["a@b.es", "bad", "Row done", "1"]])
    assert reasons(alone) == ["unknown_verdict"]


@pytest.mark.parametrize(
    ("word", "explicit", "success"),
    [
        ("", "TRUE", True),
        ("", "sí", True),
        ("", "FALSO", False),
        ("own word", "TRUE", True),
        ("valid", "FALSE", False),
        ("risky", "TRUE", False),
        ("", "deliverable", True),
    ],
)
def test_an_explicit_success_and_the_word_have_to_agree(word, explicit, success):
    outcome = imported(people(1), rows(["1", "ana@ejemplo.es", word, explicit]))
    assert cells(outcome, 1, "validation_success") is success


def test_a_word_nobody_knows_is_rejected_until_the_vocabulary_has_it():
    grid = rows(["1", "ana@ejemplo.es", "superduper", ""], ["1", "", "", "quizá"])
    assert reasons(imported(people(1), grid)) == ["unknown_verdict", "not_a_flag"]
    table = [*DEFAULT_VOCABULARY.rows(), ["Super Duper", "valid", ""], ["risky", "risky", "TRUE"]]
    assert Vocabulary.from_rows(table).problems[0].code == "vocabulary_twice"
    words = Vocabulary.from_rows([["superduper", "valid", "x"]])
    assert cells(imported(people(1), grid[:2], vocabulary=words), 1, "validation_success") is True


def test_an_operator_can_let_risky_count():
    table = [
        [word, meaning, True if meaning == "risky" else counts]
        for word, meaning, counts in DEFAULT_VOCABULARY.rows()
    ]
    outcome = imported(people(1), rows(["1", "a@b.es", "risky", "TRUE"]), vocabulary=Vocabulary.from_rows(table))
    assert cells(outcome, 1, "validation_success") is True


def test_the_vocabulary_survives_its_tab():
    table = DEFAULT_VOCABULARY.rows()
    read = Vocabulary.from_rows([["word", "normalised", "counts as success"], [], *table])
    assert dict(read) == dict(DEFAULT_VOCABULARY)
    assert read.problems == ()


def test_bad_rows_of_the_vocabulary_are_listed():
    read = Vocabulary.from_rows(
        [["", "valid", ""], ["a", "goodish", ""], ["b", "valid", "maybe"], ["ok", "valid", True]]
    )
    assert [problem.code for problem in read.problems] == [
        "vocabulary_no_word",
        "vocabulary_bad_meaning",
        "vocabulary_bad_flag",
    ]
    assert dict(read) == {"ok": ("valid", True)}


def test_rows_are_matched_by_url_and_by_email():
    header = ["personSalesUrl", "personLinkedinUrl", "email", "email_validation"]
    one = [person(1)["profileUrl"].split(",")[0], "", "new1@ejemplo.es", "valid"]
    two = ["", "http://es.linkedin.com/in/ANA-prueba-2/?x", "new2@ejemplo.es", "valid"]
    three = ["", "", "LEAD3@ejemplo.es", "risky"]
    outcome = imported(verified(3), [header, one, two, three])
    assert counts(outcome) == {"updated": 3}
    assert outcome.leads["email"].tolist() == ["new1@ejemplo.es", "new2@ejemplo.es", "LEAD3@ejemplo.es"]


def test_the_email_that_is_found_is_no_key_beside_another():
    outcome = imported(verified(2), rows(["2", "lead1@ejemplo.es", "valid", ""]))
    assert cells(outcome, 2, "email") == "lead1@ejemplo.es"
    shared = imported(outcome.leads, rows(["", "lead1@ejemplo.es", "risky", ""]))
    assert reasons(shared) == ["key_at_several"]
    assert shared.rejects["params"][0] == {"column": "email", "lead": "1, 2"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["99", "", "a@b.es"], "unknown_lead"),
        (["abc", "", "a@b.es"], "bad_lead_number"),
        (["1.5", "", "a@b.es"], "bad_lead_number"),
        (["-1", "", "a@b.es"], "bad_lead_number"),
        (["1", "T2", "a@b.es"], "target_differs"),
        (["", "", "nobody@ejemplo.es"], "unknown_lead"),
        (["", "", ""], "no_key"),
    ],
)
def test_a_row_that_is_nobodys_is_rejected(row, reason):
    outcome = imported(verified(2), [["LeadNumber", "TargetID", "email", "email_validation"], [*row, "valid"]])
    assert reasons(outcome) == [reason]
    assert outcome.rejects["row"].tolist() == [2]
    assert outcome.rejects[[0, 1, 2, 3]].to_numpy().tolist() == [[*row, "valid"]]
    assert outcome.touched == frozenset()


def test_lead_numbers_that_sheets_turned_into_numbers():
    grid = [["LeadNumber", "email", "email_validation"], [1.0, "a@b.es", "valid"], ["002.0", "c@d.es", "valid"]]
    assert counts(imported(people(2), grid)) == {"updated": 2}


def test_keys_that_disagree():
    header = ["LeadNumber", "personSalesUrl", "email", "email_validation"]
    outcome = imported(people(3), [header, ["1", person(2)["profileUrl"], "a@b.es", "valid"]])
    assert reasons(outcome) == ["keys_disagree"]
    header = ["personSalesUrl", "personLinkedinUrl", "email", "email_validation"]
    outcome = imported(people(3), [header, [person(1)["profileUrl"], "linkedin.com/in/ana-prueba-2", "", "valid"]])
    assert reasons(outcome) == ["keys_disagree"]


def test_the_later_of_two_rows_counts_and_the_pair_again_changes_nothing():
    grid = rows(["1", "old@ejemplo.es", "risky", ""], ["1", "new@ejemplo.es", "valid", ""])
    once = imported(people(1), grid)
    assert cells(once, 1, *EMAIL) == ("new@ejemplo.es", "valid", True)
    again = imported(once.leads, grid, now=LATER + 9)
    assert (counts(again), again.touched) == ({"unchanged": 2}, frozenset())
    assert again.leads.equals(once.leads)


def test_the_tools_cleaned_names_come_before_derived_ones():
    header = [*VERIFICATION, "firstName_cleaned"]
    outcome = imported(people(1), [header, ["1", "a@b.es", "valid", "", "Anita"]])
    assert cells(outcome, 1, "firstName_cleaned", "lastName_cleaned") == ("Anita", "Prueba")


@pytest.mark.parametrize(
    ("first", "clean"),
    [
        ("Ana", "Ana"),
        ("ANA MARÍA", "Ana María"),
        ("Dra. MARÍA DEL MAR 🚀", "María del Mar"),
        ("josé luis", "José Luis"),
        ("J. R.", "J. R."),
        ("MJ", "MJ"),
        ("Ana (she/her)", "Ana"),
        ("ANNE-MARIE", "Anne-Marie"),
        ("🚀", ""),
        ("", ""),
        ("李明", "李明"),
    ],
)
def test_first_names(first, clean):
    assert cleaned(first, last=False) == clean


@pytest.mark.parametrize(
    ("last", "clean"),
    [
        ("Prueba, MBA", "Prueba"),
        ("Prueba MBA", "Prueba"),
        ("Prueba Ph.D.", "Prueba"),
        ("GARCÍA-LÓPEZ PhD", "García-López"),
        ("DE LA CRUZ", "de la Cruz"),
        ("de la cruz garcía", "de la Cruz García"),
        ("van der Berg", "van der Berg"),
        ("O'NEILL", "O'Neill"),
        ("MCDONALD", "McDonald"),
        ("Puig i Cadafalch", "Puig i Cadafalch"),
        ("Prueba | Growth", "Prueba"),
        ("MA", "Ma"),
    ],
)
def test_last_names(last, clean):
    assert cleaned(last, last=True) == clean


def test_an_email_that_the_drop_itself_brings_is_the_key_from_then_on():
    grid = rows(
        ["1", "new@ejemplo.es", "valid", ""],
        ["", "NEW@ejemplo.es", "risky", ""],
        ["", "lead1@ejemplo.es", "valid", ""],
    )
    outcome = imported(verified(2), grid)
    assert (counts(outcome), reasons(outcome)) == ({"updated": 2, "rejected": 1}, ["unknown_lead"])
    assert cells(outcome, 1, "email", "email_validation") == ("NEW@ejemplo.es", "risky")
