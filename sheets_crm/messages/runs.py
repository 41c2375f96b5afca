"""Messages of a run on Control and in Log: code, Spanish, English.

Codes that begin with ``log_`` are for Log only. The last three are parts of sentences: why an import was set aside.
"""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "take_not_whole": (
        "{step}: en «tomar N» pone «{value}». Escribe un número entero mayor que 0, o todo, y vuelve a marcar «enviar"
        " N ya». No se envió nada.",
        "{step}: take N is “{value}”. Enter a whole number greater than 0, or all, and tick send N now again. "
        "Nothing was sent.",
    ),
    "take_too_many": (
        "{step}: en «tomar N» pone {value} y solo hay {available:# disponible|# disponibles}. Escribe todo, o "
        "{available} o menos, y vuelve a marcar «enviar N ya». No se envió nada.",
        "{step}: take N is {value}, but the number of available leads is {available}. Enter all, or {available} or "
        "fewer, and tick send N now again. Nothing was sent.",
    ),
    "take_too_many_fit": (
        "{step}: en «tomar N» pone {value} y encajan {fit} de {available:# disponible|# disponibles} ({only}). Escribe "
        "todo, o {fit} o menos, y vuelve a marcar «enviar N ya». No se envió nada.",
        "{step}: take N is {value}, but of {available:# available lead|# available leads} {fit} fit ({only}). Enter "
        "all, or {fit} or fewer, and tick send N now again. Nothing was sent.",
    ),
    "take_none_fits": (
        "{step}: de {available:# lead disponible|# leads disponibles}, ninguno encaja con «{only}». Cambia los "
        "criterios de «Solo los que» y vuelve a marcar «enviar N ya». No se envió nada.",
        "{step}: of {available:# available lead|# available leads}, none fits “{only}”. Change the criteria under Only "
        "those and tick send N now again. Nothing was sent.",
    ),
    "take_means_nothing": (
        "{step}: «{only}», en «Solo los que», no nombra nada con lo que comparar. Escribe un TargetID, una palabra del "
        "cargo o un país, o borra la celda, y vuelve a marcar «enviar N ya». No se envió nada.",
        "{step}: “{only}”, under Only those, names nothing to compare with. Enter a TargetID, a word of the title or a "
        "country, or clear the cell, and tick send N now again. Nothing was sent.",
    ),
    "take_nobody": (
        "{step}: no hay ningún lead disponible. No se envió nada.",
        "{step}: no lead is available. Nothing was sent.",
    ),
    "sent": ("{count:# enviado|# enviados} en {batch}", "sent {count} in {batch}"),
    "sent_fitting": (
        "{count:# enviado|# enviados} en {batch}; encajaban {fit}, {taken:# tomado|# tomados} ({only})",
        "sent {count} in {batch}; {fit} fitted, {taken} taken ({only})",
    ),
    "tick_not_ready": (
        "{step}: el lead {lead} está marcado pero ya no está disponible para este paso; la fila se retira.",
        "{step}: lead {lead} is ticked but no longer available for this step; its row is removed.",
    ),
    "tick_blocked": (
        "{step}: el lead {lead} está marcado, pero está en No contactar; no se envía y la fila se retira.",
        "{step}: lead {lead} is ticked but is on Do not contact; it is not sent and its row is removed.",
    ),
    "tick_without_lead": (
        "{tab}, fila {row}: la casilla marcada no está junto a ningún lead; se ha desmarcado.",
        "{tab}, row {row}: the ticked box stands beside no lead; it was unticked.",
    ),
    "tick_left_without_lead": (
        "{tab}, fila {row}: la casilla marcada no está junto a ningún lead y no envía nada. Desmárcala.",
        "{tab}, row {row}: the ticked box stands beside no lead and sends nothing. Untick it.",
    ),
    "control_tick_unclear": (
        "Control: «{value}» en {setting} no se entiende. Usa la casilla, o TRUE, VERDADERO, x, 1, sí.",
        "Control: “{value}” is not a valid value for {setting}. Use the checkbox, or enter TRUE, VERDADERO, x, 1 or "
        "yes.",
    ),
    "tick_unclear": (
        "{tab}!{cell}: «{value}» en {header} no se entiende. Usa la casilla, o TRUE, VERDADERO, x, 1, sí.",
        "{tab}!{cell}: “{value}” is not a valid value for {header}. Use the checkbox, or enter TRUE, VERDADERO,"
        " x, 1 or yes.",
    ),
    "block_not_understood": (
        "{tab}, filas {first}–{last}: {problem}",
        "{tab}, rows {first}–{last}: {problem}",
    ),
    "block_of_one_row": ("{tab}, fila {row}: {problem}", "{tab}, row {row}: {problem}"),
    "settling": (
        "{tab} se está editando todavía: se recogerá cuando deje de cambiar.",
        "{tab} is still being edited; it is imported once it stops changing.",
    ),
    "setting_unclear": (
        "{tab}!{cell}: «{value}» no vale en {setting}. Escribe {allowed}; mientras tanto cuenta como {used}.",
        "{tab}!{cell}: “{value}” is not a valid value for {setting}. Enter {allowed}; until then it counts as {used}.",
    ),
    "setting_allowed.parts": ("un número entero de 1 a {most}", "a whole number from 1 to {most}"),
    "setting_allowed.schedule": ("un número que no sea negativo", "a number that is not negative"),
    "setting_value.true": ("VERDADERO", "TRUE"),
    "setting_value.false": ("FALSO", "FALSE"),
    "undo_nothing": (
        "{batch}: no queda ningún lead fuera, no hay nada que deshacer.",
        "{batch}: no leads are still out, so there is nothing to undo.",
    ),
    "close_nothing": (
        "{batch}: no queda ningún lead fuera, no hay nada que cerrar.",
        "{batch}: no leads are still out, so there is nothing to close.",
    ),
    "batch_of_gone_step": (
        "{batch}: el paso {step} ya no está en uso (ajustes); con sus leads no se hace nada hasta que vuelva "
        "a estar.",
        "{batch}: step {step} is no longer in use (settings); its leads are left alone until it is back.",
    ),
    "batch_id_number": (
        "Batches: {batch} no es el id de ningún lote (son como V-0001); desmarca sus casillas.",
        "Batches: {batch} is the id of no batch (they are like V-0001); untick its boxes.",
    ),
    "reopen_reason": (
        "Para reabrir {value}, escribe también el motivo en la columna motivo.",
        "To reopen {value}, also enter why under reason.",
    ),
    "cells_60": (
        "El libro usa el {share} de las 10 millones de celdas de Google Sheets. Piensa en archivar leads "
        "terminados.",
        "The workbook uses {share} of Google Sheets' limit of 10 million cells. Consider archiving finished"
        " leads.",
    ),
    "cells_80": (
        "El libro usa el {share} de las 10 millones de celdas: archiva leads terminados antes del próximo export.",
        "The workbook uses {share} of the limit of 10 million cells. Archive finished leads before the next"
        " export.",
    ),
    "metric_differs": (
        "Dashboard: {metric} muestra {shown} y el sistema cuenta {counted}. Ejecuta sheets-crm init para "
        "reponer las fórmulas.",
        "Dashboard: {metric} shows {shown}, but the worker counts {counted}. Run sheets-crm init to restore"
        " the formulas.",
    ),
    "retry_not_understood": (
        "Rejected, fila {row}: el bloque ya no se reconoce ({problem}).",
        "Rejected, row {row}: its block is no longer recognised ({problem}).",
    ),
    "retry_without_header": (
        "Rejected, fila {row}: encima falta la fila gris de cabeceras de su bloque; no se sabe qué es cada celda.",
        "Rejected, row {row}: the grey header row above its block is missing, so its cells cannot be identified.",
    ),
    "both_ticked": (
        "Rejected, fila {row}: reintentar y descartar están marcados a la vez; deja solo uno.",
        "Rejected, row {row}: retry and discard are both ticked; leave only one ticked.",
    ),
    "stale": ("atrasado", "stale"),
    "ok": ("Sin problemas", "No problems"),
    "refused": ("Parado: {message} {remedy}", "Stopped: {message} {remedy}"),
    "log_sent": (
        "{step}: {count} leads enviados en {batch}",
        "{step}: {count} leads sent in {batch}",
    ),
    "log_sent.one": (
        "{step}: {count} lead enviado en {batch}",
        "{step}: {count} lead sent in {batch}",
    ),
    "log_drop": (
        "{drop} {step} de {source}: {count:# fila|# filas}, {new:# nueva|# nuevas}, "
        "{updated:# actualizada|# actualizadas}, {unchanged} sin cambios, {duplicate:# duplicada|# duplicadas}, "
        "{rejected:# rechazada|# rechazadas}",
        "{drop} {step} from {source}: {count:# row|# rows}, {new} new, {updated} updated, {unchanged} unchanged, "
        "{duplicate} duplicate, {rejected} rejected",
    ),
    "log_left_out": (
        "{drop}: se {count:dejó fuera # fila|dejaron fuera # filas} de quien pidió ser borrado",
        "{drop}: {count:# row|# rows} of people who asked to be erased left out",
    ),
    "log_listed_before": (
        "{drop}: {count:# fila rechazada no se repite|# filas rechazadas no se repiten} en Rejected: el mismo "
        "contenido se importó como {earlier}",
        "{drop}: {count:# rejected row is|# rejected rows are} not listed again in Rejected: the same content was "
        "imported as {earlier}",
    ),
    "log_undone": (
        "{batch}: {count} leads disponibles de nuevo",
        "{batch}: {count} leads available again",
    ),
    "log_undone.one": (
        "{batch}: {count} lead disponible de nuevo",
        "{batch}: {count} lead available again",
    ),
    "log_closed": (
        "{batch}: {count} leads completados en blanco",
        "{batch}: {count} leads completed as blank",
    ),
    "log_closed.one": (
        "{batch}: {count} lead completado en blanco",
        "{batch}: {count} lead completed as blank",
    ),
    "log_tab_shown": ("pestaña a la vista: {tab}", "tab shown: {tab}"),
    "log_tab_hidden": ("pestaña oculta: {tab}", "tab hidden: {tab}"),
    "log_shown": ("{batch} está en las pestañas Batch", "{batch} is shown in the Batch tabs"),
    "log_reopened": (
        "lead {lead}: {step} reabierto ({reason})",
        "lead {lead}: {step} reopened ({reason})",
    ),
    "log_version_reopened": (
        "Box 1 reabierto para {count} leads de la versión {version} ({reason})",
        "Box 1 reopened for {count} leads of version {version} ({reason})",
    ),
    "log_version_reopened.one": (
        "Box 1 reabierto para {count} lead de la versión {version} ({reason})",
        "Box 1 reopened for {count} lead of version {version} ({reason})",
    ),
    "log_discarded": (
        "{count} filas descartadas de Rejected",
        "{count} rows discarded from Rejected",
    ),
    "log_discarded.one": (
        "{count} fila descartada de Rejected",
        "{count} row discarded from Rejected",
    ),
    "log_restored": (
        "{count} leads borrados de la Master están de vuelta",
        "{count} leads deleted from the Master are back",
    ),
    "log_restored.one": (
        "{count} lead borrado de la Master está de vuelta",
        "{count} lead deleted from the Master is back",
    ),
    "log_replayed": (
        "{count} leads recuperados del diario tras volver a una versión anterior",
        "{count} leads restored from the journal after the workbook was rolled back",
    ),
    "log_replayed.one": (
        "{count} lead recuperado del diario tras volver a una versión anterior",
        "{count} lead restored from the journal after the workbook was rolled back",
    ),
    "set_aside_tab": (
        "{source}: no se pudo procesar ({reason}). Está en la pestaña {tab}: corrígela y ponle un nombre "
        "que empiece por Inbox, o bórrala; sin cambios se reintenta con sheets-crm retry.",
        "{source}: could not be imported ({reason}). It is in the tab {tab}: correct it and give the tab a "
        "name that begins with Inbox, or delete it. To try it again unchanged, run sheets-crm retry.",
    ),
    "set_aside_file": (
        "{source}: el archivo no se pudo importar ({reason}). Se guarda; se reintenta con sheets-crm retry.",
        "{source}: the file could not be imported ({reason}). It has been kept; run sheets-crm retry to try"
        " it again.",
    ),
    "damaged_import": (
        "Un archivo que esperaba a ser importado está dañado ({name}): impórtalo otra vez y borra ese archivo.",
        "A file waiting to be imported is damaged ({name}). Import the original again, then delete this one.",
    ),
    "row_repeated": (
        "{tab}, fila {row}: repite la clave de una fila anterior ({count} en total). Se deja como está; bórrala.",
        "{tab}, row {row}: it repeats the key of a row above ({count} in all). It is left alone; delete it.",
    ),
    "zone_unknown": (
        "La zona horaria del libro ({zone}) no se conoce en esta máquina: las horas van en UTC. Elige una "
        "ciudad en Archivo › Configuración.",
        "Unknown time zone of the workbook: {zone}. Times are in UTC until you choose a city under File › "
        "Settings.",
    ),
    "retry_refused": (
        "Rejected: lo marcado con reintentar no se pudo escribir ({reason}). Corrige esas filas o quita la marca.",
        "Rejected: the rows ticked for retry could not be written ({reason}). Correct them or untick retry.",
    ),
    "claim_refused": (
        "{tab}: no se pudo recoger ({reason}). Se queda donde está: pégalo en partes más pequeñas.",
        "{tab}: could not be imported ({reason}). It has been left in place; paste it in smaller parts.",
    ),
    "claim_too_large": (
        "{tab} ocupa {cells} celdas y copiarla pasaría de los 10 millones del libro. Se queda donde está: "
        "borra las columnas y filas que sobran, o importa el archivo con sheets-crm import.",
        "{tab} has {cells} cells, and copying it would exceed the workbook's limit of 10 million. It has "
        "been left in place: delete the columns and rows you do not need, or import the file with sheets-"
        "crm import.",
    ),
    "hand_added": (
        "{tab}, fila {row}: el lead {lead} se escribió a mano. Se conserva; los siguientes reciben números "
        "más altos.",
        "{tab}, row {row}: lead {lead} was typed by hand. It is kept; new leads get higher numbers.",
    ),
    "log_erased": ("lead {lead}: borrado para siempre", "lead {lead}: erased permanently"),
    "brought_back": (
        "lead {lead}: su fila se borró porque la Master se ordenó en ese mismo segundo; vuelve a estar. Lo "
        "escrito a su lado en columnas propias no se puede reponer (Archivo › Historial de versiones).",
        "lead {lead}: its row was deleted because the Master was sorted at that very moment; it has been "
        "restored. What stood beside it in columns of your own could not be restored (see File › Version "
        "history).",
    ),
    "hand_edit": (
        "Master: {count} celdas cambiadas a mano (p. ej. {cell}: «{old}» → «{new}»). Se conservan; si no "
        "era tu intención, restaura con Historial de versiones.",
        "Master: {count} cells edited by hand (e.g. {cell}: “{old}” → “{new}”). The edits are kept; if they"
        " were not intended, restore the cells from Version history.",
    ),
    "hand_edit.one": (
        "Master: {count} celda cambiada a mano ({cell}: «{old}» → «{new}»). Se conserva; si no era tu "
        "intención, restaura con Historial de versiones.",
        "Master: {count} cell edited by hand ({cell}: “{old}” → “{new}”). The edit is kept; if it was not "
        "intended, restore the cell from Version history.",
    ),
    "not_recognised": (
        "ya no se reconoce de qué paso es",
        "no longer recognised as the output of a step",
    ),
    "unforeseen": ("fallo imprevisto: {kind}", "unexpected error: {kind}"),
    "no_room": (
        "con él el libro pasaría de 10 millones de celdas: archiva antes leads terminados",
        "it would take the workbook past 10 million cells; archive finished leads first",
    ),
}
