"""Bring guilds, districts and outcodes into the database, or up to date: `load_reference`."""

from django.core.management.base import BaseCommand

from guilds.reference.loading import load_reference


class Command(BaseCommand):
    """May be run again at any time."""

    help = "Load the guilds, the districts and the outcodes that come with the system. Running it again is harmless."

    def handle(self, *args, **options) -> None:
        for what, count in load_reference().items():
            self.stdout.write(f"{what}: {count}")
