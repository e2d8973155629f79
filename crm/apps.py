"""The doors as a Django application."""

from django.apps import AppConfig


class CrmConfig(AppConfig):
    """Connects what must happen after a change with the queue that does it."""

    name = "crm"

    def ready(self) -> None:
        from crm.tasks import wake
        from guilds.audit import outbox

        outbox.call_after_commit(wake)
