"""Requests that cannot be turned against our own network: every host is resolved here and its address pinned."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import httpx

Resolver = Callable[[str], Awaitable[list[str]]]
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
_TUNNELS = (ipaddress.ip_network("2002::/16"), ipaddress.ip_network("2001::/32"))  # they carry IPv4 addresses inside


class NotPublic(Exception):
    """The host lies in a private network, or on this machine."""


class NotWeb(Exception):
    """Not an http or https address that can be asked for."""


async def resolve(host: str) -> list[str]:
    """The addresses of a host, as the system knows them. Raises OSError for an unknown one."""
    found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and (ip not in _PUBLIC_V6 or any(ip in net for net in _TUNNELS)):
        return False
    return ip.is_global and not ip.is_multicast


async def pinned(
    client: httpx.AsyncClient,
    method: str,
    address: str,
    *,
    resolver: Resolver = resolve,
    permitted: Callable[[str], bool] = is_public,
) -> httpx.Request:
    """A request to `address` that goes to an IP address checked beforehand, with the right Host and TLS name.

    Raises NotPublic, NotWeb or OSError (unknown host). What the name resolves to later does not matter.
    """
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError) as error:
        raise NotWeb from error
    if parts.scheme not in ("http", "https") or not host:
        raise NotWeb
    found = await resolver(host)
    if not found:
        raise OSError("no address")
    if not all(map(permitted, found)):
        raise NotPublic
    place = f"[{found[0]}]" if ":" in found[0] else found[0]
    at = f":{port}" if port else ""
    told = f"[{host}]" if ":" in host else host
    return client.build_request(
        method,
        parts._replace(netloc=f"{place}{at}", fragment="").geturl(),
        headers={"Host": f"{told}{at}"},
        extensions={"sni_hostname": host} if parts.scheme == "https" else {},
    )
