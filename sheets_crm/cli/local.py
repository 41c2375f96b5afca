"""The verbs that need no Google account: they run on this machine alone."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from errno import EADDRINUSE, EBUSY
from pathlib import Path

import click

from sheets_crm.cli.options import Chosen, json_option, pass_chosen
from sheets_crm.cli.progress import lines
from sheets_crm.cli.render import show
from sheets_crm.cli.text import plain
from sheets_crm.engine.report import Report
from sheets_crm.errors import CrmError, FileError, SettingsError
from sheets_crm.messages import in_language, said

_FOLDER = click.Path(path_type=Path, file_okay=False)
PORT = click.IntRange(0, 65_535)


@click.command()
@click.option("--exit", "leave", is_flag=True, help="Exit once the dashboard is filled.")
@click.option("--port", type=PORT, default=0, help="Port of the emulator.  [default: any free port]")
@click.option(
    "--dir",
    "directory",
    type=_FOLDER,
    help="Folder for its files.  [default: demo-data]",
)
@json_option
@pass_chosen
def demo(chosen: Chosen, leave: bool, port: int, directory: Path | None, as_json: bool) -> int:
    """Try everything on this machine.

    Plays all steps with sample leads, shows the dashboard, and keeps running for you to try.
    """
    from sheets_crm import scheduling  # noqa: PLC0415 - keeps --help fast
    from sheets_crm.bootstrap import local  # noqa: PLC0415

    statuses: list[int] = []
    folder = directory or Path("demo-data")
    chosen.known_language = _language(folder)
    with ExitStack() as stack:
        stack.enter_context(chosen.progress())

        def show_dashboard(report: Report) -> None:
            stack.close()
            statuses.append(show(report, as_json=as_json, language=chosen.language))
            stack.enter_context(lines(chosen.verbosity + 1, lambda: chosen.language))

        try:
            local.run_demo(
                directory=folder,
                port=port,
                work=None if leave else scheduling.run_worker,
                progress=lambda text: _progress(text, chosen.language),
                show=show_dashboard,
            )
        except OSError as error:
            raise _unusable(error, port) from error
        except KeyboardInterrupt:
            if not statuses:  # once the dashboard is shown, Ctrl-C is how the demo ends
                raise
    return max(statuses, default=0)


def _language(folder: Path) -> str:
    """The language of a demo's workbook: that of its settings, or of a new one."""
    from sheets_crm.config import DEFAULT_LANGUAGE, FILE_NAME, language_in  # noqa: PLC0415 - keeps --help fast

    return language_in(folder / FILE_NAME) or DEFAULT_LANGUAGE


def _progress(text: str, language: str) -> None:
    click.echo(plain(in_language(text, language)), err=True)  # standard output stays free for the report


@click.command()
@click.option(
    "--dir",
    "directory",
    type=_FOLDER,
    required=True,
    help="Folder for its data.",
)
@click.option("--port", type=PORT, default=8700, show_default=True, help="Port on 127.0.0.1.")
@click.option("--quota", is_flag=True, help="Answer 429 beyond 60 reads or writes a minute, as Google does.")
@click.option("--stand-ins", "with_stand_ins", is_flag=True, help="Serve stand-ins of Instantly and Slack too.")
@click.option("--stand-ins-port", type=PORT, default=0, help="Their port.  [default: any free port]")
@pass_chosen
def emulator(
    chosen: Chosen, directory: Path, port: int, quota: bool, with_stand_ins: bool, stand_ins_port: int
) -> None:
    """Serve a stand-in for the Google Sheets API."""
    from sheets_crm.bootstrap import local  # noqa: PLC0415 - keeps --help fast

    with ExitStack() as stack:
        stack.enter_context(lines(chosen.verbosity + 1, lambda: chosen.language))
        beside = _stand_ins(stack, directory, stand_ins_port, chosen.language) if with_stand_ins else None
        try:
            local.serve_emulator(directory, port=port, quota=quota, beside=beside)
        except OSError as error:
            raise _unusable(error, port) from error


def _stand_ins(stack: ExitStack, directory: Path, port: int, language: str) -> Callable[[], None]:
    """Serve the stand-ins as long as the stack is open; give what says where they are."""
    from sheets_crm.bootstrap import local  # noqa: PLC0415 - keeps --help fast

    try:
        served = stack.enter_context(local.stand_ins(directory, port=port))
    except OSError as error:
        raise _unusable(error, port, option="--stand-ins-port") from error
    where = said("stand_ins_served", url=served.url, file=str(served.settings_file))
    return lambda: click.echo(plain(in_language(where, language)))


def _unusable(error: OSError, port: int, option: str = "--port") -> CrmError:
    if error.errno == EADDRINUSE:
        return SettingsError(said("port_taken", port=str(port)), remedy=said("port_taken.remedy", option=option))
    if error.errno == EBUSY:  # FolderServedError: the emulator's packages may not be installed here
        folder, process = getattr(error, "folder", ""), getattr(error, "process", "") or "?"
        return SettingsError(
            said("folder_served", folder=str(folder), process=str(process)),
            remedy=said("folder_served.remedy"),
            state=said("unchanged"),
        )
    reason = error.strerror or str(error)
    return FileError(said("emulator_failed", reason=reason), remedy=said("emulator_failed.remedy"))
