"""The demonstration, loaded once for the tests of this folder."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone

from crm.demonstration import loading
from guilds.access.models import User
from tests.crm.api.caller import Caller


@pytest.fixture(scope="package")
def demonstration(django_db_setup, django_db_blocker) -> Iterator[None]:
    """All of it, in a transaction that is taken back after the last of these tests."""
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load(today=timezone.localdate())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def caller(demonstration, db):
    """Give a name before the @ and call the API as that person."""

    def become(name: str) -> Caller:
        return Caller(User.objects.get(email=f"{name}@guildhall.example"))

    return become
