"""Failures of commands, as a terminal shows them: code, Spanish, English.

A failure says what happened, what state is left and what to do next: ``.remedy`` is that for the code before it.
"""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "usage.line": ("Uso: {usage}", "Usage: {usage}"),
    "usage.help": ("Ayuda: {command} --help", "Help: {command} --help"),
    "usage.no_option": ("no existe la opción {option}", "no such option: {option}"),
    "usage.missing": ("falta {name}", "{name} is missing"),
    "usage.batch_id": (
        "no es el id de un lote: {text} (p. ej. V-0007)",
        "invalid batch id: {text} (expected e.g. V-0007)",
    ),
    "usage.of_probe": ("{options} van con --probe: añádelo.", "{options} belong to --probe: add it."),
    "usage.one_of_probe": ("{options} va con --probe: añádelo.", "{options} belongs to --probe: add it."),
    "usage.no_spreadsheet": ("no se nombra ninguna hoja de cálculo", "no spreadsheet is named"),
    "probe.saved": (
        "Lo preguntado hasta entonces está en {path}; otra grabación necesita otro nombre.",
        "What was asked until then is in {path}; another recording needs another name.",
    ),
    "label.error": ("Error: {message}", "Error: {message}"),
    "label.state": ("Estado: {text}", "State: {text}"),
    "label.next": ("Qué hacer: {text}", "Next: {text}"),
    "ended": (
        "Terminado con Ctrl-C; repite la misma orden para seguir.",
        "Ended by Ctrl-C; run the same command again to go on.",
    ),
    "working": ("trabajando", "working"),
    "unchanged": ("No se cambió nada.", "Nothing was changed."),
    "not_merged": ("No se importó nada.", "Nothing was merged."),
    "not_applied": ("Nada de esta petición se aplicó.", "Nothing in this request was applied."),
    "whole_writes": (
        "Toda escritura en el libro se aplica entera o no se aplica.",
        "Every write to the workbook is applied whole or not at all.",
    ),
    "run_again": ("Repite la misma orden.", "Run the same command again."),
    "unexpected": ("Error inesperado: {kind}.", "Unexpected error: {kind}."),
    "unexpected.remedy": (
        "Repite la misma orden con -v delante del verbo y comunica lo que imprime.",
        "Run the same command again with -v before the verb, and report what it prints.",
    ),
    "intact": (
        "toda escritura se aplica entera o no se aplica, así que el libro está intacto.",
        "every write is whole or not at all, so the workbook is intact.",
    ),
    "machine_refused": (
        "Esta máquina no permitió una operación con un archivo: {words}{where}.",
        "This machine refused a file operation: {words}{where}.",
    ),
    "machine_refused.remedy": (
        "Revisa la ruta, sus permisos y el espacio libre, y repite la misma orden.",
        "Check the path, its permissions and the free space, then run the same command again.",
    ),
    "cache_locked": (
        "Otro programa tiene bloqueado {path}.",
        "Another program has {path} locked.",
    ),
    "cache_locked.remedy": (
        "Cierra lo que lo tenga abierto y repite la misma orden.",
        "Close whatever has it open, then run the same command again.",
    ),
    "no_lead": (
        "{lead}: ningún lead tiene ese LeadNumber o e-mail.",
        "{lead}: no lead has this LeadNumber or e-mail.",
    ),
    "several_leads": (
        "{lead}: varios leads tienen ese LeadNumber o e-mail.",
        "{lead}: several leads have this LeadNumber or e-mail.",
    ),
    "no_lead.remedy": (
        "Usa el LeadNumber; la pestaña Lead Profile lo muestra.",
        "Use the LeadNumber; the Lead Profile tab shows it.",
    ),
    "unknown_batch": (
        "lote desconocido: {batch} (últimos: {newest})",
        "unknown batch: {batch} (newest: {newest})",
    ),
    "unknown_batch.remedy": (
        "Lista los lotes con: sheets-crm batch list",
        "List them with: sheets-crm batch list",
    ),
    "batch_out_of_use": (
        "{batch} pertenece al paso {step}, que no está en uso.",
        "{batch} belongs to step {step}, which is not in use.",
    ),
    "put_to_use": (
        "Ponlo en uso en el ajuste pipeline y después ejecuta: sheets-crm init",
        "Put it to use in the setting pipeline, then run: sheets-crm init",
    ),
    "batch_gone": (
        "{batch} pertenece al paso {step}, que ya no está en los ajustes.",
        "{batch} belongs to step {step}, which is no longer in the settings.",
    ),
    "batch_gone.remedy": (
        "Devuelve su tabla [[steps]] a los ajustes y después ejecuta: sheets-crm init",
        "Put its [[steps]] table back in the settings, then run: sheets-crm init",
    ),
    "bad_parts": ("--parts no es válido: {parts} (1 o más)", "invalid --parts: {parts} (expected 1 or more)"),
    "companies_only": (
        "--companies es solo para lotes de {wanted}; este lote es de {step}.",
        "--companies applies to {wanted} batches only; this batch is of {step}.",
    ),
    "companies_only.remedy": ("Ejecútalo sin --companies.", "Run it without --companies."),
    "no_version": (
        "Ningún lead tiene un resultado de Box 1 de la versión «{version}».",
        "No lead has a Box 1 result of version '{version}'.",
    ),
    "versions_there": ("Versiones con resultados: {versions}.", "Versions with results: {versions}."),
    "not_sent": (
        "El lead {lead} no se envió a {step}: no hay nada que reabrir.",
        "Lead {lead} was not sent to {step}, so there is nothing to reopen.",
    ),
    "not_sent.remedy": (
        "Mira qué pasó con él: sheets-crm history {lead}",
        "See what happened to it: sheets-crm history {lead}",
    ),
    "step_out_of_use": (
        "paso que no está en uso: {step} (en uso: {steps})",
        "step not in use: {step} (in use: {steps})",
    ),
    "unknown_step": ("paso desconocido: {step} (hay: {steps})", "unknown step: {step} (known: {steps})"),
    "reason_blank": (
        "--reason está en blanco; di por qué: queda registrado.",
        "--reason is blank; say why, it is recorded.",
    ),
    "version_blank": (
        "--version y --reason no pueden estar en blanco; ambos quedan registrados.",
        "--version and --reason must not be blank; both are recorded.",
    ),
    "target_too_long": (
        "--target-id tiene {count:,} caracteres; en una celda caben como mucho {most:,}.",
        "--target-id has {count:,} characters; a cell holds at most {most:,}.",
    ),
    "target_too_long.remedy": ("Da una etiqueta más corta.", "Give a shorter label."),
    "import_failed": ("{source}: {reason}", "{source}: {reason}"),
    "import_unexpected": ("error inesperado ({kind})", "unexpected error ({kind})"),
    "import_kept": (
        "No se importó nada del archivo; se guarda, y todo lo demás se hizo.",
        "Nothing in the file was merged; it is kept, and everything else was done.",
    ),
    "import_kept.remedy": (
        "Corrígelo e impórtalo otra vez. Para reintentar sin cambios: sheets-crm retry",
        "Correct it and import it again. To retry it unchanged, run: sheets-crm retry",
    ),
    "no_header_row": ("no hay fila de cabeceras", "no header row found"),
    "not_imported": ("{source}: {reasons}", "{source}: {reasons}"),
    "in_tab": ("{tab}: {problem}", "{tab}: {problem}"),
    "tabs_not_recognised": (
        "{source}: {count} pestañas no son el resultado de ningún paso.",
        "{source}: {count} tabs are not the output of any step.",
    ),
    "tabs_not_recognised.one": (
        "{source}: {count} pestaña no es el resultado de ningún paso.",
        "{source}: {count} tab is not the output of any step.",
    ),
    "no_such_sheet": (
        "La hoja de cálculo de la dirección {url} no existe, o la cuenta de servicio no tiene acceso (404).",
        "The spreadsheet of the address {url} does not exist, or the service account has no access to it (404).",
    ),
    "sheet_not_shared": (
        "La hoja de cálculo de la dirección {url} no está compartida con la cuenta de servicio (403).",
        "The spreadsheet of the address {url} is not shared with the service account (403).",
    ),
    "share_address": (
        "Revisa esa dirección y comparte la hoja con {email} (basta como lector).",
        "Check that address, and share the spreadsheet with {email} (as a viewer is enough).",
    ),
    "not_a_sheet": (
        "{url}: no es la dirección de una hoja de cálculo de Google.",
        "{url}: this is not the address of a Google spreadsheet.",
    ),
    "not_a_sheet.remedy": (
        "Copia la dirección de la barra del navegador (https://docs.google.com/spreadsheets/d/…), o da un archivo.",
        "Copy the address from the browser's bar (https://docs.google.com/spreadsheets/d/…), or give a file.",
    ),
    "state_newer": (
        "Una versión más nueva de sheets_crm ha usado la state_dir {path} ({names}).",
        "state_dir {path} has been used by a newer version of sheets_crm ({names}).",
    ),
    "state_newer.remedy": (
        "Actualiza sheets_crm en esta máquina, o elige otra state_dir.",
        "Update sheets_crm on this machine, or choose another state_dir.",
    ),
    "busy": (
        "{reason}, y así cada vez que se volvió a leer el libro.",
        "{reason}, and it did so each time that the workbook was read again.",
    ),
    "busy.state": (
        "Toda escritura anterior está entera; lo demás no se hizo todavía.",
        "Every write made before is whole; the rest is not done yet.",
    ),
    "busy.remedy": (
        "Repite la misma orden cuando nadie ordene, mueva ni renombre; un worker programado reintenta solo.",
        "Run the same command again when nobody is sorting, moving or renaming; a scheduled worker tries again "
        "by itself.",
    ),
    "headers_moved": (
        "En la fila de cabeceras de {tab} faltan columnas y otras se movieron ({headers}).",
        "In the header row of {tab} columns are missing and others moved ({headers}).",
    ),
    "headers_moved.remedy": (
        "Devuelve las columnas a su orden (Editar › Deshacer o Historial de versiones) y repite init.",
        "Put the columns back in order (Edit › Undo, or Version history), then run init again.",
    ),
    "headers_moved.derived": (
        "Devuelve las columnas a su orden (Editar › Deshacer o Historial de versiones) y repite init. O borra la "
        "pestaña: init la rehace desde la Master.",
        "Put the columns back in order (Edit › Undo, or Version history), then run init again. Or delete the tab: "
        "init recreates it from the Master.",
    ),
    "headers_taken": (
        "{tab} tiene columnas propias que se llaman como las que recibe ahora: {headers}.",
        "{tab} has columns of your own that are called like columns which it gets now: {headers}.",
    ),
    "headers_taken.remedy": (
        "Ponles otras cabeceras y después ejecuta: sheets-crm init",
        "Give them other headers, then run: sheets-crm init",
    ),
    "title_taken": (
        "El libro ya tiene una pestaña llamada {tab} que no creó sheets_crm.",
        "The workbook already has a tab named {tab} that sheets_crm did not create.",
    ),
    "title_taken.remedy": (
        "Cambia el nombre de esa pestaña y repite sheets-crm init.",
        "Rename that tab, then run sheets-crm init again.",
    ),
    "set_up_then_refused": (
        "La estructura quedó puesta en orden ({parts}); no se cambió ningún lead.",
        "The layout was put in order ({parts}); no lead was changed.",
    ),
    "port_taken": (
        "Otro programa usa el puerto {port}.",
        "Port {port} is in use by another program.",
    ),
    "port_taken.remedy": ("Elige otro con {option}.", "Choose another one with {option}."),
    "folder_served": (
        "Otro emulador sirve ya {folder}: el proceso {process}.",
        "{folder} is served by process {process} already.",
    ),
    "folder_served.remedy": (
        "Para ese, o elige otra carpeta con --dir.",
        "Stop that one, or choose another folder with --dir.",
    ),
    "emulator_failed": ("El emulador no pudo arrancar: {reason}.", "The emulator could not start: {reason}."),
    "emulator_failed.remedy": ("Revisa --dir y --port.", "Check --dir and --port."),
    "demo_runs": ("Ya hay una demo en {path}.", "A demo runs in {path} already."),
    "demo_runs.remedy": (
        "Mira esa, termínala, o da otra --dir.",
        "Look at that one, end it, or give another --dir.",
    ),
    "port_closed": (
        "El puerto {port} de 127.0.0.1 no se puede abrir: {reason}.",
        "Port {port} of 127.0.0.1 cannot be opened: {reason}.",
    ),
    "port_closed.remedy": (
        "Puede que ya haya una demo ahí: termínala, o da otro --port y otra --dir.",
        "A demo may already be running there: end it, or give another --port and another --dir.",
    ),
    "not_for_several": (
        "spreadsheet_id no está puesto; esta orden trabaja en un solo libro.",
        "spreadsheet_id is not set; this command works on one workbook.",
    ),
    "not_for_several.remedy": (
        "Ponlo en el archivo de ajustes, o en SHEETS_CRM_SPREADSHEET_ID para esta orden.",
        "Put it in the settings file, or in SHEETS_CRM_SPREADSHEET_ID for this one command.",
    ),
    "no_credentials": (
        "credentials no está puesto; es la ruta de un archivo de cuenta de servicio.",
        "credentials is not set; it is the path of a service-account file.",
    ),
    "need_emulator": (
        "Esta orden necesita el emulador, y faltan paquetes suyos: {packages}.",
        "This command needs the emulator, and some of its packages are not installed: {packages}.",
    ),
    "need_emulator.state": (
        "No se hizo nada. Una instalación de producción los deja fuera a propósito; el worker no los necesita.",
        "Nothing was done. A production install leaves them out on purpose; the worker does not need them.",
    ),
    "install_emulator": (
        "Para probar aquí, ejecuta esto en la carpeta del pyproject.toml del proyecto: {command}",
        "To try things out here, run this in the folder of the project's pyproject.toml: {command}",
    ),
    "need_packages": (
        "El módulo {module} necesita paquetes que no están instalados: {packages}.",
        "Module {module} needs packages that are not installed: {packages}.",
    ),
    "need_packages.remedy": (
        "Instálalos, en la carpeta del pyproject.toml del proyecto: pip install '.[{module}]'. O quita {module} de "
        "modules en los ajustes.",
        "Install them, in the folder of the project's pyproject.toml: pip install '.[{module}]'. Or remove {module} "
        "from modules in the settings.",
    ),
    "nothing_done": ("No se hizo nada.", "Nothing was done."),
    "confirm_forget": (
        "borrar no se puede deshacer; sin una terminal donde confirmar, da --yes",
        "erasing cannot be undone; without a terminal to confirm on, give --yes",
    ),
    "give_lead": ("da un LEAD o --version", "give a LEAD or --version"),
    "lead_or_version": ("da un LEAD o --version, no los dos", "give a LEAD or --version, not both"),
    "version_of_box1": (
        "--version pide --step box1: solo Box 1 tiene versiones",
        "--version requires --step box1: only Box 1 has versions",
    ),
    "also_sent_alone": ("--also-sent va con --version", "--also-sent belongs to --version"),
    "plan_alone": ("--plan va con --version", "--plan belongs to --version"),
    "lead_or_all": ("da uno o más LEAD, o --all", "give one or more LEADs, or --all"),
    "no_deleted_lead": (
        "{lead}: no es un LeadNumber ni el e-mail de un lead borrado que esta máquina tenga registrado.",
        "{lead}: neither a LeadNumber nor the e-mail of a deleted lead that is on record on this machine.",
    ),
    "no_deleted_lead.remedy": (
        "Mira quién se puede recuperar: sheets-crm restore --all --plan",
        "See who can be restored: sheets-crm restore --all --plan",
    ),
    "adopt_or_new": ("da --adopt o --new, no los dos", "give --adopt or --new, not both"),
    "new_blank": ("--new pide el nombre del libro", "--new requires the name of the workbook"),
    "id_there": (
        "Los ajustes ya nombran un libro (spreadsheet_id en {where}); init --new no lo sustituye.",
        "The settings name a workbook already (spreadsheet_id in {where}); init --new does not replace it.",
    ),
    "id_there.remedy": (
        "Para preparar ese libro: sheets-crm init. Para otro, usa otro archivo de ajustes: sheets-crm --config "
        "OTRO.toml init --new …",
        "To set that workbook up: sheets-crm init. For another workbook use another settings file: sheets-crm --config "
        "OTHER.toml init --new …",
    ),
    "may_not_create": (
        "Google no deja que esta cuenta cree hojas de cálculo: {words}",
        "Google does not let this account create spreadsheets: {words}",
    ),
    "may_not_create.remedy": (
        "Créala a mano (https://sheets.new), compártela con {email} como Editor, pon su dirección como spreadsheet_id "
        "en los ajustes y ejecuta: sheets-crm init",
        "Create it by hand (https://sheets.new), share it with {email} as an Editor, put its address as spreadsheet_id "
        "into the settings, then run: sheets-crm init",
    ),
    "not_created": ("No se creó ninguna hoja de cálculo.", "No spreadsheet was created."),
    "share_with_whom": (
        "da --share TU@CORREO: en Google solo la cuenta de servicio podría abrir la hoja de cálculo",
        "give --share YOUR@EMAIL: on Google nobody but the service account could open the spreadsheet",
    ),
    "share_alone": ("--share va con --new", "--share belongs to --new"),
    "not_written": (
        "La hoja de cálculo se creó, pero {path} no se pudo escribir: {reason}.",
        "The spreadsheet was created, but {path} could not be written: {reason}.",
    ),
    "not_written.remedy": (
        "Pon esta línea al principio de {path}, y después ejecuta sheets-crm init: {line}",
        "Put this line at the beginning of {path}, then run sheets-crm init: {line}",
    ),
    "no_toml_by_then": ("con la línea no sería TOML válido", "with the line it would not be valid TOML"),
    "no_version_given": ("--version está en blanco", "--version is blank"),
}
