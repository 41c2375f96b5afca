"""The tokens in the paths of sources that sign nothing: each is derived from one secret, so none has to be kept."""

from __future__ import annotations

import hashlib
import hmac


def token(secret: bytes, kind: str, source: str = "") -> str:
    """The token of a kind of source, or of one source of that kind, in hexadecimal digits.

    Args:
        secret: The content of the token file; blanks and line ends around it do not count.
        kind: The kind of source, such as ``instantly``.
        source: The source's name, where a kind may have several.
    """
    name = f"{kind}:{source}" if source else kind
    return hmac.new(secret.strip(), name.encode(), hashlib.sha256).hexdigest()


def is_token(given: str, expected: str) -> bool:
    """Whether a token is the expected one; the time that this takes tells nothing about it."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())
