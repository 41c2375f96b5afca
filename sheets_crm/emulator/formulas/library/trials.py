"""Chances of failures before successes: NEGBINOM.DIST, NEGBINOMDIST."""

import math

from sheets_crm.emulator.cells import CellValue
from sheets_crm.emulator.formulas.coercion import to_bool, to_number
from sheets_crm.emulator.formulas.reasons import at_least, between
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import NUM, Failure

__all__: list[str] = []

_MOST_TRIALS = 1_000_000


def _terms(failures: int, successes: int, chance: float) -> list[float]:
    """The chance of 0, 1, 2 … failures before so many successes, each from the one before."""
    terms = [chance**successes]
    for count in range(1, failures + 1):
        terms.append(terms[-1] * (count + successes - 1) / count * (1 - chance))
    return terms


def _declare(name: str, letters: str) -> None:
    """The older name takes no fourth argument, which says whether fewer failures count too (B)."""

    def body(
        context: Context, failures: CellValue, successes: CellValue, chance: CellValue, summed: CellValue = False
    ) -> float:
        counts = [int(to_number(value, context.language)) for value in (failures, successes)]
        share = to_number(chance, context.language)
        for place, given, least in ((1, counts[0], 0), (2, counts[1], 1)):
            if given < least:
                raise Failure(at_least(name, place, given, least))
        if not 0 <= share <= 1:
            # 0 and 1 are chances (B).
            raise Failure(between(name, 3, share, (0, 1), "#NUM!"))
        if sum(counts) > _MOST_TRIALS:
            raise Failure(NUM)
        terms = _terms(counts[0], counts[1], share)
        return math.fsum(terms) if to_bool(summed, context.language) else terms[-1]

    function(name, letters, least=3)(body)


_declare("NEGBINOM.DIST", "ssss")
_declare("NEGBINOMDIST", "sss")
