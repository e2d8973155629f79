"""Measure how fast it is: `bench --rows 100000`."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

_COLUMNS = ("p50_ms", "p95_ms", "rps", "queries", "per_second", "peak_mb")


class Command(BaseCommand):
    """Makes its own data in a database of its own and drives the real servers over HTTP."""

    help = "Print a table of times; docs/performance.md says what they are compared with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", metavar="N", type=int, default=10_000, help="engagements (default 10,000)")
        parser.add_argument("--only", metavar="NAME", nargs="+", default=[], help="only these cases")
        parser.add_argument("--json", metavar="PATH", type=Path, help="write the figures there too")

    def handle(self, *args, rows: int, only: list[str], **options) -> None:
        from config.benchmark.cases import CASES
        from config.benchmark.run import run

        unknown = set(only) - CASES.keys()
        if unknown:
            raise CommandError(f"There is no case {', '.join(sorted(unknown))}: one of {', '.join(CASES)}")
        if rows < 1:
            raise CommandError("--rows: give 1 or more")
        results = [result.as_dict() for result in run(rows=rows, only=only, tell=self.stderr.write)]
        self._print(results)
        if options["json"]:
            options["json"].write_text(json.dumps(results, indent=2) + "\n")

    def _print(self, results: list[dict]) -> None:
        self.stdout.write(f"{'name':<24}{'rows':>12}" + "".join(f"{column:>12}" for column in _COLUMNS))
        for result in results:
            cells = ("" if result[column] is None else f"{result[column]:,}" for column in _COLUMNS)
            self.stdout.write(f"{result['name']:<24}{result['rows']:>12,}" + "".join(f"{cell:>12}" for cell in cells))
