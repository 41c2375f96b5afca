"""Control's rows come to stand where a version wants them, by moves and insertions alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.pipeline.schema import Schema, Step
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook.setup import earlier_control
from sheets_crm.workbook.setup.control_order import order

SCHEMA = Schema(STEPS)

WANTED = ["id", "state", "steps", "step.a", "step.b", "problems", "problem.1", "target_id", "confirm"]
KNOWN = st.lists(st.sampled_from(WANTED), unique=True)
GUIDE = sorted(earlier_control.GUIDE)[:3]
OWN = ["Estado", "Pendiente", "1 · mine", "Formatos que se reconocen solos: los míos", "TOTAL: 5"]


def row(name, text=""):
    return (
        [text or f"label of {name}", 7, "", "", "", "", "", name] if name else [text, "", "", "", "", "", "", ""]
    )


def played(cells, requests):
    """What the requests make of the rows; inserted ones are blank."""
    rows = list(cells)
    for request in requests:
        ((kind, body),) = request.items()
        span = body.get("range") or body["source"]
        start, end = span["startIndex"], span["endIndex"]
        if kind == "deleteDimension":
            del rows[start:end]
        elif kind == "insertDimension":
            rows[start:start] = [[] for _ in range(end - start)]
        else:
            assert body["destinationIndex"] < start
            rows.insert(body["destinationIndex"], rows.pop(start))
    return rows


@pytest.mark.long
@given(KNOWN, st.lists(st.tuples(st.sampled_from([*OWN, *GUIDE, ""]), st.integers(0, 20))))
def test_each_row_keeps_its_cells_and_the_owners_own_come_to_stand_below(names, others):
    cells = [row(name) for name in names]
    for text, place in others:
        cells.insert(place, row("", text))
    found = order(cells, WANTED)
    after = played(cells, found.requests(3))
    assert after == found.apply(cells)
    assert found.new == {n for n, name in enumerate(WANTED) if name not in names}
    for n, name in enumerate(WANTED):
        assert after[n] == (row(name) if name in names else [])
    below = [one[0] for one in after[len(WANTED) :] if one]
    assert [text for text in below if text in OWN] == [one[0] for one in cells if one[0] in OWN]
    with_id = [n for n, one in enumerate(cells) if one[7]]
    outside = [n for n, one in enumerate(cells) if not with_id or not with_id[0] < n < with_id[-1]]
    assert [text for text in below if text in GUIDE] == [cells[n][0] for n in outside if cells[n][0] in GUIDE]


@pytest.mark.parametrize("language", [0, 1])
def test_what_an_earlier_version_wrote_goes_and_the_owners_rows_like_it_stay(language):
    heading = [
        ("Estado", "Problemas (vacío: ninguno)", "Ajustes"),
        ("Status", "Problems (blank if none)", "Settings"),
    ]
    state, problems, settings = heading[language]
    examples = sorted(earlier_control.EXAMPLES_HEADINGS, reverse=True)[language]
    theirs = [("Pendiente", "llamar a Ana, Luis"), ("box1", "mis, cabeceras"), (state,), (settings,), ("TOTAL",)]
    cells = [
        row("id"),
        *(row("", text) for text in sorted(earlier_control.GUIDE)),
        row("", state),
        row("status"),
        row("", state),
        row("", problems),
        row("problem.1"),
        row("", settings),
        row("", settings),
        row("box1_version"),
        row("confirm"),
        row(""),
        row("", examples),
        *([*pair, "", "", "", "", "", ""] for pair in earlier_control.examples(SCHEMA)),
        *([*one, *[""] * (8 - len(one))] for one in theirs),
    ]
    wanted = ["id", "status", "problem.1", "box1_version", "confirm"]
    after = order(cells, wanted, earlier_control.examples(SCHEMA)).apply(cells)
    assert [one[7] for one in after[:5]] == wanted
    assert [tuple(filter(None, one)) for one in after[5:]] == [(state,), (settings,), *theirs]


def test_the_example_of_a_custom_step_goes_too():
    step = Step("crm", "Crm", "X", (), (), brings=("deal",), custom=True)
    known = earlier_control.examples(Schema((*STEPS, step)))
    heading = min(earlier_control.EXAMPLES_HEADINGS)
    cells = [row("id"), row("", heading), ["crm", f"LeadNumber, {step.status}, deal"], ["crm", "LeadNumber, deal"]]
    assert order(cells, ["id"], known).apply(cells) == [cells[0], cells[3]]


def test_what_stands_beside_an_earlier_text_keeps_its_row():
    cells = [row("id"), ["Estado", "", "", "", "", "", "", "", "mine"], row("", "Estado"), row("status")]
    assert order(cells, ["id", "status"]).apply(cells) == [cells[0], cells[3], cells[1]]


def test_a_control_in_order_is_left_alone():
    cells = [row(name) for name in WANTED]
    assert order(cells, WANTED).requests(3) == []
