"""Entries of Do not contact as values: their normal forms, whom they name, and what lifts come to."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_crm.pipeline.do_not_contact import DoNotContact, Standing, Typed, Wrong, normal_form, revives, standing

LEADS = pd.DataFrame(
    [
        ("ana@acme.es", "", ""),
        ("Ana@ACME.es ", "", ""),
        ("eva@mail.acme.es", "", ""),
        ("eva@otroacme.es", "", ""),
        ("leo@müller.de", "", ""),
        ("leo@xn--mller-kva.de", "", ""),
        ("", "+34612345678", ""),
        ("", "612345678", ""),
        ("", "", "+34612345678"),
        ("a.n.a@gmail.com", "", ""),
        ("", "", ""),
    ],
    columns=["email", "person_phone", "phone"],
    index=range(1, 12),
    dtype=object,
)


def named(*entries, country="ES"):
    mask = DoNotContact.of(normal_form(entry, country) for entry in entries).names(LEADS, country)
    return [int(number) for number in LEADS.index[mask]]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("ana@acme.es", "ana@acme.es"),
        ("  ANA@Acme.ES\u200b ", "ana@acme.es"),
        ("Ana Prueba <Ana@acme.es>", "ana@acme.es"),
        ('"Prueba, Ana" <ana@acme.es> ', "ana@acme.es"),
        ("mailto:ana@acme.es", "ana@acme.es"),
        ("a.n.a@gmail.com", "a.n.a@gmail.com"),
        ("ana+ventas@acme.es", "ana+ventas@acme.es"),
        ("leo@Müller.de", "leo@xn--mller-kva.de"),
        ("acme.es", "@acme.es"),
        ("@ACME.es", "@acme.es"),
        ("*.acme.es", "@acme.es"),
        ("https://www.acme.es/contacto?x=1", "@acme.es"),
        ("www.acme.es", "@acme.es"),
        ("müller.de", "@xn--mller-kva.de"),
        ("linkedin.com", "@linkedin.com"),
        ("612 34 56 78", "+34612345678"),
        ("+34 612-345-678", "+34612345678"),
        ("0034612345678", "+34612345678"),
        ("34612345678", "+34612345678"),
        ("tel:+34612345678", "+34612345678"),
        ("17", "17"),
        ("0017", "17"),
    ],
)
def test_an_entry_has_one_normal_form_however_it_is_written(text, form):
    assert normal_form(text, "ES") == form


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ana",
        "ana@",
        "@",
        "ana@acme",
        "Ana Prueba",
        "ana@acme.es, eva@acme.es",
        "0",
        "acme.1",
        "-",
        "<>",
    ],
)
def test_what_is_no_entry_has_no_normal_form(text):
    assert normal_form(text, "ES") == ""


def test_without_a_country_a_phone_is_its_digits_and_names_who_has_the_same():
    assert normal_form("612 345 678") == "612345678"
    assert named("612 345 678", country="") == [8]


def test_entries_name_leads_by_address_domain_phone_and_number():
    assert named("ana@acme.es") == [1, 2]
    assert named("acme.es") == [1, 2, 3]
    assert named("mail.acme.es") == [3]
    assert named("leo@müller.de") == named("xn--mller-kva.de") == [5, 6]
    assert named("612345678") == [7, 8, 9]
    assert named("10", "99") == [10]
    assert named("ana@gmail.com", "es", "nobody") == []
    assert named() == []


def test_a_blank_cell_is_named_by_nobody():
    assert 11 not in named("acme.es", "612345678", "ana@acme.es", "1")


NOW = 46_170.5


def test_only_a_lift_with_a_reason_ends_an_entry():
    listed = Standing("ana@acme.es")
    assert standing(listed, Typed("ana@acme.es", lifted=True), NOW) == (listed, (Wrong.NO_REASON,))
    assert standing(listed, Typed("ana@acme.es", lifted=True, lift_reason="  "), NOW) == (
        listed,
        (Wrong.NO_REASON,),
    )
    assert standing(listed, Typed("", lift_reason="x"), NOW) == (listed, (Wrong.BLANK,))
    assert standing(listed, Typed("Ana Prueba"), NOW) == (listed, (Wrong.NO_ENTRY,))
    lifted, wrong = standing(listed, Typed("ANA@acme.es", lifted=True, lift_reason="asked"), NOW)
    assert (lifted, lifted.counts, wrong) == (Standing("ana@acme.es", NOW), False, ())
    assert standing(lifted, Typed("ana@acme.es", lift_reason="asked"), NOW + 1) == (listed, ())


def test_a_lifted_row_keeps_the_moment_of_its_lift_until_it_has_another_entry():
    lifted = Standing("ana@acme.es", NOW)
    again = Typed("ana@acme.es", lifted=True, lift_reason="asked twice")
    assert standing(lifted, again, NOW + 1)[0] == lifted
    other = Typed("eva@acme.es", lifted=True, lift_reason="asked")
    assert standing(lifted, other, NOW + 1)[0] == Standing("eva@acme.es", NOW + 1)


def test_a_new_row_without_an_entry_counts_for_nothing():
    made, wrong = standing(Standing(), Typed("Ana"), NOW)
    assert (made.counts, wrong) == (False, (Wrong.NO_ENTRY,))


def test_only_what_happened_after_every_lift_revives_an_entry():
    assert revives([], 1.0)
    assert revives([1.0, 2.0], 3.0)
    assert not revives([1.0, 4.0], 3.0)
    assert not revives([3.0], 3.0)


TEXTS = st.sampled_from(["ana@acme.es", "ANA@acme.es", "acme.es", "otroacme.es", "612345678", "10", "", "Ana"])
ACTS = st.builds(Typed, TEXTS, st.booleans(), st.sampled_from(["", "asked"]))


@pytest.mark.long
@given(st.lists(st.lists(ACTS, min_size=1, max_size=3), max_size=6), st.randoms(use_true_random=False))
def test_rows_name_the_same_leads_in_whatever_order_they_are_edited(rows, random):
    """Each row is edited some times; the edits of different rows may be mixed in any order."""

    def blocked(order):
        left, present = {n: list(acts) for n, acts in enumerate(rows)}, dict.fromkeys(range(len(rows)), Standing())
        for moment, n in enumerate(order):
            present[n], _ = standing(present[n], left[n].pop(0), NOW + moment, "ES")
        return named_by(present.values())

    def named_by(standings):
        mask = DoNotContact.of(one.form for one in standings if one.counts).names(LEADS, "ES")
        return set(LEADS.index[mask])

    order = [n for n, acts in enumerate(rows) for _ in acts]
    mixed = random.sample(order, len(order))
    assert blocked(order) == blocked(mixed)


@pytest.mark.long
@given(st.text(max_size=30))
def test_a_normal_form_is_its_own_normal_form(text):
    form = normal_form(text, "ES")
    assert normal_form(form, "ES") == form
