"""Does what is due: background jobs, and webhooks over HTTP."""

import http.client
import json
import logging
import time
from threading import Condition, RLock, Thread
from typing import Any
from urllib.parse import urlsplit

from sheets_crm.stand_ins.documents import Document
from sheets_crm.stand_ins.faults import Fault, shuffled
from sheets_crm.stand_ins.instantly import deliveries, jobs
from sheets_crm.stand_ins.instantly.deliveries import Outcome
from sheets_crm.stand_ins.instantly.lead_changes import WORKS
from sheets_crm.stand_ins.world import World

__all__ = ["Deliverer", "post"]

_log = logging.getLogger(__name__)

_TIMEOUT = 10.0
_LONGEST_NAP = 30.0


class Deliverer:
    """A thread that does what is due when it is due, by the stand-ins' clock.

    Args:
        world: The stand-ins' world.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._turn = RLock()
        self._woken = Condition()
        self._is_awake = False
        self._stops = False
        self._releases = False
        self._held: dict[int, tuple[Fault, list[Document]]] = {}
        self._thread = Thread(target=self._run, name="deliveries", daemon=True)
        world.wake = self.wake

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; what is due stays due."""
        self._stops = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join(timeout=_TIMEOUT)

    def wake(self) -> None:
        """Look again at what is due."""
        with self._woken:
            self._is_awake = True
            self._woken.notify_all()

    def _run(self) -> None:
        while not self._stops:
            nap = self._nap()  # outside of the lock below: who changes documents wakes this thread under theirs
            with self._woken:
                if not self._is_awake:
                    self._woken.wait(nap)
                self._is_awake = False
            if not self._stops:
                self._do_quietly()

    def _do_quietly(self) -> None:
        try:
            self.do_due()
        except Exception:  # noqa: BLE001 - the next one may go well
            _log.exception("what is due failed")
            time.sleep(1)

    def _nap(self) -> float:
        with self._world.documents.change():
            moments = [jobs.next_due(self._world), deliveries.next_due(self._world)]
        wanted = min((moment for moment in moments if moment is not None), default=float("inf"))
        return min(max(wanted - self._world.clock(), 0.01), _LONGEST_NAP)

    def do_due(self) -> int:
        """Do all that is due now; give how many jobs and tries those were."""
        with self._turn:
            with self._world.documents.change():
                done = jobs.run_due(self._world, WORKS)
            if self._releases:
                self._releases = False
                for number in list(self._held):
                    self._let_go(number)
            while due := self._due():
                for delivery in due:
                    self._deliver(delivery)
                done += len(due)
            return done

    def release_soon(self) -> None:
        """Have what a shuffle holds back delivered, as it will not be complete any more."""
        self._releases = True
        self.wake()

    def _due(self) -> list[Document]:
        held = {delivery["id"] for _fault, waiting in self._held.values() for delivery in waiting}
        with self._world.documents.change():
            return [delivery for delivery in deliveries.due(self._world) if delivery["id"] not in held]

    def _deliver(self, delivery: Document) -> None:
        """Make a try; the first one meets the faults."""
        fault = None
        if delivery["tries"] == 0:
            fault = self._world.faults.meet_delivery(delivery["payload"]["event_type"])
        if fault is None:
            self._try(delivery)
        elif fault.mode == "shuffled":
            waiting = self._held.setdefault(id(fault), (fault, []))[1]
            waiting.append(delivery)
            if fault.times <= 0:
                self._let_go(id(fault))
        elif fault.mode == "undelivered":
            self._try({**delivery, "undelivered": True})
        else:
            self._try(delivery, copies=fault.copies)

    def _let_go(self, number: int) -> None:
        fault, waiting = self._held.pop(number)
        for delivery in shuffled(waiting, fault.seed):
            self._try(delivery)

    def _try(self, delivery: Document, *, copies: int = 1) -> None:
        documents = self._world.documents
        webhook = documents.get("webhooks", delivery["webhook"])
        if webhook is None or webhook["status"] != deliveries.WORKING:
            with documents.change():  # the subscription is gone or switched off since
                documents.remove("deliveries", delivery["id"])
            return
        if delivery["undelivered"]:
            outcome = Outcome(None, "Connection timeout")
        else:
            outcome = [
                post(webhook["target_hook_url"], webhook["headers"], delivery["payload"]) for _ in range(copies)
            ][-1]
        with documents.change():
            deliveries.note_try(
                self._world, delivery, documents.get("webhooks", webhook["id"]) or webhook, outcome
            )


def post(url: str, headers: dict[str, str] | None, payload: dict[str, Any]) -> Outcome:
    """Send a payload to a webhook."""
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    began = time.monotonic()
    try:
        connection = kind(parts.hostname or "", parts.port, timeout=_TIMEOUT)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            body = json.dumps(payload, ensure_ascii=False).encode()
            connection.request("POST", path, body, {"content-type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            answer.read()
            return Outcome(answer.status, milliseconds=round((time.monotonic() - began) * 1000))
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        return Outcome(None, str(error) or type(error).__name__, round((time.monotonic() - began) * 1000))
