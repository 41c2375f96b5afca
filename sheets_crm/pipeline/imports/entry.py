"""Where the people of an import enter: at the first step in use, or behind it."""

from __future__ import annotations

from typing import Final

from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.schema import Schema

SENDING: Final = "sending"
"""Word for the step that contacts the leads, whichever that is."""
_SPANISH: Final = "envio"


def entries(schema: Schema) -> dict[str, str]:
    """The steps at which people may enter, by the words for them as `header_key` has them: built-in ones in use."""
    steps = {header_key(step.name): step.name for step in schema.steps if not step.custom}
    return {**steps, SENDING: SENDING, _SPANISH: SENDING} if schema.sending else steps


def entry(word: str, schema: Schema) -> str:
    """What a lead's column `enters` holds for a step: "" for the first one, at which leads enter anyway."""
    sending = schema.sending
    name = sending.name if word == SENDING and sending is not None else word
    built_in = [step.name for step in schema.steps if not step.custom]
    return "" if not built_in or name == built_in[0] else name
