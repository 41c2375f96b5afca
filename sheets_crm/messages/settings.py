"""Problems with the settings, as a terminal shows them: code, Spanish, English.

Codes that begin with ``setting.`` are problems of one value; the place in front says which.
"""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "settings.problems": ("{count} problemas con los ajustes.", "{count} problems with the settings."),
    "settings.remedy": (
        "Corrígelo{count:|s} y repite la misma orden; README.md explica cada ajuste.",
        "Correct {count:it|them} and run the same command again; README.md lists every setting.",
    ),
    "settings.missing": (
        "{name} no está puesto: ponlo en {path}, o en {variable}.",
        "{name} is not set: put it in {path}, or in {variable}.",
    ),
    "settings.no_file": ("{path}: no existe ese archivo.", "{path}: file not found."),
    "settings.no_text": ("{path}: no es texto UTF-8.", "{path}: not UTF-8 text."),
    "settings.unreadable": ("{path}: no se puede leer ({reason}).", "{path}: cannot be read ({reason})."),
    "settings.no_toml": ("{path}: no es TOML válido: {reason}.", "{path}: not valid TOML: {reason}."),
    "settings.unknown": (
        "{place}: ajuste desconocido: {name}{meant}.",
        "{place}: unknown setting: {name}{meant}.",
    ),
    "settings.environment": ("entorno", "environment"),
    "settings.wrong": ("{where}: {problem}.", "{where}: {problem}."),
    "settings.did_you_mean": (" (¿querías decir {name}?)", " (did you mean {name}?)"),
    "settings.known": (" (hay: {names})", " (known: {names})"),
    "setting.no_spreadsheet": (
        "no es el id ni la dirección de una hoja de cálculo (p. ej. https://docs.google.com/spreadsheets/d/…)",
        "not the id or URL of a spreadsheet (expected e.g. https://docs.google.com/spreadsheets/d/…)",
    ),
    "setting.no_database": (
        "no es la dirección de una base de datos (p. ej. sqlite:///state/crm.db o postgresql+psycopg://HOST/BASE)",
        "not the address of a database (expected e.g. sqlite:///state/crm.db or postgresql+psycopg://HOST/DATABASE)",
    ),
    "setting.password_in_file": (
        "una contraseña no puede estar en el archivo de ajustes; quítala de ahí y pon la dirección entera en "
        "{variable}, o solo la contraseña en PGPASSWORD",
        "a password may not stand in the settings file; take it out and put the whole address in {variable}, "
        "or the password alone in PGPASSWORD",
    ),
    "setting.secret_in_file": (
        "un secreto no puede estar en el archivo de ajustes; quítalo de ahí y ponlo en {variable}, o solo en un "
        "archivo con modo 600 que nombre {setting}",
        "a secret may not stand in the settings file; take it out and put it in {variable}, or alone in a file with "
        "mode 600 that {setting} names",
    ),
    "setting.campaign_blank": ("el id de una campaña está en blanco", "the id of a campaign is blank"),
    "secret_file.missing": (
        "El archivo {path}, que nombra {setting}, no existe",
        "The file {path}, which {setting} names, does not exist",
    ),
    "secret_file.unreadable": (
        "No se puede leer {path}, que nombra {setting}: {reason}",
        "{path}, which {setting} names, cannot be read: {reason}",
    ),
    "secret_file.open": (
        "Cualquier usuario de esta máquina puede usar {path}, que nombra {setting} (modo {mode}); no se lee",
        "Every user of this machine may use {path}, which {setting} names (mode {mode}); it is not read",
    ),
    "secret_file.group": (
        "El grupo del archivo puede usar {path}, que nombra {setting} (modo {mode}): ejecuta `chmod 600 {path}`.",
        "The file's group may use {path}, which {setting} names (mode {mode}): run `chmod 600 {path}`.",
    ),
    "setting.no_url": ("no es una URL http o https", "not an http or https URL"),
    "setting.clear_http": (
        "http a otra máquina enviaría las credenciales sin cifrar; usa https",
        "http to another machine would send tokens in the clear; use https",
    ),
    "setting.key_itself": (
        "tiene que ser la ruta del archivo de cuenta de servicio, no su contenido",
        "must be the path of the service-account file, not its content",
    ),
    "setting.unknown_step": ("paso desconocido: {step}{meant}", "unknown step: {step}{meant}"),
    "setting.modules_alone": (
        "los módulos funcionan con un solo libro; usa un archivo de ajustes y un worker para cada libro",
        "modules work with one workbook only; use one settings file and one worker for each workbook",
    ),
    "setting.unknown_module": (
        "módulo desconocido: {name} (hay: {names})",
        "unknown module: {name} (known: {names})",
    ),
    "setting.module_absent": (
        "esta versión no tiene todavía el módulo {name} (disponibles: {names}); quítalo",
        "this version has no module {name} yet (available: {names}); remove it",
    ),
    "setting.module_twice": ("módulo repetido: {name}", "duplicate module: {name}"),
    "trigger.wrong": (
        "no es un momento: {text} (vale: 15s, 10m, 6h, 03:00, mon 07:00, off; días: mon tue wed thu fri sat sun)",
        "not a trigger: {text} (allowed: 15s, 10m, 6h, 03:00, mon 07:00, off; days: mon tue wed thu fri sat sun)",
    ),
    "time.wrong": (
        "no es una hora ISO: {text} (p. ej. 2026-11-30T03:00+01:00; sin desfase es UTC)",
        "not an ISO time: {text} (expected e.g. 2026-11-30T03:00+01:00; without an offset it is UTC)",
    ),
    "setting.unknown_job": (
        "trabajo desconocido: {name} (hay: {names})",
        "unknown job: {name} (known: {names})",
    ),
    "job.bodies_deleted": (
        "{name}: se borraron los cuerpos de {count} entregas de hace más de 30 días.",
        "{name}: deleted the bodies of {count} deliveries of more than 30 days ago.",
    ),
    "setting.job_sync": (
        "cada cuánto corre sync lo dice interval_seconds; ponlo ahí y quita sync de aquí",
        "how often sync runs is interval_seconds; set it there and remove sync here",
    ),
    "setting.job_trigger": ("{name}: {problem}", "{name}: {problem}"),
    "setting.name_twice": ("nombre repetido: {name}", "duplicate name: {name}"),
    "setting.name_reserved": (
        "nombre reservado: {name} (elige otro)",
        "reserved name: {name} (choose another)",
    ),
    "setting.column_there": (
        "{step}: su pestaña de entrada ya tiene una columna {name}",
        "{step}: its input tab already has a column {name}",
    ),
    "setting.column_blank": (
        "{step}: el nombre de una columna está en blanco",
        "{step}: a column name is blank",
    ),
    "setting.column_twice": ("{step}: columna repetida: {name}", "{step}: duplicate column: {name}"),
    "setting.column_unknown": (
        "{step}: columna desconocida: {name} (la de la Master es {column})",
        "{step}: unknown column: {name} (the Master's column is {column})",
    ),
    "setting.column_unused": (
        "{step}: {name} es una columna de {other}, que no está en uso (mira el ajuste pipeline)",
        "{step}: {name} is a column of {other}, which is not in use (see the setting pipeline)",
    ),
    "setting.step_not_allowed": (
        "paso desconocido: {step} (se admiten: {steps}, en este orden, cada uno una vez; los propios van en [[steps]])",
        "unknown step: {step} (allowed: {steps}, in this order, each once; custom steps stand under [[steps]])",
    ),
    "setting.step_twice": (
        "paso repetido: {step} (se admiten: {steps}, en este orden, cada uno una vez; los propios van en [[steps]])",
        "duplicate step: {step} (allowed: {steps}, in this order, each once; custom steps stand under [[steps]])",
    ),
    "setting.step_order": (
        "orden equivocado: {listed} (se espera: {ordered})",
        "wrong order: {listed} (expected: {ordered})",
    ),
    "setting.bool_or_text": (
        "tiene que ser un texto, true o false",
        "input should be a text, true or false",
    ),
    "setting.int_type": ("tiene que ser un número entero", "input should be a valid integer"),
    "setting.int_parsing": (
        "tiene que ser un número entero",
        "input should be a valid integer, unable to parse string as an integer",
    ),
    "setting.int_from_float": (
        "tiene que ser un número entero",
        "input should be a valid integer, got a number with a fractional part",
    ),
    "setting.float_type": ("tiene que ser un número", "input should be a valid number"),
    "setting.float_parsing": (
        "tiene que ser un número",
        "input should be a valid number, unable to parse string as a number",
    ),
    "setting.bool_type": ("tiene que ser true o false", "input should be a valid boolean"),
    "setting.bool_parsing": (
        "tiene que ser true o false",
        "input should be a valid boolean, unable to interpret input",
    ),
    "setting.string_type": ("tiene que ser un texto", "input should be a valid string"),
    "setting.list_type": ("tiene que ser una lista", "input should be a valid list"),
    "setting.tuple_type": ("tiene que ser una lista", "input should be a valid tuple"),
    "setting.dict_type": ("tiene que ser una tabla", "input should be a valid dictionary"),
    "setting.model_type": ("tiene que ser una tabla", "input should be a table"),
    "setting.path_type": ("tiene que ser una ruta", "input should be a path"),
    "setting.missing": ("falta", "field required"),
    "setting.greater_than": ("tiene que ser mayor que {gt}", "input should be greater than {gt}"),
    "setting.greater_than_equal": (
        "tiene que ser mayor o igual que {ge}",
        "input should be greater than or equal to {ge}",
    ),
    "setting.less_than_equal": (
        "tiene que ser menor o igual que {le}",
        "input should be less than or equal to {le}",
    ),
    "setting.literal_error": ("tiene que ser {expected}", "input should be {expected}"),
    "setting.string_too_short": ("está en blanco", "string should have at least 1 character"),
}
