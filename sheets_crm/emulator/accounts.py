"""The three people that the emulator knows, with service-account files that google-auth reads unchanged."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

__all__ = ["OPERATOR", "OWNER", "SERVICE", "Account", "write_accounts"]

_PROJECT = "sheets-emulator"
_DOMAIN = f"{_PROJECT}.iam.gserviceaccount.com"

#: The worker.
SERVICE = f"worker@{_DOMAIN}"
#: A person whom protections bind.
OPERATOR = f"operator@{_DOMAIN}"
#: The person who may edit everything in every file.
OWNER = f"owner@{_DOMAIN}"

_FILES = {SERVICE: "service_account.json", OPERATOR: "operator_account.json", OWNER: "owner_account.json"}


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may ask for tokens.

    Attributes:
        email: Who.
        key: The public half of the key that signs the requests for tokens.
    """

    email: str
    key: RSAPublicKey


def write_accounts(directory: Path, url: str) -> dict[str, Account]:
    """Write the account files, keeping the keys that are there, and give the accounts by e-mail.

    Args:
        directory: Where `service_account.json`, `operator_account.json` and `owner_account.json` go, mode 0600.
        url: The server's own address, which becomes `token_uri`.
    """
    return {email: _write(directory / name, email, url) for email, name in _FILES.items()}


def _write(path: Path, email: str, url: str) -> Account:
    body = orjson.loads(path.read_bytes()) if path.exists() else _new_body(email)
    if body.get("token_uri") != f"{url}/token":
        body["token_uri"] = f"{url}/token"
        _replace(path, orjson.dumps(body, option=orjson.OPT_INDENT_2))
    # Its primes are not tested: it was made here, and its owner alone can write the file.
    private = load_pem_private_key(
        body["private_key"].encode(), password=None, unsafe_skip_rsa_key_validation=True
    )
    public = private.public_key()
    if not isinstance(public, RSAPublicKey):
        raise TypeError(f"{path} holds a key that is not RSA; delete it to have another one made")
    return Account(email, public)


def _new_body(email: str) -> dict[str, Any]:
    private = generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    number = str(int.from_bytes(os.urandom(8)) % 10**20).zfill(20)
    return {
        "type": "service_account",
        "project_id": _PROJECT,
        "private_key_id": os.urandom(20).hex(),
        "private_key": pem,
        "client_email": email,
        "client_id": f"1{number}",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "universe_domain": "googleapis.com",
    }


def _replace(path: Path, body: bytes) -> None:
    """Write whole or not at all, readable only for the owner from the first moment."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        target.write(body)
    fresh.replace(path)
