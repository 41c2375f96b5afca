"""A module that receives what Instantly posts."""

from sheets_crm.features.modules import Module

MODULE = Module(receives=("sheets_crm.receiver.instantly:instantly",))
