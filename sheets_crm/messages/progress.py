"""What is under way, for a person who waits, and why a read is repeated: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "again.refused": ("Se rechazó una escritura", "A write was refused"),
    "again.other_worker": (
        "Otro worker escribió mientras se apartaba una importación",
        "Another worker wrote while an import was set aside",
    ),
    "again.renamed": (
        "Se renombraron pestañas, o se movieron columnas o filas de Control, mientras se preparaba el libro",
        "Tabs were renamed, or columns or rows of Control moved, while the workbook was set up",
    ),
    "again.renamed.state": (
        "Lo que fue a otras filas de Control queda anotado en esta máquina; su próxima vuelta lo corrige.",
        "What went to other rows of Control is noted on this machine; its next run puts it right.",
    ),
    "again.remembered": (
        "Lo recordado del libro no encajaba con él",
        "What was remembered of the workbook did not fit it",
    ),
    "again.put_right": (
        "Se movieron filas mientras se escribían, y se corrigieron",
        "Rows moved while they were written, and were put right",
    ),
    "again.old_plan": (
        "El plan se hizo demasiado viejo para aplicarlo",
        "The plan grew too old to be applied",
    ),
    "again.notes": (
        "Salen leads de una pestaña cuyas notas no se leyeron",
        "Leads leave a tab whose notes were not read",
    ),
    "again.misplaced": (
        "Se movieron filas mientras se escribían ({rows})",
        "Rows moved while they were written ({rows})",
    ),
    "again.misplaced.state": (
        "Lo que fue a otras filas queda anotado en esta máquina; su próxima vuelta lo corrige.",
        "What went to other rows is noted on this machine; its next run puts it right.",
    ),
    "again.imports": (
        "Se unen filas que no se esperaban, e Imports o Rejected no se leyó",
        "Rows are merged that were not expected, and Imports or Rejected was not read",
    ),
    "again.words": (
        "Se explicaron palabras del Vocabulario, y las filas que las esperan no se leyeron",
        "Words of Vocabulary were explained, and the rows that wait for them were not read",
    ),
    "again.changed": ("El libro cambió mientras tanto", "The workbook changed meanwhile"),
    "job.says": ("{name}: {text}", "{name}: {text}"),
    "job.stopped": (
        "parado como se pidió; nada queda a medias",
        "stopped as requested; nothing is left half done",
    ),
    "job.working": (
        "{name}: funciona otra vez; vueltas fallidas antes: {count}",
        "{name}: working again; failed runs before: {count}",
    ),
    "job.unexpected": ("error inesperado: {kind}", "unexpected error: {kind}"),
    "job.unexpected.remedy": ("Ejecútalo con -vv para ver más.", "Run it with -vv to see more."),
    "job.failed": ("{name} falló: {message} {remedy}", "{name} failed: {message} {remedy}"),
    "job.failed_again": (
        "{name} falló: {message} {remedy} Nuevo intento en {seconds:.0f} s, y cada vez más espaciado.",
        "{name} failed: {message} {remedy} Next attempt in {seconds:.0f} s, then less and less often.",
    ),
    "job.runs_elsewhere": ("{name}: ya está en marcha en otro sitio", "{name}: already running elsewhere"),
    "job.runs_elsewhere.remedy": (
        "Espera a que termine; sheets-crm job list dice cuándo se ejecutó.",
        "Wait until it has ended; sheets-crm job list shows when it ran.",
    ),
    "jobs.title": ("Trabajos", "Jobs"),
    "job.outcome.done": ("hecho", "done"),
    "job.outcome.failed": ("falló: {error}", "failed: {error}"),
    "job.due_now": ("ahora", "now"),
    "column.job_name": ("trabajo", "job"),
    "column.job_trigger": ("cuándo", "when"),
    "column.job_last_run": ("última vez", "last run"),
    "column.job_outcome": ("resultado", "outcome"),
    "column.job_next_due": ("próxima vez", "next due"),
    "usage.unknown_job": ("trabajo desconocido: {name} (hay: {names})", "unknown job: {name} (known: {names})"),
    "usage.job_of_worker": (
        "{name} es del propio worker; corre dentro de sheets-crm run",
        "{name} is the worker's own; it runs within sheets-crm run",
    ),
    "usage.as_of_list": (
        "{option} sirve para ejecutar un trabajo, no con la lista",
        "{option} is for running a job, not for the list",
    ),
    "usage.as_of_sync": (
        "sync no admite {option}: una ejecución del libro es siempre de ahora",
        "sync does not take {option}: a run of the workbook is always one of now",
    ),
    "job.error_erased": ("motivo borrado por forget", "reason erased by forget"),
    "job.zone_unread": (
        "{name}: no se puede leer la zona horaria del libro; se espera: {reason}",
        "{name}: the workbook's time zone cannot be read; waiting: {reason}",
    ),
    "job.between_failed": (
        "{name}: entre dos turnos no se pudo avisar: {reason}",
        "{name}: between two turns nothing could be told: {reason}",
    ),
    "job.unrecorded": (
        "{name}: no se puede anotar cuándo se ejecutó: {reason}",
        "{name}: when it ran cannot be recorded: {reason}",
    ),
    "job.dropped": (
        "{name}: se descarta una orden que no se puede cumplir ({command}); lo demás sigue",
        "{name}: a command that cannot be carried out is dropped ({command}); everything else goes on",
    ),
    "progress.again": ("{reason}: se lee otra vez", "{reason}: reading again"),
    "progress.table": ("{reason}: se lee la tabla", "{reason}: reading the table"),
    "progress.whole": ("se lee entera {tab}: {why}", "reading {tab} whole: {why}"),
    "progress.everything": ("se lee todo: {why}", "reading everything: {why}"),
    "why.changed": ("van a cambiar filas suyas", "its rows are going to be changed"),
    "why.listed": ("se editaron más filas de las que caben en la lista", "more rows were edited than are listed"),
    "why.moved": ("se movieron, añadieron o borraron filas", "rows were moved, added or deleted"),
    "why.merged": ("van a unirse filas", "rows are going to be merged"),
    "why.asked": ("se pidió leerlo todo", "a full read was asked for"),
    "why.due": ("toca la lectura completa de cada tanto", "the regular full read is due"),
    "why.uncertain": (
        "no se sabe si salió bien una escritura anterior",
        "an earlier write is not known to be right",
    ),
    "why.uncached": ("no hay nada guardado en este equipo", "nothing is cached"),
    "why.written": ("alguien escribió en el libro", "the workbook was written to since"),
    "why.tabs": ("se añadieron o borraron pestañas", "tabs were added or deleted"),
    "why.refused": ("la última vez se paró", "the last run was refused"),
    "why.rows": ("se movieron filas de {tab}", "rows of {tab} moved"),
    "why.columns": ("se movieron columnas de {tab}", "columns of {tab} moved"),
    "why.ticks": (
        "hay una marca de {tab} junto a un lead que no estaba ahí",
        "a tick of {tab} is beside a lead that was not there",
    ),
    "why.labels": ("cambiaron filas de {tab} sin lead", "rows of {tab} beside no lead were changed"),
    "why.signal": ("la señal {name} no cuenta: {value}", "the signal {name} does not count: {value}"),
    "why.lacks_tab": ("al libro le falta la pestaña {tab}", "the workbook lacks the tab {tab}"),
    "why.uncached_rows": ("no hay filas de {tab} guardadas en este equipo", "the rows of {tab} are not cached"),
    "why.other_leads": (
        "las posiciones guardadas no son las de los leads guardados",
        "the cached layout is not of the cached leads",
    ),
    "why.meanwhile": (
        "alguien escribió en el libro entre el sondeo y la lectura",
        "the workbook was written to between the poll and the read",
    ),
    "why.layout": ("el libro es de otra versión", "the workbook is of another version"),
    "why.table": ("Van a cambiar filas de {tab}", "Rows of {tab} are going to be changed"),
    "progress.set_aside": ("{source} queda apartado: {reason}", "{source} was set aside: {reason}"),
    "progress.reading": ("leyendo el libro", "reading the workbook"),
    "progress.rows": (
        "leyendo {tab}: {rows:,} de {all:,} filas",
        "reading {tab}: {rows:,} of {all:,} rows",
    ),
    "progress.settling": (
        "esperando a que la hoja deje de cambiar",
        "waiting until the sheet stops changing",
    ),
    "progress.repair": (
        "se movieron filas mientras tanto: se lee otra vez para corregirlas",
        "rows moved meanwhile: reading again to repair them",
    ),
    "progress.each_import": (
        "se rechazó una escritura: se prueba cada importación por separado",
        "a write was refused: trying each import separately",
    ),
    "progress.probing": ("probando: {name}", "probing: {name}"),
    "stand_ins_served": (
        "Instantly y Slack simulados: {url}; sus ajustes están en {file}",
        "Stand-ins of Instantly and Slack: {url}; settings for them are in {file}",
    ),
}
