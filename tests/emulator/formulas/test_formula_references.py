"""References follow what they mean when the workbook is edited."""

import pytest

from sheets_crm.emulator.formulas.a1 import column_index, column_letters, parse_reference
from sheets_crm.emulator.formulas.references import (
    DeleteColumns,
    DeleteRows,
    DeleteSheet,
    InsertColumns,
    InsertRows,
    MoveColumns,
    MoveRows,
    RenameSheet,
    relocate,
    shift,
)


@pytest.mark.parametrize(
    ("edit", "before", "after"),
    [
        (InsertRows("Data", 4, 2), "=A4+A5+$A$6+A5:A9", "=A4+A7+$A$8+A7:A11"),
        (InsertRows("Data", 4, 2), "=SUM(A2:A9)", "=SUM(A2:A11)"),
        (InsertRows("Data", 9, 2), "=SUM(A2:A9)", "=SUM(A2:A9)"),
        (InsertRows("Data", 4, 2), "=SUM(A2:A)+SUM(A9:A)+SUM(A:A)", "=SUM(A2:A)+SUM(A11:A)+SUM(A:A)"),
        (InsertRows("Data", 1, 1), "=SUM(A2:A)", "=SUM(A3:A)"),
        (InsertRows("Data", 1, 1), "=SUM(2:3)", "=SUM(3:4)"),
        (InsertColumns("Data", 1, 1), "=A1+B1+$C$1+SUM(A:B)+SUM(2:2)", "=A1+C1+$D$1+SUM(A:C)+SUM(2:2)"),
        (DeleteRows("Data", 4, 2), "=A4+A5+A6+A7", "=A4+#REF!+#REF!+A5"),
        (
            DeleteRows("Data", 4, 2),
            "=SUM(A2:A9)+SUM(A5:A6)+SUM(A6:A9)+SUM(A2:A5)",
            "=SUM(A2:A7)+SUM(#REF!)+SUM(A5:A7)+SUM(A2:A4)",
        ),
        (DeleteRows("Data", 1, 5), "=SUM(A2:A)", "=SUM(A2:A)"),
        (DeleteColumns("Data", 1, 1), "=A1+B1+C1+SUM(B:B)+SUM(A:C)", "=A1+#REF!+B1+SUM(#REF!)+SUM(A:B)"),
        (MoveRows("Data", 1, 1, 5), "=A1+A2+A3+A5+A6", "=A1+A5+A2+A4+A6"),
        (MoveRows("Data", 4, 2, 1), "=A1+A2+A5+A6+A7", "=A1+A4+A2+A3+A7"),
        (MoveColumns("Data", 0, 1, 3), "=A1+B1+C1+D1", "=C1+A1+B1+D1"),
        (RenameSheet("Data", "New one"), "=A1+Data!B1+'Data'!C1", "=A1+'New one'!B1+'New one'!C1"),
        (RenameSheet("Data", "It's"), "=data!A2:A", "='It''s'!A2:A"),
        (DeleteSheet("Data"), "=Data!B1+Other!B1", "=#REF!+Other!B1"),
        (InsertRows("Data", 0, 1), '="A1"&A1&"it""s A1"', '="A1"&A2&"it""s A1"'),
        (InsertRows("Data", 0, 1), "=LOG10(A1)+A1B+ABC1", "=LOG10(A2)+A1B+ABC2"),
        (InsertRows("Data", 0, 1), "=SUMA(A1;1,5;{1\\2})", "=SUMA(A2;1,5;{1\\2})"),
        (InsertRows("Data", 0, 1), "=IF( A1 > 1 ;  B1 ; \n C1 )", "=IF( A2 > 1 ;  B2 ; \n C2 )"),
        (InsertRows("Data", 0, 1), "=A1 ~ 5", "=A1 ~ 5"),
    ],
)
def test_on_its_own_tab(edit, before, after):
    """Absolute and relative references alike follow; open ranges stay open; text is left alone."""
    assert shift(before, "Data", edit) == after


def test_only_the_edited_tabs_references_move():
    """A reference without a tab means the formula's own."""
    formula = "=A5+Data!A5+'Other tab'!A5+data!A5"
    assert shift(formula, "Other tab", InsertRows("Data", 0, 1)) == "=A5+Data!A6+'Other tab'!A5+data!A6"
    assert shift(formula, "Data", InsertRows("Other tab", 0, 1)) == "=A5+Data!A5+'Other tab'!A6+data!A5"
    assert shift("=A5", "Here", DeleteSheet("Data")) == "=A5"
    assert shift("='It''s'!A5", "Here", InsertRows("It's", 0, 1)) == "='It''s'!A6"


@pytest.mark.parametrize(
    ("formula", "by", "after"),
    [
        ("=A1+$A1+A$1+$A$1", (2, 1), "=B3+$A3+B$1+$A$1"),
        ("=SUM(B2:C)+SUM(B:$B)+SUM(2:$3)", (1, 1), "=SUM(C3:D)+SUM($B:C)+SUM(3:$3)"),
        ("=A1+A5", (-1, 0), "=#REF!+A4"),
        ("='My tab'!A1", (1, 0), "='My tab'!A2"),
        ("=A1", (0, 0), "=A1"),
    ],
)
def test_a_copy_reads_relative_references_from_its_own_place(formula, by, after):
    """Copying, sorting and filling down move what has no dollar sign."""
    assert relocate(formula, *by) == after


@pytest.mark.parametrize("text", ["A1", "$A$2:A", "A:A", "2:5", "A5:B", "'x y'!A1:$C3", "A2:7", "'It''s'!$ZZ$100"])
def test_references_are_written_as_they_were_read(text):
    """Reading and writing a reference is lossless."""
    assert str(parse_reference(text)) == text


def test_columns_count_as_letters():
    """A to Z, AA, and on to the widest."""
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert all(column_index(column_letters(index)) == index for index in range(2000))
