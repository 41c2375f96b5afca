"""Reasons why a run was refused, by cause, and the remedies (``.remedy``): code, Spanish, English.

Placeholders are the refusal's numbers, ``where`` and ``detail`` (the part of its cause after the last colon).
"""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "stop.copied": ("Este libro es una copia de otro.", "This workbook is a copy of another one."),
    "stop.copied.remedy": (
        "Trabaja en el original. Para usar la copia como libro propio: sheets-crm init --adopt.",
        "Work in the original. To use the copy as a workbook in its own right, run sheets-crm init --adopt.",
    ),
    "stop.set_back": (
        "El libro volvió a una versión anterior: está en la escritura {now} y hubo otras después.",
        "The workbook was rolled back to an earlier version: it is at write {now}, and there were later ones.",
    ),
    "stop.set_back.remedy": (
        "Restaura la versión más nueva (Historial de versiones), o acepta esta: sheets-crm init --adopt.",
        "Restore the newest version (File › Version history), or accept this one with sheets-crm init --adopt.",
    ),
    "stop.lead_numbers_repeated": (
        "La Master tiene LeadNumbers repetidos: {repeated}, el primero {first} ({where}).",
        "LeadNumbers are repeated in the Master: {repeated}, the first {first} ({where}).",
    ),
    "stop.lead_numbers_repeated.remedy": (
        "Borra las filas pegadas o duplicadas, o restaura con Editar › Deshacer o Archivo › Historial de "
        "versiones.",
        "Delete the pasted or duplicated rows, or restore the Master with Edit › Undo or File › Version history.",
    ),
    "stop.lead_numbers_missing": (
        "La Master tiene filas sin LeadNumber válido: {rows} ({where}).",
        "Rows of the Master have no valid LeadNumber: {rows} ({where}).",
    ),
    "stop.lead_numbers_missing.remedy": (
        "Vacía esas filas si se escribieron a mano, o restaura con Editar › Deshacer o Archivo › Historial "
        "de versiones.",
        "Clear those rows if they were typed by hand, or restore the Master with Edit › Undo or File › "
        "Version history.",
    ),
    "stop.master_shrank": (
        "La Master tiene {now} leads; tenía {before}.",
        "The Master has {now} leads; it had {before}.",
    ),
    "stop.master_shrank.remedy": (
        "Recupera las filas con Editar › Deshacer o Archivo › Historial de versiones. Si es a propósito, "
        "marca «confirmar» en Control; también después trae sheets-crm restore a quien se borró.",
        "Restore the rows with Edit › Undo or File › Version history. If this was intended, tick confirm on"
        " Control; sheets-crm restore brings deleted leads back even afterwards.",
    ),
    "stop.unexplained": (
        "De los {total:,} leads de la Master, {leads:# se cambió|# se cambiaron} a mano, sin envío ni resultado; "
        "por ejemplo el lead {lead}, en {column}.",
        "Of the {total:,} leads in the Master, {leads:# was|# were} edited by hand, not by a send or an output; "
        "for example lead {lead}, in {column}.",
    ),
    "stop.unexplained.remedy": (
        "Deshazlo con Editar › Deshacer o Archivo › Historial de versiones. Si es a propósito, marca "
        "«confirmar» en Control.",
        "Undo it with Edit › Undo or File › Version history. If this was intended, tick confirm on Control.",
    ),
    "stop.not_set_up": (
        "Este libro todavía no está preparado.",
        "This spreadsheet is not set up yet.",
    ),
    "stop.not_set_up.remedy": ("Ejecuta sheets-crm init.", "Run sheets-crm init."),
    "stop.older": (
        "Este libro se hizo con una versión anterior del sistema; esperan cambios de su estructura: {detail}.",
        "This workbook was made by an earlier version of the system; changes to its layout are pending: {detail}.",
    ),
    "stop.older.remedy": (
        "Ejecuta sheets-crm init: los hace en una sola escritura sin mover las celdas de nadie.",
        "Run sheets-crm init: it makes them in a single write and moves nobody's cells.",
    ),
    "stop.newer": (
        "Una versión más nueva del sistema cambió este libro: {detail}.",
        "A newer version of the system has changed this workbook: {detail}.",
    ),
    "stop.newer.remedy": (
        "Actualiza sheets_crm en esta máquina y vuelve a ejecutarlo.",
        "Update sheets_crm on this machine, then run it again.",
    ),
    "stop.tab_missing": (
        "Faltan pestañas del sistema: {detail}.",
        "System tabs are missing: {detail}.",
    ),
    "stop.tab_missing.remedy": (
        "Recupéralas con Editar › Deshacer o Archivo › Historial de versiones, o ejecuta sheets-crm init.",
        "Restore them with Edit › Undo or File › Version history, or run sheets-crm init.",
    ),
    "stop.step_new": (
        "Los ajustes declaran un paso que este libro todavía no tiene: {detail}.",
        "The settings declare a step that this workbook does not have yet: {detail}.",
    ),
    "stop.step_new.remedy": (
        "Ejecuta sheets-crm init: añade sus columnas y pestañas sin mover las celdas de nadie.",
        "Run sheets-crm init: it adds the step's columns and tabs and moves nobody's cells.",
    ),
    "stop.step_gone": (
        "Este libro tiene un paso que los ajustes ya no declaran: {detail}.",
        "This workbook has a step that is no longer in the settings: {detail}.",
    ),
    "stop.step_gone.remedy": (
        "Devuelve el paso a los ajustes, o sigue sin él con sheets-crm init: lo suyo se queda como está.",
        "Put the step back in the settings, or run sheets-crm init to continue without it: its columns, "
        "tabs and batches stay as they are.",
    ),
    "stop.module_new": (
        "Los ajustes activan un módulo para el que este libro no está preparado: {detail}.",
        "The settings switch on a module that this workbook is not set up for: {detail}.",
    ),
    "stop.module_new.remedy": (
        "Ejecuta sheets-crm init: añade sus pestañas y columnas sin mover las celdas de nadie.",
        "Run sheets-crm init: it adds the module's tabs and columns and moves nobody's cells.",
    ),
    "stop.module_gone": (
        "Este libro tiene un módulo que los ajustes ya no activan: {detail}.",
        "This workbook has a module that the settings no longer switch on: {detail}.",
    ),
    "stop.module_gone.remedy": (
        "Devuélvelo a los ajustes, o sigue sin él con sheets-crm init: sus pestañas se ocultan y lo suyo se queda "
        "como está.",
        "Put it back into the settings, or run sheets-crm init to continue without it: its tabs are hidden, and its "
        "columns and data stay as they are.",
    ),
    "stop.step_out": (
        "Este libro tiene un paso que ya no está en uso: {detail}.",
        "This workbook has a step that is not in use any more: {detail}.",
    ),
    "stop.step_out.remedy": (
        "Devuelve el paso al ajuste pipeline, o sigue sin él con sheets-crm init: oculta sus pestañas; sus columnas "
        "y datos se quedan como están.",
        "Put the step back in the setting pipeline, or run sheets-crm init to continue without it: its tabs are "
        "hidden, its columns and data stay as they are.",
    ),
    "stop.layout": (
        "Se movieron o borraron filas de una pestaña del sistema ({where}).",
        "Rows of a system tab were moved or deleted ({where}).",
    ),
    "stop.layout.remedy": (
        "Recupéralas con Editar › Deshacer o Archivo › Historial de versiones, o ejecuta sheets-crm init.",
        "Restore them with Edit › Undo or File › Version history, or run sheets-crm init.",
    ),
    "stop.header": (
        "Se cambió la fila de cabecera ({where}); falta o se repite: {detail}.",
        "The header row was changed ({where}); missing or repeated: {detail}.",
    ),
    "stop.header.remedy": (
        "Vuelve a escribir la cabecera como estaba (Editar › Deshacer), o ejecuta sheets-crm init.",
        "Restore the header (Edit › Undo), or run sheets-crm init.",
    ),
    "stop.master_missing": (
        "La pestaña Master ya no está, y había leads.",
        "The Master tab is missing, although there were leads.",
    ),
    "stop.master_missing.remedy": (
        "Recupérala con Editar › Deshacer o Archivo › Historial de versiones y después ejecuta sheets-crm sync.",
        "Restore it with Edit › Undo or File › Version history, then run sheets-crm sync.",
    ),
    "stop.cells_full": (
        "El libro pasaría de 10 millones de celdas ({cells:,}). No se escribió nada.",
        "The workbook would exceed 10 million cells ({cells:,}). Nothing was written.",
    ),
    "stop.cells_full.remedy": (
        "Archiva leads terminados o empieza otro libro.",
        "Archive finished leads or start another workbook.",
    ),
}
