"""Header rows that leave their step open: cells decide, or headers of one step only; else the message says what lacks."""

import pytest

from sheets_crm.messages import with_remedy
from sheets_crm.pipeline.imports.matching import Reject, match_person
from sheets_crm.pipeline.imports.recognise import tables
from sheets_crm.pipeline.steps import SCHEMA

PERSON = ["Ana", "Ruiz", "CEO", "Acme", "https://www.linkedin.com/in/ana", "Madrid"]


def only(header, *rows, step=None):
    (block,) = tables([header.split(","), *map(list, rows)], SCHEMA, step)
    return block


@pytest.mark.parametrize(
    "header",
    ["First Name,Last Name,Job Title,Company,LinkedIn URL,City", "Nombre,Apellidos,Cargo,Empresa,LinkedIn,Ciudad"],
)
def test_an_ordinary_list_is_a_list_of_contacts(header):
    block = only(header, PERSON)
    assert (block.step, block.problem, block.layout.ignored) == ("contacts", None, ())


def test_a_list_that_is_no_export_is_told_the_minimum_and_the_unknown_headers_alone():
    problem = only("firstName,Job Title,LinkedIn URL", ["Ana", "CEO", "x"], step="export").problem
    text = with_remedy(problem.code, "en", **problem.params)
    assert "a name, and a profile URL, e-mail or company" in text
    assert "Job Title, LinkedIn URL" in text
    assert "firstName" not in text


@pytest.mark.parametrize("step", ["export", "verification", "company_scrap", "box1", "instantly"])
def test_each_kind_says_its_minimum(step):
    problem = only("LeadNumber,Zone", ["1", "N"], step=step).problem
    for language, word in (("en", "At least"), ("es", "Lo mínimo")):
        assert word in with_remedy(problem.code, language, **problem.params)


@pytest.mark.parametrize("header", ["LeadNumber,companyName,industry,website,phone", "LeadNumber,industry"])
def test_lead_numbers_beside_company_data_are_the_output_of_company_scrap(header):
    block = only(header, ["1", "Acme", "Paint", "acme.com", "+34 91"][: header.count(",") + 1])
    assert (block.step, block.problem) == ("company_scrap", None)


@pytest.mark.parametrize(
    "header", ["LeadNumber,name", "LeadNumber,companyName,firstName", "LeadNumber,industry,Zone"]
)
def test_what_may_be_the_input_that_was_sent_is_not_taken_for_an_output(header):
    assert only(header, ["1", "Acme", "Ana"][: header.count(",") + 1]).problem


@pytest.mark.parametrize(
    ("header", "words", "step"),
    [
        ("LeadNumber,E-mail,RESULT", ("ok", "invalid", "catch-all"), "verification"),
        ("LeadNumber,E-mail,RESULT", ("HIT", "no fit"), "box1"),
        ("LeadNumber,email,Status", ("valid",), "verification"),
        ("LeadNumber,email,Status", ("replied", "", "Interested"), "instantly"),
    ],
)
def test_the_cells_of_a_vague_column_tell_its_step(header, words, step):
    block = only(header, *([str(n), f"a{n}@one.example", word] for n, word in enumerate(words, start=1)))
    assert (block.step, block.problem) == (step, None)


@pytest.mark.parametrize("words", [("valid", "HIT"), ("maybe",), ()])
def test_cells_that_tell_nothing_leave_the_question_open(words):
    block = only("LeadNumber,Result", *([str(n), word] for n, word in enumerate(words, start=1)))
    assert block.problem.code == "two_steps"


def test_the_websites_of_a_company_scraper_are_known_under_their_other_names():
    block = only("query,companyName,Website URL,employeesOnLinkedIn", ["x", "Acme", "acme.example", "5"])
    assert (block.layout.column_index["website"], block.layout.ignored) == ((2,), ())


def test_a_file_s_row_with_few_cells_after_a_blank_row_is_a_row():
    block = only(
        "firstName,lastName,companyName,vmid",
        ["Ana", "Ruiz", "Acme", "ACwAAABCDEFGHIJ"],
        [],
        ["Sin", "Clave", "T"],
    )
    assert (block.step, len(block.rows)) == ("export", 2)


class Nobody:
    """Leads of which none is anybody's."""

    def __contains__(self, number):
        return False

    def get(self, number, column):
        return ""

    def find(self, kind, key):
        return ()


def test_a_rejected_row_quotes_its_cells_and_no_key_of_ours():
    row = {"@sales_url": "https://www.linkedin.com/sales/lead/ACwAAABCDEFGHIJ,x", "@email": "Ana@One.example"}
    assert match_person(row, Nobody(), email_is_output=False) == Reject.of(
        "unknown_lead", value="https://www.linkedin.com/sales/lead/ACwAAABCDEFGHIJ,x, Ana@One.example"
    )
