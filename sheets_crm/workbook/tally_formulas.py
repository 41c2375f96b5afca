"""Tallies as formulas over the Master's columns, without the leading ``=``.

A workbook in use holds these formulas as they were written: another spelling of the same count is a change, which
``doctor`` reports until ``init`` has written it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.steps import Need
from sheets_crm.pipeline.tallies import Clause, Tally
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.tabs import MASTER


def count(tally: Tally, where: Addresses) -> str:
    """How many leads a tally counts, as a sum of COUNTIFS.

    COUNTIFS knows no "or". The values of one column exclude each other, so each has a summand of its own. From those
    the leads are taken away in which all columns are blank of which one has to be filled; with several such clauses by
    inclusion and exclusion.
    """
    of_values = [clause for clause in tally.clauses if clause[0].value is not None]
    of_columns = [clause for clause in tally.clauses if clause[0].value is None]
    text = ""
    for chosen in product(*of_values):
        for many in range(len(of_columns) + 1):
            for unfilled in combinations(of_columns, many):
                blank = [Need(need.column, "") for clause in unfilled for need in clause]
                text += ("-" if many % 2 else "+") + _counted((*chosen, *blank), where)
    return text.removeprefix("+")


def _counted(needs: Sequence[Need], where: Addresses) -> str:
    """How many leads meet all of some conditions, each of which names a value."""
    numbers = where.column(MASTER, LEAD_NUMBER)
    if not needs:
        return f"COUNT({numbers})"
    pairs = [criterion(need, where) for need in needs]
    if all(need.value == "" for need in needs):
        # Below the last lead every cell is blank: only rows with a LeadNumber count.
        pairs.insert(0, f'{numbers};">0"')
    return f"COUNTIFS({';'.join(pairs)})"


def criterion(need: Need, where: Addresses) -> str:
    """A condition that names a value as COUNTIFS takes it: the column and the criterion."""
    return f"{where.column(MASTER, need.column)};{_value(need)}"


def _value(need: Need) -> str:
    return "TRUE" if need.value is True else f'"{need.value}"'


def factors(clauses: Sequence[Clause], where: Addresses) -> list[str]:
    """Clauses of values as factors of a SUMPRODUCT, one a clause: 1 in the rows where it holds, else 0.

    A word that stands alone is a sum of one summand, as formulas of workbooks in use have it.
    """
    alone = len(clauses) == 1
    return [
        equal(clause[0], where)
        if len(clause) == 1 and (not alone or clause[0].value is True)
        else either(clause, where)
        for clause in clauses
    ]


def either(clause: Clause, where: Addresses) -> str:
    """A clause of values of one column as a sum: 1 in the rows where it holds, else 0."""
    return f"({'+'.join(equal(need, where) for need in clause)})"


def equal(need: Need, where: Addresses, tab: str = MASTER) -> str:
    """That a column holds a value, row by row; on the Master or another tab that has the column."""
    return f"({where.column(tab, need.column)}={_value(need)})"
