"""Take an import back: `undo_import ID`, the id that `import_file` printed."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guilds.importing.models import Import
from guilds.importing.undo import undo


class Command(BaseCommand):
    """Exit status 0 only if all of the import could be taken back."""

    help = "Restore what an import created and what it updated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", metavar="ID")

    def handle(self, *args, id: str, **options) -> None:
        try:
            undone = undo(batch=_import(id))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        for kept in undone.kept:
            self.stdout.write(f"kept: {kept}")
        self.stdout.write(f"removed: {undone.removed}\nrestored: {undone.restored}\nkept: {len(undone.kept)}")
        if undone.kept:
            raise SystemExit(1)


def _import(text: str) -> Import:
    try:
        return Import.objects.get(pk=UUID(text))
    except (ValueError, Import.DoesNotExist):
        raise CommandError(f"There is no import {text}") from None
