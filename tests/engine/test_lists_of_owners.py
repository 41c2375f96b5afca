"""Lists with the columns that owners of other systems have: after one round of answers every column is there."""

import pytest

TRADES = {
    "id": "royal_plumbing",
    "name": "Royal Plumbing",
    "trade": "plumber",
    "email": "daniel@royal.example",
    "phone": "+34 911 000 111",
    "gridHealth": "42",
    "criticalGaps": "3",
    "gaps": "no reviews",
    "topCompetitor": "Best Pipes",
    "competitorHealth": "88",
    "status": "active",
    "salesStatus": "contacted",
    "lastContactAt": "2026-01-05",
    "nextFollowUpAt": "2026-01-12",
    "emailsSentCount": "2",
    "emailsOpenedCount": "1",
    "callsScheduledCount": "6",
    "callsCompletedCount": "5",
    "dealValue": "1500",
    "closeDate": "2026-02-01",
}
COMPANIES = {
    "Company.name": "Salmones del Sur SpA",
    "Company.website": "salmones.example",
    "Company.rubro": "Acuicultura",
    "Company.comuna": "Puerto Montt",
    "Company.region": "Los Lagos",
    "Contact.name": "Rosa Invento",
    "Contact.email": "rosa@salmones.example",
    "Contact.phone": "+56 65 222 3344",
    "campaign": "Prospección Los Lagos",
    "communication_type": "EMAIL",
    "message_type": "PROMOCIONAL",
    "Prioridad Q": "alta",
}


def plain(text):
    return "".join(filter(str.isalnum, str(text))).casefold()


@pytest.mark.parametrize("cells", [TRADES, COMPANIES], ids=["trades", "companies"])
@pytest.mark.long
def test_every_column_is_kept_or_mapped(open_desk, cells):
    header, row = list(cells), list(cells.values())
    desk = open_desk("initialised")
    desk.load(header, [row], name="lista.csv")
    listed = {line["cabecera"]: n for n, line in enumerate(desk.rows("Cabeceras"), start=2)}
    names = desk.cells("Cabeceras")[0]
    column = chr(65 + names.index("se convierte en"))
    for place in listed.values():
        desk.put("Cabeceras", f"{column}{place}", [["conservar"]])
    # What the system understands and does not bring by itself an owner may still ask to keep.
    lead = desk.leads()[1]
    held = {plain(cell) for cell in lead.values()}
    passed = [
        name for name, cell in zip(header, row, strict=True) if plain(cell) not in held and name not in listed
    ]
    below = len(listed) + 2
    first = chr(65 + names.index("cabecera"))
    for n, name in enumerate(passed, start=below):
        desk.put("Cabeceras", f"{first}{n}:{column}{n}", [[name, "contactos", "conservar"]])
    desk.sync()
    desk.load(header, [row], name="lista.csv")
    (lead,) = desk.leads().values()
    held = {plain(cell) for cell in lead.values()}
    assert [name for name, cell in zip(header, row, strict=True) if plain(cell) and plain(cell) not in held] == []
    assert len(desk.cells("Master")[0]) == len(set(desk.cells("Master")[0]))
    assert desk.problems() == []
    assert desk.sync()["idle"]
