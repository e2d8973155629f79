#!/usr/bin/env python
"""Django's command line: `.venv/bin/python manage.py help`."""

import os
import sys
from uuid import uuid4


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit(
            "Django is not installed here: run `make demo` or `make test` first, then use .venv/bin/python manage.py"
        )
    from guilds.audit.context import current_request_id

    current_request_id.set(f"command:{uuid4()}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
