"""Addresses that an operator gives: scheme, host and port, with a path or without, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address

_LABEL = "[a-z0-9]([a-z0-9_-]*[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
_NUMBER = re.compile("[0-9]+|0x[0-9a-f]*")
_URL = re.compile(
    r"(?P<scheme>https?)://(\[(?P<six>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(:(?P<port>[0-9]{1,5}))?(?P<path>/\S*)?",
    re.IGNORECASE | re.ASCII,
)
_PATH = re.compile(r"(/(?!\.+(/|$))[A-Za-z0-9._~-]+)*/?")
_USUAL_PORTS = {"http": 80, "https": 443}
_LONGEST_NAME = 253


@dataclass(frozen=True, slots=True)
class Url:
    """The parts of an address, in lower case but for the path. `port` is None where it is the usual one."""

    scheme: str
    host: str
    port: int | None = None
    path: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers write them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port else "")


def url_of(text: str) -> Url | None:
    """Return the parts of an address, None where it is none or has more: a user, a query, signs of no address.

    >>> url_of("https://KPI.example.com:443/sales/")
    Url(scheme='https', host='kpi.example.com', port=None, path='/sales')
    """
    match = _URL.fullmatch(text)
    if match is None:
        return None
    host = host_named(match["six"] or match["name"])
    port = int(match["port"]) if match["port"] else None
    path = match["path"] or ""
    is_six = match["six"] is not None
    if not host or (":" in host) != is_six or (port is not None and not 0 < port < 65_536) or not _PATH.fullmatch(path):
        return None
    scheme = match["scheme"].lower()
    return Url(scheme, host, None if port == _USUAL_PORTS[scheme] else port, path.rstrip("/"))


def host_named(text: str) -> str:
    """Return the host of that name or address in lower case, "" where it is none.

    >>> host_named("LocalHost"), host_named("::1"), host_named("1.2.3"), host_named("a b")
    ('localhost', '::1', '', '')
    """
    host = text.lower()
    if ":" in host or _NUMBER.fullmatch(host.rpartition(".")[2]):  # systems read "0" as all addresses
        try:
            # ip_address takes fe80::1%eth0 with its zone, which means something on one machine only
            return str(ip_address(host.replace("%", " ")))
        except ValueError:
            return ""
    return host if len(host) <= _LONGEST_NAME and _NAME.fullmatch(host) else ""
