"""The settings ``[instantly]``: where the service is, with which key, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from sheets_crm.config_endpoint import base_url
from sheets_crm.messages import said


def _campaigns(ids: list[str]) -> list[str]:
    cleaned = [text.strip() for text in ids]
    if not all(cleaned):
        raise ValueError(said("setting.campaign_blank"))
    return list(dict.fromkeys(cleaned))


class Instantly(BaseModel, extra="forbid", frozen=True):
    """Instantly, as the module of that name uses it.

    Attributes:
        endpoint: Base URL used instead of the service's; "" for the service itself.
        api_key: The API key, which only the environment may give; "" where a file has it.
        api_key_file: Path of the file with the API key.
        push: Whether the worker adds the leads of batches to campaigns, in place of a person.
        campaigns: Ids of the campaigns whose leads are listed; none means all of the workspace.
    """

    endpoint: Annotated[str, AfterValidator(base_url)] = ""
    api_key: Annotated[str, Field(repr=False)] = ""
    api_key_file: Path | None = None
    push: bool = False
    campaigns: Annotated[list[str], AfterValidator(_campaigns)] = Field(default_factory=list)

    def anchored(self, base: Callable[[str], Path]) -> Instantly:
        """The same with its path starting from a folder: `base` says from which, for each setting."""
        if self.api_key_file is None:
            return self
        return self.model_copy(update={"api_key_file": base("api_key_file") / self.api_key_file.expanduser()})
