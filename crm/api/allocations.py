"""Allocations: parts of pledges asked for by, or given to, schools and colleges."""

from typing import Any

from django.urls import reverse
from rest_framework.request import Request

from crm.api.fields import ReasonInput
from crm.api.pledge_shapes import AllocationShape
from crm.api.resources import Resource, verb, written
from crm.filtersets.pledges import AllocationFilterSet
from guilds.pledges import actions
from guilds.pledges.models import Allocation


class Allocations(Resource):
    """They are made by the pledge's verb `allocate`."""

    model = Allocation
    filterset_class = AllocationFilterSet
    shape = AllocationShape
    permission_names = {
        "list": "pledge.view",
        "retrieve": "pledge.view",
        "agree": "pledge.match",
        "decline": "pledge.match",
        "release": "pledge.release",
    }

    def fetched(self, rows):
        return rows.select_related("pledge") if self.detail else rows

    def subject(self, record: Allocation) -> Any:
        """Giving is for whoever leads the pledge; giving back for the school or college too."""
        return record.pledge if self.action in ("agree", "decline") else record

    def represent(self, record: Allocation) -> dict[str, Any]:
        return _fields(record)

    @verb()
    def agree(self, record: Allocation, fields: dict[str, Any]) -> None:
        """Give what was asked for."""
        actions.agree(by=self.user, allocation=record)

    @verb(ReasonInput)
    def decline(self, record: Allocation, fields: dict[str, Any]) -> None:
        """Say no to a request."""
        actions.decline(by=self.user, allocation=record, **fields)

    @verb(ReasonInput)
    def release(self, record: Allocation, fields: dict[str, Any]) -> None:
        """Give the places back."""
        actions.release(by=self.user, allocation=record, **fields)


def represent(request: Request, record: Allocation) -> dict[str, Any]:
    """An allocation as its own address answers."""
    times = {"created_at": written(record.created_at), "updated_at": written(record.updated_at)}
    address = request.build_absolute_uri(reverse("api:allocation-detail", args=[record.pk]))
    return {"id": str(record.pk), "url": address} | times | _fields(record)


def _fields(record: Allocation) -> dict[str, Any]:
    return {
        "pledge": str(record.pledge_id),
        "provider": str(record.provider_id),
        "quantity": record.quantity,
        "status": record.status,
        "note": record.note,
    }
