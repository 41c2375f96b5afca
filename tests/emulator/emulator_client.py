"""Clients that speak to an emulator over HTTP as they would to Google, for the tests."""

import json
from importlib.resources import files
from urllib.parse import urlsplit, urlunsplit

import gspread
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from requests.adapters import HTTPAdapter

from sheets_crm.emulator.server import Server

SCOPES = ["https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive"]
SCHEMA = json.loads((files("sheets_crm.emulator") / "schema.json").read_text())
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


def violations(value, spec, path=""):
    """List what in an answer does not fit the schema."""
    if isinstance(spec, list):
        if not isinstance(value, list):
            return [path]
        return [found for item in value for found in violations(item, spec[0], f"{path}[]")]
    if isinstance(spec, dict):
        return [] if "*" in spec or value in spec["enum"] else [f"{path}={value}"]
    if spec.startswith("$"):
        fields = SCHEMA["messages"][spec[1:]]
        if not isinstance(value, dict):
            return [path]
        return [
            found
            for name, item in value.items()
            for found in (
                violations(item, fields[name], f"{path}.{name}") if name in fields else [f"{path}.{name}?"]
            )
        ]
    kinds = {"string": str, "boolean": bool, "int32": int, "double": (int, float), "float": (int, float)}
    fits = spec == "any" or (isinstance(value, kinds[spec]) and (spec == "boolean") == isinstance(value, bool))
    return [] if fits else [f"{path}: {value!r} is no {spec}"]


def session(server, account="service"):
    """A requests session with the real token flow of google-auth."""
    path = server.directory / f"{account}_account.json"
    inner = (
        requests.Session()
    )  # google-auth's own requests: tokens, and a request to Google's IAM, which stays here
    inner.mount("https://iamcredentials.googleapis.com", ToEmulator(server.url))
    credentials = Credentials.from_service_account_file(path, scopes=SCOPES)
    found = AuthorizedSession(credentials, auth_request=Request(inner))
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
    server.unfit = []
    api = server.application.api
    api.answer = checked(api.answer, server.unfit)
    return server.start()


def checked(answer, unfit):
    """Let each answer of the Sheets API be held to the schema; what does not fit is collected."""

    def answer_and_check(route, call):
        found = answer(route, call)
        if route.name in SCHEMA["methods"]:
            unfit.extend(violations(found, "$" + SCHEMA["methods"][route.name]["response"]))
        return found

    return answer_and_check


def arm(server, **fault):
    """Arm a fault."""
    answer = requests.post(f"{server.url}/_emulator/faults", json=fault, timeout=5)
    assert answer.status_code == 200, json.dumps(answer.json())
