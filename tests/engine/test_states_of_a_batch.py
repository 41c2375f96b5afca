"""What is outstanding of a batch and what has returned, by the declared states."""

from types import SimpleNamespace

import numpy as np
import pandas as pd

from sheets_crm.features.batches import outstanding, recount
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.states import STATES, Holder, State
from sheets_crm.pipeline.steps import BOX_1, STEPS

SCHEMA = Schema(
    STEPS,
    states=(
        *STATES,
        State("failed", "failed", Holder.SENT),
        State("paused", "paused", Holder.SENT, on_its_way=True),
    ),
)


def test_each_state_of_a_sent_lead_counts_as_outstanding_or_as_returned():
    cells = {
        "box1_batch": ["B-0001"] * 4 + ["B-0002", "", ""],
        "box1_status": ["processing", "completed", "failed", "paused", "failed", "ready", ""],
    }
    names = [name for name in SCHEMA.names if name != "LeadNumber"]
    leads = pd.DataFrame({name: np.array(cells.get(name, [""] * 7), dtype=object) for name in names})
    leads.index = pd.RangeIndex(1, 8, name="LeadNumber")
    batches = pd.DataFrame(
        {"step": "box1", "returned": 0, "outstanding": 0}, index=["B-0001", "B-0002"], dtype=object
    )
    working = SimpleNamespace(leads=leads, schema=SCHEMA, table=lambda _key: batches)

    assert outstanding(working, BOX_1, "B-0001") == [1, 4]
    assert outstanding(working, BOX_1, "B-0002") == []
    recount(working)
    assert batches["returned"].tolist() == [2, 1]
    assert batches["outstanding"].tolist() == [2, 0]
