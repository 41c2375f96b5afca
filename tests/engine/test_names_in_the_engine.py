"""The engine names no tab, no step and no module: it knows roles, and what it is handed."""

import ast
from pathlib import Path

import pytest

from sheets_crm import engine, plan
from sheets_crm.features.modules import MODULES
from sheets_crm.features.registry import FEATURES
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import BUILT_IN, STEPS

SPECS = FEATURES.specs(Schema(STEPS), {})
NAMES = {spec.key for spec in SPECS} | {spec.title for spec in SPECS} | set(BUILT_IN) | set(MODULES)
FILES = [path for package in (engine, plan) for path in sorted(Path(package.__file__).parent.rglob("*.py"))]
OTHER_SENSES = {
    "email",  # a column of the Master
    "rejected",  # a count of an import
    "control",  # a key of a file that earlier versions have written
    "inbox",  # how the titles of import tabs begin
}
"""Words that mean something else in the engine than the tab, step or module of that name."""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_text_in_the_engine_is_the_name_of_a_tab_a_step_or_a_module(path):
    texts = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    ]
    assert [(node.lineno, node.value) for node in texts if node.value in NAMES - OTHER_SENSES] == []
