"""Where a request comes from, as two keyed prints that name nobody: of the channel identity and of the caller's network."""

from __future__ import annotations

import ipaddress

from flask import g, has_request_context, request

from bff.api.context import parts
from bff.store.sessions import Session

_V4_BITS, _V6_BITS = 24, 48
# An address of our own network is a proxy that nobody told us of, and would make one caller of everybody behind it.
_OWN_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16"),
        *("::1/128", "fc00::/7", "fe80::/10"),
    )
)


def origin_headers() -> dict[str, str]:
    """What the core is told of where a citizen's call comes from; nothing outside a request, such as in the worker."""
    if not has_request_context():
        return {}
    keys, session, network = parts().keys, g.get("session"), network_of(request.remote_addr or "")
    told = {}
    if isinstance(session, Session):
        told["X-Device"] = keys.fingerprint("device", session.identity_id)
    if network is not None:
        told["X-Address"] = keys.fingerprint("network", network)
    return told


def network_of(written: str) -> str | None:
    """The part of the network that an address belongs to: a household changes the rest of it at will."""
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if any(address in network for network in _OWN_NETWORKS):
        return None
    bits = _V4_BITS if address.version == 4 else _V6_BITS
    return str(ipaddress.ip_network((address, bits), strict=False))
