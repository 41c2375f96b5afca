"""Versions: Box 1 version by version, the versions of each prompt, and the funnel of each TargetID, as live formulas.

The worker reads none of it. Names are compared with ``EXACT``, since COUNTIFS would read ``007`` as a number and ``a*``
as a pattern.
"""

from __future__ import annotations

from sheets_crm.pipeline.schema import Schema
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.breakdown import targets, versions
from sheets_crm.workbook.breakdown.rows import WIDTH as WIDTH
from sheets_crm.workbook.breakdown.rows import BlockRow, listed_range
from sheets_crm.workbook.breakdown.targets import TARGETS_LISTED
from sheets_crm.workbook.breakdown.versions import VERSIONS_LISTED


def rows(schema: Schema, language: str, where: Addresses) -> tuple[BlockRow, ...]:
    """Every row of Versions, from row 1."""
    of_versions = tuple(versions.rows(schema, language, where))
    of_targets = tuple(targets.rows(schema, language, where, len(of_versions)))
    above = len(of_versions) + len(of_targets)
    return (*of_versions, *of_targets, *versions.prompt_rows(schema, language, where, above))


def versions_listed(where: Addresses) -> str:
    """The range of the listed versions, as a formula for a drop-down."""
    return listed_range(where, versions.FIRST + 2, 0, VERSIONS_LISTED)


def targets_listed(schema: Schema, language: str, where: Addresses) -> str:
    """The range of the listed TargetIDs, as a formula for a drop-down."""
    first = len(tuple(versions.rows(schema, language, where))) + 3
    return listed_range(where, first, targets.NAMES, TARGETS_LISTED)
