"""REGEXMATCH, REGEXEXTRACT, REGEXREPLACE, and what else tests a text by a pattern.

Google's expressions are RE2's: neither look-around nor references back.
"""

import re
from functools import lru_cache
from urllib.parse import quote

from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_text
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Block, Failure

__all__: list[str] = []

_NOT_RE2 = re.compile(r"\(\?(?:[=!]|<[=!]|>|\()|\\[1-9]|[+*?}]\+")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}\Z")
_ADDRESS = re.compile(r"(?:(?:https?|ftp|mailto)://?)?[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?:[/?#:]\S*)?\Z")


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    invalid = Failure(ErrorValue("#REF!", f"'{pattern}' is not a valid regular expression."))
    if _NOT_RE2.search(pattern):
        raise invalid
    try:
        return re.compile(pattern.replace(r"\z", r"\Z"), re.ASCII)
    except re.error as problem:
        raise invalid from problem


def _text(value: CellValue, name: str) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    raise Failure(ErrorValue("#VALUE!", f"Function {name} parameter 1 expects text values."))


@function("REGEXMATCH", "ss")
def _regexmatch(context: Context, value: CellValue, pattern: CellValue) -> bool:
    return _compiled(to_text(pattern, context.language)).search(_text(value, "REGEXMATCH")) is not None


@function("REGEXEXTRACT", "ss")
def _regexextract(context: Context, value: CellValue, pattern: CellValue) -> str | Block:
    match = _compiled(to_text(pattern, context.language)).search(_text(value, "REGEXEXTRACT"))
    if match is None:
        raise Failure(ErrorValue("#N/A", "Function REGEXEXTRACT does not match the text."))
    groups = [group or "" for group in match.groups()]
    if not groups:
        return match.group()
    return groups[0] if len(groups) == 1 else Block.from_grid([groups])


@function("REGEXREPLACE", "sss")
def _regexreplace(context: Context, value: CellValue, pattern: CellValue, new: CellValue) -> str:
    becomes = to_text(new, context.language).replace("\\", "\\\\")
    becomes = re.sub(r"\$(\d)", r"\\g<\1>", becomes)
    try:
        return _compiled(to_text(pattern, context.language)).sub(becomes, _text(value, "REGEXREPLACE"))
    except (re.error, IndexError) as problem:
        raise Failure(ErrorValue("#VALUE!", "The replacement names a group that is not there.")) from problem


@function("ISEMAIL", "s")
def _isemail(_context: Context, value: CellValue) -> bool:
    return isinstance(value, str) and _EMAIL.match(value) is not None


@function("ISURL", "s")
def _isurl(_context: Context, value: CellValue) -> bool:
    return isinstance(value, str) and _ADDRESS.match(value) is not None


@function("ENCODEURL", "s")
def _encodeurl(context: Context, value: CellValue) -> str:
    return quote(to_text(value, context.language), safe="")
