"""Tokens: the JWT-bearer flow of service accounts, and who a request comes from.

Source: https://developers.google.com/identity/protocols/oauth2/service-account#httprest
"""

import base64
import hmac
import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from sheets_crm.emulator.accounts import Account
from sheets_crm.emulator.errors import unauthenticated

__all__ = ["GrantError", "Tokens"]

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SKEW_SECONDS = 60


class GrantError(Exception):
    """A request for a token that is refused, in OAuth's words.

    Attributes:
        error: OAuth's code, such as ``invalid_grant``.
        description: What was wrong.
    """

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


class Tokens:
    """Gives out access tokens and recognises them, also those of the process before this one.

    Args:
        accounts: Who may have tokens.
        directory: Where the secret that seals tokens is kept, mode 0600.
        url: The server's own address: the audience that a JWT must name.
        clock: Gives the time in seconds since 1970.
        lifetime: Seconds that a token lives.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        directory: Path,
        url: str,
        clock: Callable[[], float],
        lifetime: int = 3600,
    ) -> None:
        self._accounts = accounts
        self._secret = _secret(directory / "token_secret")
        self._audiences = {f"{url}/token", "https://oauth2.googleapis.com/token"}  # google-auth names Google's own
        self._clock = clock
        self._lifetime = lifetime
        self._revoked: set[str] = set()
        self._lock = Lock()

    def grant(self, form: Mapping[str, str]) -> dict[str, Any]:
        """Answer `POST /token`.

        Raises:
            GrantError: The JWT is not signed with the account's key, is for another audience or expired.
        """
        if form.get("grant_type") != _GRANT:
            raise GrantError("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
        email = self._verified(form.get("assertion", ""))
        return {"access_token": self.issue(email), "expires_in": self._lifetime, "token_type": "Bearer"}

    def issue(self, email: str) -> str:
        """Make a token for an account."""
        claims = orjson.dumps([email, int(self._clock()) + self._lifetime, os.urandom(6).hex()])
        body = base64.urlsafe_b64encode(claims).decode().rstrip("=")
        return f"ya29.{body}.{self._seal(body)}"

    def revoke(self, token: str) -> None:
        """Make a token expire at once."""
        with self._lock:
            self._revoked.add(token)

    def who(self, header: str | None) -> tuple[str, str]:
        """Say who sends a request, by its `Authorization` header, and with which token.

        Raises:
            ApiError: 401 without a valid token.
        """
        kind, _, token = (header or "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise unauthenticated(missing=True)
        _, _, rest = token.partition("ya29.")
        body, _, seal = rest.partition(".")
        if token in self._revoked or not hmac.compare_digest(seal, self._seal(body)):
            raise unauthenticated(missing=False)
        email, expires, _ = orjson.loads(_decoded(body))
        if expires <= self._clock():
            raise unauthenticated(missing=False)
        return str(email), token

    def _seal(self, body: str) -> str:
        return hmac.new(self._secret, body.encode(), sha256).hexdigest()

    def _verified(self, assertion: str) -> str:
        try:
            head, body, signature = assertion.split(".")
            header, claims = orjson.loads(_decoded(head)), orjson.loads(_decoded(body))
            account = self._accounts[claims["iss"]]
            account.key.verify(_decoded(signature), f"{head}.{body}".encode(), PKCS1v15(), SHA256())
        except KeyError as error:
            raise GrantError("invalid_grant", "Invalid grant: account not found") from error
        except (ValueError, TypeError, InvalidSignature) as error:
            raise GrantError("invalid_grant", "Invalid JWT Signature.") from error
        if header.get("alg") != "RS256" or claims.get("aud") not in self._audiences:
            raise GrantError("invalid_grant", "Invalid JWT: Failed audience check.")
        now = self._clock()
        if not claims.get("iat", 0) - _SKEW_SECONDS <= now < claims.get("exp", 0):
            raise GrantError(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
            )
        return account.email


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _secret(path: Path) -> bytes:
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as target:
            target.write(os.urandom(32))
    return path.read_bytes()
