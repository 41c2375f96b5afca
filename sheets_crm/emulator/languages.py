"""How the languages of a spreadsheet write numbers, dates, TRUE and FALSE.

A spreadsheet's locale decides how text typed into a cell is read and how values are shown. The tables hold
what the Unicode CLDR says of each language, kept to what the emulator reads and writes; an unlisted locale
is read as en_US.
"""

from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Language", "language_of"]

_EN_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_EN_DAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_ES_MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_ES_DAYS = (
    "lunes",
    "martes",
    "miércoles",
    "jueves",
    "viernes",
    "sábado",
    "domingo",
)


@dataclass(frozen=True, slots=True, eq=False)
class Language:
    """One locale's way of writing; there is one object for each, so that it is a quick key of caches.

    Attributes:
        decimal: The decimal separator; where it is a comma, formulas separate arguments with ``;`` alone.
        group: The thousands separator.
        words: The words for TRUE and FALSE.
        day_first: Whether 3/4 is the third of April.
        date: The default date pattern.
        time: The default time pattern.
        currency: The default currency sign, and whether it stands before the number.
        months: Month names from January, lower case.
        days: Day names from Monday, lower case.
        capital_names: Whether such names are shown with a capital.
    """

    decimal: str = "."
    group: str = ","
    words: tuple[str, str] = ("TRUE", "FALSE")
    day_first: bool = False
    date: str = "m/d/yyyy"
    time: str = "h:mm:ss am/pm"
    currency: tuple[str, bool] = ("$", True)
    months: tuple[str, ...] = _EN_MONTHS
    days: tuple[str, ...] = _EN_DAYS
    capital_names: bool = True

    @property
    def moment(self) -> str:
        """The default pattern of a date with its time: no am and pm, which times alone have (en_US A, others C)."""
        return f"{self.date} {self.time.removesuffix(' am/pm')}"

    @property
    def comma_decimal(self) -> bool:
        """Whether the decimal separator is a comma."""
        return self.decimal == ","


_ENGLISH = Language()
_BRITISH = Language(day_first=True, date="dd/mm/yyyy", time="hh:mm:ss", currency=("£", True))
_SPANISH = Language(
    decimal=",",
    group=".",
    words=("VERDADERO", "FALSO"),
    day_first=True,
    date="d/m/yyyy",
    time="h:mm:ss",
    currency=("€", False),
    months=_ES_MONTHS,
    days=_ES_DAYS,
    capital_names=False,
)
_LATIN_AMERICAN = Language(
    words=("VERDADERO", "FALSO"),
    day_first=True,
    date="d/m/yyyy",
    months=_ES_MONTHS,
    days=_ES_DAYS,
    capital_names=False,
)


def _european(words: tuple[str, str], group: str = ".", date: str = "dd/mm/yyyy") -> Language:
    return Language(
        decimal=",", group=group, words=words, day_first=True, date=date, time="hh:mm:ss", currency=("€", False)
    )


_LANGUAGES = {
    "en": _ENGLISH,
    "en_US": _ENGLISH,
    "en_GB": _BRITISH,
    "en_IE": _BRITISH,
    "en_AU": _BRITISH,
    "es": _SPANISH,
    "es_MX": _LATIN_AMERICAN,
    "fr": _european(("VRAI", "FAUX"), group="\u202f"),
    "de": _european(("WAHR", "FALSCH"), date="dd.mm.yyyy"),
    "it": _european(("VERO", "FALSO")),
    "pt": _european(("VERDADEIRO", "FALSO")),
    "nl": _european(("WAAR", "ONWAAR"), date="d-m-yyyy"),
    "pl": _european(("PRAWDA", "FAŁSZ"), group="\u00a0", date="d.mm.yyyy"),
    "ru": _european(("ИСТИНА", "ЛОЖЬ"), group="\u00a0", date="dd.mm.yyyy"),
    "sv": _european(("SANT", "FALSKT"), group="\u00a0", date="yyyy-mm-dd"),
    "tr": _european(("DOĞRU", "YANLIŞ"), date="dd.mm.yyyy"),
}


@lru_cache(maxsize=256)
def language_of(locale: str) -> Language:
    """Find how a locale such as ``es_ES`` writes; the language alone decides where the country is not listed."""
    whole = locale.replace("-", "_")
    return _LANGUAGES.get(whole) or _LANGUAGES.get(whole.split("_")[0]) or _ENGLISH
