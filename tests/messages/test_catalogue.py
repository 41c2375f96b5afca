"""One catalogue of what operators read: both languages say the same, every code is used, none is missing."""

import ast
import itertools
import pickle
import re
import string
from functools import cache
from pathlib import Path

import pytest

import sheets_crm
from sheets_crm import messages
from sheets_crm.messages import (
    CATALOGUE,
    LANGUAGES,
    REMEDY,
    Explained,
    Problem,
    alerts,
    checks,
    columns,
    custom_steps,
    demo,
    do_not_contact,
    failures,
    files,
    google,
    headers,
    imports,
    in_language,
    instantly,
    localize,
    morning,
    number_in,
    progress,
    pushes,
    reports,
    runs,
    said,
    settings,
    stops,
    store,
    tabs,
    two_way,
    webhooks,
    with_remedy,
)

PACKAGE = Path(sheets_crm.__file__).parent
# The names of the functions whose first argument is a code.
CALLED = {
    "said",
    "localize",
    "localized",
    "with_remedy",
    "Problem",
    "report",
    "message",
    "problem",
    "log",
    "_refuse_take",
    "say",
    "sentence",
}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def modules():
    for path in (*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "jobs").rglob("*.py")):
        if "emulator" not in path.parts and "messages" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def called(node):
    return getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""


def is_rejection(node):
    return called(node) == "of" and getattr(node.func.value, "id", "") == "Reject"


def constant(node, code=""):
    """The code that an expression gives when it is written out; "" when it is computed."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else code


@cache
def uses():
    """Codes that product code names: with the names of their values and where, or None for computed ones.

    A call with a computed code may mean any text of its module, and any code that fits an f-string of it.
    """
    written, computed = [], set()
    for path, module in modules():
        for call in ast.walk(module):
            if not call_of_the_catalogue(call):
                continue
            first = call.args[0]
            if code := constant(first):
                names = (
                    None if any(one.arg is None for one in call.keywords) else {one.arg for one in call.keywords}
                )
                written.append((code, names, f"{path.name}:{call.lineno}", called(call)))
            elif called(call) != "of":
                computed |= {constant(node) for node in ast.walk(module)} | set(shapes(module))
    return written, computed - {""}


def call_of_the_catalogue(node):
    return isinstance(node, ast.Call) and bool(node.args) and (called(node) in CALLED or is_rejection(node))


def shapes(module):
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr) and constant(node.values[0]).endswith("."):
            yield re.compile("".join(re.escape(constant(part)) or r"\w+" for part in node.values))


def used(code):
    written, computed = uses()
    names = {
        code,
        code.removesuffix(".one"),
        code.removesuffix(REMEDY),
        code.removesuffix(REMEDY).removeprefix("stop."),
    }
    if names & {name for name, *_ in written} or names & computed or code in causes():
        return True
    shapes_used = [shape for shape in computed if isinstance(shape, re.Pattern)]
    return any(shape.fullmatch(name) for shape in shapes_used for name in names)


@cache
def causes():
    """The codes of the stops that a refusal of the source has as its cause."""
    found = set()
    for _, module in modules():
        for call in (node for node in ast.walk(module) if called(node) == "refusal_of" and node.args):
            cause = stated_cause(call.args[0], module)
            found |= {f"stop.{cause}", f"stop.{cause}{REMEDY}"}
    return found


def stated_cause(value, module):
    """The cause that a refusal states, without what stands after its colon; "" for one that was kept."""
    value = value.left if isinstance(value, ast.BinOp) else value
    value = value.values[0] if isinstance(value, ast.JoinedStr) else value
    value = value.value if isinstance(value, ast.FormattedValue) else value
    if isinstance(value, ast.Name):
        assigned = [
            node for node in module.body if isinstance(node, ast.Assign) and node.targets[0].id == value.id
        ]
        value = assigned[0].value
    return constant(value).split(":")[0]


def test_both_languages_have_a_text_with_the_same_placeholders():
    for code, (spanish, english) in CATALOGUE.items():
        assert spanish.strip(), code
        assert english.strip(), code
        assert placeholders(spanish) == placeholders(english), code


@pytest.mark.parametrize("code", [code for code in CATALOGUE if code.endswith(".one")])
def test_the_form_for_one_is_of_a_message_that_counts(code):
    several = CATALOGUE[code.removesuffix(".one")]
    assert "count" in placeholders(several[0])
    assert placeholders(CATALOGUE[code][0]) == placeholders(several[0])


def test_no_code_stands_in_two_files():
    modules_of_texts = [tabs, columns, runs, imports, headers, stops, two_way, morning]
    modules_of_texts += [
        reports,
        checks,
        failures,
        files,
        google,
        progress,
        settings,
        custom_steps,
        store,
        demo,
        webhooks,
        instantly,
        do_not_contact,
        alerts,
        pushes,
    ]
    areas = [module.TEXTS for module in modules_of_texts]
    assert all(not one.keys() & other.keys() for one, other in itertools.combinations(areas, 2))
    assert sum(map(len, areas)) == len(CATALOGUE)


@pytest.mark.parametrize("area", [imports, stops])
def test_every_reason_and_every_stop_says_what_to_do(area):
    messages_of_it = {code for code in area.TEXTS if not code.endswith(REMEDY)}
    assert {code + REMEDY for code in messages_of_it} == area.TEXTS.keys() - messages_of_it


def test_every_code_that_product_code_names_is_there_and_its_values_too():
    written, _ = uses()
    assert len(written) > 100
    for code, names, where, function in written:
        assert code in CATALOGUE, where
        if names is not None:
            wanted = placeholders(CATALOGUE[code][0])
            if function != "said":  # which says the remedy apart
                wanted |= placeholders(CATALOGUE.get(code + REMEDY, ("",))[0])
            assert wanted <= names, where


def test_every_refusal_gives_what_its_stop_says():
    checked = 0
    for path, module in modules():
        for call in (node for node in ast.walk(module) if called(node) == "refusal_of" and node.args):
            cause = stated_cause(call.args[0], module)
            if cause:
                names = {one.arg for one in call.keywords} | {"detail"}
                wanted = placeholders(CATALOGUE[f"stop.{cause}"][0]) | placeholders(
                    CATALOGUE[f"stop.{cause}.remedy"][0]
                )
                assert wanted <= names, f"{path.name}:{call.lineno}"
                checked += 1
    assert checked == sum(not code.endswith(REMEDY) for code in stops.TEXTS)


def test_every_text_is_used():
    assert [code for code in CATALOGUE if not used(code)] == []


def test_english_is_english_and_spanish_is_spanish():
    spanish = re.compile(r"[áéíóúñ¿¡«»]|\b(el|los|las|de|que|fila|hoja|libro)\b", re.IGNORECASE)
    english = re.compile(r"\b(the|is|are|and|of|was|were|with)\b|[“”]", re.IGNORECASE)
    assert [text for _, text in CATALOGUE.values() if spanish.search(text)] == []
    assert [text for text, _ in CATALOGUE.values() if english.search(text)] == []


def test_people_read_of_outputs_and_imports_not_of_drops():
    assert [
        text for _, text in CATALOGUE.values() if re.search(r"\bdrops?\b", re.sub(r"\bDROP\b|{drop}", "", text))
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_is_said_as_one(language):
    assert localize("log_sent", language, step="box1", count=1, batch="B-0001") in {
        "box1: 1 lead enviado en B-0001",
        "box1: 1 lead sent in B-0001",
    }
    assert "2 leads" in localize("log_sent", language, step="box1", count=2, batch="B-0001")
    assert localize("row_repeated", language, tab="Master", row=3, count=1)


def test_a_message_and_its_remedy_are_two_sentences():
    assert with_remedy("bad_lead_number", "en", value="x7") == (
        "Invalid LeadNumber: x7 (expected a whole number). Correct the cell here and tick retry, or tick discard."
    )
    assert with_remedy("blank_result", "es").startswith("El resultado de Box 1 está en blanco. Escribe HIT")


def test_what_is_not_in_the_catalogue_is_an_error():
    with pytest.raises(KeyError, match="no_such_code"):
        localize("no_such_code", "en")
    with pytest.raises(KeyError, match="batch"):
        localize("log_shown", "en")
    with pytest.raises(ValueError, match="not in tuple"):
        localize("ok", "fr")


def test_a_problem_keeps_what_it_takes_to_say_it_in_the_other_language():
    problem = pickle.loads(pickle.dumps(Problem("header_twice", column="email")))
    assert problem == "La cabecera email está dos veces con contenido distinto."
    assert problem.localized("en") == "The header email appears twice with different contents."
    assert (problem.code, problem.params) == ("header_twice", {"column": "email"})


def test_the_package_holds_nothing_but_the_look_up_and_texts():
    for path in Path(messages.__file__).parent.glob("*.py"):
        if path.stem != "__init__":
            module = ast.parse(path.read_text(encoding="utf-8"))
            assert [type(node).__name__ for node in module.body] == [
                "Expr",
                "ImportFrom",
                "ImportFrom",
                "AnnAssign",
            ]


@pytest.mark.parametrize(
    ("language", "one", "many"), [("es", "1 lote", "3.560 lotes"), ("en", "1 batch", "3,560 batches")]
)
def test_a_count_agrees_with_its_noun_and_has_the_marks_of_its_language(language, one, many):
    assert in_language(said("count.batch", count=1), language) == one
    assert in_language(said("count.batch", count=3560), language) == many


def test_what_is_said_to_scripts_is_english_and_to_a_person_in_their_language_down_to_its_parts():
    done = said("done", parts=[said("done.sent", count=1200), said("count.write", count=1)])
    assert done == "Done: 1,200 leads sent, 1 write."
    assert done.localized("es") == "Hecho: 1.200 leads enviados, 1 escritura."
    assert pickle.loads(pickle.dumps(done)).localized("es") == done.localized("es")
    assert in_language("what a tool wrote", "es") == "what a tool wrote"


def test_a_problem_is_explained_with_its_remedy_in_both_languages():
    explained = Explained("header_twice", column="email")
    assert explained == with_remedy("header_twice", "en", column="email")
    assert pickle.loads(pickle.dumps(explained)).localized("es") == with_remedy(
        "header_twice", "es", column="email"
    )


def test_numbers_have_the_marks_of_their_language():
    assert [number_in("3,560.5", language) for language in LANGUAGES] == ["3.560,5", "3,560.5"]


@pytest.mark.parametrize(
    "words",
    [
        *("take N", "send N now", "parts K", "sync now", "marca confirm ", "marques confirm ", "Sending schedule"),
        *("marca retry", " retry;", "arca discard", "ready y", "como contacts"),
    ],
)
def test_spanish_messages_name_cells_and_states_as_the_workbook_shows_them(words):
    assert [code for code, (spanish, _) in CATALOGUE.items() if words in spanish] == []


def test_what_a_run_says_when_it_reads_again_stands_in_both_languages():
    calls = [
        node
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ReadAgain"
    ]
    assert calls
    assert [ast.unparse(node) for node in calls if not isinstance(node.args[0], ast.Call | ast.Name)] == []


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ((1, 1, 0, 1), "1 fila, 1 nueva, 0 actualizadas, 5 sin cambios, 0 duplicadas, 1 rechazada"),
        ((3, 0, 1, 2), "3 filas, 0 nuevas, 1 actualizada, 5 sin cambios, 0 duplicadas, 2 rechazadas"),
    ],
)
def test_each_count_of_a_text_has_the_form_of_its_number(counts, text):
    named = dict(zip(("count", "new", "updated", "rejected"), counts, strict=True))
    given = {"drop": "D-0001", "step": "export", "source": "Inbox", "unchanged": 5, "duplicate": 0, **named}
    assert localize("log_drop", "es", **given) == f"D-0001 export de Inbox: {text}"
    assert localize("log_drop", "en", **given).startswith(f"D-0001 export from Inbox: {text.split()[0]} row")
    assert said("log_drop", **given).localized("es") == f"D-0001 export de Inbox: {text}"
    assert said("log_drop", **{**given, "rejected": 3560}).localized("es").endswith("3.560 rechazadas")
