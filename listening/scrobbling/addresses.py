"""Connections to addresses that may be called.

A name is resolved once, each address it stands for is checked, and the connection goes to one of
these. So a name cannot stand for an allowed address while it is checked, and for another one while
it is connected to.
"""

import ipaddress
import socket
import time
from collections.abc import Iterable
from typing import Any

import httpcore
from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class AddressRefused(httpcore.ConnectError):
    """The name stands for an address that may not be called. The text says so, for people."""


def may_be_called(address: Address) -> bool:
    """Whether it is an address of the internet, or else SCROBBLE_PRIVATE_NETWORKS is true."""
    if address.is_multicast or address.is_unspecified:
        return False
    return settings.SCROBBLE_PRIVATE_NETWORKS or _target(address).is_global


def _target(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for; other addresses stay as they are."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


class CheckedBackend(httpcore.NetworkBackend):
    """Opens connections as described above, and gives everything that happens on them until
    `deadline` (of `time.monotonic`), however slowly bytes arrive."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # there is the deadline
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        problem: Exception = AddressRefused(f"{host} has no address")
        for address in _resolved(host, port):
            left_s = _left(self._deadline, httpcore.ConnectTimeout)
            try:
                stream = self._backend.connect_tcp(
                    str(address), port, left_s, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                problem = error
            else:
                return _TimedStream(stream, self._deadline)
        raise problem


class _TimedStream(httpcore.NetworkStream):
    """A connection on which nothing takes longer than until the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._stream.read(max_bytes, _left(self._deadline, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, _left(self._deadline, httpcore.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: Any,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        left_s = _left(self._deadline, httpcore.ConnectTimeout)
        secured = self._stream.start_tls(ssl_context, server_hostname, left_s)
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolved(host: str, port: int) -> list[Address]:
    """Raises AddressRefused if any of the addresses may not be called, or there is none."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(f"the name {host} cannot be resolved") from error
    addresses = [ipaddress.ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for address in addresses:
        if not may_be_called(address):
            raise AddressRefused(f"{host} is {address}, which is not an address of the internet")
    return list(dict.fromkeys(addresses))


def _left(deadline: float, late: type[Exception]) -> float:
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise late("too slow")
    return left_s
