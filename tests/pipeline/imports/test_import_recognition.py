"""Which step's output a block is, where blocks begin and end, and what is said of those nobody understands."""

import pytest
from import_samples import (
    BOX1,
    COMPANY_LN,
    COMPANY_SN,
    EXPORT,
    INSTANTLY,
    SCHEMA,
    VERIFICATION,
    only_block,
    person,
    table,
)

from sheets_crm.pipeline.imports.merge import content_hash, slice_rows
from sheets_crm.pipeline.imports.recognise import blocks
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS

INPUTS = {step.name: [header for header, _ in step.columns] for step in STEPS}
ZEROBOUNCE = [
    "Email Address",
    "ZB Status",
    "ZB Sub Status",
    "ZB Account",
    "ZB Domain",
    "ZB First Name",
    "ZB Free Email",
]


@pytest.mark.parametrize(
    ("header", "step"),
    [
        (EXPORT, "export"),
        (EXPORT[:-2], "export"),
        (
            [name for name in EXPORT if not name.startswith("past") and name != "defaultProfileUrl"]
            + ["duration"],
            "export",
        ),
        ([*EXPORT, "mailFromDropcontact", "qualificationFromDropContact"], "export"),
        (["send", *EXPORT], "export"),
        (VERIFICATION, "verification"),
        (["lead_number", "EMAIL", "Email Validation"], "verification"),
        (
            [*INPUTS["verification"], "email", "email_validation", "validation_succes", "firstName_cleaned"],
            "verification",
        ),
        ([*INPUTS["verification"], *ZEROBOUNCE], "verification"),
        (ZEROBOUNCE, "verification"),
        (["email", "quality", "result", "free", "role"], "verification"),
        (["LeadNumber", "email_status", "email", "valid_email", "credits_charged"], "verification"),
        (["LeadNumber", "email", "verified"], "verification"),
        (["email", "qualification", "first_name", "civility"], "verification"),
        (["email", "certainty", "status"], "verification"),
        (
            ["email", "status", "result", "score", "regexp", "gibberish", "disposable", "mx_records"],
            "verification",
        ),
        (COMPANY_SN, "company_scrap"),
        (COMPANY_LN, "company_scrap"),
        ([*INPUTS["company_scrap"], *COMPANY_SN], "company_scrap"),
        ([*INPUTS["company_scrap"], *COMPANY_LN], "company_scrap"),
        (
            ["companyUrl", "companyName", "siteWeb", "tailleDel'entreprise", "secteur", "query", "timestamp"],
            "company_scrap",
        ),
        (
            ["companyUrl", "companyName", "sitioWeb", "tamañoDelaempresa", "sector", "sede", "query"],
            "company_scrap",
        ),
        (BOX1, "box1"),
        ([*INPUTS["box1"], *BOX1[1:]], "box1"),
        (["LeadNumber", "Box1Status", "promptVersion", "userPrompt", "output", "body1", "body2"], "box1"),
        (["Lead Number", "status", "prompt_version", "user_prompt", "Output", "instantly_body1"], "box1"),
        (INSTANTLY, "instantly"),
        ([*INPUTS["instantly"], "status", "lt_interest_status", "email_reply_count"], "instantly"),
        (["LeadNumber", "instantly_status"], "instantly"),
        (["lead_email", "event_type", "timestamp", "campaign_name"], "instantly"),
    ],
)
def test_the_header_says_whose_output_it_is(header, step):
    block = only_block([header, ["x"] * len(header)])
    assert (block.step, block.problem) == (step, None)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (["LeadNumber", "email", "status"], "two_steps"),
        (["LeadNumber", "email_validation", "box1_result"], None),
        (["LeadNumber", "ZB Status", "box1_result"], "two_steps"),
        (["LeadNumber", "box1_result", "instantly_status"], "two_steps"),
        (["foo", "bar"], "no_header"),
        (["LeadNumber", "Farbe"], "no_header"),
        (INPUTS["verification"], "no_output"),
        (INPUTS["instantly"], "no_output"),
        (["Subject", "Body 1", "classification"], "no_key_column"),
        (["LeadNumber", *EXPORT], "no_output"),
    ],
)
def test_what_fits_no_step_or_two_is_not_taken(header, code):
    block = only_block([header, ["x"] * len(header)])
    if code is None:  # a Box 1 output that repeats the e-mail columns of its input
        assert block.step == "box1"
        return
    assert block.step is None
    assert block.problem.code == code
    assert block.problem == block.problem.localized("es")


def test_the_headers_that_were_not_understood_are_named():
    block = only_block([["LeadNumber", "Farbe", "Größe"], ["1", "rot", "L"]])
    assert "Farbe, Größe" in block.problem
    assert "LeadNumber" not in block.problem.localized("en")


@pytest.mark.parametrize("between", [[], [[]], [["", "  "], [], []]])
def test_blocks_stand_one_under_another(between):
    one = table(EXPORT, person(1), person(2))
    two = [VERIFICATION, ["1", "a@ejemplo.es", "valid", "TRUE"]]
    found = blocks([*one, *between, *two, *between, *one], SCHEMA)
    assert [block.step for block in found] == ["export", "verification", "export"]
    assert [len(block.rows) for block in found] == [2, 1, 2]
    start = len(one) + len(between)
    assert (found[1].first_row, found[1].last_row) == (start, start + 1)
    assert found[1].rows.index.tolist() == [start + 1]
    assert content_hash(found[0]) == content_hash(found[2]) != content_hash(found[1])


def test_a_title_belongs_to_the_block_under_it():
    one = [VERIFICATION, ["1", "a@ejemplo.es", "valid", "TRUE"]]
    grid = [["Lote de noviembre"], *one, [], ["", "otro lote"], *one]
    first, second = blocks(grid, SCHEMA)
    assert (first.first_row, first.last_row, len(first.rows)) == (0, 2, 1)
    assert (second.first_row, second.last_row, len(second.rows)) == (4, 6, 1)


def test_junk_above_a_header_is_a_block_of_its_own():
    first, second = blocks(
        [["one", "two"], ["three", "four"], [], VERIFICATION, ["1", "a@b.es", "valid", ""]], SCHEMA
    )
    assert (first.step, first.first_row, first.last_row) == (None, 0, 1)
    assert (second.step, len(second.rows)) == ("verification", 1)


def test_every_row_that_is_not_blank_is_in_one_block():
    grid = [["a"], [], ["b", "c"], VERIFICATION, ["1"], [], ["2"], ["junk", "junk"], VERIFICATION, ["3"], ["x"]]
    found = blocks(grid, SCHEMA)
    covered = [row for block in found for row in range(block.first_row, block.last_row + 1) if any(grid[row])]
    assert covered == [row for row, cells in enumerate(grid) if any(cells)]


def test_a_header_alone_is_a_block_without_rows():
    block = only_block([VERIFICATION])
    assert (block.step, len(block.rows)) == ("verification", 0)


def test_the_same_header_twice_is_a_problem_unless_the_columns_are_equal():
    header = ["LeadNumber", "email", "Email", "email_validation"]
    assert only_block([header, ["1", "a@b.es", "a@b.es", "valid"]]).problem is None
    block = only_block([header, ["1", "a@b.es", "c@d.es", "valid"]])
    assert (block.step, block.problem.code, block.problem.params) == (None, "header_twice", {"column": "Email"})


def test_cells_wider_than_the_header_are_kept():
    block = only_block([["LeadNumber", "email_validation", "  "], ["1", "valid", "", "left over"], ["2"]])
    assert block.header == ("LeadNumber", "email_validation", "  ", "")
    assert block.rows[3].tolist() == ["left over", ""]


def test_what_sheets_made_of_a_paste_is_shown_as_text_and_flagged():
    block = only_block([["LeadNumber", "email", "email_validation"], [7.0, True, 5.5], [8, "a@b.es", "valid"]])
    assert block.rows.to_numpy().tolist() == [["7", "TRUE", "5.5"], ["8", "a@b.es", "valid"]]
    assert block.doubtful == ((1, 1), (1, 2))


def test_a_step_can_be_named():
    grid = [["LeadNumber", "email", "status"], ["1", "a@b.es", "valid"]]
    assert only_block(grid, "verification").step == "verification"
    assert only_block(grid, "box1").step == "box1"
    block = only_block(grid, "company_scrap")
    assert (block.step, block.problem.code) == (None, "not_company_scrap")


def test_a_slice_keeps_the_row_numbers():
    block = only_block([["mi lote"], VERIFICATION, ["1"], [], ["2"], ["3"]])
    part = slice_rows(block, 1, 3)
    assert part.rows.index.tolist() == [4, 5]
    assert (part.step, part.header) == (block.step, block.header)


def test_prompts_and_own_columns_of_the_settings_are_known():
    schema = Schema(STEPS, prompts=6, extra=("linkedinNote",))
    block = only_block(
        [["LeadNumber", "box1_result", "prompt6_output", "linkedinNote"], ["1", "HIT", "x", "y"]], schema=schema
    )
    assert (block.step, block.layout.ignored) == ("box1", ())


def test_a_strange_block_after_a_blank_row_stays_apart():
    grid = [
        ["LeadNumber", "email", "email status"],
        ["1", "ana@acme.es", "valid"],
        [],
        ["color", "sabor"],
        ["rojo", "dulce"],
    ]
    known, strange = blocks(grid, Schema(STEPS))
    assert (known.step, known.problem, known.last_row) == ("verification", None, 1)
    assert strange.step is None
    assert strange.problem
    assert (strange.header, strange.first_row, strange.last_row) == (("color", "sabor"), 3, 4)


def test_the_rest_of_another_output_after_a_blank_row_is_not_merged_under_this_header():
    """Its header was taken with its first half; its status would come in as the export's member id."""
    export = ["firstName", "lastName", "companyName", "title", "summary", "vmid", "defaultProfileUrl"]
    person = ["Ana", "López", "Beta", "CEO", "", "ACwAABcdef", "https://www.linkedin.com/in/ana"]
    rest = ["21", "Óscar", "Prueba", "Muestrario", "oscar@muestrario.es", "risky", "", "0"]
    known, strange = blocks([export, person, [], rest, rest], Schema(STEPS))
    assert (known.step, known.last_row) == ("export", 1)
    assert strange.step is None
    assert strange.problem
    assert (strange.first_row, strange.last_row) == (3, 4)


@pytest.mark.parametrize(
    "row",
    [
        ["7", "", "invalid"],
        ["", "luis@acme.es", "valid"],
    ],
)
def test_a_row_of_a_block_after_a_blank_row_belongs_to_it(row):
    grid = [["LeadNumber", "email", "email status"], ["1", "ana@acme.es", "valid"], [], row]
    (block,) = blocks(grid, Schema(STEPS))
    assert list(block.rows.index) == [1, 3]


@pytest.mark.parametrize(
    "row",
    [
        ["Luis", "Pérez", "Acme", ""],
        ["", "", "", "ACwAABcdefgHIJKLmnopQRSTuvwxyz0123456789abc"],
        ["", "", "", "linkedin.com/in/luis-perez"],
        ["Luis", "", "acme.es", ""],
    ],
)
def test_a_person_after_a_blank_row_of_an_export_belongs_to_it(row):
    header = ["firstName", "lastName", "companyName", "defaultProfileUrl"]
    grid = [header, ["Ana", "López", "Beta", "https://www.linkedin.com/in/ana"], [], row]
    (block,) = blocks(grid, Schema(STEPS))
    assert block.step == "export"
    assert list(block.rows.index) == [1, 3]
