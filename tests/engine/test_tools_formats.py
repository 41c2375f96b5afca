"""Every tool's own output pasted over HTTP: eight verifiers, company scrapers in three languages, an edited vocabulary."""

import pytest
from page_visitor import Visitor

from sheets_crm import sample

# Vendor, its columns after the lead's number, a row of a good address and one of a bad one.
VERIFIERS = {
    "Anymailfinder": (["email", "email_status", "valid_email"], ["{}", "valid", "{}"], ["", "not_found", ""]),
    "Findymail": (["email", "verified"], ["{}", "true"], ["{}", "false"]),
    "Dropcontact": (["email", "qualification"], ["{}", "nominative@pro"], ["{}", "catch_all@pro"]),
    "Icypeas": (["email", "certainty"], ["{}", "ultra_sure"], ["{}", "undeliverable"]),
    "NeverBounce": (["email", "email_validation"], ["{}", "0"], ["{}", "1"]),
    "ZeroBounce": (
        ["Email Address", "ZB Status", "ZB Sub Status"],
        ["{}", "valid", ""],
        ["{}", "catch-all", "role_based"],
    ),
    "MillionVerifier": (["email", "quality", "result"], ["{}", "good", "ok"], ["{}", "bad", "invalid"]),
    "Hunter": (["email", "Verification Status"], ["{}", "Deliverable"], ["{}", "accept_all"]),
}
LANGUAGES = {
    "en": "companyUrl,companyName,website,industry,headquarters,companySize,founded,specialties,phone,query",
    "fr": "companyUrl,nom,siteWeb,secteur,siègeSocial,tailleDel'entreprise,fondéeEn,spécialités,téléphone,query",
    "es": "companyUrl,nombre,sitioWeb,sector,sede,tamañoDelaempresa,fundación,especialidades,teléfono,query",
}


def outstanding(desk):
    return [row["LeadNumber"] for row in desk.rows("Verification Batch")]


@pytest.mark.long
@pytest.mark.parametrize(
    "vendor", [name if n < 2 else pytest.param(name, marks=pytest.mark.long) for n, name in enumerate(VERIFIERS)]
)
def test_each_verifiers_output_is_taken_as_it_is_pasted(open_desk, vendor):
    desk = open_desk("sent")
    header, good, bad = VERIFIERS[vendor]
    first, second, *_ = outstanding(desk)
    emails = {first: "buena@acme.example", second: "mala@acme.example"}
    rows = [
        [str(number), *(cell.format(emails[number]) for cell in cells)]
        for number, cells in ((first, good), (second, bad))
    ]
    desk.paste(["LeadNumber", *header], rows)
    (drop,) = desk.sync()["drops"]
    assert (drop["step"], drop["updated"], drop["rejected"]) == ("verification", 2, 0)

    leads = desk.leads()
    assert leads[first]["email"] == "buena@acme.example"
    assert (leads[first]["validation_success"], leads[second]["validation_success"]) == (True, False)
    assert leads[first]["verification_status"] == leads[second]["verification_status"] == "completed"
    ready = {row["LeadNumber"] for row in desk.rows("CompScrap Input")}
    assert (first in ready, second in ready) == (True, False)


@pytest.mark.long
@pytest.mark.parametrize(
    "language", ["fr", *(pytest.param(one, marks=pytest.mark.long) for one in LANGUAGES if one != "fr")]
)
def test_a_company_scraper_in_each_language_fills_the_same_columns(open_desk, language):
    desk = open_desk("sent")
    desk.paste(*sample.verification_output(*desk.batch("Verification"), seed=3))
    desk.sync()
    desk.tick("CompScrap Input")
    desk.sync()
    sent = desk.rows("CompScrap Batch")
    query = next(row["companyLinkedinUrl_fromP"] for row in sent if row["companyLinkedinUrl_fromP"])
    row = [query, "Empresa", "https://e.example", "Software", "Madrid", "51-200", "2009", "a; b", "08001", query]
    desk.paste(LANGUAGES[language].split(","), [row])
    (drop,) = desk.sync()["drops"]
    assert (drop["step"], drop["rejected"]) == ("company_scrap", 0)

    answered = [row["LeadNumber"] for row in sent if row["companyLinkedinUrl_fromP"] == query]
    for number in answered:
        lead = desk.leads()[number]
        assert lead["company_scrap_status"] == "completed"
        names = ("companyName", "website", "industry", "companyLocation", "specialties", "phone")
        assert [lead[name] for name in names] == [
            *("Empresa", "https://e.example", "Software", "Madrid", "a; b", "08001"),
        ]
        assert str(lead["yearFounded"]) == "2009"


@pytest.mark.long
def test_a_word_added_to_vocabulary_holds_from_the_next_drop_and_lets_rejected_rows_in(open_desk):
    desk = open_desk("sent")
    first, second, *_ = outstanding(desk)
    header = ["LeadNumber", "email", "email_validation"]
    desk.paste(header, [[str(first), "a@acme.example", "estupendo"], [str(second), "b@acme.example", "risky"]])
    (drop,) = desk.sync()["drops"]
    assert (drop["updated"], drop["rejected"]) == (1, 1)
    assert desk.leads()[second]["validation_success"] is False

    words = desk.cells("Vocabulary")
    free = max(n for n, row in enumerate(words, start=1) if any(row)) + 1
    desk.put("Vocabulary", f"A{free}", [["estupendo", "valid", True]])
    risky = next(n for n, row in enumerate(words, start=1) if row[0] == "risky")
    desk.put("Vocabulary", f"C{risky}", [[True]])
    waiting = next(n for n, row in enumerate(desk.cells("Rejected"), start=1) if "estupendo" in row)
    desk.put("Rejected", f"A{waiting}", [[True]])
    desk.paste(header, [[str(second), "b@acme.example", "risky"]])
    desk.sync()

    leads = desk.leads()
    assert (leads[first]["validation_success"], leads[second]["validation_success"]) == (True, True)
    assert leads[first]["email_validation"] == "estupendo"
    assert not desk.problems()


@pytest.mark.long
def test_bad_rows_of_vocabulary_are_named_on_control_and_the_others_count(open_desk):
    desk = open_desk("sent")
    first, *_ = outstanding(desk)
    free = max(n for n, row in enumerate(desk.cells("Vocabulary"), start=1) if any(row)) + 1
    bad = [["rarito", "quizás", ""], ["", "valid", ""], ["medio", "valid", "puede"], ["bien", "valid", ""]]
    desk.put("Vocabulary", f"A{free}", bad)
    desk.paste(["LeadNumber", "email", "email_validation"], [[str(first), "a@acme.example", "bien"]])
    desk.sync()

    assert desk.leads()[first]["validation_success"] is True
    said = desk.problems()
    assert [text.partition(": ")[0] for text in said] == [f"Vocabulary, fila {free + n}" for n in range(3)]
    assert all(text in said[0] for text in ("quizás", "catch_all")), "what stands there, and what is allowed"
    assert "palabra" in said[1]
    assert "puede" in said[2]
    problem = desk.cells("Vocabulary")[0].index("problem")
    assert desk.cells("Vocabulary")[free - 1][problem] == said[0].partition(": ")[2]
    assert not desk.hidden_columns("Vocabulary")[problem], "it shows as long as it holds something"

    desk.put("Vocabulary", f"A{free}", [["rarito", "risky", ""], ["", "", ""], ["medio", "valid", False]])
    desk.sync()
    assert not desk.problems()
    rows = desk.cells("Vocabulary")
    assert not any(rows[free]), "a row that was emptied is gone"
    assert rows[free - 1][:2] == ["rarito", "risky"]
    assert desk.hidden_columns("Vocabulary")[problem]
    assert desk.sync()["writes"] == 0


@pytest.mark.long
def test_settings_that_cannot_be_meant_are_named_and_their_cells_say_what_they_accept(open_desk):
    desk = open_desk("sent")
    desk.set_control("schedule.1", "B", "muchos")
    desk.set_control("step.box1", "F", 0)
    desk.sync(force=True)
    said = " ".join(desk.problems())
    assert "«muchos» no vale en Calendario de envíos · martes" in said
    assert "mientras tanto cuenta como 0." in said
    assert (
        "«0» no vale en partes K · Box1. Escribe un número entero de 1 a 20; mientras tanto cuenta como 1." in said
    )

    book = desk.client("owner").open_by_key(desk.sheet_id)
    data = book.fetch_sheet_metadata({"includeGridData": "true", "ranges": "Control"})["sheets"][0]["data"][0]
    kinds = {
        (n + 1, m): cell["dataValidation"]["condition"]["type"]
        for n, row in enumerate(data["rowData"])
        for m, cell in enumerate(row.get("values", ()))
        if "dataValidation" in cell
    }
    where = {name: desk.control(name)[0] for name in ("schedule.1", "step.box1", "box1_version", "target_id")}
    assert kinds[where["schedule.1"], 1] == "NUMBER_GREATER_THAN_EQ"
    assert kinds[where["step.box1"], 3] == "CUSTOM_FORMULA"
    assert kinds[where["step.box1"], 5] == "ONE_OF_LIST"
    assert kinds[where["box1_version"], 1] == kinds[where["target_id"], 1] == "ONE_OF_RANGE"


@pytest.mark.long
def test_take_n_accepts_whole_numbers_and_the_words_for_all_without_a_red_corner(open_desk):
    desk = open_desk("sent")
    row = desk.control("step.box1")[0]
    page = Visitor(desk.server, desk.book("owner"))
    page.tab = desk.tab_id("Control")

    def red(value):
        desk.set_control("step.box1", "D", value)
        marked = page.cells(top=row - 1, bottom=row, left=3, right=4)["rows"][0].get("invalid", {})
        assert set(marked.values()) <= {"Un número entero, 1 o más, o la palabra todo."}
        return bool(marked)

    assert [value for value in (1, 250, "todo", "All", " todos ", "") if red(value)] == []
    assert [value for value in (0, -3, 2.5, "muchos") if not red(value)] == []
