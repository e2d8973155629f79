"""Beside a picker: an organisation that the registry does not have is added before anything else is saved."""

from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest

from crm.forms.missing_organisations import ADD, MissingOrganisation
from crm.views.once import token_of
from guilds.access.models import User
from guilds.access.once import answer_once, digest
from guilds.access.permissions import allowed
from guilds.organisations import actions
from guilds.organisations.models import Organisation
from guilds.organisations.queries import pickable


def press(request: HttpRequest, missing: MissingOrganisation) -> None:
    """Do what a button beside a picker says. Raises PermissionDenied for who may add nothing."""
    if not allowed(request.user, "organisation.add"):
        raise PermissionDenied
    if missing.asked == ADD:
        missing.form.look_for(pickable(request.user, missing.sought))
        if missing.form.is_valid():
            _add(request, missing)


def _add(request: HttpRequest, missing: MissingOrganisation) -> None:
    """Pick the look-alike that was meant, or register what was described; pressed twice, it is registered once."""
    if chosen := missing.form.chosen:
        return missing.pick(chosen)
    user, facts = cast(User, request.user), missing.form.facts()
    key = digest(token_of(request.POST), missing.box, repr(facts))

    def register() -> tuple[int, str]:
        return 201, str(actions.register(by=user, **facts).pk)

    try:
        made = answer_once(user=user, key=f"missing:{key}", digest=key, produce=register)
    except ValidationError as refusal:
        return missing.form.show(refusal)
    return missing.pick(Organisation.objects.get(pk=made.body))
