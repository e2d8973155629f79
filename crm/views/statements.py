"""An employer's impact statement of an academic year: a page, a PDF, and links that show both to whoever has them."""

from datetime import date
from functools import cached_property
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from crm.documents.links import address_for, id_in
from crm.documents.pdf import NoPango, pdf
from crm.forms.statements import ShareForm
from crm.rendered import made_once
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.organisation_impact import figures_in
from guilds.access.permissions import allowed
from guilds.impact import share_actions
from guilds.impact.periods import Period, academic_year, parse, previous
from guilds.impact.shares import StatementShare
from guilds.organisations.models import Organisation

#: How many academic years there are to choose from, the latest first.
YEARS = 12
#: The highlights at its head, where they are not nothing.
HIGHLIGHTS = (
    "engagements", "encounters", "schools", "volunteer_hours", "placements_started", "apprenticeships_started",
)  # fmt: skip
#: What whoever has a link sees.
_EXPLAINED = (
    "Whoever has the link sees this year’s figures and what each means: no names of people, schools or learners. "
    "You can end it at any time."
)


def statement_of(employer: Organisation, year: Period, today: date) -> dict[str, Any]:
    """What a statement says, on the page and in the PDF alike."""
    lines = figures_in(employer, year).lines
    return {
        "employer": employer,
        "year": year,
        "today": today,
        "running": year.end >= today,
        "lines": lines,
        "highlights": [line for slug in HIGHLIGHTS for line in lines if line.slug == slug and line.words[0] != "0"],
        "demo": settings.DEMO,
        "brand": settings.BRAND_COLOUR,
    }


def years_until(today: date) -> list[Period]:
    """The academic years to choose from."""
    years = [academic_year(today)]
    while len(years) < YEARS:
        years.append(previous(years[-1]))
    return years


class _StatementPage(RecordPage):
    """A page about one employer's statement."""

    permission_name = "statement.view"
    record: Organisation

    def records(self) -> QuerySet:
        """Employers only: nobody else has a statement."""
        return Organisation.objects.filter(is_employer=True)

    @cached_property
    def year(self) -> Period:
        """The academic year of ``?period=``; without one, this one."""
        today = timezone.localdate()
        try:
            year = parse(self.request.GET["period"])
        except KeyError:
            return academic_year(today)
        except ValidationError:
            raise Http404 from None
        if year != academic_year(year.start) or year.start > today:
            raise Http404
        return year

    def way_back(self) -> str:
        """The statement's page."""
        return address_of(self.record)


class StatementPage(_StatementPage):
    """The figures of a year with what each means, the PDF, and who else may see them."""

    template_name = "statements/statement.html"

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The page."""
        today = timezone.localdate()
        may_share = allowed(request.user, "statement.share", self.record)
        seen = StatementShare.objects.visible_to(request.user).filter(organisation=self.record)
        return self.page(
            **statement_of(self.record, self.year, today),
            years=years_until(today),
            pdf_address=f"{reverse('statement_pdf', args=[pk])}?period={self.year.slug}",
            may_share=may_share,
            shares=[_told(share, request, today) for share in seen.select_related("shared_by")] if may_share else [],
        )


class StatementPdf(_StatementPage):
    """The same as a file."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        """The PDF."""
        return _file(request, self.record, self.year)


class ShareStatement(FormPage, _StatementPage):
    """Make a link that shows a year's statement to whoever has it."""

    permission_name = "statement.share"
    heading, submit_label, done = "Share a statement", "Make a link", "The link is made: copy it from the list"

    def initial(self) -> dict[str, Any]:
        """The year that was looked at."""
        return {"period": self.year.slug}

    def form(self, *args: Any, **kwargs: Any) -> ShareForm:
        """Which year, and until when."""
        return ShareForm(*args, years=years_until(timezone.localdate()), **kwargs)

    def act(self, form: ShareForm) -> str:
        """Make it."""
        share = share_actions.share(by=self.request.user, organisation=self.record, **form.facts())
        return f"{self.way_back()}?period={share.period}#links"

    def words(self) -> dict[str, Any]:
        """What whoever has the link sees."""
        return super().words() | {"about": self.record.name, "explained": _EXPLAINED}


class EndShare(_StatementPage):
    """End a link: one press."""

    permission_name = "statement.share"

    def post(self, request: HttpRequest, pk: Any, share: Any) -> HttpResponse:
        """End it."""
        seen = StatementShare.objects.visible_to(request.user).filter(organisation=self.record)
        ended = share_actions.revoke(by=request.user, share=get_object_or_404(seen, pk=share))
        messages.success(request, "The link is ended: it answers no more")
        return redirect(f"{self.way_back()}?period={ended.period}#links")


@require_safe
def shared_statement(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody sees who has a link. Unknown, ended or over: 404."""
    share, today = _shared(token), timezone.localdate()
    context = statement_of(share.organisation, parse(share.period), today)
    address = reverse("shared_statement_pdf", args=[token])
    return _kept_private(render(request, "statements/shared.html", context | {"pdf_address": address}))


@require_safe
def shared_statement_pdf(request: HttpRequest, token: str) -> HttpResponse:
    """The file of a link."""
    share = _shared(token)
    return _kept_private(_file(request, share.organisation, parse(share.period)))


shared_statement.permission_name = "public"  # type: ignore[attr-defined]
shared_statement_pdf.permission_name = "public"  # type: ignore[attr-defined]


def address_of(employer: Organisation) -> str:
    """The address of an employer's statement."""
    return reverse("statement", args=[employer.pk])


def _shared(token: str) -> StatementShare:
    working = StatementShare.objects.working(timezone.localdate()).select_related("organisation")
    return get_object_or_404(working, pk=id_in(token))


def _told(share: StatementShare, request: HttpRequest, today: date) -> dict[str, Any]:
    works = share.revoked_at is None and (share.ends_on is None or share.ends_on >= today)
    return {"share": share, "works": works, "address": request.build_absolute_uri(address_for(share))}


def _file(request: HttpRequest, employer: Organisation, year: Period) -> HttpResponse:
    today, template = timezone.localdate(), "documents/statement.html"
    try:
        made = made_once(
            template,
            (employer.pk, year.slug),
            today=today,
            make=lambda: pdf(template, statement_of(employer, year, today)),
        )
    except NoPango as lacking:
        return render(request, "statements/no_pdf.html", {"reason": str(lacking)}, status=503)
    response = HttpResponse(made, content_type="application/pdf")
    name = f"{slugify(employer.name)[:60]}-{year.slug}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _kept_private(response: HttpResponse) -> HttpResponse:
    """For whoever has the link, and nobody whom they did not give it to: no search engine, no cache, no referrer."""
    for name, value in {
        "X-Robots-Tag": "noindex, nofollow", "Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer",
    }.items():  # fmt: skip
        response.headers[name] = value
    return cast(HttpResponse, response)
