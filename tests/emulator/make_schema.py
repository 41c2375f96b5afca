"""Write the emulator's compact schema from Google's discovery document.

    python tests/emulator/make_schema.py > sheets_crm/emulator/schema.json

Only names and types are kept, no text. Needs google-api-python-client, which holds the document.
"""

import json
import sys
from importlib.resources import files


def discovery():
    """Read the discovery document of Sheets v4."""
    documents = files("googleapiclient") / "discovery_cache" / "documents"
    return json.loads((documents / "sheets.v4.json").read_text(encoding="utf-8"))


def spelled(spec):
    """Spell a type: a name of JSON, ``$Message``, [items], {"*": values} or {"enum": words}."""
    if "$ref" in spec:
        return "$" + spec["$ref"]
    if spec["type"] == "array":
        return [spelled(spec["items"])]
    if "additionalProperties" in spec:
        return {"*": spelled(spec["additionalProperties"])}
    if "enum" in spec:
        return {"enum": spec["enum"]}
    if spec["type"] == "object":
        return "any"
    return spec.get("format") if spec.get("format") in ("int32", "float", "double") else spec["type"]


def compact(document):
    """Keep the messages, and what each method takes and gives."""
    messages = {
        name: {field: spelled(spec) for field, spec in sorted(schema.get("properties", {}).items())}
        for name, schema in sorted(document["schemas"].items())
    }
    methods = {}
    top = document["resources"]["spreadsheets"]
    for resource in (top, *top["resources"].values()):
        for method in resource["methods"].values():
            query = {n: spelled(p) for n, p in method.get("parameters", {}).items() if p["location"] == "query"}
            repeated = [n for n, p in method.get("parameters", {}).items() if p.get("repeated")]
            methods[method["id"].removeprefix("sheets.spreadsheets.")] = {
                "request": method.get("request", {}).get("$ref"),
                "response": method["response"]["$ref"],
                "query": query,
                "repeated": repeated,
            }
    return {"revision": document["revision"], "messages": messages, "methods": dict(sorted(methods.items()))}


if __name__ == "__main__":
    json.dump(compact(discovery()), sys.stdout, separators=(",", ":"))
    sys.stdout.write("\n")
