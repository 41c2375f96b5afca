"""Writes the tables of messages into the operators' guides, from the messages themselves.

``python docs/make_messages.py`` rewrites what stands between the two marks in each guide. The reasons of rejected rows
bring their own remedy; what to do about the others is said here, and a test checks that none is forgotten.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from sheets_crm.messages import LANGUAGES, REMEDY, imports, runs, stops
from sheets_crm.pipeline.reply_words import LISTED

DOCS = Path(__file__).resolve().parent
PACKAGE = DOCS.parent / "sheets_crm"
GUIDES = {"es": DOCS / "guia-operador.md", "en": DOCS / "operator-guide.md"}
BEGIN, END = "<!-- messages:begin -->", "<!-- messages:end -->"

NOTHING = ("Nada: es información.", "Nothing: this is for information only.")
PARTS = {"not_recognised", "unforeseen", "no_room"}  # stand inside other messages
IN_TEXT = ("Lo que dice el propio mensaje.", "What the message itself says.")

# What to do about each message on Control, beside Log's.
REMEDIES: dict[str, tuple[str, str]] = {
    "take_not_whole": IN_TEXT,
    "take_too_many": IN_TEXT,
    "take_too_many_fit": IN_TEXT,
    "take_none_fits": IN_TEXT,
    "take_means_nothing": IN_TEXT,
    "take_nobody": NOTHING,
    "sent": ("Descarga el CSV en la pestaña Batch del paso.", "Download the CSV from the step's Batch tab."),
    "sent_fitting": (
        "Descarga el CSV en la pestaña Batch del paso.",
        "Download the CSV from the step's Batch tab.",
    ),
    "tick_not_ready": (
        "Nada: el lead ya se envió o dejó de cumplir la condición. Busca el lead en Lead Profile.",
        "Nothing: the lead has already been sent or no longer qualifies. Look it up in Lead Profile.",
    ),
    "tick_blocked": (
        "Nada, o levanta su entrada en No contactar con un motivo.",
        "Nothing, or lift its entry on Do not contact with a reason.",
    ),
    "tick_without_lead": NOTHING,
    "tick_left_without_lead": IN_TEXT,
    "control_tick_unclear": IN_TEXT,
    "tick_unclear": IN_TEXT,
    "block_of_one_row": (
        "La fila sigue en su sitio. Haz lo que dice el final del mensaje (se recoge sola al arreglarla) o bórrala.",
        "The row stays where it is. Do what the end of the message says (it is imported once corrected) or clear it.",
    ),
    "block_not_understood": (
        "El bloque sigue en su sitio. Haz lo que dice el final del mensaje (se recoge solo al arreglarlo) o bórralo.",
        "The block stays where it is. Do what the end of the message says (it is imported once corrected) or clear it.",
    ),
    "set_aside_tab": IN_TEXT,
    "set_aside_file": (
        "Se lo dices a quien lleva el sistema: corregir el archivo e importarlo otra vez, o sheets-crm retry.",
        "Tell whoever runs the system: correct the file and import it again, or run sheets-crm retry.",
    ),
    "damaged_import": (
        "Se lo dices a quien lleva el sistema: importar el archivo otra vez y borrar el dañado.",
        "Tell whoever runs the system: import the file again and delete the damaged one.",
    ),
    "retry_refused": IN_TEXT,
    "claim_refused": IN_TEXT,
    "claim_too_large": IN_TEXT,
    "brought_back": (
        "Nada: el lead vuelve a estar. Lo escrito a su lado se puede copiar de Archivo › Historial de versiones.",
        "Nothing: the lead has been restored. What stood beside it can be copied from File › Version history.",
    ),
    "hand_added": (
        "Nada, si querías añadirlo. Si no, se borra con sheets-crm forget: la Master no se edita a mano.",
        "Nothing, if you meant to add it. Otherwise have it erased with sheets-crm forget; do not edit the Master.",
    ),
    "row_repeated": IN_TEXT,
    "zone_unknown": IN_TEXT,
    "settling": ("Espera unos segundos.", "Wait a few seconds."),
    "setting_unclear": IN_TEXT,
    "undo_nothing": NOTHING,
    "close_nothing": NOTHING,
    "batch_id_number": IN_TEXT,
    "batch_of_gone_step": (
        "Pide a quien lleva el sistema que devuelva el paso a los ajustes; mientras tanto, desmarca la casilla.",
        "Ask whoever runs the system to put the step back in the settings; untick the box meanwhile.",
    ),
    "reopen_reason": IN_TEXT,
    "cells_60": IN_TEXT,
    "cells_80": IN_TEXT,
    "metric_differs": (
        "Avisa a quien lleva el sistema: tiene que ejecutar sheets-crm init.",
        "Tell whoever runs the system: sheets-crm init has to be run.",
    ),
    "retry_without_header": (
        "Repón encima la fila de cabeceras (Editar › Deshacer), o marca descartar y pega la fila en Inbox con la suya.",
        "Restore the header row above it (Edit › Undo), or tick discard and paste the row into Inbox with its headers.",
    ),
    "retry_not_understood": (
        "Repón la cabecera del bloque en Rejected (la fila gris, que empieza por reintentar, descartar).",
        "Restore the block's header in Rejected (the row that begins with retry, discard).",
    ),
    "both_ticked": IN_TEXT,
    "stale": (
        "Mira si el resultado está por llegar; si no, marca cerrar o deshacer en Batches.",
        "Check whether the output is still to come; if not, tick close or undo in Batches.",
    ),
    "ok": NOTHING,
    "refused": (
        "El sistema no escribe nada hasta que se aclare. Busca el mensaje en la tabla «Paradas».",
        "Nothing is written until this is cleared up. Find the message in the table “Stops”.",
    ),
    "hand_edit": IN_TEXT,
}

TITLES = {
    "es": ("En Control", "Paradas", "Filas y bloques que no se pudieron unir", "En Log", "mensaje", "qué hacer"),
    "en": ("On Control", "Stops", "Rows and blocks that could not be merged", "In Log", "message", "what to do"),
}


def causes() -> set[str]:
    """The causes of every stop that the source can raise, without what stands after the colon."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        named = dict(_constants(module))
        for call in ast.walk(module):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "refusal_of":
                found.add(_text(call.args[0], named).split(":")[0])
    return found


def _constants(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a module assigns and what it assigns to them."""
    for one in module.body:
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            yield one.targets[0].id, one.value


def _text(node: ast.expr | None, named: Mapping[str, ast.expr]) -> str:
    """Return the text of an expression, constants of its module filled in and everything else left out."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name) and node.id in named:
        return _text(named[node.id], {})
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, named)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, named) for part in node.values)
    return _text(node.left, named) if isinstance(node, ast.BinOp) else ""


def tables(language: str) -> str:
    """Return the tables of messages in a language."""
    control, stopped, rows, log, message, remedy = TITLES[language]
    which = LANGUAGES.index(language)
    head = f"| {message} | {remedy} |\n| --- | --- |"
    parts = [
        f"### {control}",
        _table(head, _control(which)),
        f"### {stopped}",
        _table(head, _with_remedies(stops.TEXTS, which)),
    ]
    parts += [
        f"### {rows}",
        _table(head, _with_remedies(imports.TEXTS, which)),
        f"### {log}",
        _table(f"| {message} |\n| --- |", _log(which)),
    ]
    return "\n\n".join(parts)


def on_control() -> list[str]:
    """Codes of what a run says on Control, beside Log's, the forms for one and the parts of sentences."""
    return [code for code in runs.TEXTS if not code.startswith("log_") and "." not in code and code not in PARTS]


def _control(which: int) -> Iterator[tuple[str, ...]]:
    for code in on_control():
        yield runs.TEXTS[code][which], REMEDIES[code][which]


def _with_remedies(texts: Mapping[str, tuple[str, str]], which: int) -> Iterator[tuple[str, ...]]:
    for code in texts:
        if not code.endswith(REMEDY):
            yield texts[code][which], texts[code + REMEDY][which]


def _log(which: int) -> Iterator[tuple[str, ...]]:
    for code, texts in runs.TEXTS.items():
        if code.startswith("log_") and "." not in code:
            yield (texts[which],)


def _table(head: str, rows: Iterator[tuple[str, ...]]) -> str:
    return "\n".join([head, *("| " + " | ".join(_cell(text) for text in row) + " |" for row in rows)])


def _cell(text: str) -> str:
    """Return a text for a table: the words of replies filled in, other placeholders in italics, bars escaped."""
    for name, words in LISTED.items():
        text = text.replace(f"{{{name}}}", words)
    text = re.sub(r"\{(\w+):[^|}]*\|([^}]*)\}", lambda form: form[2].replace("#", f"*{form[1]}*"), text)
    return re.sub(r"\{(\w+)\}", r"*\1*", text).replace("|", "\\|").replace("\n", " ")


def with_tables(text: str, language: str) -> str:
    """Return a guide with its tables as the messages are now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(language)}\n\n{END}{after}"


def main() -> None:
    """Rewrite the tables of both guides."""
    for language, path in GUIDES.items():
        path.write_text(with_tables(path.read_text(encoding="utf-8"), language), encoding="utf-8")


if __name__ == "__main__":
    main()
