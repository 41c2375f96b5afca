"""The module ``instantly``: what the service says about leads comes in by itself."""

from __future__ import annotations

from typing import Final

from sheets_crm.features import conversations
from sheets_crm.features.modules import Module
from sheets_crm.instantly import event_imports, labels

MODULE: Final = Module(
    features=(conversations.FEATURE, labels.FEATURE, event_imports.FEATURE),
    receives=("sheets_crm.receiver.instantly:instantly",),
)
