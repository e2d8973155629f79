"""Count every figure anew: `rebuild_impact`; or only look for differences: `rebuild_impact --check`."""

from django.core.management.base import BaseCommand, CommandParser

from guilds.impact import rebuild


class Command(BaseCommand):
    """Exit status 1 if `--check` finds a difference between the figures and the records."""

    help = "Recompute every aggregate from the records, or compare them with --check."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, print each difference")

    def handle(self, *args, check: bool, **options) -> None:
        if check:
            self._check()
        else:
            rebuild.rebuild()
            self.stdout.write("All figures are counted anew")

    def _check(self) -> None:
        waiting = rebuild.waiting()
        if waiting:
            self.stdout.write(f"still to be counted: {waiting} changes, whose figures differ until then")
        found = 0
        for line in rebuild.differences():
            found += 1
            self.stdout.write(line)
        self.stdout.write(f"differences: {found}")
        if found:
            raise SystemExit(1)
