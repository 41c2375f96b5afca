"""Failures of Google's answers and of the service account, as a terminal shows them: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "google.not_answering": (
        "Google Sheets no respondió bien durante {seconds:.0f} s: {reason}.",
        "Google Sheets did not respond properly for {seconds:.0f} s: {reason}.",
    ),
    "google.nobody_there": (
        "Nadie responde en {address}: ningún programa de esta máquina escucha ahí.",
        "Nothing answers at {address}: no program on this machine listens there.",
    ),
    "google.maybe_applied": (
        "La última escritura puede haberse aplicado o no; si se aplicó, fue entera.",
        "The last write may or may not have been applied; if it was, then whole.",
    ),
    "google.shows_itself": (
        "Repítelo: el propio libro muestra cuál de las dos, y nada se hace dos veces.",
        "Run again: the workbook itself shows which, and nothing is done twice.",
    ),
    "google.start_and_repeat": (
        "{start}, y repite: el propio libro muestra cuál de las dos, y nada se hace dos veces.",
        "{start}, and run again: the workbook itself shows which, and nothing is done twice.",
    ),
    "google.start_then_again": (
        "{start}; después repite la misma orden. Si ahora escucha en otra dirección, corrige `endpoint` en los "
        "ajustes, y que `credentials` nombre el service_account.json de su carpeta.",
        "{start}; then run the same command again. If it listens at another address by now, correct `endpoint` in the "
        "settings, and let `credentials` name the service_account.json of its folder.",
    ),
    "google.start": (
        "Arranca lo que tiene que escuchar ahí: `{emulator}`, o `sheets-crm demo --dir FOLDER` para el libro de una "
        "demo",
        "Start what has to listen there: `{emulator}`, or `sheets-crm demo --dir FOLDER` for the workbook of a demo",
    ),
    "google.itself": ("Google", "Google"),
    "google.waiting": (
        "esperando a {host} ({reason}); nuevo intento en {seconds:.0f} s",
        "waiting for {host} ({reason}); next attempt in {seconds:.0f} s",
    ),
    "google.later": ("Repítelo dentro de unos minutos.", "Run again in a few minutes."),
    "google.quota.remedy": (
        "Repítelo dentro de unos minutos. Si vuelve a pasar, otra cosa gasta la misma cuota: baja reads_per_minute y "
        "writes_per_minute, o usa una cuenta de servicio de otro proyecto de Google Cloud.",
        "Run again in a few minutes. If it happens again, something else is using the same quota: lower "
        "reads_per_minute and writes_per_minute, or use a service account of another Google Cloud project.",
    ),
    "google.quota": (
        "La cuota de peticiones de Google está agotada ({status}): {words}",
        "Google's quota of requests is used up ({status}): {words}",
    ),
    "google.daily_quota": (
        "La cuota de peticiones de Google para hoy está agotada ({status}): {words}",
        "Google's quota of requests for today is used up ({status}): {words}",
    ),
    "google.daily_quota.remedy": (
        "Repítelo mañana, o haz que suban la cuota (consola de Google Cloud > IAM y administración > Cuotas).",
        "Run again tomorrow, or have the quota raised (Google Cloud console > IAM & Admin > Quotas).",
    ),
    "google.http": ("HTTP {status}: {words}", "HTTP {status}: {words}"),
    "google.over_quota": (
        "la cuota de peticiones de Google está agotada ({answer})",
        "Google's quota of requests is used up ({answer})",
    ),
    "google.not_googles": ("una respuesta que no es la de Google", "a response that is not Google's"),
    "google.not_json": ("una respuesta que no es JSON", "a response that is not JSON"),
    "google.in_time": ("sin respuesta a tiempo", "no response in time"),
    "google.no_token_server": (
        "no se pudo llegar al servidor de credenciales",
        "the token server could not be reached",
    ),
    "google.token_refused": (
        "el servidor de credenciales rechazó la cuenta de servicio",
        "the token server refused the service account",
    ),
    "google.no_connection": ("falló la conexión ({kind})", "the connection failed ({kind})"),
    "google.request_failed": (
        "La petición a Google Sheets falló: {reason}.",
        "The request to Google Sheets failed: {reason}.",
    ),
    "google.no_workbook": (
        "El libro {workbook} no existe, o la cuenta de servicio no tiene acceso (404).",
        "Workbook {workbook} does not exist, or the service account has no access to it (404).",
    ),
    "google.no_workbook.remedy": (
        "Revisa spreadsheet_id en los ajustes, y comparte el libro con {email} como editor.",
        "Check spreadsheet_id in the settings, and share the workbook with {email} as an editor.",
    ),
    "google.no_tab": (
        "El libro no tiene la pestaña o el rango {asked}.",
        "The workbook has no tab or range {asked}.",
    ),
    "google.no_tab.remedy": (
        "Ejecuta `sheets-crm init`: vuelve a crear lo que falta.",
        "Run `sheets-crm init`: it recreates what is missing.",
    ),
    "google.no_group": (
        "Un grupo de filas no está donde se leyó ({words}).",
        "A group of rows is not where it was read ({words}).",
    ),
    "google.no_group.remedy": (
        "Repite la misma orden; un worker programado lo hace solo.",
        "Run the same command again; a scheduled worker does so by itself.",
    ),
    "google.refused": (
        "Google rechazó la petición ({status}): {words}",
        "Google refused the request ({status}): {words}",
    ),
    "google.refused.remedy": (
        "Ejecuta `sheets-crm doctor`; si no encuentra nada, comunica el mensaje de arriba.",
        "Run `sheets-crm doctor`; if it finds nothing, report the message above.",
    ),
    "google.not_enabled": (
        "La API de Google Sheets no está activada en el proyecto de la cuenta de servicio (403): {words}",
        "The Google Sheets API is not enabled in the service account's project (403): {words}",
    ),
    "google.not_enabled.remedy": (
        "Actívala en la consola de Google Cloud y espera un minuto.",
        "Enable the Google Sheets API for it in the Google Cloud console, then wait a minute.",
    ),
    "google.account_blocked": (
        "Google rechazó la cuenta de servicio, no el libro (403, {reasons}): {words}",
        "Google refused the service account, not the workbook (403, {reasons}): {words}",
    ),
    "google.account_blocked.remedy": (
        "Mira el proyecto de la cuenta en la consola de Google Cloud, o pregunta a quien lo administra.",
        "Look at the account's project in the Google Cloud console, or ask whoever administers it.",
    ),
    "google.no_creating": (
        "Esta cuenta no puede crear libros (403): {words}",
        "This account is not allowed to create workbooks (403): {words}",
    ),
    "google.no_creating.remedy": (
        "Crea un libro vacío a mano y compártelo con la cuenta como editor.",
        "Create an empty workbook by hand and share it with the account as an editor.",
    ),
    "google.not_shared": (
        "El libro {workbook} no está compartido con la cuenta de servicio como editor (403).",
        "The workbook {workbook} is not shared with the service account as an editor (403).",
    ),
    "google.not_shared.remedy": (
        "Abre el libro, pulsa Compartir y añade {email} como editor.",
        "Open the workbook, press Share, and add {email} as an editor.",
    ),
    "google.account_refused": (
        "Google no acepta la cuenta de servicio: su clave se borró o se cambió, la cuenta se desactivó, o el reloj de "
        "esta máquina va mal.",
        "Google does not accept the service account: its key was deleted or replaced, the account was "
        "disabled, or this machine's clock is wrong.",
    ),
    "google.account_refused.remedy": (
        "Mira el reloj; si está bien, crea otra clave (IAM y administración > Cuentas de servicio > Claves) y que "
        "`credentials` la nombre.",
        "Check the clock; otherwise create a new key (IAM & Admin > Service accounts > Keys) and point "
        "`credentials` at it.",
    ),
    "google.number_taken": (
        "Otro worker tomó antes el número {number}; no se aplicó nada.",
        "Another writer took number {number} first; nothing was applied.",
    ),
    "google.number_taken.remedy": (
        "Repítelo. Si sigue pasando, varios workers trabajan en este libro: basta uno.",
        "Run it again. If that goes on, several workers are at work on this workbook: one is enough.",
    ),
    "google.may_still": (
        "Puede que la última escritura se aplicara; la próxima lectura del libro lo muestra.",
        "The last write may still have been applied; the next read of the workbook shows.",
    ),
    "google.id_unknown": (
        "La respuesta de Google no fue la esperada: no se sabe el id del libro nuevo.",
        "Google's response was not the one expected, so the new workbook's id is unknown.",
    ),
    "google.id_unknown.state": (
        "Puede que se creara un libro llamado «{title}»; no se usa.",
        "A workbook called '{title}' may have been created; it is not used.",
    ),
    "google.no_stamps": (
        "Se rechazó una escritura y no se pudieron leer los sellos del libro: {reason}",
        "A write was refused and the workbook's stamps could not be read: {reason}",
    ),
    "google.no_stamps.state": (
        "Puede que un intento cuya respuesta se perdió aplicara la escritura.",
        "The write may have been applied by an attempt whose response was lost.",
    ),
    "google.guard_taken": (
        "El id de metadatos {number} lo ocupan metadatos que esta cuenta no ve.",
        "Metadata id {number} is taken by metadata that this account cannot see.",
    ),
    "google.guard_taken.remedy": (
        "Se lee y se planea otra vez: ese número se salta.",
        "Read and plan again: the number is skipped.",
    ),
    "account.remedy": (
        "Descarga una clave de cuenta de servicio (consola de Google Cloud > IAM y administración > Cuentas de "
        "servicio > Claves > Agregar clave > JSON) y pon su ruta en `credentials`; credentials.example.json "
        "muestra el formato.",
        "Download a service-account key (Google Cloud console > IAM & Admin > Service accounts > Keys > Add key > "
        "JSON) and name its path in `credentials`; credentials.example.json shows the format.",
    ),
    "account.foreign": (
        "{what}; hace falta una clave de cuenta de servicio.",
        "{what}; a service-account key is needed.",
    ),
    "account.desktop_app": (
        "es un cliente OAuth de escritorio, que identifica a un programa, no a una cuenta",
        "it is an OAuth client for desktop apps, which identifies an app, not an account",
    ),
    "account.web_app": (
        "es un cliente OAuth web, que identifica a un programa, no a una cuenta",
        "it is an OAuth client for web apps, which identifies an app, not an account",
    ),
    "account.own_login": (
        "contiene la sesión de una persona (type authorized_user)",
        "it holds a person's own login (type authorized_user)",
    ),
    "account.workload": (
        "es una configuración de identidad de carga de trabajo (type external_account)",
        "it is a workload-identity configuration (type external_account)",
    ),
    "account.impersonation": (
        "es una configuración de suplantación",
        "it is an impersonation configuration",
    ),
    "account.missing": (
        "No existe el archivo de credenciales: {path}.",
        "Credentials file not found: {path}.",
    ),
    "account.unreadable": (
        "El archivo de credenciales {path} no se puede leer: {reason}.",
        "The credentials file {path} cannot be read: {reason}.",
    ),
    "account.unreadable.remedy": ("Revisa su ruta y sus permisos.", "Check its path and permissions."),
    "account.not_json": ("{path} no es JSON.", "{path} is not JSON."),
    "account.no_object": ("{path} no contiene un objeto JSON.", "{path} does not hold a JSON object."),
    "account.unusable": (
        "{path} no sirve como archivo de cuenta de servicio: {problem}",
        "{path} is not a usable service-account file: {problem}",
    ),
    "account.bad_key": (
        "{path}: private_key no es una clave en formato PEM; quizá perdió sus saltos de línea (\\n).",
        "{path}: private_key is not a key in PEM format; it may have lost its line breaks (\\n).",
    ),
    "account.exposed": (
        "Otros usuarios de esta máquina pueden leer {path} (modo {mode}): ejecuta `chmod 600 {path}`.",
        "Other users of this machine may read {path} (mode {mode}): run `chmod 600 {path}`.",
    ),
    "account.field_missing": ("falta {name}.", "{name} is missing."),
    "account.field_no_text": ("{name} no es texto.", "{name} is not text."),
    "account.other_kind": ('type no es "service_account".', 'type is not "service_account".'),
    "account.no_address": (
        "client_email no es una dirección de e-mail.",
        "client_email is not an e-mail address.",
    ),
    "account.no_pem": ("private_key no es una clave en formato PEM.", "private_key is not a key in PEM format."),
    "account.no_https": ("token_uri no es https.", "token_uri is not https."),
}
