"""Stand-ins for the tests of a session, as new for each test, and the webhook of Slack's in a file."""

import pytest
from stand_in_client import NOON
from stand_in_client import Client as StandInClient

from sheets_crm.slack.webhook import Webhook
from sheets_crm.stand_ins import documents
from sheets_crm.stand_ins.clock import Clock
from sheets_crm.stand_ins.server import StandIns


@pytest.fixture(scope="session", autouse=True)
def no_disk_that_is_waited_for():
    """No test here cuts the power."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(scope="session")
def stand_ins():
    with StandIns(clock=Clock(lambda: NOON)) as found:
        yield found


class Channel:
    """The channel behind the webhook: what stands in it, and what goes wrong on the way."""

    def __init__(self, stand_ins):
        self.address = stand_ins.slack_webhook
        self.webhook = Webhook(self.address)
        self._client = StandInClient(stand_ins)

    def texts(self):
        """The messages that it has, the oldest first."""
        return [one["received"]["text"] for one in self._client.sent(service="slack")]

    def arm(self, mode, times=1, **more):
        self._client.control("POST", "faults", {"match": "POST /services", "mode": mode, "times": times, **more})

    def answers(self, word):
        """Let every message be refused with a word, or taken ("ok")."""
        self._client.settings(slack=word)

    def limits(self, *, on):
        self._client.settings(limits=on)

    def forward(self, seconds):
        self._client.forward(seconds)


@pytest.fixture
def channel(stand_ins):
    client = StandInClient(stand_ins)
    client.control("POST", "reset")
    client.settings(limits=False, slack="ok")
    yield Channel(stand_ins)
    client.control("DELETE", "faults")


@pytest.fixture
def webhook_file(channel, tmp_path):
    """The file that the settings name."""
    path = tmp_path / "slack_webhook"
    path.write_text(f"{channel.address}\n", encoding="ascii")
    path.chmod(0o600)
    return path
