"""``init --new``: the spreadsheet is created, named in the settings file, and set up."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from sheets_crm.cli.options import Chosen
from sheets_crm.cli.render import show
from sheets_crm.cli.settings_file import write_id
from sheets_crm.cli.text import plain
from sheets_crm.errors import SettingsError
from sheets_crm.messages import Said, in_language, said


def init_new(chosen: Chosen, title: str, share: Sequence[str], *, as_json: bool) -> int:
    """Create the workbook of a settings file and set it up; the result is the exit status.

    The id is recorded and shown before anything else is done with it, so that a second call goes on where the first one
    was interrupted.

    Raises:
        SettingsError: The settings name a workbook already.
        FileError: The settings file cannot be written; the remedy has the line that it lacks.
        CrmError: Google refused, or did not answer.
    """
    from sheets_crm.config import FILE_NAME, PREFIX  # noqa: PLC0415 - keeps --help fast

    settings = chosen.settings(require=("credentials",))
    path = chosen.config or Path(FILE_NAME)
    if settings.spreadsheet_id:
        variable = f"{PREFIX}SPREADSHEET_ID"
        where = variable if os.environ.get(variable) else path
        raise SettingsError(said("id_there", where=where), remedy=said("id_there.remedy"), state=said("unchanged"))
    if not share and not settings.endpoint:
        raise click.UsageError(said("share_with_whom"))
    from sheets_crm import bootstrap  # noqa: PLC0415 - slow to load: settings are checked before

    def tell(message: Said) -> None:
        click.echo(plain(in_language(message, chosen.language)), err=True)

    with chosen.progress():
        created = bootstrap.new_workbook(settings, title, share=share, progress=tell)
        write_id(path, created.spreadsheet_id)
        bootstrap.workbook_named(settings)
        report = chosen.application().init(adopt=False)
    notes = [said("new.written", path=path), *report.notes]
    body = {**report.json, "url": created.url, "settings": str(path)}
    return show(replace(report, notes=notes, json=body), as_json=as_json, language=chosen.language)
