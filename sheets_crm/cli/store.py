"""The verbs on the store."""

from __future__ import annotations

from pathlib import Path

import click

from sheets_crm.cli.options import Chosen, json_option, pass_chosen


@click.group()
def store() -> None:
    """Back up, restore or rebuild the store."""


@store.command()
@json_option
@pass_chosen
def backup(chosen: Chosen, as_json: bool) -> int:
    """Back up a SQLite store into the state folder.

    The worker may run meanwhile.
    """
    return chosen.report(lambda app: app.store_backup(), as_json=as_json)


@store.command()
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@json_option
@pass_chosen
def restore(chosen: Chosen, file: Path, as_json: bool) -> int:
    """Put a backup in the place of a SQLite store.

    The store as it is now is backed up before; people erased meanwhile are erased again.
    """
    return chosen.report(lambda app: app.store_restore(file), as_json=as_json)


@store.command()
@json_option
@pass_chosen
def rebuild(chosen: Chosen, as_json: bool) -> int:
    """Rebuild the mirror tables from the workbook.

    The worker may run meanwhile; it keeps them up to date by itself.
    """
    return chosen.report(lambda app: app.store_rebuild(), as_json=as_json)


@store.command()
@json_option
@pass_chosen
def adopt(chosen: Chosen, as_json: bool) -> int:
    """Take over a workbook from another store.

    What that store had under way is looked up, or nobody knows what became of it. Where nothing is sent by itself, no
    store owns a workbook, and it is refused.
    """
    return chosen.report(lambda app: app.store_adopt(), as_json=as_json)
