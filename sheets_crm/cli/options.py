"""Options and settings that several commands share, and how they show their reports."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sheets_crm.cli.progress import progress
from sheets_crm.cli.render import show
from sheets_crm.engine.report import Report
from sheets_crm.errors import SettingsError
from sheets_crm.messages import said
from sheets_crm.pipeline.imports.text import header_key
from sheets_crm.pipeline.step_words import names_for_errors, step_words
from sheets_crm.pipeline.steps import STEPS

if TYPE_CHECKING:
    from sheets_crm.bootstrap import Application
    from sheets_crm.config import Settings

_LOG = logging.getLogger(__name__)

NEEDED = ("spreadsheet_id", "credentials")
"""Settings that a command on a workbook cannot do without."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")


@dataclass(slots=True)
class Chosen:
    """Options given before the verb.

    Attributes:
        config: The settings file; None for the one in the working directory.
        verbosity: How often ``-v`` was given.
        known_language: The language of the settings once they are read; "" before.
    """

    config: Path | None = None
    verbosity: int = 0
    known_language: str = ""

    @property
    def language(self) -> str:
        """The language of the person at the terminal: the workbook's; English without a settings file.

        Of settings that are wrong the line ``language`` is taken if it can be found, else the default of that setting.
        """
        if self.known_language:
            return self.known_language
        from sheets_crm.config import DEFAULT_LANGUAGE, FILE_NAME, language_of, load_settings  # noqa: PLC0415 - keeps --help fast

        path = self.config or Path(FILE_NAME)
        if not path.is_file():
            return language_of(path) or "en"
        with suppress(SettingsError):
            return load_settings(self.config).language
        return language_of(path) or DEFAULT_LANGUAGE

    def settings(self, *, several: bool = False, require: tuple[str, ...] = NEEDED) -> Settings:
        """Read the settings of a command on one workbook, or on several."""
        from sheets_crm.config import load_settings  # noqa: PLC0415 - keeps --help fast

        settings = load_settings(self.config, require=require, several=several)
        self.known_language = settings.language
        return settings

    def application(self) -> Application:
        """Build the application from the settings."""
        settings = self.settings()
        from sheets_crm import bootstrap  # noqa: PLC0415 - slow to load: settings are checked before

        return bootstrap.application(settings, progress=_LOG.info)

    def report(self, work: Callable[[Application], Report], *, as_json: bool) -> int:
        """Run a command on the application and show its report; the result is the exit status."""
        with self.progress():
            report = work(self.application())
        return show(report, as_json=as_json, language=self.language)

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Show the progress of long work."""
        with progress(self.verbosity, lambda: self.language):
            yield


class StepName(click.ParamType):  # type: ignore[type-arg]  # generic in click's newest versions only
    """The name of a step: built in, or custom.

    Args:
        further: Further ids to accept.
        words: Words for ids, in addition to the titles of the steps' tabs.
    """

    name = "step"

    def __init__(self, *further: str, words: Mapping[str, str] | None = None) -> None:
        self._names = [*further, *(step.name for step in STEPS)]
        self._further, self._words = further, words or {}

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """Show the built-in names, and … for the custom ones."""
        del param, ctx
        return f"[{'|'.join(self._names)}|…]"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the id that a word names; the settings are read only when it is none of the built-in ones."""
        if value in self._names:
            return value
        known = step_words(STEPS, self._words, *self._further)
        if header_key(value) in known:
            return known[header_key(value)]
        chosen = ctx.find_object(Chosen) if ctx else None
        custom = [step for step in chosen.settings().schema_of_workbook.steps if step.custom] if chosen else []
        name = step_words(custom, {}).get(header_key(value))
        if name is None:
            ids = [*self._names, *(step.name for step in custom)]
            self.fail(said("unknown_step", step=value, steps=names_for_errors(ids, (*STEPS, *custom))), param, ctx)
        return name


pass_chosen = click.make_pass_decorator(Chosen)


def batch_id(text: str) -> str:
    """Normalise a batch id to the workbook's form, such as ``V-0007``; case and leading zeros do not matter.

    Raises:
        click.BadParameter: The text is not a batch id.
    """
    match = re.fullmatch(r"([A-Za-z]+)-?0*([0-9]{1,9})", text.strip())
    if match is None:
        raise click.BadParameter(said("usage.batch_id", text=text))
    return f"{match[1].upper()}-{int(match[2]):04d}"
