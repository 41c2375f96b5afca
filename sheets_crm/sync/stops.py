"""What a stopped run tells operators, by the cause of the stop, in Spanish and English.

The refusal itself speaks English, to whoever runs the worker; Control speaks the workbook's language.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sheets_crm.errors import CrmError, RefusedPlan


@dataclass(frozen=True, slots=True)
class Stop:
    """What a cause means and what to do, in both languages.

    Placeholders are the refusal's numbers, ``where`` and ``detail``
    (what stands after the last colon of its cause).
    """

    meaning_es: str
    meaning_en: str
    remedy_es: str
    remedy_en: str


CONFIRM_ES: Final = "Si es a propósito, marca confirm en Control."
CONFIRM_EN: Final = "If it is meant, tick confirm on Control."
UNDO_ES: Final = "Editar › Deshacer o Archivo › Historial de versiones"  # noqa: RUF001 - Google's menus
UNDO_EN: Final = "Edit › Undo or File › Version history"  # noqa: RUF001 - Google's menus

STOPS: Final[dict[str, Stop]] = {
    "copied": Stop(
        "Este libro es una copia de otro.",
        "This workbook is a copy of another one.",
        "Trabaja en el original. Para usar la copia como libro propio: sheets-crm init --adopt.",
        "Work in the original. To use the copy as a workbook of its own: sheets-crm init --adopt.",
    ),
    "set_back": Stop(
        "El libro volvió a una versión anterior: está en la escritura {now} y hubo otras después.",
        "The workbook went back to an earlier version: it is at write {now}, and there were later ones.",
        "Restaura la versión más nueva (Historial de versiones), o acepta esta: sheets-crm init --adopt.",
        "Restore the newest version (Version history), or accept this one: sheets-crm init --adopt.",
    ),
    "lead_numbers_repeated": Stop(
        "La Master tiene LeadNumbers repetidos: {repeated} ({where}).",
        "The Master has repeated LeadNumbers: {repeated} ({where}).",
        f"Borra las filas pegadas o duplicadas, o restaura con {UNDO_ES}.",
        f"Delete the pasted or doubled rows, or restore with {UNDO_EN}.",
    ),
    "lead_numbers_missing": Stop(
        "La Master tiene filas sin LeadNumber válido: {rows} ({where}).",
        "The Master has rows without a valid LeadNumber: {rows} ({where}).",
        f"Vacía esas filas si se escribieron a mano, o restaura con {UNDO_ES}.",
        f"Clear those rows if they were typed by hand, or restore with {UNDO_EN}.",
    ),
    "master_shrank": Stop(
        "La Master tiene {now} leads; tenía {before}.",
        "The Master has {now} leads; it had {before}.",
        f"Recupera las filas con {UNDO_ES}. {CONFIRM_ES}",
        f"Bring the rows back with {UNDO_EN}. {CONFIRM_EN}",
    ),
    "unexplained": Stop(
        "{leads} de los {total} leads de la Master se cambiaron a mano, sin envío ni resultado.",
        "{leads} of the Master's {total} leads were changed by hand, by no send and no output.",
        f"Deshazlo con {UNDO_ES}. {CONFIRM_ES}",
        f"Undo it with {UNDO_EN}. {CONFIRM_EN}",
    ),
    "not_set_up": Stop(
        "Este libro todavía no está preparado.",
        "This spreadsheet is not set up yet.",
        "Ejecuta sheets-crm init.",
        "Run sheets-crm init.",
    ),
    "older": Stop(
        "Este libro se hizo con una versión anterior del sistema; esperan cambios de su estructura: {detail}.",
        "This workbook was made by an earlier version of the system; changes of its layout are waiting: {detail}.",
        "Ejecuta sheets-crm init: los hace en una sola escritura sin mover las celdas de nadie.",
        "Run sheets-crm init: it makes them in one write, and nobody's cells move.",
    ),
    "newer": Stop(
        "Una versión más nueva del sistema cambió este libro: {detail}.",
        "A newer version of the system has changed this workbook: {detail}.",
        "Actualiza sheets_crm en esta máquina y vuelve a ejecutarlo.",
        "Update sheets_crm on this machine, then run it again.",
    ),
    "tab_missing": Stop(
        "Faltan pestañas del sistema: {detail}.",
        "Tabs of the system are missing: {detail}.",
        f"Recupéralas con {UNDO_ES}, o ejecuta sheets-crm init.",
        f"Bring them back with {UNDO_EN}, or run sheets-crm init.",
    ),
    "step_new": Stop(
        "Los ajustes declaran un paso que este libro todavía no tiene: {detail}.",
        "The settings declare a step that this workbook is not set up with: {detail}.",
        "Ejecuta sheets-crm init: añade sus columnas y pestañas sin mover las celdas de nadie.",
        "Run sheets-crm init: it adds its columns and tabs, and nobody's cells move.",
    ),
    "step_gone": Stop(
        "Este libro tiene un paso que los ajustes ya no declaran: {detail}.",
        "This workbook has a step that the settings do not declare: {detail}.",
        "Devuelve el paso a los ajustes, o sigue sin él con sheets-crm init: lo suyo se queda como está.",
        "Put the step back into the settings, or go on without it with sheets-crm init: what it has stays as it is.",
    ),
    "layout": Stop(
        "Se movieron o borraron filas de una pestaña del sistema ({where}).",
        "Rows of a tab of the system were moved or deleted ({where}).",
        f"Recupéralas con {UNDO_ES}, o ejecuta sheets-crm init.",
        f"Bring them back with {UNDO_EN}, or run sheets-crm init.",
    ),
    "header": Stop(
        "Se cambió la fila de cabecera ({where}): {detail}.",
        "The header row was changed ({where}): {detail}.",
        "Vuelve a escribir la cabecera como estaba (Editar › Deshacer), o ejecuta sheets-crm init.",  # noqa: RUF001
        "Write the header back as it was (Edit › Undo), or run sheets-crm init.",  # noqa: RUF001
    ),
    "master_missing": Stop(
        "La pestaña Master ya no está, y había leads.",
        "The Master tab is gone although there were leads.",
        f"Recupérala con {UNDO_ES} y después ejecuta sheets-crm sync.",
        f"Bring it back with {UNDO_EN}, then run sheets-crm sync.",
    ),
    "cells_full": Stop(
        "El libro pasaría de 10 millones de celdas ({cells}). No se escribió nada.",
        "The workbook would pass 10 million cells ({cells}). Nothing was written.",
        "Archiva leads terminados o empieza otro libro.",
        "Archive finished leads or start another workbook.",
    ),
}
"""By cause, without what stands after its colon."""


class _Known(dict[str, object]):
    """Placeholders that a refusal does not fill read as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def told(refusal: CrmError, language: str) -> tuple[str, str]:
    """Return what a refusal means and what to do about it, in a language ("es" or "en")."""
    if not isinstance(refusal, RefusedPlan):
        return refusal.message, refusal.remedy
    cause, _, rest = refusal.cause.partition(":")
    if cause not in STOPS:
        return refusal.message, refusal.remedy
    stop, filled = STOPS[cause], _Known(refusal.numbers, where=refusal.where, detail=rest.rpartition(":")[2])
    texts = (stop.meaning_en, stop.remedy_en) if language == "en" else (stop.meaning_es, stop.remedy_es)
    meaning, remedy = (text.format_map(filled) for text in texts)
    return meaning, remedy
