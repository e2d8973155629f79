"""What is no longer needed of people: `retention` counts it, `retention --apply` erases it."""

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from guilds.rights import keeping
from guilds.rights.retention import RULES


class Command(BaseCommand):
    """Prints each rule with how many it concerns now."""

    help = "Count what the rules of retention would erase now; with --apply erase it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="do it; it can't be undone")

    def handle(self, *args, apply: bool, **options) -> None:
        run = (keeping.apply if apply else keeping.dry_run)(by=None, at=timezone.now())
        for rule in RULES:
            self.stdout.write(f"{run.counts[rule.model]:>8}  {rule.noun}: {rule.what} ({rule.lasts})")
        self.stdout.write("Done" if apply else "Nothing was changed. With --apply this is erased")
