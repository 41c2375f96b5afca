"""Google's quotas: 60 reads and 60 writes a minute for each user, 300 and 300 for the project.

Source: https://developers.google.com/workspace/sheets/api/limits
"""

from collections import deque
from collections.abc import Callable
from threading import Lock

from sheets_crm.emulator.errors import ApiError

__all__ = ["Quota", "quota_error"]

_WINDOW_SECONDS = 60.0
_PER_USER = 60
_PER_PROJECT = 300
_CONSUMER = "project_number:100000000000"


def quota_error(kind: str, per: str = "PerUser") -> ApiError:
    """Refuse with 429 and `RATE_LIMIT_EXCEEDED`.

    Args:
        kind: ``Read`` or ``Write``.
        per: ``PerUser`` or ``PerProject``.
    """
    metric = f"{kind} requests"
    limit = f"{metric} per minute" + (" per user" if per == "PerUser" else "")
    name = f"sheets.googleapis.com/{kind.lower()}_requests"
    details = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "quota_limit": f"{kind}RequestsPerMinute{per}",
            "quota_limit_value": str(_PER_USER if per == "PerUser" else _PER_PROJECT),
            "quota_location": "global",
            "quota_metric": name,
            "service": "sheets.googleapis.com",
            "consumer": f"projects/{_CONSUMER.removeprefix('project_number:')}",
        },
    }
    text = (
        f"Quota exceeded for quota metric '{metric}' and limit '{limit}' of service 'sheets.googleapis.com' "
        f"for consumer '{_CONSUMER}'."
    )
    return ApiError(429, text, [details])


class Quota:
    """Counts requests in a sliding minute."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str], deque[float]] = {}
        self._lock = Lock()

    def spend(self, email: str, *, write: bool) -> None:
        """Count a request.

        Raises:
            ApiError: 429 when a quota is used up; the request does not count then.
        """
        kind, now = "Write" if write else "Read", self._clock()
        with self._lock:
            mine = self._recent((kind, email), now)
            everybody = self._recent((kind, ""), now)
            if len(mine) >= _PER_USER:
                raise quota_error(kind)
            if len(everybody) >= _PER_PROJECT:
                raise quota_error(kind, "PerProject")
            mine.append(now)
            everybody.append(now)

    def _recent(self, key: tuple[str, str], now: float) -> deque[float]:
        seen = self._seen.setdefault(key, deque())
        while seen and seen[0] <= now - _WINDOW_SECONDS:
            seen.popleft()
        return seen
