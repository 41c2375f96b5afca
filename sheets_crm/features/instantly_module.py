"""The module ``instantly``: what the service says about leads comes in by itself."""

from __future__ import annotations

from typing import Final

from sheets_crm.features.modules import Module

MODULE: Final = Module(receives=("sheets_crm.receiver.instantly:instantly",))
