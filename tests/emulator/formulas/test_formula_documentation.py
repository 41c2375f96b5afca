"""docs/formulas.md says what is there."""

import re
from pathlib import Path

from formula_workbook import Book, Tab, calculator

from sheets_crm.emulator.formulas.engine import NoEngine
from sheets_crm.emulator.formulas.ironcalc_engine import IronCalcEngine
from sheets_crm.emulator.formulas.library import declared

_TEXT = (Path(__file__).resolve().parents[3] / "docs" / "formulas.md").read_text(encoding="utf-8")


def _names(text):
    return set(re.findall(r"`([A-Z][A-Z0-9._]*)`", text))


def test_every_function_is_listed_where_it_is_worked_out():
    """The lists of functions are the declared ones and the lent ones."""
    here, lent = _TEXT.split("Worked out here:")[1].split("Lent by IronCalc:")
    assert _names(here) == set(declared())
    assert all(IronCalcEngine().refusal(name) is None for name in _names(lent))


def test_what_is_said_to_be_refused_is():
    """The functions named as refused are error cells with a reason."""
    said = _TEXT.split("hidden by `IFERROR`:")[1].split(";")[0]
    tab = Tab("Sheet1")
    for row, name in enumerate(sorted(_names(said)), 1):
        tab.put(f"A{row}", f"=IFERROR({name}(1),2)")
    results = calculator().evaluate(Book([tab]))
    found = {str(results.value("Sheet1", row, 0)) for row, _ in tab.texts}
    assert found == {"#NAME?"}
    assert len(tab.texts) > 10


def test_without_an_engine_lent_functions_are_unknown():
    """The engine behind the port can be taken away; the rest goes on."""
    tab = Tab("Sheet1").put("A1", "=BITAND(1,2)").put("A2", "=SUM({1;2})")
    results = calculator(engine=NoEngine()).evaluate(Book([tab]))
    assert str(results.value("Sheet1", 0, 0)) == "#NAME?"
    assert results.value("Sheet1", 1, 0) == 3.0
