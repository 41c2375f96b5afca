"""Clients of the stand-ins: one that asks as a program would, and one that receives webhooks."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import requests

NOON = 1_786_708_800.0
"""2026-08-14T12:00:00Z, where the clock of these tests stands until it is moved."""

SCHEDULE = {
    "schedules": [
        {
            "name": "weekdays",
            "timing": {"from": "09:00", "to": "17:00"},
            "days": {"1": True, "2": True},
            "timezone": "America/Santiago",
        }
    ]
}
STEPS = [
    {
        "type": "email",
        "delay": 3,
        "variants": [{"subject": "Hi {{firstName}}", "body": "<p>No. {{LeadNumber}}</p>"}],
    },
    {"type": "email", "delay": 0, "variants": [{"subject": "Again", "body": "<p>Still here</p>"}]},
]


class Client:
    """Asks stand-ins over HTTP."""

    def __init__(self, stand_ins):
        self.stand_ins = stand_ins
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {stand_ins.api_key}"

    def ask(self, method, path, body=None, **query):
        """Ask Instantly, and give the whole answer."""
        url = f"{self.stand_ins.url}/api/v2/{path}"
        return self.session.request(method, url, json=body, params=query, timeout=5)

    def ok(self, method, path, body=None, **query):
        """Ask Instantly for what it does not refuse."""
        answer = self.ask(method, path, body, **query)
        assert answer.ok, (answer.status_code, answer.text)
        return answer.json()

    def refused(self, method, path, body=None, **query):
        """The status and the message of a refusal, which has its one form."""
        answer = self.ask(method, path, body, **query)
        told = answer.json()
        assert set(told) == {"statusCode", "error", "message"}
        assert told["statusCode"] == answer.status_code >= 400
        return answer.status_code, told["message"]

    def control(self, method, name, body=None, **query):
        """Ask the stand-ins' control."""
        url = f"{self.stand_ins.url}/_standin/{name}"
        answer = requests.request(method, url, json=body, params=query, timeout=5)
        assert answer.ok, (answer.status_code, answer.text)
        return answer.json()

    def settings(self, **changes):
        return self.control("PATCH", "settings", changes)

    def forward(self, seconds):
        """Move the clock, and do all that is due then."""
        self.control("POST", "clock", {"forward": seconds})
        self.due()

    def due(self):
        return self.control("POST", "due")["done"]

    def happens(self, kind, lead="", **more):
        return self.control("POST", "events", {"type": kind, **({"lead": lead} if lead else {}), **more})[
            "events"
        ][0]

    def sent(self, **query):
        return self.control("GET", "sent", **query)["sent"]

    def campaign(self, name="C", *, active=True, **more):
        body = {"name": name, "campaign_schedule": SCHEDULE, "sequences": [{"steps": STEPS}], **more}
        made = self.ok("POST", "campaigns", body)
        return self.ok("POST", f"campaigns/{made['id']}/activate") if active else made

    def add(self, campaign, *leads, **more):
        """Add leads; a text is a lead with that address."""
        given = [{"email": lead} if isinstance(lead, str) else lead for lead in leads]
        return self.ok("POST", "leads/add", {"campaign_id": campaign["id"], "leads": given, **more})

    def listed(self, **body):
        """The leads on the first page."""
        return self.ok("POST", "leads/list", {"limit": 100, **body})["items"]

    def addresses(self, **body):
        return [lead["email"] for lead in self.listed(**body)]

    def webhook(self, receiver, event_type="all_events", **more):
        body = {"target_hook_url": receiver.url, "event_type": event_type, **more}
        return self.ok("POST", "webhooks", body)

    def history(self, **query):
        return self.ok("GET", "webhook-events", limit=100, **query)["items"]


class Receiver:
    """Receives webhooks, and answers with the statuses that it is given, then with 200."""

    def __init__(self):
        self.received, self.headers, self.statuses = [], [], []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append(json.loads(body))
                receiver.headers.append(dict(self.headers))
                self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks?from=here"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def types(self):
        return [payload["event_type"] for payload in self.received]

    def close(self):
        self._server.shutdown()
        self._server.server_close()
