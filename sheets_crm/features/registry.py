"""The features of the product, in the order of their tabs; their commands run in this order too."""

from __future__ import annotations

from typing import Final

from sheets_crm.engine.erased import EraseLead, erase
from sheets_crm.engine.features import Feature, Features
from sheets_crm.engine.replay import ReplayChanges, replay
from sheets_crm.features import (
    batch_tabs,
    batches,
    box1_history,
    control,
    history,
    imports,
    inputs,
    reopening,
    storage,
    vocabulary,
)

LEADS: Final = Feature("leads", handlers={EraseLead: erase, ReplayChanges: replay})
FEATURES: Final = Features(
    (
        control.FEATURE,
        vocabulary.FEATURE,
        inputs.FEATURE,
        imports.FEATURE,
        imports.REJECTED,
        batches.FEATURE,
        batch_tabs.FEATURE,
        storage.FEATURE,
        reopening.FEATURE,
        box1_history.FEATURE,
        history.FEATURE,
        LEADS,
    )
)
