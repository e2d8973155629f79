"""Files: uploaded, checked, loaded when somebody has seen what that would do, and undone."""

from typing import Any, cast

from django.contrib import messages
from django.core.cache import cache
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from crm import tasks
from crm.exports.lists import IMPORTS
from crm.filtersets.imports import ImportFilterSet
from crm.forms.imports import ColumnsForm, UploadForm
from crm.views.base import RecordPage
from crm.views.form_page import FormPage
from crm.views.lists import ListPage
from crm.views.paging import page_of
from guilds.access.permissions import allowed
from guilds.importing import uploads
from guilds.importing.models import Import, ImportStatus, Outcome
from guilds.importing.refused import write_refused_to

_ROWS = 100
_QUEUE_AWAY = "The queue is away, so nothing happens yet. Try again in a few minutes"
UNDER_WAY = (ImportStatus.RECEIVED, ImportStatus.RUNNING)
UNDOABLE = (ImportStatus.DONE, ImportStatus.STOPPED)


class ImportList(ListPage):
    """What came in from files, latest first."""

    permission_name = "import.view"
    template_name = "imports/list.html"
    filterset_class = ImportFilterSet
    orderings = (("-created_at", "Latest first"), ("created_at", "Earliest first"))
    columns, title = IMPORTS, "Imports"

    def rows(self) -> QuerySet:
        """With who loaded them."""
        return Import.objects.visible_to(self.request.user).select_related("imported_by")

    def extras(self, listing: Any) -> dict[str, Any]:
        """Whether files may be uploaded."""
        return {"may_run": allowed(self.request.user, "import.run")}


class NewImport(FormPage):
    """Upload a file. It is checked first, and loaded when somebody has seen what that would do."""

    permission_name = "import.run"
    template_name = "imports/form.html"
    heading, submit_label = "Load a file", "Check the file"
    done = "The file is here. Nothing has been loaded yet"

    def form(self, *args: Any, **kwargs: Any) -> UploadForm:
        """What it holds, and the file."""
        return UploadForm(*args, user=self.request.user, **kwargs)

    def initial(self) -> dict[str, Any]:
        """The kind that a link names."""
        return {"kind": self.request.GET.get("kind", "")}

    def act(self, form: UploadForm) -> str:
        """Keep it, and have it checked."""
        file, said = form.cleaned_data["file"], form.cleaned_data
        batch = uploads.receive(
            by=self.request.user, kind=said["kind"], filename=file.name, chunks=file.chunks(), encoding=said["encoding"]
        )
        if batch.status == ImportStatus.UNNAMED:
            return reverse("import_columns", args=[batch.pk])
        transaction.on_commit(lambda: _ask(self.request, tasks.plan_import, batch))
        return address_of(batch)

    def words(self) -> dict[str, Any]:
        """Files are sent in parts."""
        return super().words() | {"multipart": True}

    def way_back(self) -> str:
        """The list."""
        return reverse("import_list")


class ImportPage(RecordPage):
    """A page about one import."""

    permission_name = "import.view"
    record: Import

    def records(self) -> QuerySet:
        """With who loaded and undid it."""
        return Import.objects.select_related("imported_by", "undone_by")

    def way_back(self) -> str:
        """The import's own page."""
        return address_of(self.record)


class ImportDetail(ImportPage):
    """How far it is, what it would do or did, and what there is to say about its rows."""

    template_name = "imports/detail.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The page; a part of it asks for itself again while something is under way."""
        batch, user = self.record, cast(Any, request.user)
        undoing = bool(cache.get(tasks.undoing_key(str(batch.pk))))
        return self.page(
            batch=batch,
            done=cache.get(tasks.progress_key(str(batch.pk))) or batch.rows_done,
            under_way=undoing or batch.status in UNDER_WAY,
            undoing=undoing,
            said=page_of(self._said(), request.GET.get("cursor", ""), order="row", size=_ROWS),
            outcomes=Outcome.choices,
            outcome=self._outcome(),
            kept=[row.message for row in batch.rows.filter(outcome=Outcome.KEPT)[:_ROWS]],
            may_run=allowed(user, "import.run"),
            may_undo=allowed(user, "import.run") and batch.status in UNDOABLE and not undoing,
        )

    def _outcome(self) -> str:
        asked = self.request.GET.get("outcome", "")
        return asked if asked in Outcome.values else ""

    def _said(self) -> QuerySet:
        rows = self.record.rows.exclude(outcome=Outcome.KEPT)
        return rows.filter(outcome=self._outcome()) if self._outcome() else rows


class NameColumns(FormPage, ImportPage):
    """Say which column of a file is which, where nobody knows its header."""

    permission_name = "import.run"
    heading, submit_label = "Which column is which?", "Check the file"
    done = "The file is being checked. Nothing has been loaded yet"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form, while it is needed."""
        waiting = self.record.status == ImportStatus.UNNAMED
        return super().get(request, **kwargs) if waiting else redirect(self.way_back())

    def form(self, *args: Any, **kwargs: Any) -> ColumnsForm:
        """One box for each of our columns."""
        return ColumnsForm(*args, batch=self.record, **kwargs)

    def act(self, form: ColumnsForm) -> str:
        """Keep it, and have the file checked."""
        batch = uploads.name_columns(by=self.request.user, batch=self.record, columns=form.columns())
        transaction.on_commit(lambda: _ask(self.request, tasks.plan_import, batch))
        return self.way_back()

    def words(self) -> dict[str, Any]:
        """Which file it is."""
        explained = "No header of a kind that is known was found in it. Choose a column of your file for each of ours."
        return super().words() | {"about": self.record.filename, "explained": explained}


class ImportRefused(ImportPage):
    """The refused rows, in a file that is ready to be corrected and loaded again."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """A download."""
        name = self.record.filename.rsplit(".", 1)[0]
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = _attachment(f"{name}.refused.csv")
        response.write("\ufeff")
        write_refused_to(self.record, cast(Any, response))
        return response


class LoadImport(ImportPage):
    """Load a file that is checked, or go on where loading stopped."""

    permission_name = "import.run"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Agree, and have it loaded."""
        batch = self.record
        if batch.status == ImportStatus.RECEIVED:
            _ask(request, tasks.plan_import, batch)
        elif batch.status != ImportStatus.DONE:
            uploads.agree(by=request.user, batch=batch)
            _ask(request, tasks.load_import, batch)
        return redirect(self.way_back())


class DiscardImport(ImportPage):
    """Forget a file that was not loaded."""

    permission_name = "import.run"

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Forget it."""
        uploads.discard(by=request.user, batch=self.record)
        messages.success(request, "The file is removed. Nothing of it was loaded")
        return redirect("import_list")


class UndoImport(ImportPage):
    """Take back what an import created and what it changed."""

    permission_name = "import.run"
    template_name = "imports/undo.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Ask first."""
        return self.page(batch=self.record) if self.record.status in UNDOABLE else redirect(self.way_back())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Have it undone: a long one takes a while."""
        batch = self.record
        if batch.status in UNDOABLE and cache.add(tasks.undoing_key(str(batch.pk)), 1, 600):
            user = cast(Any, request.user)
            if not tasks.ask(tasks.undo_import, str(batch.pk), str(user.pk)):
                cache.delete(tasks.undoing_key(str(batch.pk)))
                messages.warning(request, _QUEUE_AWAY)
        return redirect(self.way_back())


def address_of(batch: Import) -> str:
    """The address of an import's page."""
    return reverse("import_detail", args=[batch.pk])


def _ask(request: HttpRequest, task: Any, batch: Import) -> None:
    if not tasks.ask(task, str(batch.pk)):
        messages.warning(request, _QUEUE_AWAY)


def _attachment(name: str) -> str:
    return content_disposition_header(True, name) or "attachment"
