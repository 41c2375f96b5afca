"""Phone numbers in E.164, as Google's libphonenumber reads them."""

from __future__ import annotations

from functools import lru_cache

from sheets_crm.pipeline.imports.keys import visible

_FEWEST, _MOST = 7, 15
"""Digits of a phone number."""


@lru_cache(maxsize=8192)
def e164(text: str, country: str) -> str:
    """A phone number in E.164, such as ``+34612345678``; "" when it cannot be one.

    Args:
        text: The number as typed; of several in one cell, the first that can be one.
        country: ISO code of the country assumed for a number without one, such as ES; "" for none.
    """
    # Lists of contacts alone need it: a poll and other imports start without it.
    import phonenumbers  # noqa: PLC0415

    for part in _parts(visible(text)):
        try:
            number = phonenumbers.parse(part, country or None)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return ""


def kept(text: str, country: str) -> str:
    """A phone number as it is kept: in E.164, else its digits alone, else as it was typed."""
    made = e164(text, country)
    if made:
        return made
    digits = "".join(filter(str.isdigit, text))
    alone = not any(map(str.isalpha, text)) and _FEWEST <= len(digits) <= _MOST
    return digits if alone else text.strip()


def _parts(text: str) -> list[str]:
    """A cell as one number, then cut where people put two: at commas, semicolons, slashes and line breaks."""
    cut = text
    for mark in ";,/|\n":
        cut = cut.replace(mark, "\x00")
    return [
        part.strip().removeprefix("tel:") for part in (text, *cut.split("\x00")) if any(map(str.isdigit, part))
    ]


def country_of(locale: str) -> str:
    """The country of a workbook's locale: ES of ``es_ES``; "" when it names none."""
    _, _, country = locale.replace("-", "_").partition("_")
    return country.upper() if len(country) == 2 and country.isalpha() else ""
