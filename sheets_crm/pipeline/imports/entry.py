"""Where the people of an import enter: at the first step in use, or behind it."""

from __future__ import annotations

from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import ENTRY_WORDS, SENDING, shown_words, step_words


def entries(schema: Schema) -> dict[str, str]:
    """The steps at which people may enter, by the words for them as `header_key` has them: built-in ones in use."""
    steps = [step for step in schema.steps if not step.custom]
    words = step_words(steps, ENTRY_WORDS)
    return {**words, **step_words((), ENTRY_WORDS, SENDING)} if schema.sending else words


def entry_names(schema: Schema, language: str) -> list[str]:
    """The steps at which people may enter, as a workbook of a language shows them."""
    return shown_words(entries(schema), schema.steps, language)


def entry(word: str, schema: Schema) -> str:
    """What a lead's column `enters` holds for a step: "" for the first one, at which leads enter anyway."""
    sending = schema.sending
    name = sending.name if word == SENDING and sending is not None else word
    built_in = [step.name for step in schema.steps if not step.custom]
    return "" if not built_in or name == built_in[0] else name
