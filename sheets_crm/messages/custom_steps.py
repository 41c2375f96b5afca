"""Problems with the steps that the settings declare, as a terminal shows them: code, Spanish, English.

Each says what is wrong, what was found and what may stand there; the place in front says which step and which key.
"""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "custom_step.place": ("{step}: {key}: {problem}", "{step}: {key}: {problem}"),
    "custom_step.name_form": (
        'tiene que empezar por una letra y tener como mucho 30 letras minúsculas (a-z), cifras y _ (pone: "{found}")',
        'must begin with a letter and have at most 30 lower-case letters (a-z), digits and _ (found: "{found}")',
    ),
    "custom_step.title_form": (
        'tiene que tener de 1 a 40 letras, cifras, espacios o . & + - _ (pone: "{found}")',
        'must have 1 to 40 letters, digits, spaces or . & + - _ (found: "{found}")',
    ),
    "custom_step.letter_form": (
        'tiene que ser una letra mayúscula, de la A a la Z (pone: "{found}")',
        'must be one capital letter, A to Z (found: "{found}")',
    ),
    "custom_step.name_taken": (
        "ya hay un paso que se llama {name}; elige otro nombre (ocupados: {taken})",
        "a step named {name} already exists; choose another name (taken: {taken})",
    ),
    "custom_step.name_reserved": (
        "{name} está reservado: ya lo usan cabeceras o métricas; elige otro nombre",
        "{name} is reserved: headers or metrics already use it; choose another name",
    ),
    "custom_step.title_taken": (
        "las pestañas de otro paso ya se llaman {title}; elige otro título (ocupados: {taken})",
        "another step's tabs are already named {title}; choose another title (taken: {taken})",
    ),
    "custom_step.title_reserved": (
        "los nombres que empiezan por {words} están reservados para pegar; elige otro en vez de {title}",
        "names that begin with {words} are reserved for pasting; choose another instead of {title}",
    ),
    "custom_step.letter_taken": (
        "los ids de lote de otro paso ya empiezan por {letter}; elige otra (libres: {free})",
        "{letter} is already used by another step's batch ids; choose another (free: {free})",
    ),
    "custom_step.letter_reserved": (
        "{letter} está reservada para los ids de import (D-0001); elige otra (libres: {free})",
        "{letter} is reserved for import ids (D-0001); choose another (free: {free})",
    ),
    "custom_step.no_columns": (
        "está vacío; pon las columnas de la Master que muestra la pestaña de entrada",
        "empty; list the Master columns that the input tab shows",
    ),
    "custom_step.column_twice": (
        "columna repetida: {names}; pon cada una una vez",
        "duplicate column: {names}; list each once",
    ),
    "custom_step.column_always": (
        "todas las pestañas de entrada tienen ya {name}; quítala de aquí",
        "every input tab already has {name}; remove it here",
    ),
    "custom_step.column_brought": (
        "{name} está también en brings; una columna que se envía no puede identificar el resultado: déjala en uno",
        "{name} is also in brings; a column that is sent cannot identify the output: leave it in one of them",
    ),
    "custom_step.own_state": (
        "{name} es un estado de este mismo paso; pon otra columna",
        "{name} is a state of this step itself; name another column",
    ),
    "custom_step.column_unused": (
        "{name} es una columna de {other}, que no está en uso (mira el ajuste pipeline)",
        "{name} is a column of {other}, which is not in use (see the setting pipeline)",
    ),
    "custom_step.column_unknown": (
        "la Master no tiene ninguna columna {name}{meant}",
        "unknown Master column: {name}{meant}",
    ),
    "custom_step.column_blank": (
        "el nombre número {place} está en blanco; escríbelo o quítalo",
        "a column name is blank, number {place} of the list; write it or remove it",
    ),
    "custom_step.column_there": (
        "la Master ya tiene una columna {column}; da otro nombre a {name}",
        "the Master already has a column {column}; give {name} another name",
    ),
    "custom_step.column_of_tools": (
        "{name} es una cabecera de los resultados de las herramientas; elige un nombre que solo tenga este paso",
        "{name} is a header of the tools' own outputs; choose a name unique to this step",
    ),
    "custom_step.no_conditions": (
        "está vacío; escribe {example} si cualquier lead está listo desde el principio",
        "empty; write {example} if every lead is ready at once",
    ),
    "custom_step.condition_blank": (
        'el valor de {name} está vacío; escribe "{anything}" para cualquier cosa que no esté en blanco',
        'the value of {name} is empty; write "{anything}" for anything but blank',
    ),
    "custom_step.condition_flag": (
        'en la Master {name} es sí o no, y aquí pone "{found}"; escribe true o false',
        '{name} is a flag in the Master, and here stands "{found}"; write true or false',
    ),
    "custom_step.condition_number": (
        'en la Master {name} es un número, y aquí pone "{found}"; la única condición posible es "{anything}"',
        '{name} is a number in the Master, and here stands "{found}"; the only condition allowed is "{anything}"',
    ),
    "custom_step.condition_when": (
        'en la Master {name} es una fecha y hora, y aquí pone "{found}"; la única condición posible es "{anything}"',
        '{name} is a date and time in the Master, and here stands "{found}"; the only condition allowed is '
        '"{anything}"',
    ),
    "custom_step.condition_text": (
        'en la Master {name} es texto, y aquí pone {found}; escribe el texto, o "{anything}" para cualquier cosa que '
        "no esté en blanco",
        '{name} is text in the Master, and here stands {found}; write the text, or "{anything}" for anything but blank',
    ),
}
