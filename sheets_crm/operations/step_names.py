"""Names of steps in commands: those that are in use in the workbook."""

from __future__ import annotations

from sheets_crm.errors import SettingsError
from sheets_crm.pipeline.schema import Schema


def refuse_unknown(step: str, schema: Schema, *further: str) -> None:
    """Refuse a step that the workbook does not have.

    Args:
        step: The name in the command.
        schema: Columns and steps in use.
        further: Further words to accept.

    Raises:
        SettingsError: Lists the names that are accepted.
    """
    names = [*further, *(declared.name for declared in schema.steps)]
    if step in names:
        return
    if step in {declared.name for declared in schema.left_out}:
        raise SettingsError(
            f"step not in use: {step} (in use: {', '.join(names) or 'none'})",
            remedy="Put it to use in the setting pipeline, then run: sheets-crm init",
            state="Nothing was changed.",
        )
    raise SettingsError(f"unknown step: {step} (known: {', '.join(names)})")
