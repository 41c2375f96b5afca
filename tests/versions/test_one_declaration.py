"""A metric, a state and a word of Instantly's, each added to a copy of the program by one edit of one file.

What follows from them is read in a process of its own that runs the copy.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sheets_crm

EDITS = {
    "pipeline/metric_list.py": (
        '    _ratio(\n        "instantly_reply_ratio",',
        (
            '    _count("instantly_silent", "instantly", Tally("instantly_silent", (TALLIES["instantly_replied"].clauses[0], '
            'of_step(STEPS[3])["instantly_processing"].clauses[0])), "Leads sin respuesta", "Silent leads"),\n'
            '    _ratio(\n        "instantly_reply_ratio",'
        ),
    ),
    "pipeline/states.py": (
        '    State(COMPLETED, "completed", Holder.SENT),\n',
        '    State(COMPLETED, "completed", Holder.SENT),\n    State("failed", "failed", Holder.SENT),\n',
    ),
    "pipeline/reply_words.py": (
        "    Reply(\n        POSITIVE,\n",
        (
            '    Reply("meeting held", 5, "meeting held, reunion celebrada", replied=True, positive=True),\n'
            "    Reply(\n        POSITIVE,\n"
        ),
    ),
}
READS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import numpy as np, pandas as pd
from sheets_crm.messages import localize
from sheets_crm.pipeline.imports.words import instantly_status
from sheets_crm.pipeline.leads import with_states
from sheets_crm.pipeline.metrics import by_version, figures, flags, Runway, MetricContext
from sheets_crm.pipeline.reply_words import LISTED, RANK
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.steps import STEPS
from sheets_crm.workbook import breakdown, dashboard, system
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.features.registry import FEATURES
schema = Schema(STEPS)
sent = {"instantly_sent": True, "box1_version": "v1"}
rows = [sent | {"instantly_step_status": "processing"}, sent | {"instantly_step_status": "failed"},
        sent | {"instantly_step_status": "completed", "instantly_status": "meeting held"},
        *[{step.sent: True, step.status: "failed"} for step in schema.steps]]
names = [name for name in schema.names if name != "LeadNumber"]
leads = pd.DataFrame({name: np.array([row.get(name, "") for row in rows], dtype=object) for name in names})
leads = with_states(leads, schema)
specs = {spec.key: spec for spec in FEATURES.specs(schema, {})}
where = Addresses({key: spec.title for key, spec in specs.items()}, specs)
keys = {key: row for row, key in enumerate(system.SystemLayout.of(schema, tuple(specs.values())).keys, start=1)}
lines = {str(line.cells[-1]): [getattr(cell, "text", cell) for cell in line.cells]
         for line in dashboard.lines(schema, "en", where, keys)}
ready = {step.name: int((leads[step.status] == "ready").sum()) for step in schema.steps}
context = MetricContext(46000.0, Runway((1.0,) * 7, 5.0), None, 0, ready)
print(json.dumps({
    "figures": {name: figure.value for name, figure in figures(leads, schema, context).items()},
    "failed": {str(name): int(n) for name, n in flags(leads, schema).sum().items() if name.endswith("_failed")},
    "lines": lines, "rank": RANK, "read": instantly_status("Reunión celebrada"),
    "told": localize("blank_status.remedy", "es", **LISTED), "version": by_version(leads).loc["v1"].to_dict(),
    "breakdown": " ".join(getattr(cell, "text", "") for row in breakdown.rows(schema, "en", where) for cell in row.cells),
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edited")
    copy = folder / "sheets_crm"
    shutil.copytree(
        Path(sheets_crm.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__", "emulator")
    )
    for name, (before, after) in EDITS.items():
        text = (copy / name).read_text(encoding="utf-8")
        assert text.count(before) == 1, name
        (copy / name).write_text(text.replace(before, after), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READS, folder], capture_output=True, text=True, check=False, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_metric_has_its_figure_its_formula_and_its_place(seen):
    assert seen["figures"]["instantly_silent"] == 1
    ids = list(seen["figures"])
    assert ids.index("instantly_silent") == ids.index("instantly_sent") + 1
    label, formula, *_ = seen["lines"]["instantly_silent"]
    assert label == "Silent leads"
    assert formula.startswith("=COUNTIFS(")
    assert formula.count("TRUE") == formula.count('"processing"') == 1


def test_a_state_stays_and_is_counted_by_worker_and_dashboard(seen):
    steps = ("verification", "company_scrap", "box1", "instantly")
    assert seen["failed"] == {f"{step}_failed": 1 + (step == "instantly") for step in steps}
    assert seen["figures"]["conservation_ok"] is True
    assert seen["lines"]["conservation_ok"][1].count('"failed"') == len(steps)


def test_a_word_is_read_ranked_told_and_counted(seen):
    assert seen["read"] == "meeting held"
    assert seen["rank"]["meeting held"] == 5
    assert "unsubscribed, meeting held, positive reply" in seen["told"]
    assert seen["figures"]["instantly_positive_ratio"] == pytest.approx(1 / 4)
    assert (seen["version"]["replied"], seen["version"]["positive"]) == (1, 1)
    for metric in ("instantly_reply_ratio", "instantly_positive_ratio"):
        assert seen["lines"][metric][2].count('"meeting held"') == 1
    assert seen["breakdown"].count('"meeting held"') > 0
