"""An intake and cursors in memory, which stay when a turn is killed; and a turn that is killed at any of its steps."""

from contextlib import contextmanager

import orjson

from sheets_crm.instantly.fetching.turn import InstantlyFetcher


class KilledError(BaseException):
    """The process ended here."""


class Steps:
    """Counts what a turn does to the world, and kills it before or after one of them."""

    def __init__(self):
        self.count, self.fatal = 0, None

    def around(self, work):
        """Do work as two steps: before it, and behind it."""
        self._step()
        result = work()
        self._step()
        return result

    def _step(self):
        self.count += 1
        if self.count == self.fatal:
            raise KilledError


class Shelf:
    """An intake."""

    def __init__(self, steps):
        self.steps, self.rows, self.repeated = steps, {}, 0

    def add(self, deliveries):
        def work():
            new = [each for each in deliveries if each.key not in self.rows]
            self.repeated += len(deliveries) - len(new)
            self.rows.update((each.key, each) for each in new)
            return len(new)

        return self.steps.around(work)

    def of(self, kind):
        return [each for each in self.rows.values() if each.kind == kind]

    def items(self, kind):
        """The items of all pages of a kind."""
        return [item for each in self.of(kind) for item in orjson.loads(each.body)["items"]]


class Marks:
    """Cursors."""

    def __init__(self, steps):
        self.steps, self.saved = steps, {}

    def load(self):
        return dict(self.saved)

    def save(self, cursors):
        self.steps.around(lambda: self.saved.update(cursors))

    def delete(self, names):
        self.steps.around(lambda: [self.saved.pop(name, None) for name in names])


class World:
    """A feed over a client, with what it stores."""

    def __init__(self, client, now, campaigns=()):
        self.client, self.now, self.campaigns = client, now, campaigns
        self.steps = Steps()
        self.intake, self.cursors = Shelf(self.steps), Marks(self.steps)
        self.checks = 0

    def turn(self, check=None):
        feed = InstantlyFetcher(self._opened, self.intake, self.cursors, lambda: self.now, self.campaigns)
        feed.fetch(check or self._check)

    def _check(self):
        self.checks += 1

    @contextmanager
    def _opened(self):
        yield self.client

    def killed_at(self, step):
        """Whether a turn comes to a step; it is killed there."""
        self.steps.count, self.steps.fatal = 0, step
        try:
            self.turn()
        except KilledError:
            return True
        finally:
            self.steps.fatal = None
        return False


class Opened:
    """A client that is open already."""

    def __init__(self, client):
        self.client = client

    def __enter__(self):
        return self.client

    def __exit__(self, *_):
        """Close nothing."""


class Scripted:
    """A service that answers lists from a script: the pages of each path, in order, the same ones each time.

    Args:
        pages: By path, each page's items.
        cursors: By path, the cursor behind each page; the page's number, and none behind the last, unless it is told.
    """

    def __init__(self, pages, cursors=None):
        self.pages, self.cursors, self.asked = pages, cursors or {}, []

    def read(self, call, parse, *, writes=False):
        assert not writes
        if call.path == "workspaces/current":
            return parse({"id": "w-1", "name": "W"})
        given = (call.body or {}) | call.query
        after = given.get("starting_after", "")
        self.asked.append((call.path, given))
        pages = self.pages.get(call.path, [[]])
        cursors = self.cursors.get(call.path) or [str(n) for n in range(1, len(pages))] + [""]
        number = cursors.index(after) + 1 if after else 0
        answer = {"items": pages[number]} if number < len(pages) else {"items": []}
        return parse(
            answer | ({"next_starting_after": cursors[number]} if number < len(pages) and cursors[number] else {})
        )
