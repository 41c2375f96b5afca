"""Tallies as formulas over the Master's columns, without the leading ``=``.

Workbooks in use hold these formulas as text: another spelling of the same count is a changed formula, which ``doctor``
reports until ``init`` writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from sheets_crm.pipeline.columns import LEAD_NUMBER
from sheets_crm.pipeline.schema import Need
from sheets_crm.pipeline.tallies import Clause, Tally
from sheets_crm.workbook.addresses import Addresses
from sheets_crm.workbook.roles import LEADS


def count(tally: Tally, where: Addresses) -> str:
    """The number of leads of a tally, as a sum of COUNTIFS.

    COUNTIFS has no "or". The values of one column exclude each other, so each gets a summand of its own. A clause that
    needs one of several columns filled subtracts the leads in which all of them are blank; several such clauses are
    combined by inclusion and exclusion.
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
    """The number of leads that meet all conditions; each condition has a value."""
    numbers = where.column(LEADS, LEAD_NUMBER)
    if not needs:
        return f"COUNT({numbers})"
    pairs = [criterion(need, where) for need in needs]
    if all(need.value == "" for need in needs):
        # Below the last lead every cell is blank: only rows with a LeadNumber count.
        pairs.insert(0, f'{numbers};">0"')
    return f"COUNTIFS({';'.join(pairs)})"


def criterion(need: Need, where: Addresses) -> str:
    """The arguments of COUNTIFS for a condition with a value: the column and the criterion."""
    return f"{where.column(LEADS, need.column)};{_value(need)}"


def _value(need: Need) -> str:
    return "TRUE" if need.value is True else f'"{need.value}"'


def factors(clauses: Sequence[Clause], where: Addresses) -> list[str]:
    """Factors of a SUMPRODUCT, one for each clause of values: 1 in the rows where it holds, else 0.

    A single word is written as a sum with one summand, as in the formulas of workbooks in use.
    """
    alone = len(clauses) == 1
    return [
        equal(clause[0], where)
        if len(clause) == 1 and (not alone or clause[0].value is True)
        else either(clause, where)
        for clause in clauses
    ]


def either(clause: Clause, where: Addresses) -> str:
    """A sum for a clause of values of one column: 1 in the rows where it holds, else 0."""
    return f"({'+'.join(equal(need, where) for need in clause)})"


def equal(need: Need, where: Addresses, tab: str = LEADS) -> str:
    """The comparison of a column with a value, row by row; on the Master or another tab that has the column."""
    return f"({where.column(tab, need.column)}={_value(need)})"
