"""Problems of cells and rows in two-way tables, and the notes of their headers: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "two_way.at": ("{tab}, fila {row}: {problem}", "{tab}, row {row}: {problem}"),
    "two_way.more": (
        "Y {count} problemas más en las tablas: mira su columna «problema».",
        "And {count} more problems in the tables: see their column “problem”.",
    ),
    "two_way.more.one": (
        "Y {count} problema más en las tablas: mira su columna «problema».",
        "And {count} more problem in the tables: see their column “problem”.",
    ),
    "two_way.whole": (
        "{header} es «{value}»: escribe un número entero, como 3.",
        "{header} is “{value}”: enter a whole number, such as 3.",
    ),
    "two_way.number": (
        "{header} es «{value}»: escribe un número, como 3 o 12,5.",
        "{header} is “{value}”: enter a number, such as 3 or 12.5.",
    ),
    "two_way.date": (
        "{header} es «{value}»: escribe una fecha, como 2026-11-28.",
        "{header} is “{value}”: enter a date, such as 2026-11-28.",
    ),
    "two_way.moment": (
        "{header} es «{value}»: escribe fecha y hora, como 2026-11-28 09:30.",
        "{header} is “{value}”: enter a date and time, such as 2026-11-28 09:30.",
    ),
    "two_way.flag": (
        "{header} es «{value}»: usa la casilla, o escribe sí o no.",
        "{header} is “{value}”: use the checkbox, or enter yes or no.",
    ),
    "two_way.choice": (
        "{header} es «{value}»: se admite {allowed}.",
        "{header} is “{value}”: allowed values: {allowed}.",
    ),
    "two_way.choice_of_list": (
        "{header} es «{value}»: elige una opción de la lista de la celda, como {allowed}.",
        "{header} is “{value}”: choose from the list in the cell, such as {allowed}.",
    ),
    "two_way.long": (
        "{header} tiene {count} caracteres: se admiten {limit} como máximo.",
        "{header} has {count} characters: at most {limit} are allowed.",
    ),
    "two_way.error": (
        "{header} muestra un error ({value}): corrige la fórmula o escribe un valor.",
        "{header} shows an error ({value}): correct the formula or enter a value.",
    ),
    "two_way.missing": ("falta {header}: complétalo.", "{header} is missing: enter it."),
    "two_way.row_long": (
        "la fila pasa de {limit} caracteres: acórtala. Solo se sigue el principio de cada celda.",
        "the row has more than {limit} characters: shorten it. Only the beginning of each cell is watched.",
    ),
    "two_way.unstable": (
        "la fila no deja de cambiar desde hace diez minutos: pon valores en lugar de fórmulas que se recalculan.",
        "the row has kept changing for ten minutes: enter values in place of formulas that recalculate.",
    ),
    "two_way.adopted": (
        "{tab}, fila {row}: el sistema no tenía registro de la fila {key}. Sus celdas cuentan como están; sus"
        " casillas de acción se han desmarcado sin obedecerlas.",
        "{tab}, row {row}: row {key} had no record of an earlier state. Its cells count as they stand; its action"
        " checkboxes were cleared without being obeyed.",
    ),
    "two_way.adopted_log": (
        "{tab}: {count} filas sin registro anterior cuentan como están, sin obedecer sus casillas de acción: {keys}",
        "{tab}: {count} rows without an earlier record count as they stand, their action checkboxes not obeyed: {keys}",
    ),
    "two_way.adopted_log.one": (
        "{tab}: {count} fila sin registro anterior cuenta como está, sin obedecer sus casillas de acción: {keys}",
        "{tab}: {count} row without an earlier record counts as it stands, its action checkboxes not obeyed: {keys}",
    ),
    "two_way.part_sorted": (
        "{tab}: se ordenó o movió solo una parte de las columnas ({headers}; {count} filas): esas celdas están"
        " ahora junto a otra clave. No se toma nada de la pestaña hasta que lo deshagas (Ctrl+Z) o marques «confirmar»"
        " en Control.",
        "{tab}: only some of the columns were sorted or moved ({headers}; {count} rows): those cells now stand"
        " beside another key. Nothing is taken from the tab until you undo that (Ctrl+Z) or tick confirm on"
        " Control.",
    ),
    "two_way.broken": (
        "{tab}: la fórmula que muestra las filas editadas da un error; la pestaña se lee entera. Ejecuta: sheets-crm"
        " init",
        "{tab}: the formula that shows edited rows gives an error; the tab is read whole. Run: sheets-crm init",
    ),
    "two_way.failed": (
        "no se pudo tramitar lo que pides en esta fila; se intenta otra vez. El registro del programa dice por qué.",
        "what this row asks for could not be done; it is tried again. The program's log says why.",
    ),
    "two_way.came_back": (
        "se borró esta fila, pero otras dependen de ella: ha vuelto. Desactívala en lugar de borrarla.",
        "this row was deleted, but others depend on it: it came back. Deactivate it instead of deleting it.",
    ),
    "two_way.came_back_to": (
        "{tab}: la fila {key} se borró, pero otras dependen de ella: ha vuelto.",
        "{tab}: row {key} was deleted, but others depend on it: it came back.",
    ),
    "two_way.log": ("{tab}: {count} filas editadas", "{tab}: {count} edited rows"),
    "two_way.log.one": ("{tab}: {count} fila editada", "{tab}: {count} edited row"),
    "two_way.put_back": (
        "{tab}: {count} celdas del sistema cambiadas a mano, repuestas",
        "{tab}: {count} worker's cells changed by hand, put back",
    ),
    "two_way.put_back.one": (
        "{tab}: {count} celda del sistema cambiada a mano, repuesta",
        "{tab}: {count} worker's cell changed by hand, put back",
    ),
    "two_way.note.worker": (
        "Lo rellena el sistema; un cambio a mano se repone.",
        "Filled in by the worker; a change by hand is put back.",
    ),
    "two_way.note.operator": ("Lo escribes tú; el sistema no lo cambia.", "Yours to fill in; never overwritten."),
    "two_way.note.shared": (
        "Lo escribís tú y el sistema; lo último que escribas tú vale.",
        "You may write here, and so may the worker; what you write last wins.",
    ),
    "two_way.note.act": (
        "Una orden: se obedece una vez y la celda se vacía.",
        "A command: obeyed once, then the cell is cleared.",
    ),
    "two_way.note.state": ("Marcada o no: se queda como la dejes.", "Ticked or not: it stays as you leave it."),
    "two_way.note.problem": (
        "Qué celda de la fila no se entiende y qué se admite; mientras, cuenta su último valor bueno.",
        "Which cell of the row has a problem, with the allowed values; meanwhile its last good value counts.",
    ),
}
