"""A lead is told to be in the Master already by the keys that imports tell people and companies by."""

import pandas as pd
import pytest
from import_samples import SCHEMA

from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.same_lead import same_leads

ANA = {"firstName": "Ana", "lastName": "Prueba", "companyName_fromP": "Acme"}
ACME = {"companyName_fromP": "Acme SL", "personLocation": "Madrid"}


def found(cells, *leads):
    names = [name for name in SCHEMA.names if name != "LeadNumber"]
    rows = [{**dict.fromkeys(names, ""), **lead} for lead in leads]
    frame = pd.DataFrame(rows, index=range(1, len(rows) + 1), columns=names, dtype=object)
    return same_leads(cells, LeadIndex.of(frame), lambda number: rows[number - 1])


@pytest.mark.parametrize(
    ("cells", "other", "same"),
    [
        ({**ANA, "email": "ana@acme.es"}, {"firstName": "A.", "email": "ANA@acme.es"}, True),
        ({**ANA, "email": "ana@acme.es"}, {**ANA, "email": "ana2@acme.es"}, False),
        (ANA, ANA, True),
        (
            {**ANA, "companyName_fromP": "", "person_phone": "+34600111222"},
            {**ANA, "person_phone": "+34600111222"},
            True,
        ),
        (
            {**ANA, "person_phone": "+34600111222"},
            {**ANA, "firstName": "Eva", "person_phone": "+34600111222"},
            False,
        ),
        ({**ACME, "website": "acme.es"}, {"companyName_fromP": "Acme", "domain": "https://www.acme.es/"}, True),
        ({**ACME, "website": "acme.es"}, {**ANA, "website": "acme.es"}, False),
        ({**ACME, "phone": "+34911222333"}, {"companyName_fromP": "Acme", "phone": "+34911222333"}, True),
        (
            {**ACME, "website": "acme.es", "phone": "+34911222333"},
            {**ACME, "website": "acme.es", "phone": "+34931222333"},
            False,
        ),
        (ACME, ACME, True),
        (ACME, {**ACME, "personLocation": "Vigo"}, False),
        ({}, {}, False),
    ],
)
def test_the_same(cells, other, same):
    assert found(cells, {}, other) == ({2} if same else set())
