"""The domain as a Django application."""

from django.apps import AppConfig


class GuildsConfig(AppConfig):
    """All topics are one application: one registry of models, one migration history."""

    name = "guilds"
