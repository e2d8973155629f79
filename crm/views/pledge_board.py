"""The board: pledges by how far they have come. Cards move by what is done about them, by buttons."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from crm.addresses import record_address
from crm.filtersets.pledge_list import BoardFilterSet
from crm.views.base import Page
from crm.views.once import new_token
from guilds.access.permissions import allowed
from guilds.pledges import board
from guilds.pledges.models import Pledge

#: What can be done next with a card, by stage: permission, words and the page that does it.
NEXT = {
    board.Stage.UNMATCHED: ("pledge.match", "Match", "pledge_match"),
    board.Stage.MATCHED: ("pledge.match", "Record what was delivered", "pledge_credit"),
    board.Stage.PARTLY: ("pledge.match", "Record what was delivered", "pledge_credit"),
}


class PledgeBoard(Page):
    """Columns with their numbers and the first of their pledges; each leads on to the list of exactly these."""

    permission_name = "pledge.board"
    template_name = "pledges/board.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The board that the address asks for; filters that make no sense are told, and then nothing is shown."""
        filters = BoardFilterSet(request.GET, queryset=Pledge.objects.visible_to(request.user), request=request)
        for field in filters.form.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        sound = filters.form.is_valid()
        lanes = board.lanes(filters.qs) if sound else []
        asked = {name: str(value) for name, value in request.GET.items() if name in filters.form.fields and value}
        return self.page(
            filters=filters.form,
            filtered=bool(asked),
            lanes=[self._lane(lane, asked) for lane in lanes],
            nothing=not any(lane.number for lane in lanes),
            form_token=new_token(),
        )

    def _lane(self, lane: board.Lane, asked: dict[str, str]) -> dict[str, Any]:
        address = f"{reverse('pledge_list')}?{urlencode(asked | {'stage': lane.stage.value})}"
        return {"lane": lane, "address": address, "cards": [self._card(card, lane.stage) for card in lane.cards]}

    def _card(self, card: Pledge, stage: board.Stage) -> dict[str, Any]:
        permission, words, name = NEXT.get(stage, ("", "", ""))
        may = bool(permission) and allowed(self.request.user, permission, card)
        verify = stage == board.Stage.VERIFY and allowed(self.request.user, "pledge.verify", card)
        return {
            "pledge": card,
            "verify": verify,
            "words": words,
            "address": record_address(name, card.pk) if may else "",
        }
