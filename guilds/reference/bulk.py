"""Loading postcodes and outcodes: too many rows to be saved one by one, and reference data only."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from guilds.reference.models import Outcode, Postcode

_BATCH = 5_000


@transaction.atomic
def load_postcodes(districts: dict[str, str]) -> dict[str, str | None]:
    """Save postcode (bare, "ME141XX") → district code, adding and correcting.

    Gives what was there before for each postcode that is new (None) or has changed; those not in it are as before.
    """
    known: dict[str, Any] = {}
    postcodes = list(districts)
    if Postcode.objects.exists():
        for start in range(0, len(postcodes), _BATCH):
            chunk = Postcode.objects.filter(pk__in=postcodes[start : start + _BATCH])
            known.update(chunk.values_list("pk", "district_id"))
    before = {postcode: known.get(postcode) for postcode, code in districts.items() if known.get(postcode) != code}
    rows = [Postcode(postcode=postcode, district_id=districts[postcode]) for postcode in before]
    Postcode.objects.bulk_create(
        rows, batch_size=_BATCH, update_conflicts=True, unique_fields=["postcode"], update_fields=["district"]
    )
    return before


@transaction.atomic
def restore_postcodes(before: dict[str, str | None]) -> None:
    """Put back what `load_postcodes` said was there before."""
    new = [postcode for postcode, code in before.items() if code is None]
    for start in range(0, len(new), _BATCH):
        Postcode.objects.filter(pk__in=new[start : start + _BATCH]).delete()
    load_postcodes({postcode: code for postcode, code in before.items() if code is not None})


def load_outcodes(outcodes: Iterable[Outcode]) -> None:
    """Save outcodes, adding and correcting."""
    Outcode.objects.bulk_create(
        outcodes, update_conflicts=True, unique_fields=["outcode"], update_fields=["district", "on_border"]
    )
