"""Clients that speak to an emulator over HTTP as they would to Google, for the tests."""

import json
from urllib.parse import urlsplit, urlunsplit

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials
from requests.adapters import HTTPAdapter

from sheets_crm.emulator.server import Server

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
GOOGLE = ("https://sheets.googleapis.com", "https://www.googleapis.com")


class ToEmulator(HTTPAdapter):
    """Sends what is meant for Google to the emulator; gspread and google-auth stay unmodified."""

    def __init__(self, url):
        super().__init__()
        self._url = urlsplit(url)

    def send(self, request, **options):
        parts = urlsplit(request.url)
        request.url = urlunsplit((self._url.scheme, self._url.netloc, parts.path, parts.query, ""))
        return super().send(request, **options)


def session(server, account="service"):
    """A requests session with the real token flow of google-auth."""
    path = server.directory / f"{account}_account.json"
    found = AuthorizedSession(Credentials.from_service_account_file(path, scopes=SCOPES))
    for address in GOOGLE:
        found.mount(address, ToEmulator(server.url))
    return found


def client(server, account="service"):
    """An unmodified gspread client."""
    found = session(server, account)
    return gspread.Client(auth=found.credentials, session=found)


class Raw:
    """One spreadsheet by raw requests, for what gspread has no words for."""

    def __init__(self, server, file_id, account="service"):
        self.session = session(server, account)
        self.root = server.url
        self.url = f"{server.url}/v4/spreadsheets/{file_id}"

    def batch(self, *requests_, **more):
        return self.session.post(f"{self.url}:batchUpdate", json={"requests": list(requests_), **more})

    def ok(self, *requests_, **more):
        answer = self.batch(*requests_, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, *requests_, status=400):
        answer = self.batch(*requests_)
        assert answer.status_code == status, answer.text
        return answer.json()["error"]["message"]

    def get(self, **params):
        answer = self.session.get(self.url, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def values(self, range_, **params):
        answer = self.session.get(f"{self.url}/values/{range_}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json().get("values", [])

    def put(self, range_, values, option="RAW"):
        answer = self.session.put(
            f"{self.url}/values/{range_}", params={"valueInputOption": option}, json={"values": values}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


def start(directory, **options):
    """Start an emulator that remembers its directory."""
    server = Server(directory, **options)
    server.directory = directory
    return server.start()


def arm(server, **fault):
    """Arm a fault."""
    answer = requests.post(f"{server.url}/_emulator/faults", json=fault, timeout=5)
    assert answer.status_code == 200, json.dumps(answer.json())
