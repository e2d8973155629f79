"""The permission table in templates: ``{% allowed "engagement.change" engagement as may_change %}``."""

from typing import Any

from django import template

from guilds.access import permissions

register = template.Library()


@register.simple_tag(takes_context=True)
def allowed(context: template.Context, permission: str, record: Any = None) -> bool:
    """Whether the reader of this page (or of this cell of a list) may do that."""
    user = context["request"].user if "request" in context else context["user"]
    return permissions.allowed(user, permission, record)
