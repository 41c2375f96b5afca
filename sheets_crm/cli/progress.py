"""Progress of long work: the package's log, on standard error.

On a terminal a status line shows the latest message; ``-v`` prints every message on its own line with its time,
``-vv`` adds details. Standard output stays free for the report.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import Any

from sheets_crm.cli.text import plain
from sheets_crm.messages import Said, in_language, localize

_PACKAGES = ("sheets_crm", "jobs")


Language = Callable[[], str]
"""The language of the person at the terminal, which the settings tell once they are read."""


class _Lines(logging.StreamHandler[Any]):
    def __init__(self, stream: Any, language: Language) -> None:
        super().__init__(stream)
        self._language = language

    def format(self, record: logging.LogRecord) -> str:
        """A record as one line."""
        if isinstance(record.msg, Said):
            record = copy(record)
            record.msg = in_language(record.msg, self._language())
        return plain(super().format(record))


class _Moving(logging.Handler):
    """Shows the latest message in a status line; warnings stay as lines above it."""

    def __init__(self, status: Any, language: Language) -> None:
        super().__init__(logging.INFO)
        self._status = status
        self._language = language

    def emit(self, record: logging.LogRecord) -> None:
        """Show one message."""
        from rich.text import Text  # noqa: PLC0415 - keeps --help fast

        text = Text(shown_message(record, self._language()))
        if record.levelno >= logging.WARNING:
            self._status.console.print(text)
        else:
            text.truncate(
                self._status.console.width - 4, overflow="ellipsis"
            )  # a wrapped line is not erased by the next update
            self._status.update(text)


def shown_message(record: logging.LogRecord, language: str = "en") -> str:
    """A record's message as one line, safe for a terminal."""
    message = in_language(record.msg, language) if isinstance(record.msg, Said) else record.getMessage()
    return plain(message).replace("\n", " ")


@contextmanager
def progress(verbosity: int, language: Language = lambda: "en") -> Iterator[None]:
    """Show the package's messages while a command works.

    Args:
        verbosity: How often ``-v`` was given.
        language: Of the person who waits.
    """
    if verbosity == 0 and sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415 - keeps --help fast

        working = localize("working", language())
        with Console(stderr=True).status(working) as status, _listening(_Moving(status, language), logging.INFO):
            yield
    else:
        with lines(verbosity, language):
            yield


@contextmanager
def lines(verbosity: int, language: Language = lambda: "en") -> Iterator[None]:
    """Show the package's messages as lines with their time: warnings, more with ``-v``."""
    handler = _Lines(sys.stderr, language)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S"))
    level = (logging.WARNING, logging.INFO, logging.DEBUG)[min(verbosity, 2)]
    with _listening(handler, level):
        yield


@contextmanager
def _listening(handler: logging.Handler, level: int) -> Iterator[None]:
    handler.setLevel(level)
    loggers = [logging.getLogger(name) for name in _PACKAGES]
    previous = [(logger, logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, old_level, propagate in previous:
            logger.removeHandler(handler)
            logger.setLevel(old_level)
            logger.propagate = propagate
