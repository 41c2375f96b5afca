"""What the discovery document does not say of fields: which exclude each other, and how their types are called.

Source: the reference's "Union field" boxes, https://developers.google.com/workspace/sheets/api/reference/rest/v4
"""

from collections.abc import Mapping
from typing import Any

__all__ = ["CHARTS", "WRAPPED", "enum_type", "snake", "unions_of"]

#: Fields that Google keeps in a wrapper message, which its paths show.
WRAPPED = frozenset({"startRowIndex", "endRowIndex", "startColumnIndex", "endColumnIndex"})

_TYPES = "type.googleapis.com/google.apps.sheets.v4"
#: The kinds of a chart, as fields of its specification.
CHARTS = (
    "basicChart", "pieChart", "bubbleChart", "candlestickChart", "orgChart", "histogramChart", "waterfallChart",
    "treemapChart", "scorecardChart",
)  # fmt: skip
#: Message: (name of the union, its fields). `Request` is one union from end to end.
_UNIONS = {
    "AutoFillRequest": ("area", "range sourceAndDestination"),
    "ChartData": ("type", "sourceRange columnReference"),
    "ChartGroupRule": ("rule", "dateTimeRule histogramRule"),
    "ChartSpec": (
        "chart",
        " ".join(CHARTS),
    ),
    "ColorStyle": ("kind", "rgbColor themeColor"),
    "ConditionValue": ("value", "relativeDate userEnteredValue"),
    "ConditionalFormatRule": ("rule", "booleanRule gradientRule"),
    "DataFilter": ("filter", "developerMetadataLookup a1Range gridRange"),
    "DeveloperMetadataLocation": ("location", "spreadsheet sheetId dimensionRange"),
    "EmbeddedObjectPosition": ("location", "sheetId overlayPosition newSheet"),
    "ExtendedValue": ("value", "numberValue stringValue boolValue formulaValue errorValue"),
    "FindReplaceRequest": ("scope", "range sheetId allSheets"),
    "PasteDataRequest": ("kind", "delimiter html"),
    "PivotGroupRule": ("rule", "manualRule histogramRule dateTimeRule"),
    "UpdateCellsRequest": ("area", "start range"),
    "UpdateConditionalFormatRuleRequest": ("instruction", "rule newIndex"),
}
#: Enumerations that are not called like their field; the reference names them.
_ENUMS = {
    "horizontalAlignment": "HorizontalAlign",
    "verticalAlignment": "VerticalAlign",
    "majorDimension": "Dimension",
    "dateTimeRenderOption": "DateTimeRenderOption",
    "responseDateTimeRenderOption": "DateTimeRenderOption",
    "responseValueRenderOption": "ValueRenderOption",
    "metadataLocation": "DeveloperMetadataLocation",
    "visibility": "DeveloperMetadataVisibility",
    "locationType": "DeveloperMetadataLocationType",
    "locationMatchingStrategy": "DeveloperMetadataLocationMatchingStrategy",
    "relativeDate": "RelativeDate",
    "themeColor": "ThemeColorType",
    "colorType": "ThemeColorType",
    "shiftDimension": "Dimension",
    "pasteOrientation": "PasteOrientation",
    "autoRecalc": "RecalculationInterval",
    "delimiter": "DelimiterType",
    "hyperlinkDisplayType": "HyperlinkDisplayType",
}


def snake(name: str) -> str:
    """Spell a field as protocol buffers do: sheetId is sheet_id."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def enum_type(name: str) -> str:
    """Name the type of an enumeration by its field, as far as the reference tells it."""
    return f"{_TYPES}.{_ENUMS.get(name, name[:1].upper() + name[1:])}"


def unions_of(message: str, fields: Mapping[str, Any]) -> dict[str, str]:
    """Give the union that each field of a message belongs to; most belong to none."""
    if message == "Request":
        return dict.fromkeys(fields, "kind")
    name, members = _UNIONS.get(message, ("", ""))
    return dict.fromkeys(members.split(), name)
