"""The kinds of requests that `spreadsheets.batchUpdate` takes, a family in each module."""

from sheets_crm.emulator.requests import (
    borders,
    cells,
    conditional,
    copying,
    dimensions,
    embedded,
    filters,
    finding,
    groups,
    merges,
    metadata,
    names,
    protections,
    sheets,
    shifting,
    sorting,
)
from sheets_crm.emulator.requests.registry import HANDLERS
from sheets_crm.emulator.requests.runner import run_requests

__all__ = [
    "HANDLERS",
    "borders",
    "cells",
    "conditional",
    "copying",
    "dimensions",
    "embedded",
    "filters",
    "finding",
    "groups",
    "merges",
    "metadata",
    "names",
    "protections",
    "run_requests",
    "sheets",
    "shifting",
    "sorting",
]
