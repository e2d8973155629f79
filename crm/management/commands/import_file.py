"""Load a file of one kind: `import_file engagements events.csv`."""

from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guilds.access.models import User
from guilds.importing.apply import COUNTS, Summary, run
from guilds.importing.models import Kind
from guilds.importing.reading import UnreadableFile


class Command(BaseCommand):
    """Exit status 0 only if no row was refused."""

    help = (
        "Load a CSV or XLSX file (outlines of districts: GeoJSON). "
        "Refused rows are written beside it, ready to be corrected and loaded again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", metavar="KIND", help=f"one of: {', '.join(Kind.values)}")
        parser.add_argument("path", metavar="PATH", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--user", metavar="EMAIL", help="who imports; without it, the system itself")
        parser.add_argument("--encoding", metavar="E", help="for a file whose encoding is guessed wrongly")

    def handle(
        self, *args, kind: str, path: Path, dry_run: bool, user: str | None, encoding: str | None, **options
    ) -> None:
        try:
            summary = run(
                kind=kind,
                path=path,
                by=_user(user),
                dry_run=dry_run,
                encoding=encoding,
                progress=self._progress if options["verbosity"] > 1 else None,
            )
        except (UnreadableFile, PermissionDenied) as error:
            raise CommandError(str(error)) from None
        self._print(summary, dry_run)
        if summary.refused:
            raise SystemExit(1)

    def _progress(self, done: int) -> None:
        self.stderr.write(f"{done:,} rows")

    def _print(self, summary: Summary, dry_run: bool) -> None:
        for row, outcome, column, message in summary.problems:
            self.stdout.write(f"row {row}: {outcome}: {column}: {message}")
        self.stdout.write(
            f"{summary.kind.value} in the layout {summary.layout} ({summary.encoding})"
            + (", dry run: nothing was changed" if dry_run else "")
        )
        for name in COUNTS:
            self.stdout.write(f"{name}: {summary.counts[name]}")
        if summary.batch:
            self.stdout.write(f"import: {summary.batch.pk}")
        if summary.refused_path:
            self.stdout.write(f"refused rows: {summary.refused_path}")


def _user(email: str | None) -> User | None:
    if not email:
        return None
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"There is no active user {email}")
    return user
