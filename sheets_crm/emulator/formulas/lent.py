"""Which functions IronCalc lends, and what each of them takes, after Google's function list.

A line is letters, then names. The letters stand for the arguments: ``n`` a number, ``c`` any one cell, ``r`` a range
or an array, ``m`` one of numbers alone, ``d`` one of dates, ``*`` that the last letter may come again and again;
after a colon stands how many arguments there must be, where that is not all of them.
"""

from dataclasses import dataclass

__all__ = ["DEFAULTS", "LENT", "Taken"]

_TABLE = """
n ACOSH ACOTH ASINH ATANH COSH COT COTH CSC CSCH FISHER FISHERINV
n GAMMALN GAMMALN.PRECISE GAUSS NORMSDIST PHI SEC SECH SINH SQRTPI TANH
nn BITAND BITLSHIFT BITOR BITRSHIFT BITXOR CHIDIST CHIINV CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT COMBIN
nn DOLLARDE DOLLARFR EFFECT NOMINAL PERMUT PERMUTATIONA T.DIST.2T T.DIST.RT T.INV T.INV.2T TINV
nn:1 DELTA GESTEP NORM.S.DIST ROMAN DEC2BIN DEC2HEX DEC2OCT
nnn BINOM.INV CHISQ.DIST CONFIDENCE.T CRITBINOM EXPON.DIST EXPONDIST F.DIST.RT F.INV
nnn F.INV.RT FDIST FINV GAMMA.INV GAMMAINV LOGNORMDIST PDURATION
nnn RRI SLN STANDARDIZE T.DIST TBILLEQ TBILLPRICE TBILLYIELD TDIST
nnn:2 DAYS360 POISSON POISSON.DIST YEARFRAC
nnnn F.DIST GAMMA.DIST GAMMADIST HYPGEOMDIST ISPMT SYD WEIBULL WEIBULL.DIST
nnnn:3 BINOM.DIST BINOMDIST COUPDAYBS COUPDAYS COUPDAYSNC COUPNCD COUPNUM COUPPCD LOGNORM.DIST NORM.DIST NORMDIST
nnnnn HYPGEOM.DIST
nnnnn:3 ACCRINTM BETA.INV BETADIST BETAINV FV NPER PMT PV
nnnnn:4 DB DDB DISC INTRATE PRICEDISC RECEIVED YIELDDISC
nnnnnn CUMIPMT CUMPRINC
nnnnnn:3 BETA.DIST RATE
nnnnnn:4 PPMT
nnnnnn:5 DURATION MDURATION PRICEMAT YIELDMAT
nnnnnnn:5 VDB
nnnnnnn:6 AMORLINC PRICE YIELD
nnnnnnnn:6 ACCRINT
c ARABIC BIN2DEC HEX2DEC OCT2DEC
cn DECIMAL
cn:1 BIN2HEX BIN2OCT HEX2BIN HEX2OCT OCT2BIN OCT2HEX
ncc CONVERT
nnnm SERIESSUM
rn MARGINOFERROR
rn:1 IRR
rnn MIRR
rdn:2 XIRR
rr CHISQ.TEST CHITEST F.TEST FTEST
rrnn T.TEST TTEST
mmnn:3 PROB
rnn:2 Z.TEST ZTEST
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a function takes.

    Attributes:
        letters: One for each argument.
        least: How many there must be.
        repeats: Whether the last may come again and again.
    """

    letters: str
    least: int
    repeats: bool = False


def _read(pattern: str) -> Taken:
    letters, _, least = pattern.rstrip("*").partition(":")
    return Taken(letters, int(least) if least else len(letters), pattern.endswith("*"))


#: Each function that is lent, by name.
LENT = {name: _read(line.split()[0]) for line in _TABLE.split("\n") if line for name in line.split()[1:]}

#: What stands for the fourth (third, second) argument, `cumulative`, where Google lets it be left out: place, value.
DEFAULTS: dict[str, tuple[int, bool]] = {
    "BETA.DIST": (3, True),
    "BINOM.DIST": (3, False),
    "BINOMDIST": (3, False),
    "LOGNORM.DIST": (3, True),
    "NORM.DIST": (3, True),
    "NORM.S.DIST": (1, True),
    "NORMDIST": (3, True),
    "POISSON": (2, False),
    "POISSON.DIST": (2, False),
}
