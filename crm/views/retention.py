"""How long what about people is kept: the rules, how many they concern now, and doing it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from crm import tasks
from crm.forms.opportunities import VerbForm
from crm.views.base import Page
from crm.views.form_page import FormPage
from guilds.rights import keeping
from guilds.rights.retention import RULES


class Retention(Page):
    """Every rule with how many it concerned when it was last counted."""

    permission_name = "rights.view"
    template_name = "rights/retention.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        counted, done = keeping.last_run(applied=False), keeping.last_run(applied=True)
        due = counted.counts if counted and (done is None or done.at < counted.at) else {}
        rows = [(rule, due.get(rule.model)) for rule in RULES]
        return self.page(
            rows=rows,
            counted=counted if due else None,
            done=done,
            total=sum(due.values()),
            by_clock=settings.RETENTION_APPLY,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Count anew; nothing is erased."""
        keeping.dry_run(by=request.user, at=timezone.now())
        messages.success(request, "It is counted anew")
        return redirect("retention")


class ApplyRetention(FormPage):
    """Erase what is due: asked once more, because it can't be undone."""

    permission_name = "rights.change"
    heading, submit_label = "Erase what is no longer needed", "Erase for good"
    done = "It is being erased. Look again in a while"

    def form(self, *args: Any, **kwargs: Any) -> VerbForm:
        """Nothing is asked."""
        return VerbForm(*args, **kwargs)

    def act(self, form: VerbForm) -> str:
        """Have it done by the queue."""
        if not tasks.ask(tasks.apply_retention, str(self.request.user.pk)):
            messages.warning(self.request, "The queue is away, so nothing was erased: try again later")
        return self.way_back()

    def way_back(self) -> str:
        """The rules."""
        return reverse("retention")

    def words(self) -> dict[str, Any]:
        """How many."""
        counted = keeping.last_run(applied=False)
        total = sum(counted.counts.values()) if counted else 0
        explained = (
            f"By the last count this concerns {total} records; they are looked for again now. Nobody can bring back what "
            "is erased. Figures stay as they are."
        )
        return super().words() | {"explained": explained, "grave": True}
