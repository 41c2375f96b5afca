"""Every reason why a row or a block was not taken, in English and Spanish, with what to do about it.

The codes are stable: they stand in the Rejected tab, in reports and in tests. Placeholders: ``{column}``,
``{value}``, ``{lead}``, ``{other}``, ``{headers}``, ``{step}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from sheets_crm.pipeline.reply_words import listed


@dataclass(frozen=True, slots=True)
class Message:
    """One reason and its remedy in both languages."""

    reason_en: str
    reason_es: str
    remedy_en: str
    remedy_es: str


RETRY_EN: Final = "Correct the cell here and tick retry, or tick discard."
RETRY_ES: Final = "Corrige la celda aquí y marca retry, o marca discard."
STATUS_EN: Final = f"Type {listed('or')} here and tick retry."
STATUS_ES: Final = f"Escribe {listed('o')} aquí y marca retry."

MESSAGES: Final[Mapping[str, Message]] = {
    # Rows.
    "unknown_lead": Message(
        "No lead has any of the row's keys ({value}).",
        "Ningún lead tiene las claves de la fila ({value}).",
        "Check LeadNumber, the LinkedIn URL or the e-mail; if the person is new import the export first, "
        "then tick retry.",
        "Revisa LeadNumber, la URL de LinkedIn o el e-mail; si la persona es nueva, importa antes el export y "
        "luego marca retry.",
    ),
    "no_key": Message(
        "The row has no LeadNumber, LinkedIn URL or e-mail, so nothing says whose it is.",
        "La fila no tiene LeadNumber, URL de LinkedIn ni e-mail: nada dice de quién es.",
        "Type the LeadNumber here and tick retry, or tick discard.",
        "Escribe aquí el LeadNumber y marca retry, o marca discard.",
    ),
    "no_company_key": Message(
        "The row has no company URL or id and no LeadNumber.",
        "La fila no tiene URL ni id de empresa, ni LeadNumber.",
        "Type the company URL that was sent (column query) and tick retry, or tick discard.",
        "Escribe la URL de empresa que se envió (columna query) y marca retry, o marca discard.",
    ),
    "no_identity": Message(
        "The row has no profile URL, no e-mail, and not both a name and a company.",
        "La fila no tiene URL de perfil ni e-mail, ni nombre y empresa a la vez.",
        "Complete one of them and tick retry, or tick discard.",
        "Completa uno de ellos y marca retry, o marca discard.",
    ),
    "export_error": Message(
        "The export tool reported an error instead of a person: {value}",
        "La herramienta de export dio un error en vez de una persona: {value}",
        "Repeat the search in the tool if it matters, and tick discard.",
        "Repite la búsqueda en la herramienta si hace falta y marca discard.",
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
        "Borra la clave equivocada y marca retry, o marca discard.",
    ),
    "key_at_several": Message(
        "Several leads share this {column}: {lead}.",
        "Varios leads comparten {column}: {lead}.",
        "Type the LeadNumber here and tick retry, or tick discard.",
        "Escribe aquí el LeadNumber y marca retry, o marca discard.",
    ),
    "company_not_awaited": Message(
        "No lead of this company was sent to company scrap, and none of them ({lead}) is ready for it.",
        "Ningún lead de esta empresa se envió a company scrap y ninguno de ellos ({lead}) está listo.",
        "Tick retry once one of them is verified, or type the LeadNumber of the lead that it is for.",
        "Marca retry cuando alguno esté verificado, o escribe el LeadNumber del lead correspondiente.",
    ),
    "unknown_verdict": Message(
        "The verification word is not in the vocabulary: {value}",
        "La palabra de verificación no está en el vocabulario: {value}",
        "Add it in the tab Vocabulary (what it means, whether it counts as success) and tick retry.",
        "Añádela en la pestaña Vocabulary (qué significa, si cuenta como éxito) y marca retry.",
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
        "Escribe HIT, noHIT o DROP aquí y marca retry, o repite el lead en Box 1 y marca discard.",
    ),
    "unknown_status": Message(
        "The Instantly status is not known: {value}",
        "El estado de Instantly no se conoce: {value}",
        STATUS_EN,
        STATUS_ES,
    ),
    "blank_status": Message(
        "The Instantly status is blank.",
        "El estado de Instantly está en blanco.",
        STATUS_EN,
        STATUS_ES,
    ),
    "cell_too_long": Message(
        "{column} has {value} characters; a cell of Google Sheets holds 50,000.",
        "{column} tiene {value} caracteres; una celda de Google Sheets admite 50.000.",
        "Shorten it in the file and import that row again; nothing is cut without asking.",
        "Acórtalo en el archivo e importa otra vez esa fila; no se recorta nada sin preguntar.",
    ),
    "erased": Message(
        "This person asked to be erased and is not taken in again.",
        "Esta persona pidió ser borrada y no se vuelve a admitir.",
        "Tick discard.",
        "Marca discard.",
    ),
    # Blocks.
    "too_large": Message(
        "Rows and columns are too many: {value} cells; a whole spreadsheet may have 10 million.",
        "Son demasiadas filas y columnas: {value} celdas; una hoja de cálculo entera admite 10 millones.",
        "Delete the columns that are not needed, or take it in parts.",
        "Borra las columnas que sobran, o mételo por partes.",
    ),
    "no_header": Message(
        "No step was recognised; these headers were not understood: {headers}",
        "No se reconoció ningún paso; no se entienden estas cabeceras: {headers}",
        "Paste the output together with its header row, or name the step when importing.",
        "Pega la salida junto con su fila de cabecera, o indica el paso al importar.",
    ),
    "no_output": Message(
        "The headers {headers} are known, but none of them is what a step brings back.",
        "Las cabeceras {headers} se conocen, pero ninguna es lo que devuelve un paso.",
        "Paste the tool's output, not the input that was sent to it.",
        "Pega la salida de la herramienta, no la entrada que se le envió.",
    ),
    "no_key_column": Message(
        "It looks like the output of {step}, but no column says whose row it is.",
        "Parece la salida de {step}, pero ninguna columna dice de quién es cada fila.",
        "Add a LeadNumber, LinkedIn URL or e-mail column.",
        "Añade una columna LeadNumber, URL de LinkedIn o e-mail.",
    ),
    "two_steps": Message(
        "The headers fit {step} equally well ({headers}).",
        "Las cabeceras encajan igual de bien en {step} ({headers}).",
        "Rename the headers in doubt to the Master's (for example email_validation, box1_result, "
        "instantly_status), or name the step when importing.",
        "Cambia las cabeceras dudosas por las del Master (por ejemplo email_validation, box1_result, "
        "instantly_status), o indica el paso al importar.",
    ),
    "header_twice": Message(
        "The header {column} stands twice with different contents.",
        "La cabecera {column} está dos veces con contenido distinto.",
        "Rename or delete one of the two columns.",
        "Cambia el nombre o borra una de las dos columnas.",
    ),
    "not_this_step": Message(
        "It was to be the output of {step}, but the headers do not fit: {headers}",
        "Debía ser la salida de {step}, pero las cabeceras no encajan: {headers}",
        "Check the step that was named and the header row.",
        "Revisa el paso indicado y la fila de cabecera.",
    ),
    # The vocabulary table.
    "vocabulary_no_word": Message(
        "Row {value} of the vocabulary has no word.",
        "La fila {value} del vocabulario no tiene palabra.",
        "Type the vendor's word in the first column or empty the row.",
        "Escribe la palabra del proveedor en la primera columna o vacía la fila.",
    ),
    "vocabulary_bad_meaning": Message(
        "{value} is not a known meaning of the word {column}.",
        "{value} no es un significado conocido de la palabra {column}.",
        "Use one of: {headers}.",
        "Usa uno de: {headers}.",
    ),
    "vocabulary_bad_flag": Message(
        "Whether {column} counts as success must be TRUE or FALSE, not {value}.",
        "Si {column} cuenta como éxito debe ser VERDADERO o FALSO, no {value}.",
        "Correct the third column.",
        "Corrige la tercera columna.",
    ),
    "vocabulary_twice": Message(
        "The word {column} stands twice with different meanings; the first one counts.",
        "La palabra {column} está dos veces con significados distintos; vale la primera.",
        "Delete one of the two rows.",
        "Borra una de las dos filas.",
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
