"""Gateways that stand in front of the real one: somebody acts before a request, or the process dies at it."""


class Died(BaseException):
    """The worker's process ends here."""


class Interrupted:
    """A gateway before whose requests, of a name and counted from 0, somebody acts, or at which the process dies.

    Args:
        gateway: The real one.
        at: Number of the request.
        only: Names of the requests that count.
        act: What happens before it.
        dies: "before" or "after" the request, or "" to live on.
    """

    def __init__(self, gateway, at=0, only=("values", "apply"), act=lambda: None, dies=""):
        self._gateway, self._at, self._only, self._act, self._dies = gateway, at, only, act, dies

    def __getattr__(self, name):
        real = getattr(self._gateway, name)
        if name not in self._only:
            return real

        def request(*given, **options):
            meant, self._at = self._at == 0, self._at - 1
            if not meant:
                return real(*given, **options)
            self._act()
            if self._dies == "before":
                raise Died
            answer = real(*given, **options)
            if self._dies == "after":
                raise Died
            return answer

        return request
