"""The worker: runs each task in a thread of its own, so that a slow one delays no other, and ends them all together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping

from jobs.ports import WorkerPorts
from jobs.stopper import Stopped
from jobs.task import Health, Task
from jobs.turns import CHECK_SECONDS, Turns
from sheets_crm.messages import said

_LOG = logging.getLogger(__name__)


class Worker:
    """Runs tasks until it is stopped.

    Args:
        ports: What it is given of the world.
    """

    def __init__(self, ports: WorkerPorts) -> None:
        self._ports = ports
        self._turns: dict[str, Turns] = {}
        self._broken: list[BaseException] = []

    def add(self, task: Task) -> None:
        """Add a task, before the worker runs."""
        self._turns[task.name] = Turns(task, self._ports)

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
            turns.run()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._broken.append(error)
            self._ports.stopper.stop()
