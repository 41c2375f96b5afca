"""Which leads meet the criteria of a send."""

import pandas as pd
import pytest

from sheets_crm.pipeline.selection import Criteria, fitting

TARGETS = ("C++", "C#", "C", "A-1", "A 1", "Madrid, CEOs", "Madrid", "🔥", "Perú")
PEOPLE = pd.DataFrame({"TargetID": TARGETS, "personTitle": "CTO", "personLocation": "Madrid"})


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("c++", ["C++"]),
        ("C#; C", ["C#", "C"]),
        ("A-1", ["A-1"]),
        ("Madrid, CEOs", ["Madrid, CEOs"]),
        ("Madrid; CEOs", ["Madrid"]),
        (" madrid , a  1", ["A 1", "Madrid"]),
        ("🔥", ["🔥"]),
        ("★", []),
        ("peru", ["Perú"]),
    ],
)
def test_a_target_id_is_compared_whole_and_with_its_signs(text, chosen):
    fits = fitting(PEOPLE, Criteria(target_id=text))
    assert [target for target, fit in zip(TARGETS, fits, strict=True) if fit] == chosen


@pytest.mark.parametrize("name", ["target_id", "title", "country"])
def test_a_filled_criterion_that_means_nothing_is_one_and_takes_nobody(name):
    criteria = Criteria(**{name: ";"})
    assert criteria
    assert criteria.meaningless == (";",)
    assert not fitting(PEOPLE, criteria).any()


def test_a_blank_criterion_is_none():
    assert not Criteria(" ", "", "")
    assert fitting(PEOPLE, Criteria(" ", "", "")).all()
