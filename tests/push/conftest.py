"""A workbook whose batches are pushed to a stand-in of Instantly, which counts what was added."""

from collections import Counter
from contextlib import nullcontext

import pytest
from stand_in_client import NOON
from stand_in_client import Client as StandInClient

from sheets_crm.bootstrap import Application
from sheets_crm.bootstrap.pushing import Pushing
from sheets_crm.instantly.client import Client
from sheets_crm.instantly.limits import Limits
from sheets_crm.instantly.service import Service
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


@pytest.fixture
def api(stand_ins):
    """Instantly's own side: what is written is visible at once."""
    found = StandInClient(stand_ins)
    found.control("POST", "reset")
    found.settings(visible_after=0, applied_after=0, limits=False)
    yield found
    found.control("DELETE", "faults")


@pytest.fixture
def fault(api):
    """Arms a fault, for the next request that matches."""

    def arm(match, mode, **more):
        api.control("POST", "faults", {"match": match, "mode": mode, **more})

    return arm


class Pushed:
    """A workbook with the module, a campaign, and workers that push from it; time passes only where somebody waits."""

    def __init__(self, desk, api, stand_ins):
        self.desk, self.api = desk, api
        self.stand_ins = stand_ins
        self.campaign = api.campaign("Prospección")
        self.slept = []

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.desk.now += seconds

    def client(self):
        limits = Limits(clock=lambda: self.desk.now, sleep=self.sleep)
        given = {"limits": limits, "clock": lambda: self.desk.now, "sleep": self.sleep, "jitter": lambda: 0.0}
        return nullcontext(Client(Service(self.stand_ins.api_key, self.stand_ins.url, **given)))

    def obey(self, app=None):
        """A run for each command, as a worker makes one."""

        def obeyed(command):
            (app or self.desk.app).sync(plan=False, now=True, force=False, commands=[command])
            return True

        return obeyed

    def pushing(self, app=None, **more):
        app = app or self.desk.app
        given = {"clock": lambda: self.desk.now, "sleep": self.sleep}
        return Pushing(self.client, app.store, self.desk.sheet_id, **(given | more))

    def application(self, app):
        """The same with what pushes."""
        return Application(app.context, app._account, app.store, pushing=lambda: self.pushing(app))

    def push(self, app=None, **more):
        return self.pushing(app, **more).one_pass(self.obey(app))

    def send(self, count=None):
        """Send leads that are ready for Instantly."""
        self.desk.tick("Instantly Input", count)
        self.desk.sync()

    def cells(self):
        """What the Master says of each pushed lead, by LeadNumber."""
        return {
            number: lead["instantly_push"] for number, lead in self.desk.leads().items() if lead["instantly_push"]
        }

    def words(self):
        return Counter(cell.partition(" ")[0] for cell in self.cells().values())

    def there(self, campaign=None):
        return sorted(self.api.addresses(campaign=(campaign or self.campaign)["id"]))


@pytest.fixture
def pushed(open_desk, api, stand_ins):
    desk = open_desk("boxed", modules=["instantly"], instantly={"push": True})
    desk.now += 600
    desk.init()
    found = Pushed(desk, api, stand_ins)
    desk.set_control("instantly_campaign", "B", "prospección")
    return found
