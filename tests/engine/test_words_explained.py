"""A word of Vocabulary that rows of Rejected wait for: once it is there, all of them are tried again by themselves."""

import pytest

HEADER = ["LeadNumber", "email", "email_status"]


@pytest.fixture
def waiting(open_desk):
    """Three rows wait for a word, and one for something else."""
    desk = open_desk("sent")
    numbers = [row["LeadNumber"] for row in desk.rows("Verification Batch")][:3]
    rows = [[str(number), f"a{number}@acme.example", "rarísimo"] for number in numbers]
    desk.paste(HEADER, [*rows, ["99999", "b@acme.example", "valid"]])
    desk.sync()
    assert desk.control("rejected")[1][1] == 4 + before_in(desk)
    return desk, numbers


def before_in(desk):
    """The rows that the export has left in Rejected."""
    return sum("export" in str(row[4:5]) for row in desk.cells("Rejected"))


@pytest.mark.long
def test_all_rows_with_a_word_are_solved_by_one_row_of_vocabulary(waiting):
    desk, numbers = waiting
    end = len(desk.cells("Vocabulary")) + 1
    desk.put("Vocabulary", f"A{end}", [["Rarísimo", "valid", True]])
    desk.sync()
    leads = desk.leads()
    assert [leads[number]["validation_success"] for number in numbers] == [True] * 3
    left = [row for row in desk.cells("Rejected") if "verification ·" in str(row[4:5])]
    assert [row[6] for row in left] == ["99999"]
    assert "probado" not in str(left), "it waits for no word, and was not tried"
    assert desk.sync()["idle"]


@pytest.mark.long
def test_a_word_that_nobody_waits_for_reads_nothing_more(open_desk):
    desk = open_desk("sent")
    desk.put("Rejected", "A2", [[""] * 20] * 12, who="owner")
    desk.sync()
    end = len(desk.cells("Vocabulary")) + 1
    desk.put("Vocabulary", f"A{end}", [["rarísimo", "valid", True]])
    made = desk.spent(desk.sync)
    assert sum(count for name, count in made.items() if "batchGet" in name) <= 3, made
