"""The verbs on batches."""

from __future__ import annotations

from pathlib import Path

import click

from sheets_crm.cli.options import Chosen, json_option, pass_chosen
from sheets_crm.cli.options import batch_id as id_type

id_argument = click.argument("batch_id", metavar="ID", type=id_type)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.group()
def batch() -> None:
    """List, export, show, close or undo batches."""


@batch.command("list")
@json_option
@pass_chosen
def list_(chosen: Chosen, as_json: bool) -> int:
    """List batches: what came back, what is outstanding."""
    return chosen.report(lambda app: app.batches(), as_json=as_json)


@batch.command()
@id_argument
@click.option(
    "--parts", type=click.IntRange(1, 26), default=1, show_default=True, help="Number of files to split it into."
)
@click.option("--out", type=_FOLDER, required=True, help="Folder to write into.")
@click.option("--excel-safe", is_flag=True, help="For reading in Excel: keep it from treating text as formulas.")
@click.option("--companies", is_flag=True, help="For company scrap: each company URL once, with its LeadNumbers.")
@json_option
@pass_chosen
def export(
    chosen: Chosen, batch_id: str, parts: int, out: Path, excel_safe: bool, companies: bool, as_json: bool
) -> int:
    """Write a batch as CSV.

    The columns are exactly those that the step's tool expects.
    """
    return chosen.report(
        lambda app: app.batch_export(batch_id, parts=parts, out=out, excel_safe=excel_safe, companies=companies),
        as_json=as_json,
    )


@batch.command()
@id_argument
@json_option
@pass_chosen
def show(chosen: Chosen, batch_id: str, as_json: bool) -> int:
    """Load a batch into its step's batch tabs."""
    return chosen.report(lambda app: app.batch_show(batch_id), as_json=as_json)


@batch.command()
@id_argument
@json_option
@pass_chosen
def close(chosen: Chosen, batch_id: str, as_json: bool) -> int:
    """Complete as blank what never came back."""
    return chosen.report(lambda app: app.batch_close(batch_id), as_json=as_json)


@batch.command()
@id_argument
@json_option
@pass_chosen
def undo(chosen: Chosen, batch_id: str, as_json: bool) -> int:
    """Make what has not come back available again."""
    return chosen.report(lambda app: app.batch_undo(batch_id), as_json=as_json)
