"""The demonstration's database, made and filled if it is empty: `python -m running.database`.

A process of its own, so that what it loads does not stay in memory. Prints how to sign in, as JSON, on its last line.
"""

import json
import os
from io import StringIO
from typing import Any

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError

from running.problems import Problem, command, say


def main() -> int:
    """Bring it up to date, fill it, tell who can sign in."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    try:
        django.setup()
        _prepare()
    except (ImproperlyConfigured, CommandError) as error:
        raise Problem(str(error)) from None
    except DatabaseError as error:
        raise Problem(f"The database can't be used: {' '.join(str(error).split())}") from None
    say(json.dumps(_sign_ins()))
    return 0


def _prepare() -> None:
    from crm.demonstration import loading

    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_reference", verbosity=0, stdout=StringIO())
    if not loading.is_loaded() and not loading.holds_data():
        say("Loading the demonstration")
        call_command("load_demo", verbosity=0, stdout=StringIO())


def _sign_ins() -> dict[str, Any]:
    """The people that there are, and the password that load_demo gave them all."""
    from django.conf import settings

    from crm.views.sign_in import DEMONSTRATION_PEOPLE, demonstration_people

    kept = settings.VAR_DIR / "demo_password"
    return {
        "people": {
            person["user"].email: DEMONSTRATION_PEOPLE[person["user"].email] for person in demonstration_people()
        },
        "password": kept.read_text().strip() if kept.is_file() else None,
    }


if __name__ == "__main__":
    command(main)
