"""The settings ``[alerts]``: whom alerts are told, and when nobody is told of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from sheets_crm.alerts.quiet import QuietHours
from sheets_crm.messages import said

VARIABLE: Final = "SHEETS_CRM_ALERTS__SLACK_WEBHOOK"
"""The variable of the environment with the webhook's address."""

_TIME: Final = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def _time(text: Any) -> Any:
    """A time of day as people write it; TOML's own is one already."""
    if isinstance(text, dt.time) or text is None:
        return text
    found = _TIME.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise ValueError(said("setting.no_time"))
    return dt.time(int(found[1]), int(found[2]))


def _path(value: Any) -> Any:
    if isinstance(value, str) and "://" in value:
        raise ValueError(said("setting.webhook_itself", variable=VARIABLE))
    return value


def _no_email(text: str) -> str:
    if text:
        raise ValueError(said("setting.no_mailboxes"))
    return text


Time = Annotated[dt.time | None, BeforeValidator(_time)]


class Alerts(BaseModel, extra="forbid", frozen=True):
    """Whom alerts are told, and when nobody is.

    Attributes:
        slack_webhook: The address of a webhook of Slack's, which only the environment may give; "" for that of a file.
        slack_webhook_file: Path of the file with that address; None for none.
        email_to: Whom alerts are mailed to; this version sends no mails yet.
        quiet_from: When the hours begin in which only what is urgent is told; None for no such hours.
        quiet_to: When they end.
    """

    slack_webhook: Annotated[str, Field(repr=False)] = ""
    slack_webhook_file: Annotated[Path | None, BeforeValidator(_path)] = None
    email_to: Annotated[str, AfterValidator(_no_email)] = ""
    quiet_from: Time = None
    quiet_to: Time = None

    @model_validator(mode="after")
    def _hours_whole(self) -> Alerts:
        if (self.quiet_from is None) != (self.quiet_to is None) or (
            self.quiet_from is not None and self.quiet_from == self.quiet_to
        ):
            raise ValueError(said("setting.quiet_hours"))
        return self

    @property
    def quiet_hours(self) -> QuietHours | None:
        """The hours in which only what is urgent is told; None for none."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return QuietHours(self.quiet_from, self.quiet_to)

    @property
    def tells(self) -> bool:
        """Whether anybody is told outside of the workbook."""
        return bool(self.slack_webhook or self.slack_webhook_file)

    def anchored(self, base: Callable[[str], Path]) -> Alerts:
        """The same with its path starting from a folder: `base` says from which, for each setting."""
        if self.slack_webhook_file is None:
            return self
        return self.model_copy(
            update={"slack_webhook_file": base("slack_webhook_file") / self.slack_webhook_file.expanduser()}
        )
