"""Outputs of PhantomBuster's two company scrapers for a batch: a row for each company, not for each lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final, Literal

from sheets_crm.sample.people import PLACES, domain, slug

_SALES_NAVIGATOR: Final = (
    *(
        "companyId",
        "companyName",
        "description",
        "tagLine",
        "industry",
        "website",
        "domain",
        "location",
        "country",
    ),
    *("city", "postalCode", "employeeCount", "employeeCountRange", "yearFounded", "specialties", "phone"),
    *("currency", "minRevenue", "maxRevenue", "growth6Mth", "growth1Yr", "growth2Yr", "linkedInCompanyUrl"),
    *("salesNavigatorCompanyUrl", "decisionMakersCount", "query", "timestamp", "error"),
)
_LINKEDIN: Final = (
    *("companyUrl", "companyName", "tagLine", "description", "website", "domain", "industry", "companySize"),
    *("headquarters", "founded", "specialties", "phone", "mainCompanyID", "salesNavigatorLink"),
    *(
        "employeesOnLinkedIn",
        "followerCount",
        "growth6Mth",
        "growth1Yr",
        "growth2Yr",
        "query",
        "timestamp",
        "error",
    ),
)
# The scraper names these columns after the page's labels, so they follow the account's language.
_FRENCH: Final = {"website": "siteWeb", "companySize": "tailleDel'entreprise"}
_URLS: Final = ("companySalesUrl_fromP", "companyLinkedinUrl_fromP")
_OFTEN_BLANK: Final = ("tagLine", "phone", "specialties", "minRevenue", "maxRevenue", "growth6Mth", "founded")


def company_output(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    seed: int = 0,
    *,
    language: Literal["en", "fr"] = "en",
) -> tuple[list[str], list[list[str]]]:
    """A company scraper's output for a batch: one row for each distinct company page that was sent.

    The ``query`` column echoes the URL sent. One in 25 companies comes back as an error (only ``query``,
    ``timestamp`` and ``error``), and fields are blank here and there. Leads without a company URL have no row: a
    scraper has no page to visit.

    Args:
        header: The batch tab's header row.
        rows: The batch tab's rows.
        seed: Also chooses the scraper: even is Sales Navigator's accounts, odd LinkedIn's companies.
        language: The language of the scraping account; French changes LinkedIn's headers.
    """
    linkedin = seed % 2 == 1
    columns = _LINKEDIN if linkedin else _SALES_NAVIGATOR
    random = Random(seed)  # noqa: S311
    output = []
    for url, name in _companies(header, rows, prefer=_URLS[linkedin]).items():
        answer = _company(random, url, name)
        cells = answer if random.random() >= 0.04 else _error(answer)
        output.append([cells.get(column, "") for column in columns])
    shown = _FRENCH if linkedin and language == "fr" else {}
    return [shown.get(column, column) for column in columns], output


def _companies(header: Sequence[str], rows: Iterable[Sequence[str]], *, prefer: str) -> dict[str, str]:
    """The name of each company by its URL, in the batch's order."""
    other = next(name for name in _URLS if name != prefer)
    names: dict[str, str] = {}
    for row in rows:
        lead = dict(zip(header, row, strict=False))
        url = lead.get(prefer) or lead.get(other)
        if url:
            names.setdefault(url, lead.get("companyName_fromP", ""))
    return names


def _company(random: Random, url: str, name: str) -> dict[str, str]:
    identity = url.rstrip("/").rpartition("/")[2]
    people = random.choice((7, 23, 64, 120, 480, 2100))
    growth = [random.choice(("4%", "-3%", "0.04", "No change", "12%")) for _ in range(3)]
    site = domain(name)
    page = f"https://www.linkedin.com/company/{identity}"
    sales_page = f"https://www.linkedin.com/sales/company/{identity}"
    size = random.choice(("1-10", "11-50", "51-200"))
    place, year = random.choice(PLACES), str(random.randint(1950, 2022))
    answer = {
        **dict.fromkeys(("companyId", "mainCompanyID"), identity),
        "companyName": name,
        "description": f'{name} es una empresa inventada.\nHace "de todo", y bien.',
        "tagLine": f"{name}: +1 idea cada día",
        "industry": random.choice(("Software Development", "Insurance", "Construction")),
        "website": f"https://www.{site}",
        "domain": site,
        **dict.fromkeys(("location", "headquarters"), place),
        "country": "Spain",
        "city": place.partition(",")[0],
        "postalCode": f"0{random.randint(8001, 8999)}",
        **dict.fromkeys(("employeeCount", "employeesOnLinkedIn"), str(people)),
        **dict.fromkeys(("employeeCountRange", "companySize"), size),
        **dict.fromkeys(("yearFounded", "founded"), year),
        "specialties": f"{slug(name)}, pruebas, muestras",
        "phone": f"+34 900 {random.randint(100, 999)} 000",
        "currency": "USD",
        **dict(zip(("minRevenue", "maxRevenue"), random.choice((("10", "20"), ("1", "2.5"))), strict=True)),
        **dict(zip(("growth6Mth", "growth1Yr", "growth2Yr"), growth, strict=True)),
        **dict.fromkeys(("linkedInCompanyUrl", "companyUrl"), page),
        **dict.fromkeys(("salesNavigatorCompanyUrl", "salesNavigatorLink"), sales_page),
        "decisionMakersCount": str(people // 6),
        "followerCount": str(people * 31),
        "query": url,
        "timestamp": f"2026-10-20T10:{random.randrange(60):02d}:{random.randrange(60):02d}.000Z",
    }
    return answer | {field: "" for field in _OFTEN_BLANK if random.random() < 0.2}


def _error(answer: dict[str, str]) -> dict[str, str]:
    return {"query": answer["query"], "timestamp": answer["timestamp"], "error": "Company page not found"}
