"""What people have typed into forms and not sent yet: one draft for each person and form, seen by nobody else."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from guilds.access.models import AnsweredRequest, Draft, User
from guilds.audit.refusals import refuse

#: Characters that a draft may have, as it is kept: the longest form with 200 full rows needs a tenth of it.
LARGEST = 500_000
Fields = Mapping[str, list[str]]


def draft_of(user: User, form: str) -> Draft | None:
    """The draft that this person has of a form."""
    return Draft.objects.visible_to(user).filter(form=form).first()


@transaction.atomic
def keep(*, user: User, form: str, fields: Fields, at: datetime) -> Draft:
    """Keep what is typed by now, in place of what was kept before. Raises ValidationError on "fields" if it is too much."""
    if len(json.dumps(fields)) > LARGEST:
        raise refuse("fields", "This is more than a draft can hold: save the form itself", "too_long")
    Draft.objects.bulk_create(
        [Draft(user=user, form=form, fields=dict(fields), saved_at=at)],
        update_conflicts=True,
        unique_fields=["user", "form"],
        update_fields=["fields", "saved_at"],
    )
    return Draft.objects.get(user=user, form=form)


def throw_away(*, user: User, form: str) -> None:
    """Forget the draft of a form, if there is one."""
    Draft.objects.filter(user=user, form=form).delete()


def forget_old(before: datetime) -> int:
    """Forget drafts that nobody has gone on with since a moment. Gives their number."""
    return Draft.objects.filter(saved_at__lt=before).delete()[0]


def was_sent(user: User, key: str) -> bool:
    """Whether the form that a key stands for has made its record already: then what is typed in it is no draft."""
    return AnsweredRequest.objects.filter(user=user, key=key, status__isnull=False).exists()
