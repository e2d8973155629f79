"""Making a mail's words from its folder of templates: subject, text and HTML, in one layout and in the council's name."""

from dataclasses import dataclass
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context
from django.template.loader import get_template

from guilds.mailing.kinds import KINDS

SERVICE_NAME = "Guildhall"


@dataclass(frozen=True)
class Words:
    """What somebody reads. The text says everything that the HTML says."""

    subject: str
    text: str
    html: str


def render(kind: str, context: dict[str, Any]) -> Words:
    """A mail of this kind. `context` adds to what every mail knows: who sends it, why it came, where to stop it."""
    whole = surroundings(kind) | context
    return Words(
        subject=" ".join(_plain(kind, "subject.txt", whole).split()),
        text=_plain(kind, "body.txt", whole).strip() + "\n",
        html=css_inline.inline(get_template(f"emails/{kind}/body.html").render(whole)),
    )


def surroundings(kind: str) -> dict[str, Any]:
    """What every mail knows."""
    return {
        "kind": KINDS[kind],
        "organisation_name": settings.ORGANISATION_NAME,
        "service_name": SERVICE_NAME,
        "brand_colour": settings.BRAND_COLOUR,
        "base_address": settings.BASE_URL.rstrip("/"),
    }


def _plain(kind: str, name: str, context: dict[str, Any]) -> str:
    """Text is no HTML: an ampersand stays one."""
    template: Any = get_template(f"emails/{kind}/{name}")
    return str(template.template.render(Context(context, autoescape=False)))
