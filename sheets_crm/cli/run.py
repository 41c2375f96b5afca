"""From arguments to exit status: 0 done, 1 failed, 2 wrong use or settings, 130 stopped by Ctrl-C."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from sheets_crm.cli import failures
from sheets_crm.cli.commands import cli
from sheets_crm.cli.options import Chosen
from sheets_crm.errors import CrmError, machine_refused
from sheets_crm.messages import localize


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and end the process with its exit status."""
    sys.exit(exit_status(sys.argv[1:] if arguments is None else arguments))


def exit_status(arguments: Sequence[str]) -> int:
    """Run one command, whatever it raises; the result is its exit status.

    Args:
        arguments: The words after ``sheets-crm``.
    """
    wants_json = "--json" in arguments
    chosen = Chosen()
    try:
        result = cli.main(args=list(arguments), prog_name="sheets-crm", standalone_mode=False, obj=chosen)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except (KeyboardInterrupt, click.Abort):
        print(localize("ended", chosen.language), file=sys.stderr)
        return 130
    except click.ClickException as error:
        return failures.report_usage(error, wants_json=wants_json, language=chosen.language)
    except CrmError as error:
        return _failed(error, chosen, wants_json=wants_json)
    except BrokenPipeError:
        # The reader of our output has gone. Standard output is redirected, or the flush at exit would fail once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        return _failed(machine_refused(error), chosen, wants_json=wants_json)
    except Exception as error:  # noqa: BLE001 - the last frame: a person gets a sentence, not a traceback
        trace = chosen.verbosity > 0
        return failures.report_unexpected(error, wants_json=wants_json, trace=trace, language=chosen.language)


def _failed(error: CrmError, chosen: Chosen, *, wants_json: bool) -> int:
    return failures.report(error, wants_json=wants_json, trace=chosen.verbosity > 0, language=chosen.language)
