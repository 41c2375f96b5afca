"""Who sends a request: by an access token, or nobody in particular with an API key."""

from collections.abc import Collection

from sheets_crm.emulator.auth import Tokens
from sheets_crm.emulator.errors import invalid_key, key_not_supported, unauthenticated, unregistered
from sheets_crm.emulator.library import Library
from sheets_crm.emulator.wire import Asked

__all__ = ["Callers"]


class Callers:
    """Tells callers apart.

    Args:
        tokens: The tokens that were given out.
        library: The files, and whom they are shared with.
        keys: API keys, with which one reads what is shared with anyone.
    """

    def __init__(self, tokens: Tokens, library: Library, keys: Collection[str]) -> None:
        self._tokens = tokens
        self._library = library
        self._keys = frozenset(keys)

    def who(self, asked: Asked, path: dict[str, str]) -> str:
        """Give the address of who asks, empty for nobody.

        Args:
            asked: The request.
            path: The variable parts of its path.

        Raises:
            ApiError: 401, 403 or, for a key that is none, 400.
        """
        header = asked.headers.get("authorization")
        if header is not None and not header.isascii():
            raise unauthenticated(missing=False)  # it is wrong, and cannot even be compared as a text
        if header is None and asked.system.token:
            header = f"Bearer {asked.system.token}"
        if header is None:
            return self._nobody(asked, path)
        email, _ = self._tokens.who(header)
        return email

    def _nobody(self, asked: Asked, path: dict[str, str]) -> str:
        """Let a key read what anyone may read; without one a read and a write are refused unlike each other."""
        reads = asked.method == "GET"
        if not asked.system.key:
            raise unregistered() if reads else unauthenticated(missing=True)
        if asked.system.key not in self._keys:
            raise invalid_key()
        if not reads:
            raise key_not_supported()
        self._library.check_public(path.get("spreadsheetId") or path.get("fileId") or "")
        return ""
