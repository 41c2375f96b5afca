"""Normal forms of addresses; the twins over a column agree with the functions on one text."""

import pandas as pd
import pytest
from drop_samples import people
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheets_crm.pipeline.drops.identity import LeadIndex
from sheets_crm.pipeline.drops.keys import (
    company_key,
    company_keys,
    email_key,
    email_keys,
    member_id,
    member_ids,
    name_key,
    name_keys,
    person_url,
    person_urls,
)


@pytest.mark.parametrize(
    ("url", "member"),
    [
        ("https://www.linkedin.com/sales/lead/ACwAAAX01,NAME_SEARCH,aB1c", "ACwAAAX01"),
        ("https://www.linkedin.com/sales/lead/ACwAAAX01", "ACwAAAX01"),
        ("HTTPS://WWW.LINKEDIN.COM/sales/people/ACwAAAX01,x?y=z", "ACwAAAX01"),
        ("https://www.linkedin.com/in/ACwAAAX01/", "ACwAAAX01"),
        ("http://es.linkedin.com/in/ACoAAAx_-9?locale=es", "ACoAAAx_-9"),
        (" ACwAAAX01", "ACwAAAX01"),
        ("https://www.linkedin.com/in/ana-prueba", ""),
        ("https://www.linkedin.com/in/acwaaax01", ""),
        ("https://www.linkedin.com/in/ACmartinez", ""),
        ("", ""),
    ],
)
def test_member_id(url, member):
    assert member_id(url) == member


def test_a_member_id_is_case_sensitive():
    assert member_id("/in/ACwAAAXab1") != member_id("/in/ACwAAAXAB1")


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/in/ana-peña-01",
        "http://linkedin.com/in/Ana-Pe%C3%B1a-01/",
        "https://es.linkedin.com/in/ana-pe%c3%b1a-01?trk=x#top",
        "WWW.LINKEDIN.COM/IN/ANA-PEÑA-01",
        "https://www.linkedin.com/in/ana-peña-01/en",
        "https://www.linkedin.com/in/ana-pen\u0303a-01",
    ],
)
def test_person_url(url):
    assert person_url(url) == "in/ana-peña-01"


@pytest.mark.parametrize(
    "url", ["", "Ana", "https://www.linkedin.com/in/", "https://www.linkedin.com/in/ACwAAAX01"]
)
def test_no_person_url(url):
    assert person_url(url) == ""


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.linkedin.com/sales/company/123", "id:123"),
        ("https://www.linkedin.com/company/123/", "id:123"),
        ("linkedin.com/company/123/about?x=1", "id:123"),
        ("https://es.linkedin.com/company/0123", "id:123"),
        ("123", "id:123"),
        ("https://www.linkedin.com/company/Empresa-Ejemplo/about", "name:empresa-ejemplo"),
        ("https://www.linkedin.com/company/caf%C3%A9/", "name:café"),
        ("https://www.Ejemplo.es/contacto", "site:ejemplo.es"),
        ("ejemplo.es", "site:ejemplo.es"),
        ("https://www.linkedin.com/feed", ""),
        ("Empresa Ejemplo S.L.", ""),
        ("", ""),
    ],
)
def test_company_key(url, key):
    assert company_key(url) == key


def test_email_and_name_keys():
    assert email_key(" MAILTO:Ana@Ejemplo.ES ") == "ana@ejemplo.es"
    assert email_key("n/a") == ""
    assert name_key(" José ", "PRUEBA", "Empresa  S.L.") == name_key("Jose", "prueba", "empresa s.l.")
    assert name_key("José", "Prueba", " ") == name_key("", " ", "Empresa") == ""


PIECES = st.sampled_from(
    [
        "https://",
        "HTTP://",
        "www.",
        "es.",
        "linkedin.com",
        "LinkedIn.com",
        "/in/",
        "/IN/",
        "/pub/",
        "/sales/lead/",
        "/sales/company/",
        "/company/",
        "ACwAAAX01",
        "ACoAb",
        "ACmartinez",
        "ana-peña",
        "pe%C3%B1a",
        "%zz",
        "00",
        "12",
        "٣",
        ",NAME",
        "?x=1",
        "#a",
        "/",
        " ",
        "\n",
        "ejemplo.es",
        "a.b.c",
        "@",
        "Ana",
        "É",
        "İ",
        "ß",
        "mailto:",
        ":",
        ".",
        "-",
    ]
)
TEXTS = st.lists(st.lists(PIECES, max_size=7).map("".join) | st.text(max_size=8), max_size=8)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_the_twins_over_a_column_agree(texts):
    column = pd.Series(texts, index=range(5, 5 + len(texts)), dtype=object)
    for twin, single in (
        (member_ids, member_id),
        (person_urls, person_url),
        (company_keys, company_key),
        (email_keys, email_key),
    ):
        assert twin(column).tolist() == [single(text) for text in texts], twin.__name__
    assert name_keys(column, column[::-1].set_axis(column.index), column).tolist() == [
        name_key(one, two, one) for one, two in zip(texts, texts[::-1], strict=True)
    ]


def test_the_index_finds_every_lead_and_only_those_of_a_key():
    leads = people(9)
    index = LeadIndex.of(leads)
    assert index.find("member_id", "ACwAAAX0000003") == (3,)
    assert index.find("person_url", "in/ana-prueba-9") == (9,)
    assert index.find("company", "id:1001") == (4, 5, 6, 7)
    assert index.find("company", "") == index.find("company", "id:7") == ()


def test_an_index_is_extended_without_building_it_again():
    leads = people(9)
    index = LeadIndex.of(leads.loc[:6])
    assert index.find("company", "id:1001") == (4, 5, 6)
    further = index.with_leads(leads.loc[7:])
    assert further.find("company", "id:1001") == (4, 5, 6, 7)
    assert index.find("company", "id:1001") == (4, 5, 6)
