"""The queue, and what runs by the clock."""

import os

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("guildhall")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["crm"])


@setup_logging.connect
def keep_logging(**_: object) -> None:
    """Worker and clock log as the web server does (settings.LOGGING); Celery's own way would print what it pleases."""
