"""Every reason why a row or a block was not taken, in English and Spanish, with what to do about it.

The codes are stable: they stand in the Rejected tab, in reports and in tests. Placeholders: ``{column}``,
``{value}``, ``{lead}``, ``{other}``, ``{headers}``, ``{step}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self


@dataclass(frozen=True, slots=True)
class Message:
    """One reason and its remedy in both languages."""

    reason_en: str
    reason_es: str
    remedy_en: str
    remedy_es: str


RETRY_EN: Final = "Correct the cell here and tick retry, or tick discard."
RETRY_ES: Final = "Corrija la celda aquí y marque retry, o marque discard."

MESSAGES: Final[Mapping[str, Message]] = {
    # Rows.
    "unknown_lead": Message(
        "No lead has any of the row's keys ({value}).",
        "Ningún lead tiene las claves de la fila ({value}).",
        "Check LeadNumber, the LinkedIn URL or the e-mail; if the person is new import the export first, "
        "then tick retry.",
        "Revise LeadNumber, la URL de LinkedIn o el e-mail; si la persona es nueva, importe antes el export y "
        "luego marque retry.",
    ),
    "no_key": Message(
        "The row has no LeadNumber, LinkedIn URL or e-mail, so nothing says whose it is.",
        "La fila no tiene LeadNumber, URL de LinkedIn ni e-mail: nada dice de quién es.",
        "Type the LeadNumber here and tick retry, or tick discard.",
        "Escriba aquí el LeadNumber y marque retry, o marque discard.",
    ),
    "no_company_key": Message(
        "The row has no company URL or id and no LeadNumber.",
        "La fila no tiene URL ni id de empresa, ni LeadNumber.",
        "Type the company URL that was sent (column query) and tick retry, or tick discard.",
        "Escriba la URL de empresa que se envió (columna query) y marque retry, o marque discard.",
    ),
    "no_identity": Message(
        "The row has no profile URL, no e-mail, and not both a name and a company.",
        "La fila no tiene URL de perfil ni e-mail, ni nombre y empresa a la vez.",
        "Complete one of them and tick retry, or tick discard.",
        "Complete uno de ellos y marque retry, o marque discard.",
    ),
    "export_error": Message(
        "The export tool reported an error instead of a person: {value}",
        "La herramienta de export dio un error en vez de una persona: {value}",
        "Repeat the search in the tool if it matters, and tick discard.",
        "Repita la búsqueda en la herramienta si hace falta y marque discard.",
    ),
    "bad_lead_number": Message(
        "LeadNumber is not a whole number: {value}",
        "LeadNumber no es un número entero: {value}",
        RETRY_EN,
        RETRY_ES,
    ),
    "target_differs": Message(
        "Lead {lead} has TargetID {other}, the row says {value}.",
        "El lead {lead} tiene TargetID {other}; la fila dice {value}.",
        "The row is probably another workbook's, or LeadNumber moved against the other columns. " + RETRY_EN,
        "La fila parece de otro libro, o LeadNumber se desplazó respecto a las demás columnas. " + RETRY_ES,
    ),
    "keys_disagree": Message(
        "The row's keys belong to different leads: {lead} by {column}, {other} by the others.",
        "Las claves de la fila son de leads distintos: {lead} según {column}, {other} según las demás.",
        "Take out the key that is wrong and tick retry, or tick discard.",
        "Borre la clave equivocada y marque retry, o marque discard.",
    ),
    "key_at_several": Message(
        "Several leads share this {column}: {lead}.",
        "Varios leads comparten {column}: {lead}.",
        "Type the LeadNumber here and tick retry, or tick discard.",
        "Escriba aquí el LeadNumber y marque retry, o marque discard.",
    ),
    "company_not_awaited": Message(
        "No lead of this company was sent to company scrap, and none of them ({lead}) is ready for it.",
        "Ningún lead de esta empresa se envió a company scrap y ninguno de ellos ({lead}) está listo.",
        "Tick retry once one of them is verified, or type the LeadNumber of the lead that it is for.",
        "Marque retry cuando alguno esté verificado, o escriba el LeadNumber del lead correspondiente.",
    ),
    "unknown_verdict": Message(
        "The verification word is not in the vocabulary: {value}",
        "La palabra de verificación no está en el vocabulario: {value}",
        "Add it to the vocabulary table (what it means, whether it counts as success) and tick retry.",
        "Añádala a la tabla de vocabulario (qué significa, si cuenta como éxito) y marque retry.",
    ),
    "not_a_flag": Message(
        "{column} is neither TRUE nor FALSE: {value}",
        "{column} no es ni VERDADERO ni FALSO: {value}",
        RETRY_EN,
        RETRY_ES,
    ),
    "unknown_result": Message(
        "The Box 1 result is not HIT, noHIT, FIT, DROP or no fit: {value}",
        "El resultado de Box 1 no es HIT, noHIT, FIT, DROP ni no fit: {value}",
        RETRY_EN,
        RETRY_ES,
    ),
    "blank_result": Message(
        "The Box 1 result is blank.",
        "El resultado de Box 1 está en blanco.",
        "Type HIT, noHIT or DROP here and tick retry, or run the lead through Box 1 again and tick discard.",
        "Escriba HIT, noHIT o DROP aquí y marque retry, o repita el lead en Box 1 y marque discard.",
    ),
    "unknown_status": Message(
        "The Instantly status is not known: {value}",
        "El estado de Instantly no se conoce: {value}",
        "Type sent, not contacted, contacted, positive reply, negative reply or converted here and tick retry.",
        "Escriba sent, not contacted, contacted, positive reply, negative reply o converted aquí y marque retry.",
    ),
    "blank_status": Message(
        "The Instantly status is blank.",
        "El estado de Instantly está en blanco.",
        "Type sent, not contacted, contacted, positive reply, negative reply or converted here and tick retry.",
        "Escriba sent, not contacted, contacted, positive reply, negative reply o converted aquí y marque retry.",
    ),
    "cell_too_long": Message(
        "{column} has {value} characters; a cell of Google Sheets holds 50,000.",
        "{column} tiene {value} caracteres; una celda de Google Sheets admite 50.000.",
        "Shorten it in the file and import that row again; nothing is cut without asking.",
        "Acórtelo en el archivo e importe otra vez esa fila; no se recorta nada sin preguntar.",
    ),
    "erased": Message(
        "This person asked to be erased and is not taken in again.",
        "Esta persona pidió ser borrada y no se vuelve a admitir.",
        "Tick discard.",
        "Marque discard.",
    ),
    # Blocks.
    "no_header": Message(
        "No step was recognised; these headers were not understood: {headers}",
        "No se reconoció ningún paso; no se entienden estas cabeceras: {headers}",
        "Paste the output together with its header row, or name the step when importing.",
        "Pegue la salida junto con su fila de cabecera, o indique el paso al importar.",
    ),
    "no_output": Message(
        "The headers {headers} are known, but none of them is what a step brings back.",
        "Las cabeceras {headers} se conocen, pero ninguna es lo que devuelve un paso.",
        "Paste the tool's output, not the input that was sent to it.",
        "Pegue la salida de la herramienta, no la entrada que se le envió.",
    ),
    "no_key_column": Message(
        "It looks like the output of {step}, but no column says whose row it is.",
        "Parece la salida de {step}, pero ninguna columna dice de quién es cada fila.",
        "Add a LeadNumber, LinkedIn URL or e-mail column.",
        "Añada una columna LeadNumber, URL de LinkedIn o e-mail.",
    ),
    "two_steps": Message(
        "The headers fit {step} equally well ({headers}).",
        "Las cabeceras encajan igual de bien en {step} ({headers}).",
        "Rename the headers in doubt to the Master's (for example email_validation, box1_result, "
        "instantly_status), or name the step when importing.",
        "Cambie las cabeceras dudosas por las del Master (por ejemplo email_validation, box1_result, "
        "instantly_status), o indique el paso al importar.",
    ),
    "header_twice": Message(
        "The header {column} stands twice with different contents.",
        "La cabecera {column} está dos veces con contenido distinto.",
        "Rename or delete one of the two columns.",
        "Cambie el nombre o borre una de las dos columnas.",
    ),
    "not_this_step": Message(
        "It was to be the output of {step}, but the headers do not fit: {headers}",
        "Debía ser la salida de {step}, pero las cabeceras no encajan: {headers}",
        "Check the step that was named and the header row.",
        "Revise el paso indicado y la fila de cabecera.",
    ),
    # The vocabulary table.
    "vocabulary_no_word": Message(
        "Row {value} of the vocabulary has no word.",
        "La fila {value} del vocabulario no tiene palabra.",
        "Type the vendor's word in the first column or empty the row.",
        "Escriba la palabra del proveedor en la primera columna o vacíe la fila.",
    ),
    "vocabulary_bad_meaning": Message(
        "{value} is not a known meaning of the word {column}.",
        "{value} no es un significado conocido de la palabra {column}.",
        "Use one of: {headers}.",
        "Use uno de: {headers}.",
    ),
    "vocabulary_bad_flag": Message(
        "Whether {column} counts as success must be TRUE or FALSE, not {value}.",
        "Si {column} cuenta como éxito debe ser VERDADERO o FALSO, no {value}.",
        "Correct the third column.",
        "Corrija la tercera columna.",
    ),
    "vocabulary_twice": Message(
        "The word {column} stands twice with different meanings; the first one counts.",
        "La palabra {column} está dos veces con significados distintos; vale la primera.",
        "Delete one of the two rows.",
        "Borre una de las dos filas.",
    ),
}
"""Reasons by their stable code."""


class Problem(str):
    """A reason in words (Spanish, as the workbook by default) that remembers its code and parameters.

    Attributes:
        code: Key of :data:`MESSAGES`.
        params: Values of the placeholders; ``reason(problem.code, "en", **problem.params)`` says it in English.
    """

    __slots__ = ("code", "params")
    code: str
    params: dict[str, str]

    def __new__(cls, code: str, **params: str) -> Self:
        """Return the reason of that code, filled in."""
        problem = super().__new__(cls, reason(code, "es", **params))
        problem.code = code
        problem.params = params
        return problem

    def __reduce__(self) -> tuple[object, ...]:
        return _problem, (self.code, self.params)


def _problem(code: str, params: dict[str, str]) -> Problem:
    return Problem(code, **params)


class _Blank(dict[str, str]):
    """Placeholders that nobody filled read as a dash."""

    def __missing__(self, key: str) -> str:
        return "–"  # noqa: RUF001 (the dash that typesetters use for nothing)


def reason(code: str, language: str, **params: str) -> str:
    """Return why a row or block was not taken, in ``"en"`` or (any other language) Spanish.

    Raises:
        KeyError: There is no such code.
    """
    message = MESSAGES[code]
    return (message.reason_en if language == "en" else message.reason_es).format_map(_Blank(params))


def remedy(code: str, language: str, **params: str) -> str:
    """Return what the operator can do about it, in ``"en"`` or (any other language) Spanish.

    Raises:
        KeyError: There is no such code.
    """
    message = MESSAGES[code]
    return (message.remedy_en if language == "en" else message.remedy_es).format_map(_Blank(params))
