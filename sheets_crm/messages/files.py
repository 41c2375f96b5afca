"""Failures of files that were to be read or written, as a terminal shows them: code, Spanish, English."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, tuple[str, str]]] = {
    "file.missing": ("{path}: no existe ese archivo.", "{path}: file not found."),
    "file.missing.remedy": ("Revisa el nombre y la carpeta.", "Check the name and the folder."),
    "file.folder": ("{path} es una carpeta, no un archivo.", "{path} is a folder, not a file."),
    "file.folder.remedy": ("Da la ruta de un archivo de ella.", "Give the path of a file in it."),
    "file.unreadable": ("{path} no se puede leer: {reason}.", "{path} cannot be read: {reason}."),
    "file.unreadable.remedy": ("Revisa sus permisos.", "Check its permissions."),
    "file.unwritable": ("{path} no se puede escribir: {reason}.", "{path} cannot be written: {reason}."),
    "file.unwritable.remedy": ("Elige otra carpeta con --out.", "Choose another folder with --out."),
    "file.unwritten": ("No se escribió ningún archivo.", "No file was written."),
    "file.outside": ("{path} está fuera de la carpeta {home}.", "{path} is outside the folder {home}."),
    "file.outside.remedy": ("Elige un nombre de archivo simple.", "Choose a plain file name."),
    "file.empty": ("{name} está vacío: no tiene filas.", "{name} is empty: it has no rows."),
    "file.empty.remedy": (
        "Expórtalo otra vez de la herramienta de la que vino.",
        "Export it again from the tool it came from.",
    ),
    "file.protected": ("{name} está protegido con contraseña.", "{name} is password-protected."),
    "file.protected.remedy": (
        "Ábrelo en Excel, quita la contraseña (Archivo > Información > Proteger libro) y guárdalo otra vez.",
        "Open it in Excel, remove the password (File > Info > Protect Workbook) and save it again.",
    ),
    "file.old_excel": (
        "{name} está en el formato antiguo de Excel (.xls), que no se admite.",
        "{name} is in the old Excel format (.xls), which is not supported.",
    ),
    "file.save_as": (
        "Ábrelo en Excel o Google Sheets y guárdalo como CSV (UTF-8) o XLSX.",
        "Open it in Excel or Google Sheets and save it as CSV (UTF-8) or XLSX.",
    ),
    "file.save_utf8": (
        "Ábrelo en Excel o Google Sheets y guárdalo como CSV (UTF-8).",
        "Open it in Excel or Google Sheets and save it as CSV (UTF-8).",
    ),
    "file.in_parts": ("Guárdalo en partes, o como CSV.", "Save it in parts, or as CSV."),
    "file.save_parts": ("Guárdalo en partes.", "Save it in parts."),
    "file.smaller": (
        "Borra filas y columnas que sobran, o guárdalo en partes.",
        "Delete unneeded rows and columns, or save it in parts.",
    ),
    "file.too_many_cells": (
        "{where}: el archivo tiene más de {most:,} celdas, el máximo de una hoja de cálculo.",
        "{where}: the file has more than {most:,} cells, the most that a spreadsheet can have.",
    ),
    "file.too_many_columns": (
        "{where}: más de {most:,} columnas (A a ZZZ), el máximo de una hoja.",
        "{where}: more than {most:,} columns (A to ZZZ), the most that a sheet can have.",
    ),
    "file.row_beyond": (
        "{sheet}: la fila {row} está más allá de la última que puede tener una hoja ({most:,}).",
        "{sheet}: row {row} is beyond the last row that a sheet can have ({most:,}).",
    ),
    "file.row_order": (
        "{where} detrás de la fila {previous:,}: filas y celdas van en orden y una sola vez.",
        "{where} after row {previous:,}: rows and cells must be in order, each only once.",
    ),
    "file.cell_order": (
        "{where} tiene {reference} detrás de la columna {previous}: filas y celdas van en orden y una sola vez.",
        "{where} has {reference} after column {previous}: rows and cells must be in order, each only once.",
    ),
    "file.no_reference": (
        "{where}: {reference} no es la referencia de una celda.",
        "{where}: {reference} is not a cell reference.",
    ),
    "file.sheet": ("{name}, hoja {sheet}", "{name}, sheet {sheet}"),
    "file.sheet_row": ("{sheet}, fila {row:,}", "{sheet}, row {row:,}"),
    "file.too_large": (
        "{name} es demasiado grande: más de {most} MB.",
        "{name} is too large: more than {most} MB.",
    ),
    "file.unpacked_bytes": (
        "{name} es demasiado grande descomprimido: más de {most} MB.",
        "{name} is too large when decompressed: more than {most} MB.",
    ),
    "file.unpacked_elements": (
        "{name} es demasiado grande descomprimido: más de {most:,} elementos.",
        "{name} is too large when decompressed: more than {most:,} elements.",
    ),
    "file.too_long_text": (
        "{where}: un texto de más de {most:,} caracteres; en una celda caben como mucho 50.000.",
        "{where}: a text of more than {most:,} characters; a cell holds at most 50,000.",
    ),
    "file.too_long_text.remedy": (
        "Acórtalo o bórralo, y guarda el archivo otra vez.",
        "Shorten it, or delete it, and save the file again.",
    ),
    "file.binary": (
        "{name} no es una tabla: su contenido es binario.",
        "{name} is not a table: its content is binary.",
    ),
    "file.binary.remedy": ("Elige el archivo CSV o XLSX.", "Choose the CSV or XLSX file."),
    "file.damaged_text": ("{name}, línea {line}: caracteres dañados.", "{name}, line {line}: damaged characters."),
    "file.unknown_text": (
        "{name}, línea {line}: caracteres que no son ni UTF-8 ni de Europa occidental (cp1252).",
        "{name}, line {line}: characters that are neither UTF-8 nor Western European (cp1252).",
    ),
    "file.open_quote": (
        "{name}: unas comillas abiertas en el registro de la línea {line} no se cierran nunca.",
        "{name}: a quote opened in the record at line {line} is never closed.",
    ),
    "file.open_quote.remedy": (
        "Cierra ahí las comillas, o exporta el archivo otra vez.",
        "Close the quote there, or export the file again.",
    ),
    "file.long_record": (
        "{name}: el registro que empieza en la línea {line:,} tiene más de {most:,} caracteres.",
        "{name}: the record that begins at line {line:,} has more than {most:,} characters.",
    ),
    "file.long_record.remedy": (
        "Si unas comillas abiertas ahí no se cierran, ciérralas; si no, exporta el archivo otra vez.",
        "If a quote opened there is never closed, close it; otherwise export the file again.",
    ),
    "file.line": ("{name}, línea {line:,}", "{name}, line {line:,}"),
    "file.shared_texts": ("{name}, textos compartidos", "{name}, shared texts"),
    "file.damaged_excel": ("{name} es un libro de Excel dañado.", "{name} is a damaged Excel workbook."),
    "file.other_zip": (
        "{name} es un archivo ZIP, pero no un libro de Excel.",
        "{name} is a ZIP file, but not an Excel workbook.",
    ),
    "file.no_result": (
        "{sheet}, celda {cell}: una fórmula sin resultado guardado.",
        "{sheet}, cell {cell}: a formula without a saved result.",
    ),
    "file.no_result.remedy": (
        "Abre el archivo en Excel o Google Sheets, guárdalo e impórtalo otra vez.",
        "Open the file in Excel or Google Sheets, save it, and import it again.",
    ),
}
