"""What the demo says while it plays, and what to try next: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "demo.step": ("[{number}/{all}] {title}", "[{number}/{all}] {title}"),
    "demo.note": ("      {text}", "      {text}"),
    "demo.export": (
        "Export: importar {count} personas, con duplicados y filas fallidas",
        "Export: import {count} people, with duplicates and failed rows",
    ),
    "demo.ticked": (
        "Verification: marcar 180 leads, pegar en Inbox la respuesta del buscador",
        "Verification: tick 180 leads, paste the finder's answer into Inbox",
    ),
    "demo.taken": (
        "Verification: tomar 200 desde Control, responder en una pestaña propia",
        "Verification: take 200 from Control, answer in a tab of its own",
    ),
    "demo.mended": (
        "Verification: corregir una fila rechazada y reintentar; enviar 20 y deshacerlo",
        "Verification: correct a rejected row and retry; send 20 and undo them",
    ),
    "demo.company": (
        "CompScrap: enviar todo en dos partes, pegar, cerrar lo que no volvió",
        "CompScrap: send all in two parts, paste, close what never came back",
    ),
    "demo.box1": (
        "Box1: enviar 150, pegar; pasar otra vez un lead almacenado bajo otra versión",
        "Box1: send 150, paste; run a stored lead again under another version",
    ),
    "demo.instantly": (
        "Instantly: enviar los HIT, pegar la lista de leads de la campaña",
        "Instantly: send the HITs, paste the campaign's lead list",
    ),
    "demo.discarded": (
        "en Rejected hay {count} filas de búsquedas fallidas: descartar",
        "{count} rows of failed searches are in Rejected: discard",
    ),
    "demo.reopened": (
        "el lead {lead} de Almacenamiento otra vez, bajo v2",
        "lead {lead} of Storage once more, under v2",
    ),
    "demo.weeks": (
        "History recibe además doce semanas inventadas, para que el Dashboard tenga evolución",
        "History also gets twelve invented weeks, so that the Dashboard has a trend to show",
    ),
    "demo.weeks.note": (
        "Datos de muestra: las filas de las semanas anteriores a la demo son inventadas, para que el Dashboard tenga"
        " evolución.",
        "Sample data: the rows of the weeks before the demo are invented, so that the Dashboard has a trend to show.",
    ),
    "demo.continuing": ("Se sigue con el libro de {path}", "Continuing with the workbook in {path}"),
    "demo.dashboard": ("El Dashboard del libro de la demo:", "The dashboard of the demo's workbook:"),
    "demo.where": (
        "El libro está en {url} y el worker reacciona a lo que hagas. Prueba:",
        "The workbook is at {url} and the worker reacts to your edits. Try:",
    ),
    "demo.try_tick": (
        "  - marca unos leads en Verification Input: se hacen un lote y salen de la pestaña",
        "  - tick some leads in Verification Input: they become a batch and leave the tab",
    ),
    "demo.try_paste": (
        "  - pega el resultado de cualquier herramienta, con su cabecera, en Inbox",
        "  - paste any tool's output, header row included, into Inbox",
    ),
    "demo.try_take": (
        "  - en Control, escribe un número o todo en «tomar N» de un paso y marca «enviar N ya»",
        "  - on Control, write a number or all under take N of a step and tick send N now",
    ),
    "demo.others": (
        "Las demás órdenes también trabajan con él:  {command}",
        "Every other command works on it too:  {command}",
    ),
    "demo.ends": (
        "Ctrl-C la termina; la misma orden sigue con el mismo libro.",
        "Ctrl-C ends it; the same command continues with the same workbook.",
    ),
    "demo.open": (
        "Para abrir este libro en el navegador: {command}",
        "To open this workbook in the browser: {command}",
    ),
}
