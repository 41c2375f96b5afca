"""The worker: runs each task in a thread of its own, so that a slow one delays no other, and ends them all together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from typing import Final, Protocol

from jobs.ports import WorkerPorts
from jobs.stopper import Stopped
from jobs.task import Health, Task
from jobs.turns import CHECK_SECONDS, Turns
from sheets_crm.messages import said

_LOG = logging.getLogger(__name__)

LOOK_SECONDS: Final = 0.1
"""Seconds between two looks whether the first turns have ended."""


class Service(Protocol):
    """What serves others beside the tasks, in threads of its own."""

    def start(self) -> object:
        """Begin to serve, and return when that is so."""
        ...

    def stop(self) -> None:
        """Finish what is in hand, and end; also one that was never started."""
        ...


class Worker:
    """Runs tasks until it is stopped.

    A task that is not due at the start waits for the first turns of those that are: it may need the store, which the
    first poll does not wait for.

    Args:
        ports: What it is given of the world.
    """

    def __init__(self, ports: WorkerPorts) -> None:
        self._ports = ports
        self._turns: dict[str, Turns] = {}
        self._services: dict[str, Service] = {}
        self._broken: list[BaseException] = []

    def add(self, task: Task) -> None:
        """Add a task, before the worker runs."""
        self._turns[task.name] = Turns(task, self._ports)

    def add_service(self, name: str, service: Service) -> None:
        """Add what serves others, before the worker runs; it begins after the first turns."""
        self._services[name] = service

    def health(self) -> Mapping[str, Health]:
        """Health of each task by name."""
        return {name: turns.health for name, turns in self._turns.items()}

    def run(self) -> None:
        """Run every task in its thread until the stopper is set, and return when all have ended.

        They are daemons: a second signal, which raises KeyboardInterrupt here, ends the process whatever they do.
        """
        threads = [
            threading.Thread(target=self._take_turns, args=(turns,), name=name, daemon=True)
            for name, turns in self._turns.items()
        ]
        threads += [
            threading.Thread(target=self._serve, args=(service,), name=name, daemon=True)
            for name, service in self._services.items()
        ]
        for thread in threads:
            thread.start()
        self._watch()
        for thread in threads:
            thread.join()
        if self._broken:
            raise self._broken[0]
        _LOG.info(said("job.stopped"))

    def _watch(self) -> None:
        """Hold the leases of runs under way until the stopper is set."""
        try:
            while True:
                self._ports.stopper.sleep(CHECK_SECONDS)
                for turns in self._turns.values():
                    turns.renew()
        except Stopped:
            return

    def _take_turns(self, turns: Turns) -> None:
        """Run one task; what its turns do not survive ends the worker, as no task may end unnoticed."""
        try:
            if not turns.task.at_start:
                self._wait_for_first_turns()
            turns.run()
        except Stopped:
            return
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._broken.append(error)
            self._ports.stopper.stop()

    def _serve(self, service: Service) -> None:
        """Serve until the stopper is set; what does not begin to serve ends the worker."""
        try:
            self._wait_for_first_turns()
            service.start()
            while True:
                self._ports.stopper.sleep(CHECK_SECONDS)
        except Stopped:
            return
        except BaseException as error:  # noqa: BLE001 - as above
            self._broken.append(error)
            self._ports.stopper.stop()
        finally:
            service.stop()

    def _wait_for_first_turns(self) -> None:
        """Wait until every task that is due at the start has had its first turn.

        Raises:
            Stopped: The worker was asked to stop.
        """
        for turns in list(self._turns.values()):
            while turns.task.at_start and not turns.first_ended.is_set():
                self._ports.stopper.sleep(LOOK_SECONDS)
