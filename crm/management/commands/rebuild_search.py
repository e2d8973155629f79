"""Make the index of words anew: after records came in past the actions, by a restored backup or by hand."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from guilds.engagement import words as of_engagements
from guilds.organisations import words as of_organisations


class Command(BaseCommand):
    """Changes no record; whoever searches meanwhile finds what was found before."""

    help = "Make anew what search finds organisations and engagements by."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        of_organisations.rebuild()
        of_engagements.rebuild()
        self.stdout.write("Organisations and engagements are found by their words again.")
