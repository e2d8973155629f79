"""What the organisation picker asks while somebody types."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from crm.forms.organisations import detail_of
from crm.views.base import Page
from guilds.organisations.models import Organisation
from guilds.organisations.queries import pickable, suggest

SHORTEST = 2


class PickOrganisation(Page):
    """Suggestions as JSON: `id`, `name`, and a `detail` that tells namesakes apart. Only what its reader may see."""

    permission_name = "organisation.pick"

    def get(self, request: HttpRequest) -> HttpResponse:
        """`q`: the words so far; `role`: `employer` or `provider`."""
        words = " ".join(request.GET.get("q", "")[:100].split())
        among = pickable(request.user, request.GET.get("role", ""))
        found = suggest(words, among=among) if len(words) >= SHORTEST else []
        answer = JsonResponse([_suggestion(organisation) for organisation in found], safe=False)
        answer["Cache-Control"] = "private, no-store"
        return answer


def _suggestion(organisation: Organisation) -> dict[str, str]:
    return {"id": str(organisation.pk), "name": organisation.name, "detail": detail_of(organisation)}
