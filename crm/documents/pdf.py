"""Making a PDF that a screen reader can read (PDF/UA-1) from a template of templates/documents/."""

from typing import Any

from django.conf import settings
from django.template.loader import get_template

VARIANT = "pdf/ua-1"


class NoPango(Exception):
    """This machine lacks what lays out a PDF's text. The message says what to install; a page may show it."""

    def __init__(self) -> None:
        super().__init__("PDF files can't be made on this server until Pango is installed. The page says the same.")


def pdf(template: str, context: dict[str, Any]) -> bytes:
    """The document that a template makes; see `laid_out`. Raises NoPango."""
    return laid_out(template, context)[0]


def laid_out(template: str, context: dict[str, Any]) -> tuple[bytes, int]:
    """The document that a template makes, and how many pages it has.

    The template extends documents/layout.html, which sets language, title and styles. Nothing is fetched: what a document
    shows (styles, charts, codes) stands in its own text. Raises NoPango.
    """
    html = get_template(template).render({"organisation_name": settings.ORGANISATION_NAME} | context)
    try:
        import weasyprint  # late: it needs Pango, and takes half a second
    except OSError:
        raise NoPango from None
    nothing_fetched = weasyprint.urls.URLFetcher(allowed_protocols=("data",))
    document = weasyprint.HTML(string=html, url_fetcher=nothing_fetched).render(pdf_variant=VARIANT)
    return document.write_pdf(pdf_variant=VARIANT), len(document.pages)
