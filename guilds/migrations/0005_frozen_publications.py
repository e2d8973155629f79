"""The database refuses to change what is published."""

from django.db import migrations

from guilds.publishing import freezing


def freeze(apps, schema_editor):
    """Triggers on publications, their figures and their rows."""
    freezing.freeze(schema_editor.connection)


def thaw(apps, schema_editor):
    """Without them, for a migration that is taken back."""
    freezing.thaw(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("guilds", "0004_words_of_names")]

    operations = [migrations.RunPython(freeze, thaw)]
