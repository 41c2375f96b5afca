"""Invented people and companies by number; a number always gives the same one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

_FIRST: Final = (
    *("Ana", "Íñigo", "María José", "Luis", "Núria", "Jordi", "Begoña", "Álvaro", "Zoë", "François", "Chiara"),
    *("Björn", "Léa", "Paweł", "Sofía", "Martín", "Inés", "Óscar", "Lucía", "Héctor", "Giulia", "Jürgen", "Aoife"),
    *("Mateo", "Carmen", "Xavier", "Elena", "Hugo", "Irene", "Tomás", "Vera", "Rubén", "Noa", "Søren", "Agnès"),
    *("Pablo", "Olivia"),
)
_LAST: Final = (
    *("Prueba", "Ejemplo", "Ficticio", "Inventado", "Muestra", "Supuesto", "Imaginario", "Quimera", "Fábula"),
    *("Leyenda", "Utopía", "Novela", "Fantasía", "Cuento", "Mito", "Sueño", "Espejismo", "Ilusión", "Romance"),
    *("Comedia", "Sainete", "Zarzuela", "Parábola", "Metáfora", "Alegoría", "Anécdota", "Crónica", "Viñeta"),
    *("Dupont-Exemple", "Mustermann", "O'Sample", "van Voorbeeld", "Esempio", "Przykład"),
)
_ROOTS: Final = (
    *("Nubosa", "Zarpalia", "Ficticia Norte", "Quimérica", "Velmaria", "Inventalia", "Utopía Azul", "Ejemplar"),
    *("Muestrario", "Imaginalia", "Tornasolia", "Brumavera", "Cantilena", "Dunaria", "Espejalia", "Farolia"),
    *("Gorrionalia", "Hilandera Ficticia", "Isla Inventada", "Jardinalia", "Kilométrica", "Lunaria Sur"),
    *("Molinalia", "Ñandutia"),
)
_FIELDS: Final = (
    ("Software", "Software Development"),
    ("Logística", "Transportation, Logistics, Supply Chain and Storage"),
    ("Consulting", "Business Consulting and Services"),
    ("Foods", "Food and Beverage Manufacturing"),
    ("Énergie", "Renewable Energy Power Generation"),
    ("Salud", "Hospitals and Health Care"),
    ("Bau", "Construction"),
    ("Media", "Advertising Services"),
    ("Textil", "Textile Manufacturing"),
    ("Seguros", "Insurance"),
    ("Turismo", "Travel Arrangements"),
)
_FORMS: Final = ("S.L.", "S.A.", "", "GmbH", "Ltd", "S.L.U.", "SAS", '"Grupo"')
PLACES: Final = (
    "Madrid, Community of Madrid, Spain",
    "Barcelona, Catalonia, Spain",
    "A Coruña, Galicia, Spain",
    "Bilbao, Basque Country, Spain",
    "Lyon, Auvergne-Rhône-Alpes, France",
    "München, Bayern, Germany",
    "Porto, Portugal",
    "Greater Valencia Metropolitan Area",
)


@dataclass(frozen=True, slots=True)
class Company:
    """An invented company as its employees' profiles show it."""

    id: str
    name: str
    industry: str
    place: str


def first_and_last(number: int) -> tuple[str, str]:
    """First and last names of a person, unique below number 42,772."""
    rest, first = divmod(number, len(_FIRST))
    second, last = divmod(rest, len(_LAST))
    names = f"{_LAST[last]} {_LAST[(second + 7 * last + 3) % len(_LAST)]}"
    again = second // len(_LAST)
    return _FIRST[first], f"{names} {again + 1}" if again else names


def company(number: int) -> Company:
    """The company of a number; ids and names are unique."""
    rest, root = divmod(number, len(_ROOTS))
    again, kind = divmod(rest, len(_FIELDS))
    field, industry = _FIELDS[kind]
    words = (_ROOTS[root], field, str(again + 1) if again else "", _FORMS[number % len(_FORMS)])
    name = " ".join(word for word in words if word)
    return Company(str(9_000_000 + number * 7), name, industry, PLACES[number % len(PLACES)])


def slug(text: str) -> str:
    """Text as in an address: lower case, no accents, hyphens between words."""
    plain = unicodedata.normalize("NFKD", text.lower().replace("ł", "l").replace("ø", "o"))
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def domain(company_name: str) -> str:
    """The domain of a company by its name, under ``.example``."""
    return f"{slug(company_name) or 'correo'}.example"
