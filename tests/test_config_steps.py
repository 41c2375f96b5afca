"""Steps that the settings declare: read from the file and the environment, and every problem reported at once."""

import os
from pathlib import Path

import pytest

from sheets_crm.config import load_settings
from sheets_crm.errors import SettingsError
from sheets_crm.messages import in_language
from sheets_crm.pipeline.metric_list import METRICS, SECTIONS, metrics, sections
from sheets_crm.pipeline.schema import Need, Schema
from sheets_crm.pipeline.steps import BUILT_IN, STEPS

CALL = {
    "name": '"call"',
    "title": '"Call"',
    "letter": '"L"',
    "columns": '["LeadNumber", "firstName_cleaned", "phone"]',
    "brings": '["call_result"]',
    "ready_when": '{ box1_result = "HIT", validation_success = true, email = "*", storage = false }',
}
VISIT = {
    "name": '"visit"',
    "title": '"Visit"',
    "letter": '"S"',
    "columns": '["phone", "call_result"]',
    "ready_when": '{ call_status = "completed" }',
}

FREE = "choose another (free: A, E, F, G, H, J, K, L, M, N, O, P, Q, R, S, T, U, W, X, Y, Z)"


@pytest.fixture(autouse=True)
def clean(monkeypatch, tmp_path):
    for name in list(os.environ):
        if name.upper().startswith("SHEETS_CRM_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def written(*steps, before=""):
    tables = ("[[steps]]\n" + "".join(f"{key} = {text}\n" for key, text in step.items()) for step in steps)
    Path("sheets_crm.toml").write_text(before + "\n".join(tables), encoding="utf-8")


def problems():
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert all(text.startswith(("sheets_crm.toml: ", "SHEETS_CRM_")) for text in caught.value.problems)
    return [text.removeprefix("sheets_crm.toml: ") for text in caught.value.problems]


def test_a_step_comes_after_the_built_in_ones():
    written(CALL, VISIT)
    schema = load_settings().schema_of_workbook
    assert schema.steps[:4] == STEPS
    call, visit = schema.custom
    assert (call.name, call.title, call.letter, call.brings) == ("call", "Call", "L", ("call_result",))
    assert [header for header, _ in call.columns] == ["LeadNumber", "firstName_cleaned", "phone"]
    assert [header for header, _ in visit.columns] == ["LeadNumber", "phone", "call_result"]
    assert set(call.needs[0]) == {
        Need("box1_result", "HIT"),
        Need("validation_success", True),
        Need("email"),
        Need("storage", False),
    }


def test_its_columns_stand_right_of_all_others():
    written(CALL, VISIT)
    names = load_settings().schema_of_workbook.names
    built_in = Schema(STEPS).names
    assert names[: len(built_in)] == built_in
    assert names[len(built_in) :] == (
        *("call_sent", "call_sent_at", "call_batch", "call_status", "call_completed_at", "call_result"),
        *("visit_sent", "visit_sent_at", "visit_batch", "visit_status", "visit_completed_at"),
    )


def test_its_metrics_stand_below_the_owners():
    written(CALL)
    schema = load_settings().schema_of_workbook
    assert metrics(schema)[: len(METRICS)] == METRICS
    assert [one.id for one in metrics(schema)[len(METRICS) :]] == [
        "call_available",
        "call_sent",
        "call_completed",
        "call_ratio",
    ]
    assert [one.id for one in sections(schema)] == [*(one.id for one in SECTIONS), "call"]
    assert all(one.label_es and one.label_en and "call_" in one.meaning for one in metrics(schema)[len(METRICS) :])


def test_without_steps_everything_is_as_it_is_built_in():
    assert load_settings().schema_of_workbook == Schema(STEPS)


def test_from_the_environment_as_json(monkeypatch):
    step = '[{"name": "call", "title": "Call", "letter": "L", "columns": ["email"], "ready_when": {"LeadNumber": "*"}}]'
    monkeypatch.setenv("SHEETS_CRM_STEPS", step)
    (call,) = load_settings().schema_of_workbook.custom
    assert call.needs == ((),)
    monkeypatch.setenv("SHEETS_CRM_STEPS", step.replace('"L"', '"V"'))
    assert problems() == [
        f"SHEETS_CRM_STEPS: call: letter: V is already used by another step's batch ids; {FREE}."
    ]


def test_parts_of_a_step_and_columns_that_other_settings_add():
    written({**CALL, "columns": '["region"]'}, before='parts = {call = 2}\nextra_columns = {box1 = ["region"]}\n')
    settings = load_settings()
    assert settings.parts == {"call": 2}
    assert settings.schema_of_workbook.custom[0].columns[1] == ("region", "region")
    written(CALL, before="parts = {cal = 2}\n")
    assert problems() == ["parts: unknown step: cal (did you mean call?)."]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": '"Call"'}, "steps[0].name: must begin with a letter"),
        ({"name": '"box1"'}, "steps: box1: name: a step named box1 already exists"),
        ({"name": '"box_1"'}, "steps: box_1: name: a step named box_1 already exists"),
        ({"name": '"export"'}, "steps: export: name: export is reserved"),
        ({"name": '"feeding"'}, "steps: feeding: name: feeding is reserved"),
        ({"name": '"box1_hit"'}, "steps: box1_hit: name: box1_hit is reserved"),
        ({"name": '"instantly_step"'}, "steps: instantly_step: name: instantly_step is reserved"),
        ({"title": '""'}, "steps[0].title: must have 1 to 40 letters"),
        ({"title": '"Box1"'}, "steps: call: title: another step's tabs are already named Box1"),
        ({"title": '"Inbox of calls"'}, "steps: call: title: names that begin with Inbox, Output are reserved"),
        ({"letter": '"LL"'}, "steps[0].letter: must be one capital letter"),
        ({"letter": '"V"'}, "steps: call: letter: V is already used by another step's batch ids"),
        ({"letter": '"D"'}, "steps: call: letter: D is reserved for import ids (D-0001)"),
        ({"columns": "[]"}, "steps: call: columns: empty"),
        (
            {"columns": '["fone"]'},
            "steps: call: columns: unknown Master column: fone (did you mean phone?)",
        ),
        ({"columns": '["email", "email"]'}, "steps: call: columns: duplicate column: email"),
        ({"columns": '["notes"]'}, "steps: call: columns: every input tab already has notes"),
        ({"columns": '["call_status"]'}, "steps: call: columns: call_status is a state of this step itself"),
        ({"columns": '["call_result"]'}, "steps: call: columns: call_result is also in brings"),
        ({"brings": '["Phone"]'}, "steps: call: brings: the Master already has a column phone"),
        ({"brings": '["call_status"]'}, "steps: call: brings: the Master already has a column call_status"),
        ({"brings": '["quality"]'}, "steps: call: brings: quality is a header of the tools' own outputs"),
        ({"brings": '[" "]'}, "steps: call: brings: a column name is blank"),
        ({"brings": '["a_b", "A B"]'}, "steps: call: brings: duplicate column: a_b, A B; list each once"),
        ({"ready_when": "{}"}, "steps: call: ready_when: empty"),
        (
            {"ready_when": '{ emial = "*" }'},
            "ready_when: unknown Master column: emial (did you mean email?)",
        ),
        ({"ready_when": '{ email = "" }'}, 'ready_when: the value of email is empty; write "*"'),
        ({"ready_when": "{ email = true }"}, "ready_when: email is text in the Master"),
        ({"ready_when": '{ storage = "TRUE" }'}, "ready_when: storage is a flag in the Master"),
        ({"ready_when": '{ imported_at = "2026" }'}, 'the only condition allowed is "*"'),
        ({"ready_when": "{ email = 3 }"}, "steps[0].ready_when.email: input should be a text, true or false"),
        ({"ready_when": '{ call_sent = "*" }'}, "ready_when: call_sent is a state of this step itself"),
        ({"colums": "[]"}, "unknown setting: steps[0].colums (did you mean columns?)"),
    ],
)
def test_a_wrong_step(changed, said):
    written({**CALL, **changed})
    (problem,) = problems()
    assert said in problem


SPOKEN = [
    ({"name": '"Call"'}, "steps[0].name: tiene que empezar por una letra y tener como mucho 30 letras", '"Call"'),
    (
        {"name": '"box1"'},
        "steps: box1: name: ya hay un paso que se llama box1",
        "verification, company_scrap, box1",
    ),
    ({"name": '"export"'}, "está reservado", "export"),
    ({"title": '"Box/1"'}, "steps[0].title: tiene que tener de 1 a 40 letras", '"Box/1"'),
    ({"title": '"Box1"'}, "las pestañas de otro paso ya se llaman", "Verification, CompScrap, Box1, Instantly"),
    ({"title": '"Output x"'}, "están reservados para pegar", "Inbox, Output"),
    ({"letter": '"LL"'}, "steps[0].letter: tiene que ser una letra mayúscula", '"LL"'),
    ({"letter": '"V"'}, "los ids de lote de otro paso ya empiezan por V", "A, "),
    ({"letter": '"D"'}, "D está reservada", "(D-0001)"),
    ({"columns": "[]"}, "columns: está vacío", "Master"),
    ({"columns": '["fone"]'}, "la Master no tiene ninguna columna fone", "(¿querías decir phone?)"),
    ({"columns": '["email", "email"]'}, "columna repetida", "email"),
    ({"columns": '["notes"]'}, "todas las pestañas de entrada", "notes"),
    ({"columns": '["call_status"]'}, "es un estado de este mismo paso", "call_status"),
    ({"columns": '["call_result"]'}, "está también en brings", "call_result"),
    ({"brings": '["Phone"]'}, "la Master ya tiene una columna phone", "Phone"),
    ({"brings": '["quality"]'}, "es una cabecera de los resultados de las herramientas", "quality"),
    ({"brings": '["x", " "]'}, "el nombre número 2 está en blanco", "quítalo"),
    ({"brings": '["a_b", "A B"]'}, "columna repetida", "a_b, A B"),
    ({"ready_when": "{}"}, "ready_when: está vacío", '{ LeadNumber = "*" }'),
    ({"ready_when": '{ email = "" }'}, "el valor de email está vacío", '"*"'),
    ({"ready_when": "{ email = true }"}, "email es texto, y aquí pone true", '"*"'),
    ({"ready_when": '{ storage = "TRUE" }'}, 'storage es sí o no, y aquí pone "TRUE"', "true o false"),
    ({"ready_when": '{ imported_at = "2026" }'}, 'es una fecha y hora, y aquí pone "2026"', '"*"'),
    ({"ready_when": '{ LeadNumber = "7" }'}, 'es un número, y aquí pone "7"', '"*"'),
]


@pytest.mark.parametrize(("changed", "wrong", "also"), SPOKEN)
def test_a_wrong_step_is_told_in_spanish_too_with_what_was_found_and_what_is_allowed(changed, wrong, also):
    written({**CALL, **changed})
    with pytest.raises(SettingsError) as caught:
        load_settings()
    (problem,) = caught.value.problems
    spanish = in_language(problem, "es")
    assert wrong in spanish
    assert also in spanish
    assert spanish.startswith("sheets_crm.toml: steps")
    assert {spanish, in_language(problem, "en")} > {problem}


def test_a_wrong_name_is_quoted_up_to_a_length():
    written({**CALL, "title": f'"{"/" * 500}"'})
    (problem,) = problems()
    assert f'(found: "{"/" * 59}…")' in problem


def test_everything_wrong_is_told_at_once():
    written({**CALL, "letter": '"V"', "columns": '["fone"]'}, {**CALL, "brings": "[]"}, before='language = "fr"\n')
    assert problems() == [
        "language: input should be 'es' or 'en'.",
        f"steps: call: letter: V is already used by another step's batch ids; {FREE}.",
        "steps: call: columns: unknown Master column: fone (did you mean phone?).",
        (
            "steps: call: name: a step named call already exists; choose another name (taken: verification, "
            "company_scrap, box1, instantly, call)."
        ),
        (
            "steps: call: title: another step's tabs are already named Call; choose another title (taken: "
            "Verification, CompScrap, Box1, Instantly, Call)."
        ),
    ]


def test_a_step_may_not_wait_for_one_declared_later():
    written(VISIT, CALL)
    assert "ready_when: unknown Master column: call_status" in problems()[0]


ALLOWED = (
    "(allowed: verification, company_scrap, box1, instantly, in this order, each once; custom steps stand under "
    "[[steps]])."
)


def test_the_built_in_steps_in_use(monkeypatch):
    assert load_settings().pipeline == list(BUILT_IN)
    written(before='pipeline = ["verification", "instantly"]\n')
    assert [step.name for step in load_settings().schema_of_workbook.steps] == ["verification", "instantly"]
    monkeypatch.setenv("SHEETS_CRM_PIPELINE", "[]")
    schema = load_settings().schema_of_workbook
    assert (schema.steps, tuple(step.name for step in schema.left_out)) == ((), BUILT_IN)


@pytest.mark.parametrize(
    ("pipeline", "said"),
    [
        ('["verificaton"]', [f"pipeline: unknown step: verificaton {ALLOWED}"]),
        ('["box1", "box1"]', [f"pipeline: duplicate step: box1 {ALLOWED}"]),
        ('["call"]', [f"pipeline: unknown step: call {ALLOWED}"]),
        (
            '["box1", "verification"]',
            ["pipeline: wrong order: box1, verification (expected: verification, box1)."],
        ),
        (
            '["instantly", "x", "box1", "x"]',
            [
                f"pipeline: unknown step: x {ALLOWED}",
                f"pipeline: duplicate step: x {ALLOWED}",
                "pipeline: wrong order: instantly, box1 (expected: box1, instantly).",
            ],
        ),
        ('"box1"', ["pipeline: input should be a valid list."]),
    ],
)
def test_a_wrong_pipeline_is_refused_with_what_is_allowed(pipeline, said, monkeypatch):
    written(before=f"pipeline = {pipeline}\nprompts = 0\n")
    assert problems() == ["prompts: input should be greater than or equal to 1.", *said]
    written()
    monkeypatch.setenv("SHEETS_CRM_PIPELINE", pipeline)
    assert problems() == [text.replace("pipeline:", "SHEETS_CRM_PIPELINE:") for text in said]


def test_what_other_settings_say_of_a_step_that_is_not_in_use():
    """Parts and extra columns wait for the step; conditions and columns that nothing would fill are problems."""
    others = 'pipeline = ["verification", "instantly"]\nparts = {box1 = 2}\n'
    written(before=others + 'extra_columns = {box1 = ["region"]}\n')
    settings = load_settings()
    assert (settings.parts, "region" in settings.schema_of_workbook.names) == ({"box1": 2}, True)
    condition = '{ box1_result = "HIT", company_scrap_status = "completed", company_scrap_sent = true }'
    written(
        {**CALL, "columns": '["box1_status", "email"]', "ready_when": condition},
        before=others + 'extra_columns = {instantly = ["box1_status"]}\n',
    )
    assert problems() == [
        "extra_columns: instantly: box1_status is a column of box1, which is not in use (see the setting pipeline).",
        "steps: call: columns: box1_status is a column of box1, which is not in use (see the setting pipeline).",
        "steps: call: ready_when: box1_result is a column of box1, which is not in use (see the setting pipeline).",
        (
            "steps: call: ready_when: company_scrap_status is a column of company_scrap, which is not in use (see the "
            "setting pipeline)."
        ),
        (
            "steps: call: ready_when: company_scrap_sent is a column of company_scrap, which is not in use (see the "
            "setting pipeline)."
        ),
    ]
