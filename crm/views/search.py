"""One box that looks through everything that its reader may see."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from crm.views.base import Page
from crm.views.organisations_pick import SHORTEST
from crm.views.search_groups import COUNTED, Asked, Found, search, searched_by
from guilds.access.models import User

_LONGEST = 100


class Search(Page):
    """`q`: the words so far. The whole page, or only what was found where a script asks while somebody types.

    Words may name a person, so they are in no log, and the address goes to nobody: not with a link that is followed from
    here, and into no cache.
    """

    permission_name = "search.view"
    template_name = "search/search.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """What the words mean, a few of each kind."""
        words = " ".join(request.GET.get("q", "").replace("\x00", "")[:_LONGEST].split())
        answer = self._answer(words, whole=not getattr(request, "htmx", None))
        answer["Cache-Control"] = "private, no-store"
        answer["Referrer-Policy"] = "strict-origin"
        return answer

    def _answer(self, words: str, *, whole: bool) -> HttpResponse:
        reader = cast(User, self.request.user)
        groups = searched_by(reader)
        looked = len(words) >= SHORTEST
        found = search(Asked(words, reader), groups) if looked else []
        kinds = [group.title.lower() for group in groups]
        context: dict[str, Any] = {
            "words": words,
            "looked": looked,
            "found": found,
            "total": _total(found),
            "kinds": kinds,
            "most": COUNTED,
        }
        return self.page(**context) if whole else render(self.request, "search/found.html", context)


def _total(found: list[Found]) -> dict[str, Any]:
    return {"number": sum(kind.count for kind in found), "more": any(kind.many for kind in found)}
