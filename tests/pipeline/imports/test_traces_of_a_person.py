"""Which rows and cells of a grid are about a person, and which are somebody else's."""

from sheets_crm.pipeline.imports.answers import HeaderAnswers
from sheets_crm.pipeline.imports.person import Person, traces_of
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS

ANA = Person(7, frozenset({("email", "ana@acme.example"), ("name", "ana sol|acme")}), frozenset({"ana sol"}))
ANSWER = ["LeadNumber", "email", "email_status"]


def traces(*rows, person=ANA):
    return traces_of(rows, person, Schema(STEPS))


def test_a_row_with_her_number_goes_whatever_stands_in_it():
    assert traces(ANSWER, ["7", "older@before.example", "valid"], ["8", "bea@acme.example", "valid"]).rows == {1}


def test_of_another_leads_row_only_the_cell_with_her_address_goes():
    found = traces(ANSWER, ["8", "ana@acme.example", "valid"])
    assert (found.rows, found.cells) == (frozenset(), {(1, 1)})
    assert found.cleansed([ANSWER, ["8", "ana@acme.example", "valid"]]) == [ANSWER, ["8", "", "valid"]]


def test_numbers_of_one_block_say_nothing_of_the_next():
    export = ["companyId", "firstName", "lastName", "companyName", "vmid", "email"]
    found = traces(
        ANSWER,
        ["8", "bea@acme.example", "valid"],
        [],
        export,
        ["777", "Ana", "Sol", "Acme", "", "ana@acme.example"],
        ["7", "Zoe", "Luz", "Other", "ACwAAZOE1", ""],
    )
    assert (found.rows, found.cells) == ({4}, frozenset())


def test_a_namesake_with_an_address_is_somebody_else_and_one_without_is_her():
    header = ["firstName", "lastName", "companyName", "vmid", "email"]
    found = traces(
        header,
        ["Ana", "Sol", "Acme", "ACwAAOTHER1", ""],
        ["Ana", "Sol", "Acme", "", ""],
        ["Ana", "Sol", "Other", "", ""],
    )
    assert found.rows == {2}


def test_of_somebody_without_a_number_no_row_is_anothers():
    nobody = Person(0, frozenset({("email", "ana@acme.example")}))
    assert traces(ANSWER, ["7", "ana@acme.example", "valid"], person=nobody).rows == {1}


def test_a_row_under_answered_headers_is_hers_by_name_and_company():
    rows = [
        ["firstName", "lastName", "Lugar", "vmid"],
        ["Ana", "Sol", "Acme", ""],
        ["Bea", "Luz", "Beta", "ACwAAABCDEFGHIJKLMN"],
    ]
    answers = HeaderAnswers.of([("", "Lugar", "companyName_fromP")])
    assert traces_of(rows, ANA, Schema(STEPS)).rows == set()
    assert traces_of(rows, ANA, Schema(STEPS), None, answers).rows == {1}
