"""Looks through the registry for records that may be the same organisation, as beat does every few hours."""

from typing import Any

from django.core.management.base import BaseCommand

from guilds.merging.finding import find_duplicates


class Command(BaseCommand):
    """Offers likely duplicates."""

    help = "Finds records that may be the same organisation, and offers them at /organisations/duplicates/"

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many are new."""
        self.stdout.write(f"{find_duplicates()} new likely duplicates")
