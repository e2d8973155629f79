"""The organisation's colour as a style sheet, since the content policy allows no styles inside pages."""

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from crm.colours import legible, readable_on

LIGHT_PAGE = "#ffffff"
DARK_PAGE = "#16191c"
RULES = """:root{{--guildhall-brand:{brand};--guildhall-brand-text:{brand_text}}}
:root{{--guildhall-accent:{light};--guildhall-accent-text:{light_text}}}
@media screen and (prefers-color-scheme:dark){{:root{{--guildhall-accent:{dark};--guildhall-accent-text:{dark_text}}}}}
"""


@require_safe
@cache_control(public=True, max_age=86400)
def brand(request: HttpRequest) -> HttpResponse:
    """The brand colour, and the shades of it that can be told from a light and from a dark page."""
    return HttpResponse(style_sheet(settings.BRAND_COLOUR), content_type="text/css; charset=utf-8")


brand.permission_name = "public"  # type: ignore[attr-defined]


def style_sheet(colour: str) -> str:
    """The variables that frontend/styles/_colours.scss leaves to the settings."""
    light, dark = legible(colour, on=LIGHT_PAGE), legible(colour, on=DARK_PAGE)
    return RULES.format(
        brand=colour,
        brand_text=readable_on(colour),
        light=light,
        light_text=readable_on(light),
        dark=dark,
        dark_text=readable_on(dark),
    )


def version() -> str:
    """Changes when the colour does, so that browsers may keep the file for a day."""
    return sha256(settings.BRAND_COLOUR.encode()).hexdigest()[:8]
