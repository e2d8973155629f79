"""Board packs and district data packs: read as a page, asked for as a PDF, and fetched when it is ready."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from crm import tasks
from crm.documents.board_pack import board_pack
from crm.documents.district_pack import district_pack
from crm.documents.packs import pack_name
from crm.forms.opportunities import VerbForm
from crm.forms.packs import DistrictPackForm
from crm.views.base import Page, RecordPage
from crm.views.form_page import FormPage
from crm.views.impact import FiguresPage, earliest_month
from crm.views.publications import PublicationPage
from guilds.access.permissions import allowed
from guilds.audit.refusals import Conflict
from guilds.impact.periods import Period
from guilds.publishing import pack_actions as actions
from guilds.publishing.packs import Pack
from guilds.reference.models import District

#: How many earlier packs a page lists.
_EARLIER = 10
_QUEUE_AWAY = "The queue is away: the pack is made as soon as it is back"


def address_of(pack: Pack) -> str:
    """The page of a pack."""
    return reverse("pack", args=[pack.pk])


def made_soon(request: HttpRequest, pack: Pack) -> str:
    """Have a pack made as soon as it is safely asked for, and give the address where to wait for it."""

    def ask() -> None:
        if not tasks.ask(tasks.make_pack, str(pack.pk)):
            messages.warning(request, _QUEUE_AWAY)

    transaction.on_commit(ask)
    return address_of(pack)


class BoardPackPage(PublicationPage):
    """What a board pack says, as a page, with the PDFs that were made of it."""

    permission_name = "pack.view"
    template_name = "packs/board.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page. Raises Conflict for a draft."""
        if self.record.is_draft:
            raise Conflict("This is a draft: publish it first, because a board pack holds what is published")
        packs = Pack.objects.visible_to(request.user).filter(publication=self.record)[:_EARLIER]
        may_make = allowed(request.user, "pack.make", self.record)
        return self.page(packs=packs, may_make=may_make, **board_pack(self.record))


class NewBoardPack(FormPage, PublicationPage):
    """Ask for the PDF of what is published."""

    permission_name = "pack.make"
    heading, submit_label = "Make the board pack as a PDF", "Make the PDF"
    done = "The pack is asked for"

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """Nothing is asked."""
        return VerbForm(*args, **kwargs)

    def act(self, form: VerbForm) -> str:
        """Ask for it."""
        return made_soon(self.request, actions.ask_for_board_pack(by=self.request.user, publication=self.record))

    def words(self) -> dict[str, Any]:
        """Which figures will be in it."""
        explained = (
            "It holds the figures as they were published. It takes a few seconds, and is kept with the publication."
        )
        return super().words() | {"about": str(self.record), "explained": explained}

    def way_back(self) -> str:
        """The pack as a page."""
        return reverse("board_pack", args=[self.record.pk])


class PackPage(RecordPage):
    """A page about one pack."""

    permission_name = "pack.view"
    record: Pack

    def records(self) -> QuerySet:
        """With what they are about."""
        return Pack.objects.select_related("publication__guild", "publication__district", "district", "made_by")

    def whose(self) -> str:
        """The page that the pack is the PDF of."""
        if self.record.publication_id:  # type: ignore[attr-defined]
            return reverse("board_pack", args=[self.record.publication_id])  # type: ignore[attr-defined]
        return f"{reverse('district_pack', args=[self.record.district_id])}?period={self.record.period}"  # type: ignore[attr-defined]

    def again(self) -> str:
        """Where another one is asked for."""
        if self.record.publication_id:  # type: ignore[attr-defined]
            return reverse("board_pack_new", args=[self.record.publication_id])  # type: ignore[attr-defined]
        return f"{reverse('district_pack_new', args=[self.record.district_id])}?period={self.record.period}"  # type: ignore[attr-defined]


class PackDetail(PackPage):
    """How far it is, and where its file is."""

    template_name = "packs/detail.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; a part of it asks for itself again while the pack is being made."""
        done, doing = cache.get(tasks.pack_progress_key(str(self.record.pk))) or (0, "Waiting for its turn")
        may_make = allowed(request.user, "pack.make", self.record)
        return self.page(pack=self.record, done=done, doing=doing, may_make=may_make)


class PackFile(PackPage):
    """The PDF. Raises Http404 while there is none."""

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        """The download."""
        if not self.record.file:
            raise Http404
        response = FileResponse(self.record.file.open("rb"), as_attachment=True, filename=pack_name(self.record))
        response.headers["Content-Type"] = "application/pdf"
        response.headers["Cache-Control"] = "private, no-store"
        return response


class OfDistrict(Page):
    """A page about one district of Kent and Medway."""

    @cached_property
    def district(self) -> District:
        """The district of the address. Raises Http404 for one that does not exist, or lies outside."""
        seen = District.objects.visible_to(self.request.user).local()
        return get_object_or_404(seen, code=self.kwargs["code"])


class DistrictPackPage(OfDistrict, FiguresPage):
    """What a district's data pack says, as a page, with the PDFs that were made of it."""

    permission_name = "pack.view"
    template_name = "packs/district.html"

    def about(self) -> dict[str, Any]:
        """Whose pack it is."""
        packs = Pack.objects.visible_to(self.request.user).filter(district=self.district)[:_EARLIER]
        may_make = allowed(self.request.user, "pack.make")
        return {"district": self.district, "packs": packs, "may_make": may_make}

    def figures(self, period: Period, form: Any) -> dict[str, Any]:
        """All that the pack says of a period."""
        found = district_pack(self.district, period, self.request.user)
        return {name: value for name, value in found.items() if name not in ("district", "period")}


class NewDistrictPack(OfDistrict, FormPage):
    """Ask for the PDF of a district's figures as they are now."""

    permission_name = "pack.make"
    heading, submit_label = "Make the data pack as a PDF", "Make the PDF"
    done = "The pack is asked for"

    def form(self, *args: Any, **kwargs: Any) -> DistrictPackForm:
        """The period."""
        today = timezone.localdate()
        return DistrictPackForm(*args, today=today, earliest=earliest_month(today), **kwargs)

    def initial(self) -> dict[str, Any]:
        """The period of the page that led here."""
        return {"period": self.request.GET.get("period", "")}

    def act(self, form: DistrictPackForm) -> str:
        """Ask for it."""
        period = form.cleaned_data["period"]
        pack = actions.ask_for_district_pack(by=self.request.user, district=self.district, period=period)
        return made_soon(self.request, pack)

    def words(self) -> dict[str, Any]:
        """Which figures will be in it."""
        explained = "It holds the figures as they are now, and says so. It takes a few seconds, and is kept."
        return super().words() | {"about": self.district.name, "explained": explained}

    def way_back(self) -> str:
        """The pack as a page."""
        return reverse("district_pack", args=[self.district.code])
