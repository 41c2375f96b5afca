"""The parameters that every method of Google's APIs takes: how the answer looks, and who asks.

Source: https://cloud.google.com/apis/docs/system-parameters (A: their names and headers); what each answers when
its value is wrong, and which of two values counts, is B: measured against Sheets and Drive by others in 2026.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from sheets_crm.emulator.errors import ApiError, invalid

__all__ = ["SystemParameters", "read_system_parameters", "refuse_unsupported"]

#: These may be written with a ``$`` before them.
_NAMES = frozenset(
    {"access_token", "alt", "callback", "fields", "key", "oauth_token", "prettyPrint", "quotaUser", "userProject"}
)
_XGAFV = "$.xgafv"
_UNSUPPORTED = frozenset(
    {"uploadType", "upload_protocol", "$apiVersion", "$httpMethod", "$httpHeaders", "$outputDefaults"}
)
_CALLABLE = re.compile(r"[A-Za-z0-9_$.\[\]]+")
_JSON = "application/json; charset=UTF-8"
_SCRIPT = "text/javascript; charset=UTF-8"


@dataclass(frozen=True, slots=True)
class SystemParameters:
    """What a request says beside its method's own parameters.

    Attributes:
        alt: The form of the answer, as it was written; empty for JSON.
        callback: The function of JavaScript that the answer calls; empty for none. Reads only.
        key: An API key; empty for none.
        token: An access token beside the header; empty for none.
        indented: Whether `prettyPrint` asks for lines; None where it is not given.
        form: The form of errors, ``1`` being the older one; None where it is not given.
    """

    alt: str = ""
    callback: str = ""
    key: str = ""
    token: str = ""
    indented: bool | None = None
    form: str | None = None

    def check(self) -> None:
        """Refuse what no answer can be made of, before it is asked who asks.

        Raises:
            ApiError: 400.
        """
        if self.form not in (None, "1", "2"):
            raise invalid(
                f"Invalid query parameters. Invalid value '{self.form}' for system query parameter : {_XGAFV}"
            )
        alt = self.alt.casefold()
        if alt == "media":
            raise invalid('Unsupported alt type "media" for non byte stream request.')
        if alt == "proto":
            raise invalid("alt=proto is not implemented by the emulator.")
        if alt not in ("", "json"):
            raise invalid(f"Invalid value \"{self.alt}\" for query parameter 'alt'")
        if self.callback and not _CALLABLE.fullmatch(self.callback):
            raise invalid(
                f"Invalid JSONP callback name: '{self.callback}'; only alphabet, number, '_', '$', '.', '[' and ']' "
                "are allowed."
            )

    def answer(self, body: Any) -> tuple[bytes, str]:
        """Spell the JSON of an answer, and name its type."""
        return self._called(orjson.dumps(body, option=self._option(lines=bool(self.indented))))

    def refusal(self, error: ApiError, *, drive: bool) -> tuple[int, bytes, str]:
        """Spell a refusal, which always has lines; called by a script it is 200, which is all that it could see."""
        body = error.body(older=drive or self.form == "1")
        text, kind = self._called(orjson.dumps(body, option=self._option(lines=True)))
        return (200 if kind == _SCRIPT else error.code), text, kind

    def _option(self, *, lines: bool) -> int:
        more = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE if lines else 0
        return orjson.OPT_NON_STR_KEYS | more

    def _called(self, text: bytes) -> tuple[bytes, str]:
        if not self.callback or self.alt.casefold() not in ("", "json"):
            return text, _JSON
        name = orjson.dumps(self.callback)[1:-1]
        return b"// API callback\n" + name + b"(" + text + b");", _SCRIPT


def read_system_parameters(
    method: str, query: dict[str, list[str]], headers: Mapping[str, str]
) -> tuple[SystemParameters, dict[str, list[str]]]:
    """Part the system parameters from the others, whose values are given back, with the mask `fields`.

    The first of several values counts, but for `$.xgafv`, whose last one does.
    """
    said: dict[str, str] = {}
    rest: dict[str, list[str]] = {}
    for name, texts in query.items():
        bare = name.removeprefix("$")
        if bare in _NAMES:
            said.setdefault(bare, texts[0])
        elif name == _XGAFV:
            said[name] = texts[-1]
        else:
            rest[name] = texts
    pretty, fields = said.get("prettyPrint"), said.get("fields", headers.get("x-goog-fieldmask"))
    if fields is not None:
        rest["fields"] = [fields]
    parameters = SystemParameters(
        alt=said.get("alt", ""),
        callback=said.get("callback", "") if method == "GET" else "",
        key=said.get("key") or headers.get("x-goog-api-key", ""),
        token=said.get("access_token") or said.get("oauth_token") or "",
        indented=None if pretty is None else pretty.lower() not in ("false", "0"),
        form=said.get(_XGAFV),
    )
    return parameters, rest


def refuse_unsupported(query: Mapping[str, list[str]]) -> None:
    """Refuse by name what Google knows and the emulator does not.

    Raises:
        ApiError: 400.
    """
    for name in query:
        if name in _UNSUPPORTED:
            raise invalid(f"The parameter {name} is not implemented by the emulator.")
