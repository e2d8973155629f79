"""One decision on several rows of a list: those that were ticked, or all that its filters leave; what is refused is told."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from crm.views.form_page import FormPage
from crm.views.list_table import kept_query

#: How many of them the page names.
NAMED = 20
#: What the address says besides how the list looks.
_ASKED = ("verb", "chosen", "all")


class ChosenPage(FormPage):
    """Says how many it is about and asks once what is needed; then decides on exactly these, whatever has come in since.

    `verbs` are those of the address; `filterset_class` and `list_name` the list's own, `order` says which of its rows come
    first where there are more than `most`, as many as are decided in one go.
    """

    filterset_class: ClassVar[Any]
    list_name: ClassVar[str]
    verbs: ClassVar[dict[str, Any]]
    order: ClassVar[str]
    most: ClassVar[int] = 500
    #: Whether the filters leave more than are decided in one go.
    beyond = False

    def seen(self) -> QuerySet:
        """The list's rows that this person sees, with what the page names."""
        raise NotImplementedError

    def sources(self) -> Iterable[str] | None:
        """The statuses that the verb is for; None for any."""
        raise NotImplementedError

    def fits(self, record: Any) -> bool:
        """Whether the verb is possible for this record now, and this person may."""
        raise NotImplementedError

    def decide(self, form: Any) -> tuple[int, list[str]]:
        """Do it to each of the able: how many were changed, and what was refused, in words."""
        raise NotImplementedError

    def said(self, changed: int) -> str:
        """What was done, to how many."""
        raise NotImplementedError

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """The form; without anything chosen, back to the list."""
        assert self.verb  # else it is not found
        if not self.chosen and not self.asked_for:
            messages.warning(request, "Choose one or more of the rows first")
            return redirect(self.way_back())
        return super().get(request, **kwargs)

    @cached_property
    def verb(self) -> Any:
        """The verb that was asked for. Raises Http404 for one that does not exist."""
        name = self.request.GET.get("verb", "")
        if name not in self.verbs:
            raise Http404
        return self.verbs[name]

    @property
    def asked_for(self) -> list[str]:
        """The ids that were ticked."""
        return self.request.GET.getlist("chosen")

    @cached_property
    def chosen(self) -> list[Any]:
        """What it is about, as far as this person sees it: what was shown and confirmed, ticked, or left by the filters."""
        if self.request.method == "POST" and "about" in self.request.POST:
            return self._of(self.request.POST["about"].split(","))
        if self.request.method == "POST" or "all" not in self.request.GET:
            return self._of(self.asked_for)
        return self._left()

    def _of(self, words: list[str]) -> list[Any]:
        return list(self.seen().filter(pk__in=_ids(words[: self.most])))

    def _left(self) -> list[Any]:
        """What the filters leave in a state that the verb is for, until as many are found as can be decided on."""
        left, able = list[Any](), 0
        for record in self._fitting().iterator(chunk_size=1000):
            able += self.fits(record)
            self.beyond = able > self.most
            if self.beyond:
                break
            left.append(record)
        return left

    def _fitting(self) -> QuerySet:
        asked = self._without(*_ASKED, "ordering", "columns")
        filters = self.filterset_class(asked, queryset=self.seen(), request=self.request)
        fitting = filters.qs.order_by(self.order, "id") if filters.form.is_valid() else self.seen().none()
        sources = self.sources()
        return fitting if sources is None else fitting.filter(status__in=sources)

    @cached_property
    def able(self) -> list[Any]:
        """Those that it can be done with now, by this person."""
        return [record for record in self.chosen if self.fits(record)]

    def act(self, form: Any) -> str:
        """Decide on all of them; what is refused is told and holds up no other."""
        late = len(self.chosen) - len(self.able)
        changed, refused = self.decide(form)
        self.words_of_it = self.said(changed)
        for words in refused[:NAMED]:
            messages.error(self.request, words)
        more = late + max(len(refused) - NAMED, 0)
        if more:
            messages.error(self.request, f"{more} more stay as they are: somebody else has decided on them meanwhile")
        return self.way_back()

    @property
    def done(self) -> str:  # type: ignore[override]
        """How many were changed; nothing new is said of a form that was sent twice."""
        return getattr(self, "words_of_it", "This was done already")

    def way_back(self) -> str:
        """The list with its filters."""
        query = kept_query(self._without(*_ASKED))
        return f"{reverse(self.list_name)}?{query}" if query else reverse(self.list_name)

    def _without(self, *names: str) -> QueryDict:
        kept = self.request.GET.copy()
        for name in names:
            kept.pop(name, None)
        return kept

    def words(self) -> dict[str, Any]:
        """What is about to be done, to how many; `decided_on` says to which, for the form to send along."""
        able = {record.pk for record in self.able}
        unable = [record for record in self.chosen if record.pk not in able]
        return {
            "heading": self.verb.words,
            "submit_label": f"{self.verb.words} ({len(self.able)})",
            "explained": self.verb.explained,
            "grave": self.verb.grave,
            "decided_on": ",".join(str(record.pk) for record in self.able),
            "able": self.able[:NAMED],
            "more": max(len(self.able) - NAMED, 0),
            "unable": unable[:NAMED],
            "unable_in_all": len(unable),
            "unable_more": max(len(unable) - NAMED, 0),
            "most": self.most if self.beyond else None,
        }


def _ids(words: list[str]) -> list[UUID]:
    found = []
    for word in words:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found
