"""Normal forms of addresses; the twins over a column agree with the functions on one text."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_samples import people

from sheets_crm.pipeline.imports import keys
from sheets_crm.pipeline.imports.identity import LeadIndex
from sheets_crm.pipeline.imports.keys import (
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
    vmid,
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


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (" ACwAABcdef ", "ACwAABcdef"),
        ("123456789", "123456789"),
        ("vm-7", "vm-7"),
        ("risky", ""),
        ("not_found", ""),
        ("No vmid", ""),
        ("Unknown", ""),
        ("#N/A", ""),
        ("ACwAAonlyletters", "ACwAAonlyletters"),
        ("", ""),
    ],
)
def test_a_plain_word_is_no_vmid(cell, found):
    assert vmid(cell) == found


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


UNSEEN = {
    "zero-width space": "\u200b",
    "zero-width non-joiner": "\u200c",
    "zero-width joiner": "\u200d",
    "soft hyphen": "\u00ad",
    "byte order mark": "\ufeff",
    "word joiner": "\u2060",
    "left-to-right mark": "\u200e",
}


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_what_cannot_be_seen_makes_no_second_person(unseen):
    def strewn(text):
        return unseen + unseen.join(text) + unseen

    assert email_key(strewn("ana@ejemplo.es")) == "ana@ejemplo.es"
    assert email_key(strewn(" mailto:ana@ejemplo.es ")) == "ana@ejemplo.es"
    assert person_url(strewn("https://www.linkedin.com/in/ana-peña-01")) == "in/ana-peña-01"
    assert member_id(strewn("https://www.linkedin.com/in/ACwAAAX01/")) == "ACwAAAX01"
    assert company_key(strewn("https://www.linkedin.com/company/123")) == "id:123"
    assert company_key(strewn("https://www.ejemplo.es/contacto")) == "site:ejemplo.es"
    assert name_key(strewn("Ana"), "Prueba", strewn("Empresa")) == name_key("Ana", "Prueba", "Empresa")


def wide(text):
    """Spell a text in the full-width letters of East Asian keyboards."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


@pytest.mark.parametrize(
    "text", [wide("ana@ejemplo.es"), wide("MAILTO:ANA@ejemplo.ES"), "\u00a0ana@ejemplo.es\u3000"]
)
def test_letters_of_another_width_are_the_same_address(text):
    assert email_key(text) == "ana@ejemplo.es"


def test_wide_letters_of_urls():
    assert company_key(wide("123")) == "id:123"
    assert company_key(wide("WWW.EJEMPLO.ES/contacto")) == "site:ejemplo.es"
    assert person_url(f"linkedin.com/in/{wide('Ana')}") == "in/ana"
    assert company_key(f"linkedin.com/company/{wide('Ana')}") == "name:ana"


@pytest.mark.parametrize(
    "text", ["josé@ejemplo.es", "JOSÉ@ejemplo.es", "jose\u0301@ejemplo.es", "JOSE\u200d\u0301@ejemplo.es"]
)
def test_accents_are_the_same_composed_or_not(text):
    assert email_key(text) == "josé@ejemplo.es"
    assert person_url(f"linkedin.com/in/{text}") == "in/josé@ejemplo.es"


def test_a_capital_without_a_composed_form_is_the_same_letter():
    assert email_key("J\u030c@ejemplo.es") == email_key("\u01f0@ejemplo.es")


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        (email_key, "strauß@ejemplo.de", "strauss@ejemplo.de"),
        (email_key, "ana@straße.de", "ana@strasse.de"),
        (person_url, "linkedin.com/in/strauß", "linkedin.com/in/strauss"),
        (person_url, "linkedin.com/in/strau%C3%9F", "linkedin.com/in/strauss"),
        (company_key, "linkedin.com/company/strauß", "linkedin.com/company/strauss"),
        (company_key, "straße.de", "strasse.de"),
    ],
)
def test_two_spellings_are_two_addresses(key, one, other):
    assert key(one) != key(other)
    assert key(one) == key(one.replace("ß", "ẞ"))


@pytest.mark.parametrize(
    "url", ["linkedin.com/in/%E2%80%8B", "linkedin.com/in/%20", "linkedin.com/company/%C2%AD"]
)
def test_a_name_of_nothing_to_be_seen_is_no_key(url):
    assert person_url(url) == company_key(url) == ""
    assert person_urls(pd.Series([url])).tolist() == company_keys(pd.Series([url])).tolist() == [""]


def test_a_column_of_plain_cells_is_worked_on_as_a_whole(monkeypatch):
    """Tens of thousands of leads are indexed at each run: a function call for each cell would be felt."""

    def never(_text):
        pytest.fail("a plain cell was taken by itself")

    column = pd.Series(["https://www.linkedin.com/in/ana-prueba", "ana@ejemplo.es", "ejemplo.es", "", "123"])
    odd = pd.concat([column, pd.Series(["ñ@ejemplo.es"])], ignore_index=True)
    expected = [twin(column).tolist() for twin in (member_ids, person_urls, company_keys, email_keys)]
    asked = []
    plain = keys._plain
    monkeypatch.setattr(keys, "_plain", lambda text: (asked.append(text), plain(text))[1])
    assert email_keys(odd).tolist()[-1] == "ñ@ejemplo.es"
    assert asked == ["ñ@ejemplo.es"]
    monkeypatch.setattr(keys, "_plain", never)
    monkeypatch.setattr(keys, "visible", never)
    assert [twin(column).tolist() for twin in (member_ids, person_urls, company_keys, email_keys)] == expected
    name_keys(column, column, column)


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
        "ss",
        "ẞ",
        "Σ",
        "ς",
        "J\u030c",
        "\u01f0",
        "e\u200d\u0301",
        "\u00a0",
        "\u3000",
        wide("a"),
        wide("A"),
        wide("@"),
        wide("."),
        wide("/"),
        wide("%41"),
        wide("12"),
        "½",
        "¨",
        "%E2%80%8B",
        "%C3%9F",
        "%C2%AD",
        "%ff",
        "%20",
        "\ud800",
        *UNSEEN.values(),
    ]
)
ODD = st.text(st.characters(categories=["Cf", "Mn", "Lm", "Lt", "No", "Zs", "So"]), max_size=4)
TEXTS = st.lists(st.lists(PIECES | ODD, max_size=7).map("".join) | st.text(max_size=8), max_size=8)


@pytest.mark.long
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
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


@pytest.mark.long
@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_the_twins_over_a_column_agree_at_length(texts):
    test_the_twins_over_a_column_agree.hypothesis.inner_test(texts)


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
