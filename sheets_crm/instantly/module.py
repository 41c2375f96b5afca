"""The module ``instantly``: what the service says of leads comes in by itself, and batches go there by themselves."""

from __future__ import annotations

from typing import Final

from sheets_crm.features import alerts, conversations, do_not_contact, notices, pushes
from sheets_crm.features.modules import Module
from sheets_crm.instantly import event_imports, labels
from sheets_crm.pipeline.columns import PUSH, Column
from sheets_crm.pipeline.states import IS_BLOCKED

MODULE: Final = Module(
    features=(
        conversations.FEATURE,
        do_not_contact.FEATURE,
        labels.FEATURE,
        event_imports.FEATURE,
        pushes.FEATURE,
        alerts.FEATURE,
        notices.FEATURE,
    ),
    columns=(Column(PUSH),),
    claims=True,
    sending_states=(IS_BLOCKED,),
    receives=("sheets_crm.receiver.instantly:instantly",),
)
