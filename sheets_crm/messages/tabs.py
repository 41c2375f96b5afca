"""Labels, notes and hints of the workbook's tabs: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "tab.aside": ("Apartado", "Set aside"),
    "control.guide.1": (
        "1 · Marca la casilla enviar en la pestaña Input de un paso (o escribe en «tomar N» aquí y marca"
        " «enviar N ya»).",
        "1 · Tick send in a step's Input tab (or enter take N here and tick send N now).",
    ),
    "control.guide.2": (
        "2 · Espera unos segundos: los leads pasan a la pestaña Batch del paso. Archivo › Descargar › CSV "
        "desde ahí.",
        "2 · Wait a few seconds: the leads move to the step's Batch tab. Download them there with File › "
        "Download › CSV.",
    ),
    "control.guide.3": (
        "3 · Pega el resultado, con su fila de cabeceras, en Inbox (o Archivo › Importar en una pestaña "
        "«Output …»).",
        "3 · Paste the output, including its header row, into Inbox (or use File › Import into a tab named "
        "“Output …”).",
    ),
    "control.guide.4": (
        "4 · Lo que no se pudo unir aparece en Rejected con el motivo: corrige la celda y marca reintentar, o "
        "descartar.",
        "4 · Rows that could not be merged appear in Rejected with the reason: correct the cell and tick "
        "retry, or tick discard.",
    ),
    "control.guide.5": (
        "5 · Mira el Dashboard. Nunca hace falta tocar la Master: está oculta y la mantiene el sistema.",
        "5 · Check the Dashboard. There is never any need to touch the Master: it is hidden, and the system"
        " maintains it.",
    ),
    "control.guide.6": (
        "Formatos que se reconocen solos: export de PhantomBuster, verificadores, scrapers de empresa, Box "
        "1, Instantly.",
        "Formats recognised automatically: PhantomBuster export, verifiers, company scrapers, Box 1, Instantly.",
    ),
    "control.silent_after": (
        "Sin señal tantos minutos, el sistema cuenta como parado",
        "Minutes without a sign after which the system counts as stopped",
    ),
    "state.alive": ("Sistema activo hace {age}", "System active {age} ago"),
    "state.last": ("últimos cambios {when}", "last changes {when}"),
    "state.fine": ("Todo en orden", "Everything is in order"),
    "state.stopped": (
        "SISTEMA PARADO: sin señal desde hace {age}, avisa a quien lo lleva",
        "SYSTEM STOPPED: no sign of life for {age}, tell whoever runs it",
    ),
    "state.never": ("El sistema no ha arrancado todavía", "The system has not been started yet"),
    "state.problem": ("1 problema en Control", "1 problem on Control"),
    "state.problems": ("{count} problemas en Control", "{count} problems on Control"),
    "state.row": ("1 fila en Rejected por corregir", "1 row in Rejected to correct"),
    "state.rows": ("{count} filas en Rejected por corregir", "{count} rows in Rejected to correct"),
    "control.next": ("Próxima ejecución e import", "Next run and import"),
    "control.guide": ("Cómo se usa", "How to use it"),
    "control.status": ("Estado según el sistema", "Status by the system"),
    "control.last_run_at": ("Última ejecución con cambios", "Last run that made changes"),
    "control.heartbeat": ("Latido del sistema", "Heartbeat"),
    "control.next_run": ("Próxima ejecución", "Next run"),
    "control.rejected": ("Filas en Rejected por corregir", "Rows in Rejected to correct"),
    "control.problems": ("Problemas", "Problems"),
    "control.problem": ("Problema", "Problem"),
    "control.step": ("Paso", "Step"),
    "control.available": ("disponibles", "available"),
    "control.ticked": ("marcados", "ticked"),
    "control.said": (
        "qué pasó (N: por orden de fila, ocultas también)",
        "what happened (N: in row order, hidden rows too)",
    ),
    "control.take": ("tomar N", "take N"),
    "control.send_now": ("enviar N ya", "send N now"),
    "control.parts": ("partes K", "parts K"),
    "control.confirm": ("confirmar", "confirm"),
    "control.sync_now": ("sincronizar ya", "sync now"),
    "control.show": ("ver", "show"),
    "control.only": ("Solo los que …", "Only those …"),
    "control.only.target_id": ("TargetID", "TargetID"),
    "control.only.title": ("cargo contiene", "title contains"),
    "control.only.country": ("país o lugar", "country or place"),
    "control.only.help": (
        "acotan «tomar N» y se quedan puestos; varias alternativas con ; o ,",
        "they restrict take N and stay; several alternatives with ; or ,",
    ),
    "control.tabs": ("Pestañas", "Tabs"),
    "control.tab_state": ("ahora", "now"),
    "control.tab_hidden": ("oculta", "hidden"),
    "control.tabs.help": (
        "marca un grupo para abrirlo, una pestaña para verla o desmárcala: vale para todos",
        "tick a group to open it, a tab to show it, or untick it: it counts for everybody",
    ),
    "group.today": ("Hoy", "Today"),
    "group.prospecting": ("Prospección", "Prospecting"),
    "group.outreach": ("Envíos y respuestas", "Outreach"),
    "group.sales": ("Ventas", "Sales"),
    "group.setup": ("Configuración", "Set-up"),
    "control.examples": (
        "Ejemplos de cabeceras que se reconocen en Inbox (las de cada herramienta también valen)",
        "Example headers recognised in Inbox (each tool's own headers work too)",
    ),
    "control.settings": ("Ajustes", "Settings"),
    "control.box1_version": ("Versión de Box 1", "Box 1 version"),
    "control.box1_version.help": (
        "la que se anota en el próximo envío a Box 1",
        "recorded with the next send to Box 1",
    ),
    "control.target_id": ("TargetID del próximo import", "TargetID of the next import"),
    "control.target_id.none": (
        "sin etiqueta: se da a los leads nuevos cuyo fichero no trae TargetID, una vez",
        "no label: it is given to new leads whose file has no TargetID, once",
    ),
    "control.target_id.set": (
        "la recibe lo próximo que se recoja, y la celda se vacía",
        "what is taken next gets it, and the cell is emptied",
    ),
    "control.schedule": ("Calendario de envíos", "Sending schedule"),
    "control.confirm.help": (
        "márcalo para aceptar un plan que el sistema ha rechazado (lee antes el problema)",
        "tick to accept a plan that the system refused (read the problem first)",
    ),
    "control.sync_now.help": (
        "márcalo para que el sistema revise todo ahora",
        "tick to have the system check everything now",
    ),
    "control.next_run.value": (
        "cada {seconds} s mientras el sistema está encendido",
        "every {seconds} s while the system is running",
    ),
    "weekday.0": ("lunes", "Monday"),
    "weekday.1": ("martes", "Tuesday"),
    "weekday.2": ("miércoles", "Wednesday"),
    "weekday.3": ("jueves", "Thursday"),
    "weekday.4": ("viernes", "Friday"),
    "weekday.5": ("sábado", "Saturday"),
    "weekday.6": ("domingo", "Sunday"),
    "dashboard.title": ("Métrica", "Metric"),
    "dashboard.value": ("Valor", "Value"),
    "dashboard.numerator": ("Cuántos", "Count"),
    "dashboard.denominator": ("De cuántos", "Out of"),
    "dashboard.low": ("Rango: de", "Range: from"),
    "dashboard.high": ("a", "to"),
    "profile.ask": ("Buscar un lead", "Find a lead"),
    "profile.hint": (
        "Escribe en la celda amarilla un LeadNumber, e-mail, nombre, empresa, teléfono o perfil.",
        "Enter a LeadNumber, e-mail, name, company, phone or profile in the yellow cell.",
    ),
    "profile.row": ("Fila en la Master", "Row in the Master"),
    "profile.not_found": ("No hay ningún lead así", "No such lead"),
    "profile.several": (
        "{count} leads son así. Escribe el número de uno:",
        "{count} leads are like that. Enter the number of one:",
    ),
    "profile.who": ("Quién", "Who"),
    "profile.name": ("Nombre", "Name"),
    "profile.phone": ("Teléfono", "Phone"),
    "profile.next": ("Lo siguiente", "What comes next"),
    "profile.next.send": (
        "Marcar enviar en el Input de {step}, fila {row}",
        "Tick send in the Input of {step}, row {row}",
    ),
    "profile.next.wait": (
        "Esperar la vuelta de {batch} ({step}, {since})",
        "Wait for {batch} to come back ({step}, {since})",
    ),
    "profile.today": ("enviada hoy", "sent today"),
    "profile.days_ago": ("fuera desde hace {days} d", "out for {days} d"),
    "profile.next.converted": ("Nada: ya es conversión", "Nothing: it has converted"),
    "profile.next.positive": ("Contestarle: respondió en positivo", "Answer: the reply was positive"),
    "profile.next.negative": ("Nada: respondió en negativo", "Nothing: the reply was negative"),
    "profile.next.reply": ("Esperar respuesta (Instantly: {status})", "Wait for a reply (Instantly: {status})"),
    "profile.next.storage": ("Nada: está en Storage", "Nothing: it is in Storage"),
    "profile.next.blocked": ("Nada: está en No contactar", "Nothing: it is on Do not contact"),
    "profile.next.nothing": (
        "Nada: no cumple las condiciones de ningún paso",
        "Nothing: it meets the conditions of no step",
    ),
    "profile.where": ("Dónde está", "Where it stands"),
    "profile.state.": ("todavía no", "not yet"),
    "profile.state.ready": ("listo para enviar", "ready to be sent"),
    "profile.state.processing": ("enviado en {batch}", "sent as {batch}"),
    "profile.state.blocked": ("en No contactar", "on Do not contact"),
    "profile.state.completed": ("ha vuelto", "has come back"),
    "profile.story": ("Historia", "Story"),
    "profile.story.imported": ("Importado", "Imported"),
    "profile.story.sent": ("Enviado a {step}", "Sent to {step}"),
    "profile.story.back": ("Vuelve de {step}", "Back from {step}"),
    "profile.story.reply": ("Instantly", "Instantly"),
    "profile.story.earlier": ("Box 1, versión anterior", "Box 1, earlier version"),
    "profile.person": ("Persona", "Person"),
    "profile.email": ("E-mail", "E-mail"),
    "profile.company": ("Empresa", "Company"),
    "profile.copy": ("Box 1: copy y resultado", "Box 1: copy and result"),
    "profile.states": ("Estados y tiempos", "States and times"),
    "profile.others": ("Lo demás", "The rest"),
    "rejected.tried": ("{reason} · probado {time}", "{reason} · tried {time}"),
    "rejected.title": (
        "Filas que no se pudieron unir. Corrige las celdas y marca reintentar, o marca descartar.",
        "Rows that could not be merged. Correct the cells and tick retry, or tick discard.",
    ),
    "inbox.note": (
        "Pega aquí el resultado de cualquier paso con su fila de cabeceras. Puede haber varios bloques, uno"
        " bajo otro.",
        "Paste the output of any step here, including its header row. Several blocks may stand one below another.",
    ),
    "note.send": (
        "Marca los leads que vas a enviar. A los pocos segundos salen de aquí y aparecen en la pestaña "
        "Batch del paso, desde donde se descarga el CSV.",
        "Tick the leads to send. Within seconds they leave this tab and appear in the step's Batch tab, "
        "where you download the CSV.",
    ),
    "note.notes": (
        "Notas libres: acompañan al lead en la Master y en Lead Profile. Más a la derecha puedes añadir "
        "columnas tuyas.",
        "Free notes: they follow the lead to the Master and Lead Profile. You can add columns of your own "
        "further right.",
    ),
    "note.reopen": (
        "Escribe instantly o box1, y el motivo al lado, para abrir otro intento con este lead.",
        "Enter instantly or box1, and the reason beside it, to open another attempt for this lead.",
    ),
    "note.show": ("Carga este lote en las pestañas Batch.", "Loads this batch into the Batch tabs."),
    "note.close": (
        "Da por completado lo que nunca volvió, en blanco.",
        "Completes the leads that never came back, as blank.",
    ),
    "note.undo": (
        "Vuelve a poner disponibles los leads que no han vuelto.",
        "Makes the leads that have not come back available again.",
    ),
    "note.stale": (
        "«atrasado» cuando pasan demasiados días y aún falta algo por volver: reclámalo, o marca cerrar o deshacer.",
        "“stale” when the batch has been out for too many days and something is still missing: chase it, or"
        " tick close or undo.",
    ),
    "note.age": ("Días desde el envío.", "Days since it was sent."),
    "note.batch": (
        "Las columnas exactas que espera la herramienta: Archivo › Descargar › CSV. En Batches, la columna "
        "mostrado dice qué lote es.",
        "The exact columns that the tool expects: File › Download › CSV. In Batches, the column shown says "
        "which batch this is.",
    ),
    "note.imports": (
        "Una fila por cada resultado recogido: nuevas + actualizadas + sin cambios + duplicadas + "
        "rechazadas = filas.",
        "One row per imported output: new + updated + unchanged + duplicate + rejected = rows.",
    ),
    "note.box1_history": (
        "Lo que dijo Box 1 antes de pasar el lead otra vez con otra versión.",
        "What Box 1 said before the lead was run again with another version.",
    ),
    "note.history": ("Una fila al día con todas las cifras.", "One row a day with every figure."),
    "note.log": (
        "Una fila por cada ejecución que cambió algo o falló; las más antiguas se van retirando.",
        "One row per run that changed something or failed; the oldest are removed.",
    ),
    "note.vocabulary": (
        "Palabra del verificador. Al lado, qué significa y si cuenta como éxito. Vale desde el próximo resultado.",
        "The verifier's word. Beside it: what it means and whether it counts as success. Applies from the "
        "next output on.",
    ),
    "control.take.hint": (
        "Un número entero, 1 o más, o la palabra todo.",
        "A whole number, 1 or more, or the word all.",
    ),
    "control.schedule.hint": (
        "Cuántos leads nuevos manda Instantly ese día: 0 o más.",
        "How many new leads Instantly sends that day: 0 or more.",
    ),
    "note.master": (
        "Solo la escribe el sistema. Un cambio a mano aquí se avisa en Control.",
        "Only the system writes here. Manual edits are reported on Control.",
    ),
    "chart.funnel": ("Embudo", "Funnel"),
    "chart.history": ("Historia diaria", "Daily history"),
    "yes": ("sí", "yes"),
}
