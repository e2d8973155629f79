"""The boxes of forms: ``{% load boxes %}``. In Python, because a page has dozens of them, each with a handful of attributes,
and a template takes a good part of the page's time for these."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
_Widget = Mapping[str, Any]


@register.simple_tag
def box_class(widget: _Widget, name: str) -> SafeString:
    """The class of a box: the design system's, whether something is wrong with it (Django sets aria-invalid), its own."""
    attrs = widget["attrs"]
    wrong = f" {name}--error" if attrs.get("aria-invalid") else ""
    return format_html(' class="{}{}{}"', name, wrong, f" {attrs['class']}" if attrs.get("class") else "")


@register.simple_tag
def attributes(widget: _Widget) -> SafeString:
    """The attributes of a box, except its class, which stands beside the design system's own."""
    return mark_safe("".join(_attribute(*one) for one in widget["attrs"].items()))  # noqa: S308 (escaped one by one)


def _attribute(name: str, value: Any) -> str:
    if value is False or name == "class":
        return ""
    return f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(value)}"')


@register.simple_tag
def box_value(widget: _Widget) -> SafeString:
    """What is in a box, if anything."""
    return SafeString() if widget["value"] is None else format_html(' value="{}"', widget["value"])


@register.simple_tag
def options(groups: Iterable[tuple[str | None, list[_Widget], int]]) -> SafeString:
    """All options of a select, in their groups."""
    return mark_safe("".join(_group(name, choices) for name, choices, _ in groups))  # noqa: S308 (escaped one by one)


def _group(name: str | None, choices: list[_Widget]) -> str:
    inside = "".join(_option(one) for one in choices)
    return f'\n  <optgroup label="{conditional_escape(name)}">{inside}\n  </optgroup>' if name else inside


def _option(one: _Widget) -> str:
    flags = "".join(f" {flag}" for flag in ("selected", "disabled") if one["attrs"].get(flag))
    value = conditional_escape(str(one["value"]))
    return f'\n  <option value="{value}"{flags}>{conditional_escape(one["label"])}</option>'
