"""The features of the product, in the order of their tabs; their commands run in this order too."""

from __future__ import annotations

from typing import Final

from sheets_crm.engine.features import Features
from sheets_crm.features import (
    batch_tabs,
    batches,
    box1_history,
    control,
    dashboard,
    headers,
    history,
    imports,
    inbox,
    inputs,
    lead_profile,
    leads,
    left_over_headers,
    log,
    rejected_tab,
    reopening,
    storage,
    system,
    tab_list,
    versions,
    vocabulary,
)

FEATURES: Final = Features(
    (
        control.FEATURE,
        dashboard.FEATURE,
        versions.FEATURE,
        inputs.FEATURE,
        inbox.FEATURE,
        rejected_tab.FEATURE,
        batches.FEATURE,
        batch_tabs.FEATURE,
        imports.FEATURE,
        storage.FEATURE,
        box1_history.FEATURE,
        reopening.FEATURE,
        lead_profile.FEATURE,
        history.FEATURE,
        log.FEATURE,
        vocabulary.FEATURE,
        headers.FEATURE,
        left_over_headers.FEATURE,
        system.FEATURE,
        leads.FEATURE,
        tab_list.FEATURE,
    )
)
