"""What Google's JSON leaves out: nulls, empty lists and maps, and plain fields at their default.

"If a response field is set to the default value, it's omitted from the response" (grade A:
https://developers.google.com/workspace/sheets/api/samples/charts#read_chart_data). Messages stay though they are
empty, and so do the few plain fields of which Google can tell 0 or false from not set.
"""

from typing import Any

from sheets_crm.emulator.schema import fields_of

__all__ = ["without_defaults"]

#: Ranges know "unbounded" from 0: `geometry.public_ranges` shows them.
_AS_THEY_ARE = {"GridRange", "DimensionRange"}

#: Plain fields that are shown at 0, false or "" too.
_EXPLICIT = {
    # Recorded (A): a format that says "not bold" is another than one that says nothing.
    "TextFormat": {"bold", "italic", "strikethrough", "underline"},
    "SheetProperties": {"sheetId", "index"},
    "DeveloperMetadataLocation": {"sheetId"},
    # Members of a union, which is set by naming one of them (C).
    "ExtendedValue": {"numberValue", "stringValue", "boolValue"},
    "ConditionValue": {"userEnteredValue"},
    "FilterSpec": {"columnIndex"},
    "SortSpec": {"dimensionIndex"},
    # Fields whose documentation says what happens when they are not set (C).
    "BasicChartSpec": {"headerCount"},
    "ChartAxisViewWindowOptions": {"viewWindowMin", "viewWindowMax"},
    "HistogramChartSpec": {"bucketSize", "outlierPercentile"},
    "SlicerSpec": {"applyToPivotTables"},
}


def without_defaults(value: Any, spec: Any) -> Any:
    """Leave out of a JSON value what Google's answers leave out.

    Args:
        value: The value.
        spec: Its type as ``schema.json`` spells it, such as ``$ChartSpec`` or ``[$ChartSpec]``.
    """
    if isinstance(spec, list):
        return [without_defaults(item, spec[0]) for item in value]
    if isinstance(spec, dict) and "*" in spec:
        return {name: without_defaults(item, spec["*"]) for name, item in value.items()}
    if not isinstance(spec, str) or spec[0] != "$" or spec[1:] in _AS_THEY_ARE:
        return value
    return _message(value, spec[1:])


def _message(value: dict[str, Any], name: str) -> dict[str, Any]:
    fields, explicit = fields_of(name), _EXPLICIT.get(name, ())
    return {
        field: without_defaults(item, fields.get(field))
        for field, item in value.items()
        if field in explicit or not _is_default(item, fields.get(field))
    }


def _is_default(value: Any, spec: Any) -> bool:
    if isinstance(spec, str) and spec[0] == "$":
        return value is None
    if isinstance(spec, dict) and "enum" in spec:
        return value is None or value == spec["enum"][0]
    return not value
