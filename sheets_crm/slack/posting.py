"""Posting a message to the webhook, and what each answer means."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from requests import RequestException, Response, Session
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from sheets_crm import __version__
from sheets_crm.alerts.ports import Answer, Posted
from sheets_crm.slack.webhook import LOOPBACK, Webhook

CONNECT_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 30.0
LONGEST: Final = 35_000
"""Characters of a message; the service cuts at 40,000."""

_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9_ .-]{1,60}")
_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_REVOKED: Final = frozenset({401, 403, 404, 410})


def post(webhook: Webhook, text: str) -> Posted:
    """Post a message once; whatever happens is an answer."""
    with Session() as session:
        session.headers["User-Agent"] = f"sheets-crm/{__version__}"
        session.trust_env = urlsplit(webhook.address).hostname not in LOOPBACK  # a proxy cannot reach this machine
        body = {"text": escaped(text)[:LONGEST], "unfurl_links": False}
        try:
            answer = session.post(
                webhook.address, json=body, timeout=(CONNECT_SECONDS, ANSWER_SECONDS), allow_redirects=False
            )
        except RequestException as error:
            return _unanswered(error)
        return answered(answer)


def escaped(text: str) -> str:
    """A text as Slack takes it: three characters stand for its own marks."""
    return re.sub("[&<>]", lambda found: _ESCAPES[found[0]], text)


def answered(response: Response) -> Posted:
    """What an answer means."""
    status, words = response.status_code, _words(response)
    if status == 200:
        return Posted(Answer.SENT, words)
    if status == 429 or status >= 500:
        return Posted(Answer.LATER, words, _seconds(response.headers.get("Retry-After", "")))
    return Posted(Answer.REVOKED if status in _REVOKED else Answer.REFUSED, words)


def _words(response: Response) -> str:
    """The status and the service's word; any other text may come from a proxy, and quote the address."""
    text = response.text.strip() if len(response.content) <= 200 else ""
    return f"{response.status_code} {text}" if _PLAIN_WORD.fullmatch(text) else str(response.status_code)


def _seconds(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[0-9]{1,6}", text.strip()) else None


def _unanswered(error: RequestException) -> Posted:
    """A request without an answer: one for which no connection was made has certainly not left."""
    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    if isinstance(reason, NewConnectionError | ConnectTimeoutError):
        return Posted(Answer.LATER, type(reason).__name__)
    return Posted(Answer.UNKNOWN, type(error).__name__)
