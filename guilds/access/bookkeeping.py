"""The views of lists that people keep for themselves, and the record of what they took out."""

from collections.abc import Iterable

from django.db import transaction

from guilds.access.models import ExportLog, SavedView, User
from guilds.audit.checking import check


@transaction.atomic
def save_view(*, user: User, page: str, name: str, query: str, usual: bool = False) -> SavedView:
    """Keep a list as it is shown now, under a name; a view of that name is replaced. Raises ValidationError keyed by field."""
    view = SavedView.objects.filter(user=user, page=page, name=name.strip()).first()
    view = view or SavedView(user=user, page=page, name=name.strip())
    view.query = query
    check(view)
    view.save()
    return make_usual(view=view) if usual else view


@transaction.atomic
def make_usual(*, view: SavedView, usual: bool = True) -> SavedView:
    """Have a list begin with this view, or no longer."""
    for former in SavedView.objects.select_for_update().filter(user=view.user_id, page=view.page, is_usual=True):
        former.is_usual = False
        former.save(update_fields=["is_usual"])
    view.is_usual = usual
    view.save(update_fields=["is_usual"])
    return view


def rename_view(*, view: SavedView, name: str) -> SavedView:
    """Give a view another name. Raises ValidationError where another has it."""
    view.name = name.strip()
    check(view)
    view.save(update_fields=["name"])
    return view


def drop_view(*, view: SavedView) -> None:
    """Forget a view."""
    view.delete()


def log_export(*, by: User, list_name: str, filters: str, columns: Iterable[str], rows: int, format: str) -> ExportLog:
    """Note that somebody takes rows out of the system."""
    return ExportLog.objects.create(
        user=by, list_name=list_name, filters=filters[:1500], columns=list(columns), rows=rows, format=format
    )
