"""Headers of ours in Spanish, in English, or both mixed: each table reads the same, and formulas find its columns."""

import pytest

from sheets_crm.engine.setting_up import _headers
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.imports.recognise import blocks
from sheets_crm.pipeline.steps import SCHEMA
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.info import TabInfo
from sheets_crm.workbook.sheet import read_sheet
from sheets_crm.workbook.tabs import REJECTED_COLUMNS, REJECTED_ES, begins_block
from sheets_crm.workbook.two_way.columns import header_ids

TABLES = [spec for spec in FEATURES.specs(SCHEMA, {}) if spec.table]
OURS = {
    "batches": {"enviado": "when", "pendientes": "outstanding", "mostrar": "show", "cerrar": "close"},
    "storage": {"reabrir": "reopen", "motivo": "reason", "notas": "notes"},
    "vocabulary": {"palabra": "word", "significado": "normalised", "cuenta como éxito": "counts as success"},
    "imports": {"filas": "rows", "columnas ignoradas": "ignored columns"},
    "log": {"qué": "what", "unidas": "merged"},
    **{f"input.{step.name}": {"enviar": "send", "notas": "notes"} for step in SCHEMA.steps},
}


def headers(spec, language):
    """A header row in Spanish, in English, or in both by turns."""
    languages = {"es": "es", "en": "en"}
    names = (column.name(languages.get(language) or ("es", "en")[n % 2]) for n, column in enumerate(spec.columns))
    return list(names)


def cells(spec, language):
    """A table of two rows; the key is a number where it has to be one."""
    return [headers(spec, language), *([10 * row + n for n in range(1, len(spec.columns) + 1)] for row in (1, 2))]


@pytest.mark.parametrize("language", ["es", "en", "mixed"])
@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.key)
def test_a_table_reads_the_same_in_either_language(spec, language):
    tab = TabInfo(1, spec.title, 0, hidden=False, rows=9, columns=len(spec.columns), mark=spec.key)
    read = read_sheet(spec, tab, cells(spec, language))
    english = read_sheet(spec, tab, cells(spec, "en"))
    assert (read.missing, read.doubled) == ((), ())
    assert read.column_index == english.column_index == {name: n for n, name in enumerate(spec.headers)}
    assert read.frame.equals(english.frame)
    where = Addresses({spec.key: spec.title}, {spec.key: spec}, {spec.key: headers(spec, language)})
    assert [where.column_index(spec.key, name) for name in spec.headers] == list(range(len(spec.columns)))
    assert _headers({spec.key: [headers(spec, language)]}, [spec]) == {spec.key: list(spec.headers)}


@pytest.mark.parametrize("key", OURS)
def test_a_spanish_workbook_shows_our_words_in_spanish(key):
    spec = next(spec for spec in TABLES if spec.key == key)
    assert OURS[key].items() <= {column.name("es"): column.header for column in spec.columns}.items()
    assert set(OURS[key].values()) <= {column.name("en") for column in spec.columns}


def test_the_owners_columns_keep_their_names():
    for spec in TABLES:
        if spec.key == "master" or spec.key.startswith("batch."):
            assert headers(spec, "es") == headers(spec, "en") == list(spec.headers)


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        (["send", "LeadNumber", "notes", "notas"], ["send", "LeadNumber", "notes", "notas"]),
        (["enviar", "LeadNumber", "notes", "notas"], ["send", "LeadNumber", "(notes)", "notes"]),
        (["send", "notas", "enviar"], ["(send)", "notes", "send"]),
        (["enviar", "send"], ["send", "(send)"]),
        (["send", "enviar"], ["send", "enviar"]),
        (["LeadNumber", "enviar", "send", "notas"], ["LeadNumber", "send", "(send)", "notes"]),
        (["Enviar", "Notes"], ["Enviar", "Notes"]),
    ],
)
def test_a_column_of_operators_may_have_the_name_of_the_other_language(row, ids):
    spec = next(spec for spec in TABLES if spec.key == "input.verification")
    assert header_ids(spec, row) == ids


@pytest.mark.parametrize(
    ("row", "ids"),
    [
        (["fecha", "leads_total", "date"], ["date", "leads_total", "(date)"]),
        (["date", "leads_total", "fecha"], ["date", "leads_total", "fecha"]),
    ],
)
def test_where_no_other_header_tells_the_language_the_left_one_is_ours(row, ids):
    assert header_ids(next(spec for spec in TABLES if spec.key == "history"), row) == ids


@pytest.mark.parametrize("row", [REJECTED_COLUMNS, REJECTED_ES, ("Reintentar", " discard ")])
def test_a_block_of_rejected_begins_with_either_header(row):
    assert begins_block(row)
    assert not begins_block(("", *row))


@pytest.mark.parametrize(("tick", "notes"), [("send", "notes"), ("enviar", "notas")])
def test_pasted_columns_of_ours_are_passed_over(tick, notes):
    header = [tick, "LeadNumber", "email", "email_validation", "validation_success", notes]
    (block,) = blocks([header, ["", "1", "a@b.example", "valid", "TRUE", "x"]], SCHEMA, None)
    assert (block.step, block.problem) == ("verification", None)
