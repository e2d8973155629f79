#!/usr/bin/env python
"""Django's command line: `.venv/bin/python manage.py help`."""

import os
import sys


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Django is not installed here: run `make demo` or `make test` first, then use .venv/bin/python manage.py"
        )
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
