"""What the doctor finds and what to do about it: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "in_order": ("en orden", "in order"),
    "run_init": ("Ejecuta: sheets-crm init", "Run: sheets-crm init"),
    "doctor.warnings": ("Corrige lo que nombran los avisos.", "Correct what the warnings name."),
    "doctor.tabs": ("{title}: {count} pestañas en su sitio", "{title}: {count} tabs in place"),
    "doctor.may_write": ("{account} puede escribir", "{account} may write"),
    "doctor.may_not_write": (
        "{account} puede leer pero no escribir {tabs}",
        "{account} may read but not write {tabs}",
    ),
    "doctor.share": (
        "Comparte la hoja de cálculo con {account} como Editor y después ejecuta: sheets-crm init",
        "Share the spreadsheet with {account} as Editor, then run: sheets-crm init",
    ),
    "doctor.the_account": ("la cuenta de servicio", "the service account"),
    "doctor.locale": (
        "Las fórmulas están probadas en es_ES y en_US: Archivo › Configuración › Configuración regional.",
        "Formulas are tested in es_ES and en_US: File › Settings › Locale.",
    ),
    "doctor.zone": (
        "Elige la zona de una ciudad: Archivo › Configuración › Zona horaria.",
        "Choose the zone of a city: File › Settings › Time zone.",
    ),
    "doctor.no_server_time": ("el servidor no dijo su hora", "the server did not report its time"),
    "doctor.clock_apart": (
        "difiere en {seconds:.0f} s del reloj del servidor",
        "differs from the server's by {seconds:.0f} s",
    ),
    "doctor.clock": (
        "Pon en hora el reloj de esta máquina, mejor por NTP.",
        "Correct this machine's clock, preferably by NTP.",
    ),
    "doctor.all_protected": ("toda pestaña del sistema está protegida", "every system tab is protected"),
    "doctor.unprotected": ("sin proteger: {tabs}", "not protected: {tabs}"),
    "doctor.left_over": (
        "de un paso que no está en los ajustes: {tabs}",
        "of a step that is not in the settings: {tabs}",
    ),
    "doctor.left_over.remedy": (
        "Devuelve el paso a los ajustes, o borra esas pestañas a mano.",
        "Put the step back in the settings, or delete these tabs by hand.",
    ),
    "doctor.not_in_use": ("no están en uso: {steps}", "not in use: {steps}"),
    "doctor.without_effect": (
        "no están en uso: {steps}; sin efecto hasta entonces: {idle}",
        "not in use: {steps}; without effect until then: {idle}",
    ),
    "doctor.set_aside": (
        "{source} no se pudo importar y está en la pestaña {tab}: {reason}",
        "{source} could not be merged and is in the tab {tab}: {reason}",
    ),
    "doctor.set_aside.remedy": (
        "Corrige la pestaña y ponle un nombre que empiece por Inbox, o bórrala. Para reintentar sin cambios: "
        "sheets-crm retry",
        "Correct the tab and give it a name that begins with Inbox, or delete it. To retry it unchanged: "
        "sheets-crm retry",
    ),
    "doctor.file_aside": (
        "{source} no se pudo importar y se guarda: {reason}",
        "{source} could not be merged and is kept: {reason}",
    ),
    "doctor.file_aside.remedy": (
        "Reintenta: sheets-crm retry. Para renunciar a él, borra {path}",
        "Retry it: sheets-crm retry. To give it up, delete {path}",
    ),
    "doctor.erasure": (
        "el borrado del lead {lead} empezó y no se terminó",
        "the erasure of lead {lead} was started but not finished",
    ),
    "doctor.erasure.remedy": (
        "Ejecuta: sheets-crm forget {lead} --yes",
        "Run: sheets-crm forget {lead} --yes",
    ),
    "doctor.damaged_import": (
        "{path} está dañado: esperaba a ser importado; impórtalo otra vez",
        "{path} is damaged: it was waiting to be imported; import it again",
    ),
    "doctor.damaged": ("{path} está dañado: se rehízo", "{path} is damaged: it was rebuilt"),
    "doctor.delete_it": ("Míralo si quieres y bórralo.", "Inspect it if you like, then delete it."),
    "doctor.formulas_changed": ("cambiadas a mano: {tabs}{more}", "changed by hand: {tabs}{more}"),
    "doctor.and_more": (" y {count} más", " and {count} more"),
    "doctor.formulas_right": ("las {count} como se escribieron", "all {count} as written"),
    "doctor.formulas": (
        "Ejecuta: sheets-crm init (las repone; no cambia nada más)",
        "Run: sheets-crm init (it restores them; nothing else changes)",
    ),
    "doctor.figure": (
        "{metric} muestra {shown}, pero el worker cuenta {counted}",
        "{metric} shows {shown}, but the worker counts {counted}",
    ),
    "doctor.figures_right": ("iguales a las del worker", "equal to the worker's own figures"),
    "doctor.conserved": (
        "cada lead está en un solo estado de cada paso",
        "every lead is in exactly one state of each step",
    ),
    "doctor.not_conserved": ("los estados no cuadran", "the states do not add up"),
    "doctor.sync_force": ("Ejecuta: sheets-crm sync --force", "Run: sheets-crm sync --force"),
    "doctor.cells_used": ("{cells:,} de {most:,} ({share})", "{cells:,} of {most:,} ({share})"),
    "doctor.deleted": (
        "leads registrados en esta máquina que ya no están en la Master: {count:,}. Los muestra: sheets-crm "
        "restore --all --plan",
        "leads on record on this machine that are no longer in the Master: {count:,}. They are shown by: sheets-crm "
        "restore --all --plan",
    ),
    "doctor.cells": (
        "Archiva leads terminados en otro libro antes del próximo export.",
        "Archive finished leads to another workbook before the next export.",
    ),
    "doctor.receiver_lacks": (
        "en [webhooks] de los ajustes falta: {names}; lo que pasa en Instantly se ve más tarde",
        "[webhooks] in the settings lacks: {names}; what happens at Instantly is seen later",
    ),
    "doctor.receiver_lacks.remedy": (
        "Pon «port», «token_file» y, en «public_url», la dirección https que llega hasta él (un proxy o un túnel); "
        "después crea el webhook con la dirección que da: sheets-crm webhooks urls",
        "Set port, token_file and, in public_url, the https address that leads to it (a proxy or a tunnel); then make "
        "the webhook with the address that this shows: sheets-crm webhooks urls",
    ),
    "doctor.receiver": ("se recibe en {url}", "it receives at {url}"),
    "doctor.job_never_ran": ("todavía no se ejecutó", "it has not run yet"),
    "doctor.job_ran": (
        "su última ejecución terminó hace {minutes:.0f} min",
        "its last run ended {minutes:.0f} min ago",
    ),
    "doctor.job.remedy": (
        "Comprueba que sheets-crm run esté en marcha y que [jobs] no la desactive, o ejecuta: sheets-crm job {name}",
        "Check that sheets-crm run is running and [jobs] does not switch it off, or run: sheets-crm job {name}",
    ),
    "doctor.job_failed": (
        "su última ejecución falló hace {minutes:.0f} min: {reason}",
        "its last run failed {minutes:.0f} min ago: {reason}",
    ),
    "doctor.job_failed.remedy": (
        "Haz lo que dice el mensaje y ejecuta: sheets-crm job {name}",
        "Do what the message says, then run: sheets-crm job {name}",
    ),
}
