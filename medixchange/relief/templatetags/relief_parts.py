"""Template parts that all pages of relief use."""

from typing import Any

from django import template

from medixchange.network.models import Member
from medixchange.relief import rules

register = template.Library()


@register.filter
def handles_goods(user: Any) -> bool:
    """Whether the pages about moving goods are for this user. One query in a request at most."""
    return rules.handles_goods(user if isinstance(user, Member) else None)
