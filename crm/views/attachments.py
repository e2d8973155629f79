"""Files beside an engagement: adding one, reading it, removing it."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from crm.forms.attachments import AttachmentForm
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from guilds.engagement import attachment_actions as actions
from guilds.engagement.models import Attachment, Engagement


class OfEngagement(RecordPage):
    """A page about one engagement's files."""

    record: Engagement

    def records(self) -> QuerySet:
        """Engagements."""
        return Engagement.objects.all()

    def way_back(self) -> str:
        """The engagement's own page, at its files."""
        return f"{reverse('engagement_detail', args=[self.record.pk])}#files"

    @cached_property
    def attachment(self) -> Attachment:
        """The file of the address. Raises Http404 for one that is not there for this reader."""
        seen = Attachment.objects.visible_to(self.request.user).select_related("engagement")
        return get_object_or_404(seen, engagement=self.record, pk=self.kwargs["file"])


class AttachFile(OfEngagement, FormPage):
    """Add a file."""

    permission_name = "attachment.change"
    heading = "Attach a file"
    submit_label = "Attach"
    done = "The file is attached"

    def form(self, *args: Any, **kwargs: Any) -> AttachmentForm:
        """One file."""
        return AttachmentForm(*args, **kwargs)

    def words(self) -> dict[str, Any]:
        """With what it is for, and a form that sends files."""
        return super().words() | {"about": self.record.title, "multipart": True}

    def act(self, form: AttachmentForm) -> str:
        """Keep it."""
        file = form.cleaned_data["file"]
        actions.attach(by=self.request.user, engagement=self.record, file=file, name=file.name)
        return self.way_back()


class DownloadAttachment(OfEngagement):
    """The file itself, to be saved and never shown as a page of ours."""

    permission_name = "attachment.view"

    def get(self, request: HttpRequest, **kwargs: Any) -> FileResponse:
        """Its bytes, under the name it came with."""
        kept = self.attachment
        response = FileResponse(kept.file.open("rb"), as_attachment=True, filename=kept.name)
        response.headers["Content-Type"] = kept.content_type
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return response


class DetachFile(OfEngagement):
    """Remove a file, for good: asked once more, because it can't be undone."""

    permission_name = "attachment.change"
    template_name = "engagements/detach.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask."""
        return self.page(attachment=self.attachment, cancel_address=self.way_back())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Do it."""
        name = self.attachment.name
        actions.detach(by=request.user, attachment=self.attachment)
        messages.success(request, f"“{name}” is removed")
        return redirect(self.way_back())
