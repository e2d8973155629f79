"""The permission table in templates: ``{% allowed "engagement.change" engagement as may_change %}``."""

from typing import Any

from django import template

from guilds.access import permissions

register = template.Library()


@register.simple_tag(takes_context=True)
def allowed(context: template.Context, permission: str, record: Any = None) -> bool:
    """Whether the reader of this page may do that."""
    return permissions.allowed(context["request"].user, permission, record)
