"""What all filter sets promise to pages and API alike."""

import importlib
import pkgutil
from types import SimpleNamespace

import pytest
from django.db.models import NOT_PROVIDED

import crm.filtersets
from crm.filtersets.base import ListFilterSet
from crm.filtersets.engagements import EngagementFilterSet
from guilds.access.models import Role, User
from guilds.engagement.models import Engagement
from tests.factories import make_district, make_engagement, make_guild, make_school

for module in pkgutil.iter_modules(crm.filtersets.__path__, "crm.filtersets."):
    importlib.import_module(module.name)
ALL = sorted(ListFilterSet.__subclasses__(), key=lambda filters: filters.__name__)


@pytest.mark.parametrize("filters", ALL)
def test_orderings_are_columns_that_are_never_empty(filters):
    """A page that goes on after a row must be able to compare with it."""
    for name in set(filters.orderings) - set(filters.worked_out):
        field = filters._meta.model._meta.get_field(name)
        assert not field.null, name
        assert not field.is_relation, name
        assert field.default is not None or field.default is NOT_PROVIDED


@pytest.mark.django_db
@pytest.mark.parametrize("filters", ALL)
def test_every_filter_has_a_label_and_nothing_given_filters_nothing(filters):
    assert all(each.label for each in filters.base_filters.values())
    reader = SimpleNamespace(user=User(role=Role.ADMINISTRATOR))
    nothing, rows = dict.fromkeys(filters.base_filters, ""), filters._meta.model.objects.none()
    bound = filters(nothing, queryset=rows, request=reader)
    assert bound.is_valid(), bound.errors


@pytest.mark.django_db
@pytest.mark.parametrize("filters", ALL)
def test_what_one_request_fills_in_is_not_anothers(filters):
    reader = SimpleNamespace(user=User(role=Role.ADMINISTRATOR))
    one, other = (filters({}, queryset=filters._meta.model.objects.none(), request=reader) for _ in range(2))
    for name, base in filters.base_filters.items():
        mine, theirs = one.filters[name], other.filters[name]
        assert (mine.parent, theirs.parent, getattr(base, "parent", None)) == (one, other, None)
        assert mine.extra is not theirs.extra and mine.extra is not base.extra
        assert mine.field is not theirs.field and not hasattr(base, "_field")
        assert mine.method is None or (mine.filter.f, theirs.filter.f) == (mine, theirs)


@pytest.mark.django_db
def test_form_offers_guilds_and_county_wide():
    make_guild(), make_district()
    choices = dict(EngagementFilterSet().form["guild"].field.choices)
    assert {str(value): str(label) for value, label in choices.items()} == {
        "": "All",
        "county-wide": "County-wide",
        "hospitality-tourism": "Hospitality Tourism",
    }


@pytest.mark.django_db
def test_an_engagement_with_two_rows_of_a_school_comes_once():
    school = make_school()
    make_engagement(attendances=[{"provider": school, "year_group": "9"}, {"provider": school, "year_group": "10"}])
    found = EngagementFilterSet({"provider": str(school.pk)}, queryset=Engagement.objects.all())
    assert found.qs.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["perhaps", "2", "tru"])
def test_yes_and_no_are_not_guessed(value):
    filters = EngagementFilterSet({"missing_numbers": value}, queryset=Engagement.objects.all())
    assert list(filters.errors) == ["missing_numbers"]


@pytest.mark.django_db
@pytest.mark.parametrize(("value", "found"), [("true", 1), ("on", 1), ("1", 1), ("false", 1), ("0", 1), ("", 2)])
def test_yes_and_no_as_boxes_and_programs_say_them(value, found):
    make_engagement(status="delivered", attendances=[{"provider": make_school()}])
    make_engagement()
    filters = EngagementFilterSet({"missing_numbers": value}, queryset=Engagement.objects.all())
    assert filters.qs.count() == found
