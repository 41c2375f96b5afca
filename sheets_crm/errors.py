"""Every failure the product raises on purpose, grouped by what the caller does next.

```
CrmError                     the message, what to do next, what state is left
├── SettingsError            fix the settings (exit status 2); every problem at once
│   ├── CredentialsError     fix the service-account file, or the file with another service's key
│   └── NotInstalled         install the packages that this command needs, and this installation leaves out
├── FileError                fix the file that was to be read or written
├── SheetError               fix the workbook, at `where`
│   ├── TabGone              a tab was renamed or deleted between two requests: read again
│   └── RefusedPlan          check a suspicious read, then confirm or restore
├── AccessError              share the workbook with the service account, or correct its id (403, 404)
├── Retryable                run again later: a transient failure outlasted the retries
│   ├── UnknownOutcome       the same, and the last write may have been applied: read before writing again
│   └── WorkbookBusy         people kept editing during the read: run again when it is quieter
└── Conflict                 another writer wrote in between: plan again
```

Problems of single rows are data, not errors: those rows go to Rejected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sheets_crm.messages import REMEDY, Said, said


class CrmError(Exception):
    """A failure and its remedy; ``str()`` gives the message alone.

    Attributes:
        message: What is wrong and where.
        remedy: What to do next, in words for an operator; "" when the message says it all.
        state: What state the workbook or the disk is left in; "" when nothing was touched.
        details: What the message sums up, one line each.
    """

    def __init__(self, message: str, *, remedy: str = "", state: str = "", details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.details = list(details)
        self.message = message
        self.remedy = remedy
        self.state = state


class SettingsError(CrmError):
    """The settings or the command line are wrong; nothing was done.

    Attributes:
        problems: Every problem found, one sentence each; the message alone when there is only one.
    """

    def __init__(self, message: str, *, problems: Sequence[str] = (), remedy: str = "", state: str = "") -> None:
        super().__init__(message, remedy=remedy, state=state)
        self.problems = list(problems) or [message]


class CredentialsError(SettingsError):
    """The service-account file, or the file with another service's key, is missing, malformed or rejected.

    The message never quotes it.
    """


class NotInstalled(SettingsError):  # noqa: N818 - says what is so
    """The command needs packages of an optional group, which this installation lacks; nothing was done."""


class FileError(CrmError):
    """A file cannot be read as a table, or cannot be written to its path."""


def machine_refused(error: OSError) -> FileError:
    """The error for a refused file operation, such as on a full or read-only disk; for the commands and the worker."""
    words = error.strerror or type(error).__name__
    where = f" ({error.filename})" if error.filename else ""
    where = where.encode(errors="backslashreplace").decode()  # a path may hold bytes that are not valid UTF-8
    return FileError(
        said("machine_refused", words=words, where=where),
        state=said("whole_writes"),
        remedy=said("machine_refused.remedy"),
    )


class SheetError(CrmError):
    """Something in the workbook that a person has to fix.

    Attributes:
        where: Tab and cell in A1 notation, such as ``Inbox!A1``; "" for the whole workbook.
    """

    def __init__(self, message: str, *, where: str = "", remedy: str = "", state: str = "") -> None:
        super().__init__(message, remedy=remedy, state=state)
        self.where = where


class TabGone(SheetError):  # noqa: N818 - says what happened
    """A tab, or a group of its rows, was changed between two requests that name it: read again."""


class RefusedPlan(SheetError):  # noqa: N818 - named for what happened, as the owner's Control tab does
    """The read looks so wrong that nothing is written until a person has confirmed it.

    Attributes:
        cause: Stable id of the cause, such as ``master_shrank``, so that it is reported once.
        numbers: The numbers behind the suspicion, such as ``{"before": 20000, "now": 3}``.
    """

    def __init__(
        self,
        message: str,
        *,
        cause: str,
        numbers: Mapping[str, int | float | str] | None = None,
        where: str = "",
        remedy: str = "",
        state: str = "",
    ) -> None:
        super().__init__(message, where=where, remedy=remedy, state=state)
        self.cause = cause
        self.numbers = dict(numbers or {})


def refusal_of(cause: str, *, where: str = "", **numbers: float | str) -> RefusedPlan:
    """A refusal in the words that the catalogue has for its cause; nothing was written.

    Args:
        cause: A stop of the catalogue (`sheets_crm.messages.stops`); behind colons what tells this one from others.
        where: Tab and cell in A1 notation.
        numbers: The numbers behind the suspicion.
    """
    message, remedy = stop_texts(cause, where, numbers)
    return RefusedPlan(message, cause=cause, numbers=numbers, where=where, remedy=remedy, state=said("unchanged"))


def stop_texts(cause: str, where: str, numbers: Mapping[str, int | float | str]) -> tuple[Said, Said]:
    """What is wrong and what to do about it, by the cause of a refusal; its last part is the text's detail.

    Raises:
        KeyError: The catalogue has no such stop, or its text names a number that is not there.
    """
    stop, _, rest = cause.partition(":")
    detail = ", ".join(rest.rpartition(":")[2].split(","))
    params = {**numbers, "where": where, "detail": detail}
    return said(f"stop.{stop}", **params), said(f"stop.{stop}{REMEDY}", **params)


class AccessError(CrmError):
    """The workbook is not shared with the service account (403) or does not exist (404); or another service has it not.

    Attributes:
        status: The HTTP status of the response; 0 without one.
    """

    def __init__(self, message: str, *, status: int = 0, remedy: str = "", state: str = "") -> None:
        super().__init__(message, remedy=remedy, state=state)
        self.status = status


class Retryable(CrmError):  # noqa: N818 - says what the caller may do
    """A transient failure (429, 5xx, time-out, cut connection) outlasted the retries: run again later."""


class UnknownOutcome(Retryable):
    """A write was sent and its response lost: it may have been applied, so read before writing again."""


class WorkbookBusy(Retryable):
    """The workbook changed under every attempt to read it; people editing are enough, no second worker is needed."""


class Conflict(CrmError):  # noqa: N818 - says what happened
    """Another writer changed the workbook after it was read; nothing was applied: plan again."""
