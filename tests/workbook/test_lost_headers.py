"""Where lost headers stood in a table whose columns the owner's own have pushed to the right."""

import pytest

from sheets_crm.workbook.declaration import TabColumn, TabSpec
from sheets_crm.workbook.info import TabInfo, WorkbookInfo
from sheets_crm.workbook.setup.layout import Existing, _displaced

SPEC = TabSpec("t", "T", tuple(map(TabColumn, "ABCD")))


def places(row, columns=None):
    tab = TabInfo(1, "T", 0, hidden=False, rows=5, columns=columns or len(row), mark="t")
    book = WorkbookInfo("id", "CRM", "es_ES", "Europe/Madrid", tabs=(tab,))
    return _displaced(Existing(book, {"t": row}), SPEC, ())


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (["A", "B", "C", "D"], {}),
        (["A", "", "C", "D"], {}),  # it goes where it is declared
        (["A", "x", "", "C", "D"], {"B": 2}),
        (["A", "x", "B", "", ""], {"C": 3, "D": 4}),
        (["A", "x", "", "", "D"], {"B": 2, "C": 3}),  # in their order, never as each other
        (["A", "B", "C", "x", ""], {"D": 4}),
        (["A", "C", "D", ""], {}),  # the column itself is gone; the blank one is the owner's
        (["A", "x", "", "C", "D", ""], {}),  # two blank headers for one that is lost
        (["A", "Z", "C", "D"], {}),  # renamed: it is written again where it is declared
    ],
)
def test_a_lost_header_is_put_only_where_nothing_else_can_have_stood(row, found):
    assert places(row) == found
