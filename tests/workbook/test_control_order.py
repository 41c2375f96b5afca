"""Control's rows come to stand where a version wants them, by moves and insertions alone."""

from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.workbook.setup.control_order import order

WANTED = ["id", "state", "steps", "step.a", "step.b", "problems", "problem.1", "target_id", "confirm"]
KNOWN = st.lists(st.sampled_from(WANTED), unique=True)
GUIDE = ["1 · Marca la casilla send", "Estado", "Problemas (vacío: ninguno)", "Settings", ""]


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


@given(KNOWN, st.lists(st.tuples(st.sampled_from(["mine", "7 · mine", *GUIDE]), st.integers(0, 20))))
def test_each_row_keeps_its_cells_and_the_owners_own_come_to_stand_below(names, others):
    cells = [row(name) for name in names]
    for n, (text, place) in enumerate(others):
        cells.insert(place, [*row("", text)[:7], "", f"beside {n}"] if "mine" in text else row("", text))
    found = order(cells, WANTED)
    after = played(cells, found.requests(3))
    assert after == found.apply(cells)
    assert found.new == {n for n, name in enumerate(WANTED) if name not in names}
    for n, name in enumerate(WANTED):
        assert after[n] == (row(name) if name in names else [])
    own = [one for one in cells if len(one) > 8]
    assert [one for one in after[len(WANTED) :] if len(one) > 8] == own
    assert not [one for one in after[len(WANTED) :] if one and str(one[0]).startswith(tuple(GUIDE[:-1]))]


def test_what_stands_beside_an_earlier_text_keeps_its_row():
    cells = [row("id"), ["Estado", "", "", "", "", "", "", "", "mine"], row("", "Estado"), row("state")]
    assert order(cells, ["id", "state"]).apply(cells) == [cells[0], cells[3], cells[1]]


def test_a_control_in_order_is_left_alone():
    cells = [row(name) for name in WANTED]
    assert order(cells, WANTED).requests(3) == []
