"""The queue, and what runs by the clock."""

import os
from contextvars import Token
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun

from guilds.audit.context import current_request_id

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("guildhall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["crm"])


@setup_logging.connect
def keep_logging(**_: object) -> None:
    """Worker and clock log as the web server does (settings.LOGGING); Celery's own way would print what it pleases."""


_begun: dict[str, Token[str]] = {}


@task_prerun.connect
def name_the_task(task_id: str, **_: Any) -> None:
    """What a task changes is told together in history, as what a request changes is."""
    _begun[task_id] = current_request_id.set(f"task:{task_id}")


@task_postrun.connect
def forget_the_task(task_id: str, **_: Any) -> None:
    """The worker's next task has an id of its own."""
    current_request_id.reset(_begun.pop(task_id))
