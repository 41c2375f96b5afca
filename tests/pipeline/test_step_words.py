"""The words by which people name steps and kinds of import."""

import pytest

from sheets_crm.messages import said
from sheets_crm.pipeline.imports.entry import entries, entry_names
from sheets_crm.pipeline.imports.formats import import_kinds, kind_names
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.step_words import names_for_errors
from sheets_crm.pipeline.steps import SCHEMA, schema_in_use

STEPS = {
    "Verification": "verification",
    "VERIFICACIÓN": "verification",
    "CompScrap": "company_scrap",
    "compscrap": "company_scrap",
    "company_scrap": "company_scrap",
    "Box1": "box1",
    "box 1": "box1",
    "Instantly": "instantly",
}
KINDS = {"Contactos": "contacts", "contacts": "contacts", "Export": "export", "exportacion": "export"}
ENTRIES = {"envío": "sending", "Envio": "sending", "envíos": "sending", "SENDING": "sending"}


@pytest.mark.parametrize(("word", "kind"), [*STEPS.items(), *KINDS.items(), ("envío", None), ("cosas", None)])
def test_a_kind_is_named_by_its_id_the_title_of_its_tabs_or_in_spanish(word, kind):
    assert import_kinds(SCHEMA).get(header_key(word)) == kind


@pytest.mark.parametrize(("word", "step"), [*STEPS.items(), *ENTRIES.items(), ("contactos", None), ("luna", None)])
def test_an_entry_is_named_by_its_id_the_title_of_its_tabs_or_in_spanish(word, step):
    assert entries(SCHEMA).get(header_key(word)) == step


def test_each_name_is_offered_once_in_the_language_of_the_workbook_and_understood():
    assert entry_names(SCHEMA, "es") == ["Verification", "CompScrap", "Box1", "Instantly", "envío"]
    assert entry_names(SCHEMA, "en")[-1] == "sending"
    assert kind_names(SCHEMA, "es")[:3] == ["export", "contactos", "Verification"]
    assert kind_names(SCHEMA, "en")[:2] == ["export", "contacts"]


def test_a_step_out_of_use_is_no_word():
    schema = schema_in_use(["box1"])
    assert set(entries(schema).values()) == {"box1"}
    assert set(import_kinds(schema).values()) == {"export", "contacts", "box1"}


def test_errors_list_what_can_be_named_as_the_workbook_shows_it_with_the_ids_beside():
    schema = schema_in_use(["company_scrap", "instantly"])
    error = said("enters_unknown", value="luna", known=names_for_errors(entries(schema).values(), schema.steps))
    assert error.localized("es").endswith("(posibles: CompScrap (company_scrap), Instantly, envío (sending)).")
    assert error.endswith("(possible: CompScrap (company_scrap), Instantly, sending).")
