"""The verbs of the receiver."""

from __future__ import annotations

from errno import EADDRINUSE

import click

from sheets_crm.cli.local import PORT
from sheets_crm.cli.options import Chosen, json_option, pass_chosen
from sheets_crm.cli.progress import lines
from sheets_crm.cli.render import show
from sheets_crm.errors import SettingsError
from sheets_crm.messages import said

_NEEDED = ("spreadsheet_id",)

_host = click.option("--host", help="Address to listen on.  [default: host under webhooks in the settings]")
_port = click.option("--port", type=PORT, help="Port.  [default: port under webhooks in the settings]")


@click.group(invoke_without_command=True)
@_host
@_port
@pass_chosen
def webhooks(chosen: Chosen, host: str | None, port: int | None) -> None:
    """Receive what sources post.

    What is answered is in the store; the worker imports it. With a port in the settings, run receives by itself.
    """
    if click.get_current_context().invoked_subcommand is not None:
        return
    settings = chosen.settings(require=_NEEDED)
    from sheets_crm.bootstrap import webhooks as receiving  # noqa: PLC0415 - keeps --help fast

    with lines(chosen.verbosity + 1, lambda: chosen.language):
        try:
            receiving.serve(settings, host=host, port=port, announce=click.echo)
        except OSError as error:
            if error.errno != EADDRINUSE:
                raise
            remedy = said("port_taken.remedy", option="--port")
            raise SettingsError(said("port_taken", port=str(port or "")), remedy=remedy) from error


@webhooks.command()
@json_option
@pass_chosen
def urls(chosen: Chosen, as_json: bool) -> int:
    """Show the addresses that sources post to.

    They have the sources' tokens in them: who knows one may post.
    """
    parent = click.get_current_context().parent
    given = parent.params if parent is not None else {}
    settings = chosen.settings(require=_NEEDED)
    from sheets_crm.bootstrap import webhooks as receiving  # noqa: PLC0415 - keeps --help fast

    report = receiving.urls(settings, host=given.get("host"), port=given.get("port"))
    return show(report, as_json=as_json, language=chosen.language)
