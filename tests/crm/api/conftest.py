"""Callers of each role."""

import pytest

from tests.crm.api.caller import Caller
from tests.factories import make_administrator, make_commission_member, make_coordinator


@pytest.fixture
def administrator(db) -> Caller:
    return Caller(make_administrator())


@pytest.fixture
def coordinator(db) -> Caller:
    """Of Hospitality and Tourism."""
    return Caller(make_coordinator("hospitality-tourism"))


@pytest.fixture
def other_coordinator(db) -> Caller:
    return Caller(make_coordinator("sciences"))


@pytest.fixture
def commission(db) -> Caller:
    return Caller(make_commission_member())
