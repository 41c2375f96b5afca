"""What a run says to operators, in Spanish and English; each message has a stable code and says what to do."""

from __future__ import annotations

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "take_not_whole": (
        "take N de {step} es «{value}»: escribe un número entero mayor que 0 y vuelve a marcar send N now. No se envió nada.",
        "take N of {step} is “{value}”: write a whole number above 0 and tick send N now again. Nothing was sent.",
    ),
    "take_too_many": (
        "take N de {step} es {value} y solo hay {available} disponibles: escribe {available} o menos y vuelve a marcar "
        "send N now. No se envió nada.",
        "take N of {step} is {value} but only {available} are available: write {available} or fewer and tick send N now "
        "again. Nothing was sent.",
    ),
    "sent": ("enviados {count} en {batch}", "sent {count} in {batch}"),
    "tick_not_ready": (
        "{step}: el lead {lead} está marcado pero ya no está disponible para este paso; la fila se retira.",
        "{step}: lead {lead} is ticked but no longer available to this step; its row is taken away.",
    ),
    "tick_unclear": (
        "{tab}!{cell}: «{value}» en send no se entiende. Usa la casilla, o TRUE, VERDADERO, x, 1, sí.",
        "{tab}!{cell}: “{value}” under send is not understood. Use the checkbox, or TRUE, VERDADERO, x, 1, yes.",
    ),
    "block_not_understood": (
        "{tab}, filas {first}–{last}: {problem}",
        "{tab}, rows {first}–{last}: {problem}",
    ),
    "settling": (
        "{tab} se está editando todavía: se recogerá cuando deje de cambiar.",
        "{tab} is still being edited: it is taken when it stops changing.",
    ),
    "setting_unclear": (
        "Control: lo escrito en {setting} no se entiende; mientras tanto se usa {used}.",
        "Control: what is written at {setting} is not understood; {used} is used meanwhile.",
    ),
    "undo_nothing": (
        "{batch}: no queda ningún lead fuera, no hay nada que deshacer.",
        "{batch}: no lead is out any more, there is nothing to undo.",
    ),
    "close_nothing": (
        "{batch}: no queda ningún lead fuera, no hay nada que cerrar.",
        "{batch}: no lead is out any more, there is nothing to close.",
    ),
    "batch_of_gone_step": (
        "{batch}: el paso {step} ya no está en los ajustes; con sus leads no se hace nada hasta que vuelva a estar.",
        "{batch}: the settings no longer declare the step {step}; nothing is done with its leads until they do.",
    ),
    "reopen_word": (
        "Storage, lead {lead}: «{value}» no es un paso que se pueda reabrir; escribe instantly o box1.",
        "Storage, lead {lead}: “{value}” is no step that can be reopened; write instantly or box1.",
    ),
    "reopen_reason": (
        "Storage, lead {lead}: escribe también el motivo en reason para reabrir {value}.",
        "Storage, lead {lead}: also write why under reason to reopen {value}.",
    ),
    "vocabulary_row": ("Vocabulary: {problem}", "Vocabulary: {problem}"),
    "cells_60": (
        "El libro usa el {share} de las 10 millones de celdas de Google Sheets. Piensa en archivar leads terminados.",
        "The workbook uses {share} of Google Sheets' 10 million cells. Think of archiving finished leads.",
    ),
    "cells_80": (
        "El libro usa el {share} de las 10 millones de celdas: archiva leads terminados antes del próximo export.",
        "The workbook uses {share} of the 10 million cells: archive finished leads before the next export.",
    ),
    "cells_full": (
        "El libro pasaría de 10 millones de celdas ({cells}). No se escribió nada: archiva leads terminados o empieza "
        "otro libro.",
        "The workbook would pass 10 million cells ({cells}). Nothing was written: archive finished leads or start "
        "another workbook.",
    ),
    "metric_differs": (
        "Dashboard: {metric} muestra {shown} y el sistema cuenta {counted}. Ejecuta sheets-crm init para reponer las fórmulas.",
        "Dashboard: {metric} shows {shown} but the worker counts {counted}. Run sheets-crm init to put the formulas back.",
    ),
    "retry_not_understood": (
        "Rejected, fila {row}: el bloque ya no se reconoce ({problem}).",
        "Rejected, row {row}: its block is no longer recognised ({problem}).",
    ),
    "retry_without_header": (
        "Rejected, fila {row}: encima falta la fila gris de cabeceras de su bloque; no se sabe qué es cada celda.",
        "Rejected, row {row}: the grey header row of its block is missing above; what each cell is cannot be told.",
    ),
    "both_ticked": (
        "Rejected, fila {row}: retry y discard están marcados a la vez; deja solo uno.",
        "Rejected, row {row}: retry and discard are both ticked; leave only one.",
    ),
    "stale": ("atrasado", "stale"),
    "ok": ("Todo en orden", "All in order"),
    "refused": ("Parado: {message} {remedy}", "Stopped: {message} {remedy}"),
    "failed": ("Falló: {message} {remedy}", "Failed: {message} {remedy}"),
    "log_sent": ("{step}: {count} leads enviados en {batch}", "{step}: {count} leads sent in {batch}"),
    "log_drop": (
        "{drop} {step} de {source}: {rows} filas, {new} nuevas, {updated} actualizadas, {unchanged} sin cambios, "
        "{duplicate} duplicadas, {rejected} rechazadas",
        "{drop} {step} from {source}: {rows} rows, {new} new, {updated} updated, {unchanged} unchanged, "
        "{duplicate} duplicate, {rejected} rejected",
    ),
    "log_undone": ("{batch}: {count} leads disponibles de nuevo", "{batch}: {count} leads available again"),
    "log_closed": ("{batch}: {count} leads completados en blanco", "{batch}: {count} leads completed blank"),
    "log_shown": ("{batch} está en las pestañas Batch", "{batch} is in the Batch tabs"),
    "log_reopened": ("lead {lead}: {step} reabierto ({reason})", "lead {lead}: {step} reopened ({reason})"),
    "log_version_reopened": (
        "Box 1 reabierto para {count} leads de la versión {version} ({reason})",
        "Box 1 reopened for {count} leads of version {version} ({reason})",
    ),
    "log_discarded": ("{count} filas descartadas de Rejected", "{count} rows discarded from Rejected"),
    "log_replayed": (
        "{count} leads recuperados del diario tras volver a una versión anterior",
        "{count} leads brought back from the journal after the workbook was set back",
    ),
    "set_aside_tab": (
        "{source}: no se pudo procesar ({reason}). Está en la pestaña {tab}: corrígela y ponle un nombre que empiece por "
        "Inbox, o bórrala; sin cambios se reintenta con sheets-crm retry.",
        "{source}: it could not be processed ({reason}). It is in the tab {tab}: correct it and give it a name that "
        "begins with Inbox, or delete it; sheets-crm retry tries it again as it is.",
    ),
    "set_aside_file": (
        "{source}: el archivo no se pudo importar ({reason}). Se guarda; se reintenta con sheets-crm retry.",
        "{source}: the file could not be imported ({reason}). It is kept; sheets-crm retry tries it again.",
    ),
    "damaged_import": (
        "Un archivo que esperaba a ser importado está dañado ({name}): impórtalo otra vez y borra ese archivo.",
        "A file that waited to be imported is damaged ({name}): import it again, then delete that file.",
    ),
    "row_repeated": (
        "{tab}, fila {row}: repite la clave de una fila anterior ({count} en total). Se deja como está; bórrala.",
        "{tab}, row {row}: it repeats the key of a row above ({count} in all). It is left alone; delete it.",
    ),
    "zone_unknown": (
        "La zona horaria del libro ({zone}) no se conoce en esta máquina: las horas van en UTC. Elige una ciudad en "
        "Archivo › Configuración.",
        "The workbook's time zone ({zone}) is not known on this machine: times are in UTC. Choose a city under "
        "File › Settings.",
    ),
    "retry_refused": (
        "Rejected: lo marcado con retry no se pudo escribir ({reason}). Corrige esas filas o quita la marca.",
        "Rejected: what is ticked under retry could not be written ({reason}). Correct those rows or take the tick away.",
    ),
    "claim_refused": (
        "{tab}: no se pudo recoger ({reason}). Se queda donde está: pégalo en partes más pequeñas.",
        "{tab}: it could not be taken ({reason}). It stays where it is: paste it in smaller parts.",
    ),
    "claim_too_large": (
        "{tab} ocupa {cells} celdas y copiarla pasaría de los 10 millones del libro. Se queda donde está: borra las "
        "columnas y filas que sobran, o importa el archivo con sheets-crm import.",
        "{tab} has {cells} cells and a copy of it would pass the workbook's 10 million. It stays where it is: delete the "
        "columns and rows that are not needed, or import the file with sheets-crm import.",
    ),
    "hand_added": (
        "{tab}, fila {row}: el lead {lead} se escribió a mano. Se conserva; los siguientes reciben números más altos.",
        "{tab}, row {row}: lead {lead} was typed by hand. It is kept; the next ones get higher numbers.",
    ),
    "log_erased": ("lead {lead}: borrado para siempre", "lead {lead}: erased for good"),
    "brought_back": (
        "lead {lead}: su fila se borró porque el Master se ordenó en ese mismo segundo; vuelve a estar. Lo escrito a su "
        "lado en columnas propias no se puede reponer (Archivo › Historial de versiones).",
        "lead {lead}: its row was deleted because the Master was sorted in that very second; it is back. What stood beside "
        "it in columns of your own cannot be brought back (File › Version history).",
    ),
    "log_repaired": (
        "{tab}: {count} filas repuestas tras un cambio a mano",
        "{tab}: {count} rows put right after a change by hand",
    ),
    "hand_edit": (
        "Master: {count} celdas cambiadas a mano (p. ej. {cell}: «{old}» → «{new}»). Se conservan; si no era tu intención, "
        "restaura con Historial de versiones.",
        "Master: {count} cells changed by hand (e.g. {cell}: “{old}” → “{new}”). They are kept; if that was not meant, "
        "restore them from Version history.",
    ),
}

REASONS: Final[dict[str, tuple[str, str]]] = {
    "not_recognised": (
        "ya no se reconoce de qué paso es",
        "it is no longer recognised as the output of a step",
    ),
    "unforeseen": ("fallo imprevisto: {kind}", "unforeseen failure: {kind}"),
    "no_room": (
        "con él el libro pasaría de 10 millones de celdas: archiva antes leads terminados",
        "with it the workbook would pass 10 million cells: archive finished leads first",
    ),
}
"""Why an import was set aside, where nobody else's message tells it: parts of sentences."""


def because(code: str, language: str, **values: object) -> str:
    """Return a reason in a language ("es" or "en") with its placeholders filled in."""
    spanish, english = REASONS[code]
    return (english if language == "en" else spanish).format(**values)


def say(code: str, language: str, **values: object) -> str:
    """Return a message in a language ("es" or "en") with its placeholders filled in."""
    spanish, english = MESSAGES[code]
    return (english if language == "en" else spanish).format(**values)
