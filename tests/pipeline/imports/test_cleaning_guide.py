"""The guides to cleaning say of pairs of rows whether they are one lead: each pair is imported as it stands there."""

from pathlib import Path

import pytest

from tests.pipeline.imports.test_contact_rows import counts, merged

DOCS = Path(__file__).parents[3] / "docs"
SAME = {"sí": True, "yes": True, "no": False}


def pairs():
    for name in ("limpieza.md", "cleaning.md"):
        for line in (DOCS / name).read_text(encoding="utf-8").splitlines():
            if line.startswith("| ") and "=" in line:
                there, comes, same = (cell for cell in line.strip("|").split(" | "))
                yield pytest.param(there.strip(), comes.strip(), SAME[same.strip()], id=f"{name}: {comes.strip()}")


def as_list(text):
    """A list of one row, as the guide writes it: ``Header=cell`` between dots."""
    cells = [part.partition("=") for part in text.split(" · ")]
    return [[header for header, _, _ in cells], [cell for _, _, cell in cells]]


@pytest.mark.parametrize(("there", "comes", "same"), [*pairs()])
def test_a_pair_of_the_guide_is_one_lead_or_two_as_it_says(there, comes, same):
    first, second = merged(as_list(there), as_list(comes))
    assert counts(first) == (1, 0, 0)
    assert counts(second) == ((0, 1, 0) if same else (1, 0, 0))


def test_each_guide_has_its_pairs():
    assert len([*pairs()]) == 2 * 10
