"""How many requests a run makes."""

LOOK = "GET /v4/spreadsheets/{spreadsheetId}/values:batchGet"


def test_a_run_with_nothing_to_do_makes_one_read_and_writes_nothing(open_desk):
    desk = open_desk("imported")
    desk.sync()
    before = desk.everything()

    made = desk.spent(desk.sync)

    assert list(made.values()) == [1], made
    assert next(iter(made)).startswith("GET "), made
    assert desk.everything() == before
