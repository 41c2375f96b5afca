"""One exception tree: what its module's docstring draws is what it is."""

import inspect
import re

import pytest

from sheets_crm import errors
from sheets_crm.errors import CrmError, RefusedPlan, SettingsError, SheetError

CLASSES = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, CrmError)]


def drawn():
    """Child and parent of each line of the docstring's tree."""
    above = []
    for line in errors.__doc__.split("```")[1].strip().splitlines():
        branch, name = re.match(r"([│ ├└─]*)(\w+)", line).groups()
        depth = len(branch) // 4
        above[depth:] = [name]
        yield name, above[depth - 1] if depth else "Exception"


def test_the_docstring_draws_the_tree():
    assert dict(drawn()) == {kind.__name__: kind.__bases__[0].__name__ for kind in CLASSES}


@pytest.mark.parametrize("kind", CLASSES)
def test_every_error_says_what_to_do_and_what_state_is_left(kind):
    own = {"cause": "master_shrank"} if kind is RefusedPlan else {}
    error = kind("It broke.", remedy="Mend it.", state="Nothing was written.", **own)
    assert (str(error), error.remedy, error.state) == ("It broke.", "Mend it.", "Nothing was written.")


def test_settings_list_every_problem():
    assert SettingsError("two problems", problems=["one", "two"]).problems == ["one", "two"]
    assert SettingsError("only this").problems == ["only this"]


def test_a_refused_plan_names_cause_numbers_and_place():
    error = RefusedPlan("shrank", cause="master_shrank", numbers={"before": 9, "now": 1}, where="Master")
    assert (error.cause, error.numbers, error.where) == ("master_shrank", {"before": 9, "now": 1}, "Master")
    assert isinstance(error, SheetError)
