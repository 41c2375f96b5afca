"""Texts about headers of imports, the kind of the next one, and files that are refused: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "file_block": ("fila {row}: {problem}", "row {row}: {problem}"),
    "word.contacts": ("contactos (contacts)", "contacts"),
    "kind.contacts": ("contactos", "contacts"),
    "word.sending": ("envío (sending)", "sending"),
    "enters_unknown": (
        "--enters: nadie puede entrar en {value} (posibles: {known}).",
        "--enters: nobody can enter at {value} (possible: {known}).",
    ),
    "enters_of_output": (
        "{source} es el resultado de {step}; --enters es para exports y listas de contactos.",
        "{source} is an output of {step}; --enters is for exports and contact lists.",
    ),
    "enters_of_output.remedy": ("Impórtalo sin --enters.", "Import it without --enters."),
    "file_refused.remedy": (
        "Corrige la fila de cabecera, o indica el tipo con --step.",
        "Correct the header row, or name the kind with --step.",
    ),
    "file_asked.remedy": (
        "Sus cabeceras están en la pestaña {tab} ({count}): di en qué se convierten e importa el archivo otra vez;"
        " o indica el tipo con --step.",
        "Its headers stand in the tab {tab} ({count}): say there what they become and import the file again; or name "
        "the kind with --step.",
    ),
    "columns_not_taken": (
        "{source}: {count} columnas no se entienden y no se tomaron: {headers}. En {tab} di en qué se convierten; "
        "vale para lo que venga, y si importas lo mismo otra vez se completan los leads.",
        "{source}: {count} columns are not understood and were not taken: {headers}. Say in {tab} what they become; "
        "that holds for all that comes, and importing the same again fills the leads.",
    ),
    "columns_not_taken.one": (
        "{source}: {count} columna no se entiende y no se tomó: {headers}. En {tab} di en qué se convierte; vale para "
        "lo que venga, y si importas lo mismo otra vez se completan los leads.",
        "{source}: {count} column is not understood and was not taken: {headers}. Say in {tab} what it becomes; that "
        "holds for all that comes, and importing the same again fills the leads.",
    ),
    "headers.waiting_in": ("{tab} · espera respuesta", "{tab} · waits for an answer"),
    "headers.no_room": (
        "No cabe otra columna en la Master: {column} no se conserva.",
        "There is no room for another column in the Master: {column} is not kept.",
    ),
    "headers.twice": (
        "Esta cabecera está dos veces con respuestas distintas; vale la primera. Borra una de las dos filas.",
        "This header stands here twice with different answers; the first one counts. Delete one of the two rows.",
    ),
    "headers.too_long": (
        "La cabecera es demasiado larga para ser el título de una columna (100 caracteres como máximo).",
        "The header is too long for a column's title (at most 100 characters).",
    ),
    "headers.too_long.remedy": (
        "Elige una columna de la Master, o acorta la cabecera en el archivo.",
        "Choose a column of the Master, or shorten the header in the file.",
    ),
    "headers.taken": (
        "La Master tiene una columna así que lleva el sistema.",
        "The Master has a column of that name, which the worker keeps.",
    ),
    "headers.taken.remedy": ("Elige otra columna, o ignorar.", "Choose another column, or ignore."),
    "headers.unusable": (
        "Un import de este tipo no puede llenar {column}.",
        "An import of this kind cannot fill {column}.",
    ),
    "headers.unusable.remedy": (
        "Elige otra columna, conservar o ignorar, o cambia el tipo.",
        "Choose another column, keep or ignore, or change the kind.",
    ),
    "control.unknown_word": (
        "Control, {setting}: no se conoce «{value}». Escribe uno de: {words}. Hasta entonces no se recogen las "
        "personas pegadas; los resultados de los pasos, sí.",
        "Control, {setting}: unknown word “{value}”. Write one of: {words}. Until then pasted people are not taken; "
        "outputs of steps are.",
    ),
    "control.import_kind": ("Tipo del próximo pegado", "Kind of the next paste"),
    "control.import_kind.help": (
        "Vacío: se reconoce. Si no, vale para el próximo bloque que se recoja y se vacía con él.",
        "Blank: it is recognised. Else it holds for the next block that is taken, and is emptied with it.",
    ),
    "control.enters": ("Su gente entra en", "Its people enter at"),
    "control.enters.help": (
        "Vacío: en el primer paso. Un paso, o envío: los anteriores no se les piden. Se vacía con el bloque.",
        "Blank: at the first step. A step, or sending: those before it are not asked of them. Emptied with the block.",
    ),
}
