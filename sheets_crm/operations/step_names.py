"""Names of steps in commands: those that are in use in the workbook."""

from __future__ import annotations

from sheets_crm.errors import SettingsError
from sheets_crm.messages import said
from sheets_crm.pipeline.schema import Schema
from sheets_crm.pipeline.step_words import CONTACTS, names_for_errors


def refuse_unknown(step: str, schema: Schema, *further: str) -> None:
    """Refuse a step that the workbook does not have.

    Args:
        step: The name in the command.
        schema: Columns and steps in use.
        further: Further words to accept.

    Raises:
        SettingsError: Lists the names that are accepted.
    """
    ids = [*further, *(declared.name for declared in schema.steps)]
    if step in ids:
        return
    names = names_for_errors(ids, schema.steps)
    if step in {declared.name for declared in schema.left_out}:
        raise SettingsError(
            said("step_out_of_use", step=step, steps=names or said("none")),
            remedy=said("put_to_use"),
            state=said("unchanged"),
        )
    raise SettingsError(said("unknown_step", step=step, steps=names))


def step_title(step: object, schema: Schema) -> str:
    """A step as its tabs are called, such as ``CompScrap``; a kind of import in words, another word as it is."""
    titles = {declared.name: declared.title for declared in (*schema.steps, *schema.left_out)}
    return said("kind.contacts") if step == CONTACTS else titles.get(str(step), str(step))
