"""The settings ``[webhooks]``: where the receiver listens, and the secrets of what may be posted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, Field

from sheets_crm.messages import said

PATHS: Final = ("token_file", "api_token_file")
"""Settings that are paths."""


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment):
        raise ValueError(said("setting.no_url"))
    return text.rstrip("/")


class Webhooks(BaseModel, extra="forbid", frozen=True):
    """Where the receiver listens, and whom it believes.

    Attributes:
        host: The address of this machine to listen on.
        port: The port; None to choose one with ``--port``.
        public_url: Where a proxy or tunnel takes what is sent to it; "" for none.
        token_file: Path of the file with the secret that the tokens in the sources' paths are derived from.
        api_token_file: Path of the file with the token of programs that post by the API.
    """

    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=1, le=65_535)] | None = None
    public_url: Annotated[str, AfterValidator(_public_url)] = ""
    token_file: Path | None = None
    api_token_file: Path | None = None

    def anchored(self, base: Callable[[str], Path]) -> Webhooks:
        """The same with paths that start from a folder: `base` says from which, for each setting."""
        paths = {name: getattr(self, name) for name in PATHS}
        return self.model_copy(
            update={name: base(name) / path.expanduser() for name, path in paths.items() if path}
        )
