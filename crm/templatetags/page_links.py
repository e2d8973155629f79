"""Links to pages that a version may not have yet: ``{% page_exists "/imports/" as there %}``."""

from django import template

from crm.context import _exists

register = template.Library()


@register.simple_tag
def page_exists(address: str) -> bool:
    """Whether this version has the page at all."""
    return _exists(address)
