"""Load the demonstration: `load_demo`, or `load_demo --flush` to begin it afresh."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from crm.demonstration import loading


class Command(BaseCommand):
    """Leaves a database that holds anybody's real data alone."""

    help = "Fill an empty database with the demonstration: fictional organisations, and the figures of 2016-17."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--flush", action="store_true", help="empty a demonstration's database first")
        parser.add_argument(
            "--delete-real-data",
            action="store_true",
            help="with --flush: empty the database even if it holds data that are not the demonstration's",
        )

    def handle(self, *args, flush: bool, delete_real_data: bool, **options) -> None:
        if settings.PUBLIC:
            raise CommandError("The demonstration is not for a public installation: see ALLOWED_HOSTS")
        if loading.is_loaded() and not flush:
            self.stdout.write("The demonstration is loaded already: --flush begins it afresh")
            return
        self._make_room(flush, delete_real_data)
        try:
            loading.load(
                today=timezone.localdate(), say=self.stdout.write if options["verbosity"] > 1 else _say_nothing
            )
        except loading.Unloadable as error:
            raise CommandError(f"The demonstration was not loaded:\n{error}") from None
        self.stdout.write(f"The demonstration is loaded. Password of its people: {loading.demo_password()}")

    def _make_room(self, flush: bool, delete_real_data: bool) -> None:
        if loading.is_loaded():
            loading.empty()
        elif loading.holds_data():
            if not (flush and delete_real_data):
                raise CommandError(
                    "This database holds data that are not the demonstration's, so nothing was done. "
                    "--flush --delete-real-data would delete all of it for good."
                )
            loading.empty()


def _say_nothing(line: str) -> None:
    """Nobody asked for details."""
