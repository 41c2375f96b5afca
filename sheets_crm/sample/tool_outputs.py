"""Outputs of the e-mail verifier, Box 1 and Instantly for a batch, in their own formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

from sheets_crm.sample.people import domain, slug

Rows = tuple[list[str], list[list[str]]]

_ANYMAILFINDER: Final = (
    *("LeadNumber", "firstName", "lastName", "companyName_fromP", "email", "email_status", "valid_email"),
    "credits_charged",
)
_ZEROBOUNCE: Final = (
    *("LeadNumber", "Email Address", "ZB Status", "ZB Sub Status", "ZB Account", "ZB Domain", "ZB First Name"),
    *("ZB Last Name", "ZB Gender", "ZB Free Email", "ZB MX Found", "ZB MX Record", "ZB SMTP Provider"),
    "ZB Did You Mean",
)
_MILLIONVERIFIER: Final = ("LeadNumber", "email", "quality", "result", "free", "role")
_OWN: Final = (
    *("LeadNumber", "TargetID", "email", "email_validation", "validation_succes", "firstName_cleaned"),
    "lastName_cleaned",
)
# Each vendor's words: for a good address, and for the others.
_WORDS: Final = (
    (_ANYMAILFINDER, "valid", ("risky", "not_found", "not_found", "blacklisted")),
    (_ZEROBOUNCE, "valid", ("invalid", "catch-all", "unknown", "do_not_mail", "invalid")),
    (_MILLIONVERIFIER, "ok", ("catch_all", "invalid", "unknown", "disposable")),
    (_OWN, "valid", ("risky", "not_found", "invalid")),
)
_RESULTS: Final = (("HIT", 42), ("Hit", 3), ("noHIT", 20), ("FIT", 5), ("DROP", 26), ("no fit", 4))
_INSTANTLY: Final = (
    *("id", "email", "first_name", "last_name", "status", "lt_interest_status", "email_open_count"),
    *("email_reply_count", "email_click_count", "timestamp_created", "timestamp_last_contact"),
    *("timestamp_last_reply", "campaign", "LeadNumber", "TargetID"),
)
# Share, Instantly's status, its interest code ("" for none), replies.
_COURSES: Final = (
    (14, "1", "", 0),  # not contacted yet
    (38, "1", "", 0),
    (5, "3", "", 0),
    (3, "-1", "", 0),  # bounced
    (2, "1", "0", 1),  # out of office
    (12, "3", "-1", 1),  # not interested
    (3, "3", "-2", 1),  # wrong person
    (9, "1", "1", 2),  # interested
    (6, "3", "2", 3),  # meeting booked
    (8, "3", "4", 4),  # won
)


def verification_output(
    header: Sequence[str], rows: Iterable[Sequence[str]], seed: int = 0, *, valid_share: float = 0.7
) -> Rows:
    """An e-mail finder's or verifier's output for a verification batch: a row for every lead.

    Args:
        header: The batch tab's header row.
        rows: The batch tab's rows.
        seed: Also chooses the vendor: 0 Anymailfinder, 1 ZeroBounce, 2 MillionVerifier, 3 the owner's own columns.
        valid_share: Share of the leads with a good address, 0 to 1.
    """
    columns, good, bad = _WORDS[seed % len(_WORDS)]
    random = Random(seed)  # noqa: S311
    output = []
    for lead in _leads(header, rows):
        word = good if random.random() < valid_share else random.choice(bad)
        output.append(_verified(lead, word, valid=word == good))
    return list(columns), [[answer.get(name, "") for name in columns] for answer in output]


def box1_output(
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    seed: int = 0,
    *,
    version: str = "v1",
    prompts: int = 4,
) -> Rows:
    """Box 1's output for a batch: classification, copy (none for a DROP) and the output of each prompt.

    Args:
        header: The batch tab's header row.
        rows: The batch tab's rows.
        seed: The same seed gives the same output.
        version: The version that Box 1 ran under.
        prompts: Number of prompts in the output.
    """
    random = Random(seed)  # noqa: S311
    parts = [f"prompt{n}_{part}" for n in range(1, prompts + 1) for part in ("version", "user_prompt", "output")]
    columns = [
        "LeadNumber",
        "classification",
        "box1_version",
        "Subject",
        *(f"Body {n}" for n in range(1, 5)),
        *parts,
    ]
    words, weights = zip(*_RESULTS, strict=True)
    output = []
    for lead in _leads(header, rows):
        result = random.choices(words, weights)[0]
        answer = {"LeadNumber": lead["LeadNumber"], "classification": result, "box1_version": version}
        output.append(answer | _copy(lead, result) | _prompts(lead, result, prompts))
    return columns, [[answer.get(name, "") for name in columns] for answer in output]


def instantly_output(header: Sequence[str], rows: Iterable[Sequence[str]], seed: int = 0) -> Rows:
    """A campaign's lead list as Instantly exports it: some not contacted, some replied, some won.

    Args:
        header: The batch tab's header row.
        rows: The batch tab's rows.
        seed: The same seed gives the same output.
    """
    random = Random(seed)  # noqa: S311
    weights = [course[0] for course in _COURSES]
    places = range(len(_COURSES))
    output = [
        _campaign_lead(lead, place, number)
        for number, lead in enumerate(_leads(header, rows))
        for place in random.choices(places, weights)
    ]
    return list(_INSTANTLY), [[answer[name] for name in _INSTANTLY] for answer in output]


def _leads(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    """The batch's rows by column name, short rows filled with blanks, blank rows left out."""
    blank = dict.fromkeys(header, "")
    return [blank | dict(zip(header, row, strict=False)) for row in rows if any(row)]


def _verified(lead: dict[str, str], word: str, *, valid: bool) -> dict[str, str]:
    first, last = lead.get("firstName", ""), lead.get("lastName", "").partition(",")[0]
    has_address = valid or word not in {"not_found", "blacklisted"}
    at = domain(lead.get("companyName_fromP", ""))
    local = f"{slug(first)}.{slug(last)}"
    email = f"{local}@{at}" if has_address else ""
    return {
        **{name: lead.get(name, "") for name in ("LeadNumber", "TargetID", "firstName", "companyName_fromP")},
        "lastName": lead.get("lastName", ""),
        **dict.fromkeys(("email", "Email Address"), email),
        **dict.fromkeys(("email_status", "ZB Status", "result", "email_validation"), word),
        "valid_email": email if valid else "",
        "credits_charged": "1" if valid else "0",
        **({"ZB Account": local, "ZB Domain": at} if has_address else {}),
        "ZB Sub Status": "" if valid else "mailbox_not_found",
        "ZB First Name": first,
        "ZB Last Name": last,
        "ZB Free Email": "False",
        "ZB MX Found": "true" if has_address else "false",
        "quality": "good" if valid else "bad",
        **dict.fromkeys(("free", "role"), "no"),
        "validation_succes": "TRUE" if valid else "FALSE",
        "firstName_cleaned": first.split(" ")[0].title(),
        "lastName_cleaned": last.split(" ")[0],
    }


def _copy(lead: dict[str, str], result: str) -> dict[str, str]:
    if result in {"DROP", "no fit"}:
        return {}
    name = lead.get("firstName_cleaned") or lead.get("firstName", "")
    firm = lead.get("companyName") or lead.get("companyName_fromP", "")
    return {
        "Subject": f"{name}, una idea para {firm}",
        "Body 1": f'Hola {name}:\n\nHe visto lo que hacéis en "{firm}"; os propongo algo.\n\nUn saludo',
        "Body 2": f"+1 a lo anterior, {name}. ¿Lo hablamos, 15 minutos?",
        "Body 3": "- Sin compromiso\n- Sin coste\n= una prueba",
        "Body 4": "Último mensaje: gracias por leer, y suerte 🍀",
    }


def _prompts(lead: dict[str, str], result: str, prompts: int) -> dict[str, str]:
    columns: dict[str, str] = {}
    for n in range(1, prompts + 1):
        columns[f"prompt{n}_version"] = f"v{n}"
        columns[f"prompt{n}_user_prompt"] = f"=Clasifica a {lead.get('firstName', '')} (prompt {n})"
        columns[f"prompt{n}_output"] = f'{{"step": {n}, "result": "{result}"}}'
    return columns


def _campaign_lead(lead: dict[str, str], place: int, number: int) -> dict[str, str]:
    _, status, interest, replies = _COURSES[place]
    contacted = place > 0
    day = number % 27 + 1
    return {
        "id": f"0193e000-0000-7000-8000-{number:012d}",
        "email": lead.get("Email") or lead.get("email", ""),
        "first_name": lead.get("firstName_cleaned", ""),
        "last_name": lead.get("lastName_cleaned", ""),
        "status": status,
        "lt_interest_status": interest,
        "email_open_count": str(2 * contacted),
        "email_reply_count": str(replies),
        "email_click_count": "0",
        "timestamp_created": "2026-11-01T08:00:00.000Z",
        "timestamp_last_contact": f"2026-11-{day:02d}T09:30:00.000Z" if contacted else "",
        "timestamp_last_reply": f"2026-11-{day:02d}T16:45:00.000Z" if replies else "",
        "campaign": "0193e000-0000-7000-8000-00000000c001",
        "LeadNumber": lead["LeadNumber"],
        "TargetID": lead.get("TargetID", ""),
    }
