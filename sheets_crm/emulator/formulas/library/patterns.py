"""REGEXMATCH, REGEXEXTRACT, REGEXREPLACE, and what else tests a text by a pattern."""

import re
from urllib.parse import quote

from sheets_crm.emulator.addresses import is_email, is_url
from sheets_crm.emulator.cells import CellValue, ErrorValue
from sheets_crm.emulator.formulas.coercion import to_text
from sheets_crm.emulator.formulas.re2 import Pattern, compile_re2
from sheets_crm.emulator.formulas.reasons import not_coerced
from sheets_crm.emulator.formulas.registry import Context, function
from sheets_crm.emulator.formulas.values import Block, Failure

__all__: list[str] = []

_GROUP = re.compile(r"\$(\d)", re.ASCII)


def _compiled(context: Context, name: str, value: CellValue) -> Pattern:
    pattern = to_text(value, context.language)
    try:
        return compile_re2(pattern)
    except ValueError as problem:
        words = f'Function {name} parameter 2 value "{pattern}" is not a valid regular expression.'
        raise Failure(ErrorValue("#REF!", words)) from problem


def _text(value: CellValue, name: str) -> str:
    """The text to search; numbers, TRUE and FALSE are none here (B)."""
    if value is None or isinstance(value, str):
        return value or ""
    raise Failure(not_coerced(name, 1, None if isinstance(value, ErrorValue) else value, "text"))


@function("REGEXMATCH", "ss")
def _regexmatch(context: Context, value: CellValue, pattern: CellValue) -> bool:
    text = _text(value, "REGEXMATCH")
    return _compiled(context, "REGEXMATCH", pattern).search(text) is not None


@function("REGEXEXTRACT", "ss")
def _regexextract(context: Context, value: CellValue, pattern: CellValue) -> str | Block:
    text = _text(value, "REGEXEXTRACT")
    match = _compiled(context, "REGEXEXTRACT", pattern).search(text)
    if match is None:
        wanted = to_text(pattern, context.language)
        words = f'Function REGEXEXTRACT parameter 2 value "{wanted}" does not match text of'
        raise Failure(ErrorValue("#N/A", f'{words} Function REGEXEXTRACT parameter 1 value "{text}".'))
    groups = [group or "" for group in match.groups()]
    if not groups:
        return match.part(0) or ""
    return groups[0] if len(groups) == 1 else Block.from_grid([groups])


@function("REGEXREPLACE", "sss")
def _regexreplace(context: Context, value: CellValue, pattern: CellValue, new: CellValue) -> str:
    """Every match becomes the new text, in which ``$1`` stands for the first group."""
    text, becomes = _text(value, "REGEXREPLACE"), to_text(new, context.language)
    compiled = _compiled(context, "REGEXREPLACE", pattern)
    if any(int(mark[1]) > compiled.groups for mark in _GROUP.finditer(becomes)):
        words = f'Function REGEXREPLACE parameter 3 value "{becomes}" is not a valid replacement.'
        raise Failure(ErrorValue("#VALUE!", words))
    return compiled.sub(lambda match: _GROUP.sub(lambda mark: match.part(int(mark[1])) or "", becomes), text)


@function("ISEMAIL", "s")
def _isemail(_context: Context, value: CellValue) -> bool:
    return isinstance(value, str) and is_email(value)


@function("ISURL", "s")
def _isurl(_context: Context, value: CellValue) -> bool:
    return isinstance(value, str) and is_url(value)


@function("ENCODEURL", "s")
def _encodeurl(context: Context, value: CellValue) -> str:
    return quote(to_text(value, context.language), safe="")
