"""Records that are here already are found by their words, too."""

from django.db import migrations


def fill(apps, schema_editor):
    from guilds.engagement import words as of_engagements
    from guilds.organisations import words as of_organisations

    of_organisations.rebuild(apps)
    of_engagements.rebuild(apps)


class Migration(migrations.Migration):
    dependencies = [("guilds", "0003_doors")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
