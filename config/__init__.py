"""Settings, addresses, the queue and the server's entry point."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
