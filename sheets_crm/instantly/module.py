"""The module ``instantly``: what the service says about leads comes in by itself."""

from __future__ import annotations

from typing import Final

from sheets_crm.features import alerts, conversations, do_not_contact, notices
from sheets_crm.features.modules import Module
from sheets_crm.instantly import event_imports, labels
from sheets_crm.pipeline.states import IS_BLOCKED

MODULE: Final = Module(
    features=(
        conversations.FEATURE,
        do_not_contact.FEATURE,
        labels.FEATURE,
        event_imports.FEATURE,
        alerts.FEATURE,
        notices.FEATURE,
    ),
    sending_states=(IS_BLOCKED,),
    receives=("sheets_crm.receiver.instantly:instantly",),
)
