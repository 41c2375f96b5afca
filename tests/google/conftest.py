"""A gateway to the stand-in for Google, with a clock that only sleeping moves."""

import json
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fake_google import FakeGoogle, Time, handler

from sheets_crm.google.client import Wire, connect
from sheets_crm.google.credentials import load_service_account
from sheets_crm.google.gateway import SheetsGateway
from sheets_crm.google.limiter import Limiter
from sheets_crm.google.retry import Retrier
from sheets_crm.google.traffic import Traffic


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    fake = FakeGoogle()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler(fake))
    server.daemon_threads = True
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_port}"
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def account_file(tmp_path: Path, private_key: str, google: FakeGoogle) -> Path:
    path = tmp_path / "account.json"
    info = {
        "type": "service_account",
        "project_id": "p",
        "private_key_id": "k",
        "private_key": private_key,
        "client_email": "robot@p.iam.gserviceaccount.com",
        "token_uri": google.url + "/token",
    }
    path.write_text(json.dumps(info))
    path.chmod(0o600)
    return path


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def wire(time: Time) -> Wire:
    traffic = Traffic()

    def count() -> None:
        traffic.retries += 1

    return Wire(
        reads=Limiter(clock=time, sleep=time.sleep),
        writes=Limiter(clock=time, sleep=time.sleep),
        retrier=Retrier(clock=time, sleep=time.sleep, jitter=lambda: 0.5, on_retry=count),
        traffic=traffic,
    )


@pytest.fixture
def gateway(google: FakeGoogle, account_file: Path, wire: Wire) -> Iterator[SheetsGateway]:
    account = load_service_account(account_file)
    client = connect(account, endpoint=google.url, wire=wire)
    yield SheetsGateway(client, "S", email=account.email, clock=lambda: 1_700_000_000.0)
    client.http_client.session.close()
