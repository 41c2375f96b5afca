"""Reasons why a row or a block of an import was not merged, and the remedies (``.remedy``): code, Spanish, English.

The codes are stable: reports and tests use them.
"""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "unknown_lead": (
        "Ningún lead tiene las claves de la fila ({value}).",
        "No lead has any of this row's keys ({value}).",
    ),
    "unknown_lead.remedy": (
        "Revisa LeadNumber, la URL de LinkedIn o el e-mail; si la persona es nueva, importa antes el export"
        " y luego marca reintentar.",
        "Check the LeadNumber, LinkedIn URL or e-mail. If the person is new, import the export first, then "
        "tick retry.",
    ),
    "unknown_company": (
        "Ningún lead es de esta empresa ({value}).",
        "No lead is of this company ({value}).",
    ),
    "unknown_company.remedy": (
        "Revisa la URL de empresa que se envió (columna query), o escribe el LeadNumber de uno de sus leads, y marca"
        " reintentar; si la empresa sobra, marca descartar.",
        "Check the company URL that was sent (column query), or enter the LeadNumber of one of its leads, and tick "
        "retry; if nobody needs the company, tick discard.",
    ),
    "no_key": (
        "La fila no tiene LeadNumber, URL de LinkedIn ni e-mail: nada dice de quién es.",
        "The row has no LeadNumber, LinkedIn URL or e-mail, so it cannot be matched to a lead.",
    ),
    "no_key.remedy": (
        "Escribe aquí el LeadNumber y marca reintentar, o marca descartar.",
        "Enter the LeadNumber here and tick retry, or tick discard.",
    ),
    "no_company_key": (
        "La fila no tiene URL ni id de empresa, ni LeadNumber.",
        "The row has no company URL or id, and no LeadNumber.",
    ),
    "no_company_key.remedy": (
        "Escribe la URL de empresa que se envió (columna query) y marca reintentar, o marca descartar.",
        "Enter the company URL that was sent (column query) and tick retry, or tick discard.",
    ),
    "no_identity": (
        "La fila no tiene URL de perfil ni e-mail, ni nombre y empresa a la vez.",
        "The row has no profile URL, no e-mail, and no name together with a company.",
    ),
    "no_identity.remedy": (
        "Completa uno de ellos y marca reintentar, o marca descartar.",
        "Fill in one of them and tick retry, or tick discard.",
    ),
    "contact_nobody": (
        "La fila no nombra a nadie: falta el e-mail, el teléfono o el perfil, y un nombre con empresa o una empresa.",
        "The row names nobody: it has no e-mail, phone or profile, and neither a name with a company nor a company.",
    ),
    "contact_nobody.remedy": (
        "Completa uno de ellos y marca reintentar, o marca descartar.",
        "Fill in one of them and tick retry, or tick discard.",
    ),
    "export_error": (
        "La herramienta de export dio un error en vez de una persona: {value}",
        "The export tool returned an error instead of a person: {value}",
    ),
    "export_error.remedy": (
        "Repite la búsqueda en la herramienta si hace falta y marca descartar.",
        "Repeat the search in the tool if needed, and tick discard.",
    ),
    "bad_lead_number": (
        "LeadNumber no es un número entero: {value}",
        "Invalid LeadNumber: {value} (expected a whole number)",
    ),
    "bad_lead_number.remedy": (
        "Corrige la celda aquí y marca reintentar, o marca descartar.",
        "Correct the cell here and tick retry, or tick discard.",
    ),
    "target_differs": (
        "El lead {lead} tiene TargetID {other}; la fila dice {value}.",
        "Lead {lead} has TargetID {other}, but the row says {value}.",
    ),
    "target_differs.remedy": (
        "La fila parece de otro libro, o LeadNumber se desplazó respecto a las demás columnas. Corrige la "
        "celda aquí y marca reintentar, o marca descartar.",
        "The row probably belongs to another workbook, or LeadNumber has shifted against the other columns."
        " Correct the cell here and tick retry, or tick discard.",
    ),
    "keys_disagree": (
        "Las claves de la fila son de leads distintos: {lead} según {column}, {other} según las demás.",
        "The row's keys belong to different leads: {lead} by {column}, {other} by the others.",
    ),
    "keys_disagree.remedy": (
        "Borra la clave equivocada y marca reintentar, o marca descartar.",
        "Clear the wrong key and tick retry, or tick discard.",
    ),
    "key_at_several": (
        "Varios leads comparten {column}: {lead}.",
        "Several leads share this {column}: {lead}.",
    ),
    "key_at_several.remedy": (
        "Escribe aquí el LeadNumber y marca reintentar, o marca descartar.",
        "Enter the LeadNumber here and tick retry, or tick discard.",
    ),
    "company_not_awaited": (
        "Ningún lead de esta empresa se envió a CompScrap y ninguno de ellos ({lead}) está listo.",
        "No lead of this company was sent to CompScrap, and none of its leads ({lead}) is ready for it.",
    ),
    "company_not_awaited.remedy": (
        "Marca reintentar cuando alguno esté verificado, o escribe el LeadNumber del lead correspondiente.",
        "Tick retry once one of them is verified, or enter the LeadNumber of the lead that the row belongs to.",
    ),
    "unknown_verdict": (
        "La palabra de verificación no está en el vocabulario: {value}",
        "Unknown verification word: {value}",
    ),
    "unknown_verdict.remedy": (
        "Añade «{value}» en la pestaña Vocabulary (qué significa, si cuenta como éxito): todas las filas que la "
        "esperan se prueban solas.",
        "Add “{value}” in the Vocabulary tab (what it means, whether it counts as success): all rows that wait for "
        "it are tried by themselves.",
    ),
    "not_a_flag": (
        "{column} no es ni VERDADERO ni FALSO: {value}",
        "Invalid {column}: {value} (expected TRUE or FALSE)",
    ),
    "not_a_flag.remedy": (
        "Corrige la celda aquí y marca reintentar, o marca descartar.",
        "Correct the cell here and tick retry, or tick discard.",
    ),
    "unknown_result": (
        "El resultado de Box 1 no es HIT, noHIT, FIT, DROP ni no fit: {value}",
        "Unknown Box 1 result: {value} (known: HIT, noHIT, FIT, DROP, no fit)",
    ),
    "unknown_result.remedy": (
        "Corrige la celda aquí y marca reintentar, o marca descartar.",
        "Correct the cell here and tick retry, or tick discard.",
    ),
    "blank_result": ("El resultado de Box 1 está en blanco.", "The Box 1 result is blank."),
    "blank_result.remedy": (
        "Escribe HIT, noHIT o DROP aquí y marca reintentar, o repite el lead en Box 1 y marca descartar.",
        "Enter HIT, noHIT or DROP here and tick retry, or run the lead through Box 1 again and tick discard.",
    ),
    "unknown_status": (
        "El estado de Instantly no se conoce: {value}",
        "Unknown Instantly status: {value}",
    ),
    "unknown_status.remedy": (
        "Escribe {words} o {last_word} aquí y marca reintentar.",
        "Enter {words} or {last_word} here and tick retry.",
    ),
    "blank_status": ("El estado de Instantly está en blanco.", "The Instantly status is blank."),
    "blank_status.remedy": (
        "Escribe {words} o {last_word} aquí y marca reintentar.",
        "Enter {words} or {last_word} here and tick retry.",
    ),
    "cell_too_long": (
        "{column} tiene {value} caracteres; una celda de Google Sheets admite 50.000.",
        "{column} has {value} characters; a Google Sheets cell holds at most 50,000.",
    ),
    "cell_too_long.remedy": (
        "Acórtalo en el archivo e importa otra vez esa fila; no se recorta nada sin preguntar.",
        "Shorten it in the file and import that row again; nothing is cut off without asking.",
    ),
    "erased": (
        "Esta persona pidió ser borrada y no se vuelve a admitir.",
        "This person asked to be erased and is not imported again.",
    ),
    "erased_rows": (
        "Se {count:dejó fuera # fila|dejaron fuera # filas}: quien estaba en ellas pidió ser borrado.",
        "{count:# row was|# rows were} left out: whoever was in them asked to be erased.",
    ),
    "erased_rows.remedy": ("Marca descartar.", "Tick discard."),
    "erased.remedy": ("Marca descartar.", "Tick discard."),
    "too_large": (
        "Son demasiadas filas y columnas: {value} celdas; una hoja de cálculo entera admite 10 millones.",
        "Too many rows and columns: {value} cells; a whole spreadsheet holds at most 10 million.",
    ),
    "too_large.remedy": (
        "Borra las columnas que sobran, o mételo por partes.",
        "Delete the columns you do not need, or import it in parts.",
    ),
    "no_header": (
        "No se reconoció ningún paso; no se entienden estas cabeceras: {headers}",
        "No step was recognised from these headers: {headers}",
    ),
    "no_header.remedy": (
        "Si falta la fila de cabecera, ponla encima. Si no, di en la pestaña Cabeceras en qué se convierten, o elige "
        "el tipo en Control (Tipo del próximo pegado). Una salida necesita LeadNumber, perfil o e-mail, y resultados.",
        "If the header row is missing, put it above. Else say in the tab Headers what they become, or choose the kind "
        "on Control (Kind of the next paste). An output needs a LeadNumber, profile or e-mail, and results.",
    ),
    "contacts_minimum": (
        "Falta lo mínimo de una lista de contactos: un nombre o una empresa, y un e-mail, teléfono, perfil o web. "
        "Cabeceras: {headers}",
        "A contact list needs at least a name or a company, and an e-mail, phone, profile or website. "
        "Headers: {headers}",
    ),
    "contacts_minimum.remedy": (
        "Pon una fila de cabecera con, por ejemplo: Nombre, Empresa, E-mail, Teléfono; o di en la pestaña"
        " Cabeceras en qué se convierten las suyas.",
        "Put a header row on top with, for example: Name, Company, E-mail, Phone; or say in the tab Headers what "
        "its own become.",
    ),
    "contacts_cells": (
        "En las columnas que dirían cómo localizar a la gente no hay nada que sirva (un e-mail, teléfono, perfil o "
        "web). Cabeceras: {headers}",
        "The columns that should say how to reach people hold nothing that does (an e-mail, phone, profile or "
        "website). Headers: {headers}",
    ),
    "contacts_cells.remedy": (
        "Corrige esas celdas, o di en la pestaña Cabeceras en qué se convierten las columnas.",
        "Correct those cells, or say in the tab Headers what the columns become.",
    ),
    "no_output": (
        "Las cabeceras {headers} se conocen, pero ninguna es lo que devuelve un paso.",
        "The headers {headers} are known, but none of them is the result of a step.",
    ),
    "no_output.remedy": (
        "Hace falta una columna de resultados (por ejemplo email_validation, website, box1_result, instantly_status)."
        " Si pegaste la entrada que se envió a la herramienta, pega lo que devuelve.",
        "It needs a column of results (for example email_validation, website, box1_result, instantly_status). "
        "If this is the input that was sent to the tool, paste what the tool gives back.",
    ),
    "no_key_column": (
        "Parece la salida de {step}, pero ninguna columna dice de quién es cada fila.",
        "This looks like the output of {step}, but no column says which lead each row belongs to.",
    ),
    "no_key_column.remedy": (
        "Añade una columna LeadNumber, URL de LinkedIn o e-mail.",
        "Add a LeadNumber, LinkedIn URL or e-mail column.",
    ),
    "step_not_in_use": (
        "Es la salida de {step}, un paso que no está en uso en este libro (se entiende: {steps}).",
        "This is the output of {step}, a step that is not in use in this workbook (understood: {steps}).",
    ),
    "step_not_in_use.remedy": (
        "Pon el paso en uso (ajuste pipeline y sheets-crm init), o borra lo pegado.",
        "Put the step to use (setting pipeline, then sheets-crm init), or delete what was pasted.",
    ),
    "two_steps": (
        "Las cabeceras encajan igual de bien en {step} ({headers}).",
        "The headers match {step} equally well ({headers}).",
    ),
    "two_steps.remedy": (
        "Cambia las cabeceras dudosas por las del Master (por ejemplo email_validation, box1_result, "
        "instantly_status), di en la pestaña Cabeceras en qué se convierten, o elige el tipo en Control.",
        "Rename the ambiguous headers to the Master's (for example email_validation, box1_result, "
        "instantly_status), say in the tab Headers what they become, or choose the kind on Control.",
    ),
    "header_twice": (
        "La cabecera {column} está dos veces con contenido distinto.",
        "The header {column} appears twice with different contents.",
    ),
    "header_twice.remedy": (
        "Cambia el nombre o borra una de las dos columnas.",
        "Rename or delete one of the two columns.",
    ),
    "not_this_step": (
        "Como salida de {step} le falta LeadNumber (o perfil, o e-mail), o una columna de sus resultados."
        " No se conocen: {headers}",
        "As an output of {step} it lacks LeadNumber (or a profile, or an e-mail), or a column of its results. "
        "Unknown: {headers}",
    ),
    "not_this_step.remedy": (
        "Revisa el paso indicado y la fila de cabecera.",
        "Check the step that you named and the header row.",
    ),
    "not_export": (
        "Como export le falta algo. Lo mínimo: nombre, y URL de perfil, e-mail o empresa. No se conocen: {headers}",
        "As an export it lacks something. At least: a name, and a profile URL, e-mail or company. Unknown: {headers}",
    ),
    "not_export.remedy": (
        "Si es una lista de contactos cualquiera, impórtala sin indicar el tipo o como contactos.",
        "If it is an ordinary list of contacts, import it without naming the kind, or as contacts.",
    ),
    "not_verification": (
        "Como salida de verification le falta algo. Lo mínimo: LeadNumber, URL de perfil o e-mail, y el e-mail o el"
        " resultado (email_validation). No se conocen: {headers}",
        "As an output of verification it lacks something. At least: LeadNumber, profile URL or e-mail, and the "
        "e-mail or its result (email_validation). Unknown: {headers}",
    ),
    "not_verification.remedy": (
        "Completa esas columnas, o revisa el tipo que indicaste.",
        "Add those columns, or check the kind that you named.",
    ),
    "not_company_scrap": (
        "Como salida de company_scrap le falta algo. Lo mínimo: LeadNumber, query o URL de empresa, y un dato de la"
        " empresa (companyName, website …). No se conocen: {headers}",
        "As an output of company_scrap it lacks something. At least: LeadNumber, query or a company URL, and one fact "
        "of the company (companyName, website …). Unknown: {headers}",
    ),
    "not_company_scrap.remedy": (
        "Completa esas columnas, o revisa el tipo que indicaste.",
        "Add those columns, or check the kind that you named.",
    ),
    "not_box1": (
        "Como salida de box1 le falta algo. Lo mínimo: LeadNumber, URL de perfil o e-mail, y box1_result."
        " No se conocen: {headers}",
        "As an output of box1 it lacks something. At least: LeadNumber, profile URL or e-mail, and box1_result. "
        "Unknown: {headers}",
    ),
    "not_box1.remedy": (
        "Completa esas columnas, o revisa el tipo que indicaste.",
        "Add those columns, or check the kind that you named.",
    ),
    "not_instantly": (
        "Como salida de instantly le falta algo. Lo mínimo: e-mail o LeadNumber, y el estado (instantly_status)."
        " No se conocen: {headers}",
        "As an output of instantly it lacks something. At least: an e-mail or LeadNumber, and the status "
        "(instantly_status). Unknown: {headers}",
    ),
    "not_instantly.remedy": (
        "Completa esas columnas, o revisa el tipo que indicaste.",
        "Add those columns, or check the kind that you named.",
    ),
    "vocabulary_no_word": (
        "La fila {value} del vocabulario no tiene palabra.",
        "Row {value} has no word.",
    ),
    "vocabulary_no_word.remedy": (
        "Escribe la palabra del proveedor en la primera columna o vacía la fila.",
        "Enter the vendor's word in the first column, or clear the row.",
    ),
    "vocabulary_bad_meaning": (
        "{value} no es un significado conocido de la palabra {column}.",
        "Unknown meaning of the word {column}: {value}.",
    ),
    "vocabulary_bad_meaning.remedy": ("Usa uno de: {headers}.", "Use one of: {headers}."),
    "vocabulary_bad_flag": (
        "Si {column} cuenta como éxito debe ser VERDADERO o FALSO, no {value}.",
        "Invalid success flag of the word {column}: {value} (expected TRUE or FALSE).",
    ),
    "vocabulary_bad_flag.remedy": ("Corrige la tercera columna.", "Correct the third column."),
    "vocabulary_twice": (
        "La palabra {column} está dos veces con significados distintos; vale la primera.",
        "The word {column} appears twice with different meanings; the first one counts.",
    ),
    "vocabulary_twice.remedy": ("Borra una de las dos filas.", "Delete one of the two rows."),
}
