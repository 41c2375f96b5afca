"""Two-way tables over HTTP: what operators type comes to count, once, in few requests."""

from scratch import SCRATCH

from sheets_crm.workbook.two_way.columns import header_ids

TITLE = "Borrador"


def rows(desk, title=TITLE):
    """The filled rows of the table by header ids."""
    header, *body = desk.cells(title)
    ids = header_ids(SCRATCH, header)
    return [dict(zip(ids, row, strict=True)) for row in body if any(cell not in {"", False} for cell in row)]


def keyed(desk, title=TITLE):
    """The rows of the table by key."""
    return {row["_key"]: row for row in rows(desk, title)}


def test_a_typed_row_gets_its_key_and_defaults(table):
    table.put(TITLE, "C2", [["alpha"]])
    table.sync()
    (row,) = rows(table)
    assert row["_key"] == "S-0001"
    shown = (row["word"], row["count"], row["active"], row["stage"], row["shown"])
    assert shown == ("alpha", 1, True, "nueva", "ALPHA")
    assert table.sync()["idle"]
