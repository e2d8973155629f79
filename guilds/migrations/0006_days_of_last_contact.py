"""The day of the last call, meeting or message with each organisation, from the notes that there are."""

from django.db import migrations
from django.db.models import Max

BATCH = 500


def fill(apps, editor):
    """Each organisation with notes gets the day of the latest."""
    organisation, interaction = (apps.get_model("guilds", name) for name in ("Organisation", "Interaction"))
    last = dict(interaction.objects.order_by().values_list("organisation").annotate(day=Max("happened_on")))
    ids = sorted(last)
    for start in range(0, len(ids), BATCH):
        rows = list(organisation.objects.filter(pk__in=ids[start : start + BATCH]))
        for row in rows:
            row.last_contact_on = last[row.pk]
        organisation.objects.bulk_update(rows, ["last_contact_on"])


class Migration(migrations.Migration):
    dependencies = [("guilds", "0005_frozen_publications")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
