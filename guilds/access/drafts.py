"""What people have typed into forms and not sent yet: a few for each person and form, seen by nobody else."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from guilds.access.models import AnsweredRequest, Draft, User
from guilds.audit.refusals import refuse

#: Characters that a draft may have, as it is kept: the longest form with 200 full rows needs a tenth of it.
LARGEST = 500_000
#: How many are kept of one form, and the hidden box by which the windows are told apart in which it is typed.
MOST, MARK = 5, "form_token"
Fields = Mapping[str, list[str]]


def drafts_of(user: User, form: str) -> dict[int, Draft]:
    """The drafts that this person has of a form, by their number; at most MOST, for each window in which it was begun."""
    names = {_name(form, number): number for number in range(1, MOST + 1)}
    found = Draft.objects.visible_to(user).filter(form__in=names)
    return {names[draft.form]: draft for draft in sorted(found, key=lambda draft: names[draft.form])}


def draft_of(user: User, form: str) -> Draft | None:
    """The latest draft that this person has of a form."""
    return max(drafts_of(user, form).values(), key=lambda draft: draft.saved_at, default=None)


@transaction.atomic
def keep(*, user: User, form: str, fields: Fields, at: datetime) -> Draft:
    """Keep what is typed by now, in place of what the same form (by its MARK) kept before, and beside all others.

    Where there are MOST of them, the one that nobody has gone on with for longest makes room. Raises ValidationError on
    "fields" if it is too much.
    """
    if len(json.dumps(fields)) > LARGEST:
        raise refuse("fields", "This is more than a draft can hold: save the form itself", "too_long")
    name = _name(form, _number(drafts_of(user, form), fields))
    Draft.objects.bulk_create(
        [Draft(user=user, form=name, fields=dict(fields), saved_at=at)],
        update_conflicts=True,
        unique_fields=["user", "form"],
        update_fields=["fields", "saved_at"],
    )
    return Draft.objects.get(user=user, form=name)


def throw_away(*, user: User, form: str, number: int) -> None:
    """Forget one draft of a form, if it is there."""
    Draft.objects.filter(user=user, form=_name(form, number)).delete()


def forget_sent(*, user: User, form: str, fields: Fields) -> None:
    """Forget the draft of a form that has been sent; what was begun in another window stays."""
    same = [draft.pk for draft in drafts_of(user, form).values() if _mark(draft.fields) == _mark(fields)]
    Draft.objects.filter(pk__in=same).delete()


def _number(there: Mapping[int, Draft], fields: Fields) -> int:
    same = [number for number, draft in there.items() if _mark(draft.fields) == _mark(fields)]
    free = [number for number in range(1, MOST + 1) if number not in there]
    oldest = sorted(there, key=lambda number: there[number].saved_at)
    return [*same, *free, *oldest][0]


def _mark(fields: Fields) -> list[str]:
    return fields.get(MARK, [])


def _name(form: str, number: int) -> str:
    return form if number == 1 else f"{form}~{number}"


def forget_old(before: datetime) -> int:
    """Forget drafts that nobody has gone on with since a moment. Gives their number."""
    return Draft.objects.filter(saved_at__lt=before).delete()[0]


def was_sent(user: User, key: str) -> bool:
    """Whether the form that a key stands for has made its record already: then what is typed in it is no draft."""
    return AnsweredRequest.objects.filter(user=user, key=key, status__isnull=False).exists()
