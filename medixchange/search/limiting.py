"""How often one member, or one address, may ask the API."""

import time
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.cache import cache
from django.http import HttpRequest

from medixchange.core.middleware import client_address
from medixchange.search import access

#: Searches in one minute. Counted in Django's cache: unless the operator sets another, each process
#: counts for itself.
A_MINUTE = 60


def wait(request: HttpRequest) -> int:
    """Count one request; gives the seconds until the next is let through, 0 for this one."""
    now = time.time()
    minute, left = int(now // 60), 60 - int(now % 60)
    key = f"search-api-{minute}-{_who(request)}"
    cache.add(key, 0, timeout=60)
    try:
        asked = cache.incr(key)
    except ValueError:  # it ran out between the two
        return 0
    return left if asked > A_MINUTE else 0


def _who(request: HttpRequest) -> str:
    """A member, or an address; of IPv6 the network that one connection gets."""
    who = access.member(request)
    if who is not None:
        return f"member-{who.pk}"
    address = client_address(request)
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(known, IPv6Address):
        return str(ip_network(f"{known}/64", strict=False))
    return str(known)
