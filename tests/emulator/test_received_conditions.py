"""Which conditions are refused as they come in, in validation, conditional formats and filters, and in which words."""

import pytest

BOX = {"sheetId": 0, "startRowIndex": 0, "endRowIndex": 5, "startColumnIndex": 0, "endColumnIndex": 2}
ANCHOR = {"overlayPosition": {"anchorCell": {"sheetId": 0}}}
BOLD = {"textFormat": {"bold": True}}
BLUE, RED = {"color": {"blue": 1}}, {"color": {"red": 1}}


def condition(kind, *texts):
    return {"type": kind, "values": [{"userEnteredValue": text} for text in texts]}


def conditional(found, form=BOLD):
    return {
        "addConditionalFormatRule": {
            "rule": {"ranges": [BOX], "booleanRule": {"condition": found, "format": form}}
        }
    }


def validation(found):
    return {"setDataValidation": {"range": BOX, "rule": {"condition": found}}}


def criteria(found):
    return [{"columnIndex": 0, "filterCriteria": {"condition": found}}]


def basic_filter(found):
    return {"setBasicFilter": {"filter": {"range": BOX, "filterSpecs": criteria(found)}}}


def filter_view(found):
    return {"addFilterView": {"filter": {"range": BOX, "criteria": {"0": {"condition": found}}}}}


def slicer(found):
    spec = {"dataRange": BOX, "columnIndex": 0, "filterCriteria": {"condition": found}}
    return {"addSlicer": {"slicer": {"spec": spec, "position": ANCHOR}}}


def cell_rule(found):
    cell = {"dataValidation": {"condition": found}}
    return {"repeatCell": {"range": BOX, "cell": cell, "fields": "dataValidation"}}


def cells_rule(found):
    rows = [{"values": [{"dataValidation": {"condition": found}}]}]
    return {"updateCells": {"start": {"sheetId": 0}, "rows": rows, "fields": "dataValidation"}}


def scale(value, kind="NUMBER"):
    points = {"minpoint": {"type": kind, "value": value, **BLUE}, "maxpoint": {"type": "MAX", **RED}}
    return {"addConditionalFormatRule": {"rule": {"ranges": [BOX], "gradientRule": points}}}


def refusal(raw, request):
    (kind,) = request
    return raw.refused(request).removeprefix(f"Invalid requests[0].{kind}: ")


FORMATS, FILTERS, VALIDATION = "conditional formats", "filters", "data validation"
NOT_IN_FORMATS = """
    TEXT_NOT_EQ TEXT_IS_EMAIL TEXT_IS_URL DATE_NOT_EQ DATE_ON_OR_BEFORE DATE_ON_OR_AFTER DATE_BETWEEN DATE_NOT_BETWEEN
    DATE_IS_VALID ONE_OF_RANGE ONE_OF_LIST BOOLEAN FILTER_EXPRESSION
"""


@pytest.mark.parametrize(
    ("asking", "use", "kinds"),
    [
        (conditional, FORMATS, NOT_IN_FORMATS),
        (
            validation,
            VALIDATION,
            "TEXT_STARTS_WITH TEXT_ENDS_WITH BLANK NOT_BLANK TEXT_NOT_EQ DATE_NOT_EQ FILTER_EXPRESSION",
        ),
        (cell_rule, VALIDATION, "BLANK"),
        (cells_rule, VALIDATION, "BLANK"),
        (basic_filter, FILTERS, "ONE_OF_LIST ONE_OF_RANGE BOOLEAN TEXT_IS_EMAIL DATE_IS_VALID DATE_ON_OR_AFTER"),
        (filter_view, FILTERS, "ONE_OF_LIST"),
        (slicer, FILTERS, "ONE_OF_LIST"),
    ],
)
def test_each_use_has_its_own_kinds_of_conditions(raw, asking, use, kinds):
    for kind in kinds.split():
        assert refusal(raw, asking(condition(kind))) == f"ConditionType '{kind}' is not supported in {use}."


def test_what_filters_alone_take_and_the_emulator_does_not_is_refused_by_name(raw):
    assert refusal(raw, basic_filter(condition("FILTER_EXPRESSION", "x"))) == (
        "Condition type FILTER_EXPRESSION is not implemented by the emulator."
    )


@pytest.mark.parametrize("kind", ["TEXT_NOT_EQ", "TEXT_STARTS_WITH"])
@pytest.mark.parametrize("asking", [basic_filter, filter_view, slicer])
def test_filters_take_the_kinds_of_conditional_formats_and_two_more(raw, asking, kind):
    raw.ok(asking(condition(kind, "x")))


@pytest.mark.parametrize(
    ("request_", "wanted", "count"),
    [
        (validation(condition("ONE_OF_RANGE", *"abcde")), "exactly one ConditionValue", 5),
        (conditional(condition("NUMBER_LESS")), "exactly one ConditionValue", 0),
        (conditional(condition("TEXT_EQ", "a", "b")), "exactly one ConditionValue", 2),
        (conditional(condition("NUMBER_BETWEEN", "1")), "exactly two ConditionValues", 1),
        (validation(condition("DATE_NOT_BETWEEN", "1", "2", "3")), "exactly two ConditionValues", 3),
        (basic_filter(condition("BLANK", "x")), "no ConditionValues", 1),
        (validation(condition("ONE_OF_LIST")), "at least one ConditionValue", 0),
        (filter_view(condition("TEXT_NOT_EQ")), "at least one ConditionValue", 0),
        (validation(condition("BOOLEAN", "a", "b", "c")), "at most two ConditionValues", 3),
    ],
)
def test_each_kind_takes_so_many_values(raw, request_, wanted, count):
    message = refusal(raw, request_)
    assert message.endswith(f"' requires {wanted}, but {count} values were supplied.")


@pytest.mark.parametrize("asking", [conditional, validation, cell_rule, basic_filter, filter_view, slicer])
@pytest.mark.parametrize(
    ("locale", "kind", "text"),
    [
        ("es_ES", "CUSTOM_FORMULA", "=AND(A1=1,B1=2)"),
        ("pt_BR", "CUSTOM_FORMULA", "=AND(A1=1,B1=2)"),
        ("es_ES", "CUSTOM_FORMULA", "=A1>1.5"),
        ("en_US", "CUSTOM_FORMULA", "=A1>1,5"),
        ("en_US", "CUSTOM_FORMULA", "=(A1"),
        ("en_US", "CUSTOM_FORMULA", "A1>5"),
        ("en_US", "CUSTOM_FORMULA", "=" + "(" * 20_000),
        ("en_US", "NUMBER_GREATER", "x"),
        ("en_US", "NUMBER_GREATER", "TRUE"),
        ("es_ES", "NUMBER_GREATER", "1.5"),
        ("en_US", "NUMBER_GREATER", "=IF(1"),
        ("en_US", "DATE_BEFORE", "31/12/2026"),
        ("en_US", "DATE_BEFORE", "soon"),
        ("en_US", "TEXT_CONTAINS", "=CONCAT("),
    ],
)
def test_values_are_read_in_the_workbooks_locale(raw, sheet, asking, locale, kind, text):
    sheet.update_locale(locale)
    wanted = f"Invalid ConditionValue.userEnteredValue: {text} for ConditionType: {kind}"
    assert refusal(raw, asking(condition(kind, text))) == wanted


@pytest.mark.parametrize(
    ("locale", "found"),
    [
        ("es_ES", condition("CUSTOM_FORMULA", "=AND(A1>1,5;B1=2)")),
        ("en_US", condition("CUSTOM_FORMULA", "=AND(A1>1.5,NO.SUCH(B1))")),
        ("en_US", condition("CUSTOM_FORMULA", "+A1>1")),
        ("es_ES", condition("NUMBER_GREATER", "1,5")),
        ("en_US", condition("NUMBER_BETWEEN", "50%", "=A1+2")),
        ("es_ES", condition("DATE_BEFORE", "31/12/2026")),
        ("en_US", condition("TEXT_CONTAINS", "+34 600")),
        ("en_US", condition("TEXT_CONTAINS", "=")),
    ],
)
@pytest.mark.parametrize("asking", [conditional, validation, filter_view])
def test_values_that_can_be_read_are_taken(raw, sheet, asking, locale, found):
    sheet.update_locale(locale)
    raw.ok(asking(found))


def test_a_relative_date_is_for_dates_and_not_for_validation(raw):
    def today(kind):
        return {"type": kind, "values": [{"relativeDate": "TODAY"}]}

    raw.ok(conditional(today("DATE_BEFORE")), filter_view(today("DATE_EQ")))
    assert refusal(raw, validation(today("DATE_BEFORE"))) == (
        "ConditionValue.relativeDate is not supported in data validation."
    )
    assert refusal(raw, conditional(today("NUMBER_EQ"))) == (
        "ConditionValue.relativeDate is not supported for ConditionType: NUMBER_EQ"
    )


@pytest.mark.long
def test_choices_come_from_a_range_after_an_equals_sign_and_come_back_absolute(raw):
    raw.ok({"addNamedRange": {"namedRange": {"name": "Towns", "range": BOX}}})
    for text in ("Sheet1!A2:A5", "=Nowhere!A2:A5", "=Villages", "=A", "=A1&B1", "=#REF!", ""):
        wanted = f"Invalid ConditionValue.userEnteredValue: {text} for ConditionType: ONE_OF_RANGE"
        assert refusal(raw, validation(condition("ONE_OF_RANGE", text))) == wanted
    for text, kept in (
        ("=Sheet1!A2:A5", "=Sheet1!$A$2:$A$5"),
        ("='Sheet1'!$A2:A", "='Sheet1'!$A$2:$A"),
        ("=B:B", "=$B:$B"),
        ("=A3", "=$A$3"),
        ("=Towns", "=Towns"),
    ):
        for asking in (validation, cell_rule, cells_rule):
            raw.ok(asking(condition("ONE_OF_RANGE", text)))
            sheet = raw.get(fields="sheets.data.rowData.values.dataValidation", ranges="A1")["sheets"][0]
            rule = sheet["data"][0]["rowData"][0]["values"][0]["dataValidation"]
            assert rule["condition"] == condition("ONE_OF_RANGE", kept)


@pytest.mark.parametrize(("locale", "bad", "good"), [("es_ES", "1.5", "1,5"), ("en_US", "1,5", "1.5")])
@pytest.mark.parametrize("kind", ["NUMBER", "PERCENT", "PERCENTILE"])
def test_points_of_colour_scales_are_read_in_the_workbooks_locale(raw, sheet, locale, bad, good, kind):
    sheet.update_locale(locale)
    for text in (bad, "abc", "=MAX("):
        assert refusal(raw, scale(text, kind)) == f"Invalid InterpolationPoint.value: {text}"
    raw.ok(scale(good, kind), scale("=A1*2", kind))
    rules = raw.get(fields="sheets.conditionalFormats")["sheets"][0]["conditionalFormats"]
    assert rules[1]["gradientRule"]["minpoint"]["value"] == good


def test_a_conditional_format_has_a_kind_a_condition_and_a_format_that_it_can_set(raw):
    change = {"addConditionalFormatRule": {"rule": {"ranges": [BOX]}}}
    assert refusal(raw, change) == "One of booleanRule or gradientRule must be set on rule."
    change["addConditionalFormatRule"]["rule"]["booleanRule"] = {"format": BOLD}
    assert refusal(raw, change) == "condition.type must be specified."
    blank = condition("BLANK")
    for form, name in (
        ({"horizontalAlignment": "LEFT"}, "horizontalAlignment"),
        ({"numberFormat": {"type": "NUMBER"}}, "numberFormat"),
        ({"textFormat": {"bold": True, "fontSize": 20}}, "textFormat.fontSize"),
    ):
        assert (
            refusal(raw, conditional(blank, form)) == f"CellFormat.{name} is not supported in conditional formats."
        )
    letters = {
        **dict.fromkeys(("bold", "italic", "strikethrough", "underline"), True),
        "foregroundColor": {"red": 1},
    }
    raw.ok(conditional(blank, {"textFormat": letters, "backgroundColorStyle": {"rgbColor": {"green": 1}}}))
    change = {"rule": conditional(condition("BOOLEAN"))["addConditionalFormatRule"]["rule"], "index": 0}
    message = "ConditionType 'BOOLEAN' is not supported in conditional formats."
    assert refusal(raw, {"updateConditionalFormatRule": change}) == message


def test_changed_filters_and_slicers_are_checked_too(raw):
    made = raw.ok(filter_view(condition("BLANK")), slicer(condition("BLANK")))["replies"]
    view = {"filterViewId": made[0]["addFilterView"]["filter"]["filterViewId"]}
    message = "ConditionType 'ONE_OF_LIST' is not supported in filters."
    found = condition("ONE_OF_LIST", "x")
    change = {"filter": {**view, "filterSpecs": criteria(found)}, "fields": "filterSpecs"}
    assert refusal(raw, {"updateFilterView": change}) == message
    spec = slicer(found)["addSlicer"]["slicer"]["spec"]
    number = made[1]["addSlicer"]["slicer"]["slicerId"]
    change = {"slicerId": number, "spec": spec, "fields": "filterCriteria"}
    assert refusal(raw, {"updateSlicerSpec": change}) == message


def test_a_rules_condition_is_checked_only_where_it_is_changed(raw):
    cell = {"dataValidation": {"strict": True, "condition": condition("BLANK")}}
    change = {"range": BOX, "cell": cell, "fields": "dataValidation.strict"}
    raw.ok({"repeatCell": change}, validation(condition("NUMBER_LESS", "5")), {"repeatCell": change})
    change["fields"] = "dataValidation.condition"
    assert refusal(raw, {"repeatCell": change}) == "ConditionType 'BLANK' is not supported in data validation."
