"""The receiver's socket; it can be bound before the packages of the receiver are imported."""

from __future__ import annotations

import socket
from typing import Final

BACKLOG: Final = 1_024
"""Connections that wait to be accepted."""


def bound(host: str, port: int) -> socket.socket:
    """A socket on an address.

    It names its protocol: asyncio answers at once on sockets that do, and on others waits until what it sent before
    is confirmed, which takes a sender 40 ms for each answer.

    Args:
        host: The address to listen on.
        port: The port, or 0 for any that is free.

    Raises:
        OSError: The port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError:
        made.close()
        raise
    return made


def listening(host: str, port: int) -> socket.socket:
    """The same, listening already: nobody else can take the port, and who connects waits to be answered.

    Raises:
        OSError: The port is taken, or the address is not this machine's.
    """
    made = bound(host, port)
    try:
        made.listen(BACKLOG)
    except OSError:
        made.close()
        raise
    return made
