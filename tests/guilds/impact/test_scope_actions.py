"""Saved scopes: what may be said, what is refused, and that links and history stay."""

import pytest

from guilds.audit.models import Event
from guilds.audit.refusals import Overtaken
from guilds.impact.saved_scopes import SavedScope, in_words
from guilds.impact.scope_actions import correct_scope, delete_scope, save_scope
from guilds.organisations.models import Organisation
from tests.factories import make_administrator, make_district, make_guild, make_school, make_school_member
from tests.guilds.refused import refused

pytestmark = pytest.mark.django_db


def test_a_scope_selects_schools_that_fit_all_it_says():
    thanet, ashford = make_district(), make_district("E07000105", "Ashford")
    meant = make_school("Meant", district=thanet, coastal=True, provider_kind="special")
    make_school("Inland", district=ashford, coastal=True, provider_kind="special")
    make_school("Not coastal", district=thanet, provider_kind="special")
    make_school("Grammar", district=thanet, coastal=True, local_kind="grammar")
    scope = save_scope(
        by=None, name="Special by the sea", coastal=True, provider_kinds=["special", "pru_ap"], districts=[thanet.code],
        guild=make_guild(), kind="workshop",
    )  # fmt: skip

    assert list(Organisation.objects.filter(scope.schools)) == [meant]
    assert in_words(scope, {thanet.code: "Thanet"}, {"hospitality-tourism": make_guild()}) == [
        "coastal schools", "kind of school: Special school or Pupil referral unit or alternative provision",
        "district: Thanet", "reached by Hospitality Tourism", "reached through workshop",
    ]  # fmt: skip
    inland = save_scope(by=None, name="Inland", coastal=False)
    assert {school.name for school in Organisation.objects.filter(inland.schools)} == {"Not coastal"}


def test_a_new_name_keeps_the_address_and_history_keeps_the_old_one():
    who = make_administrator()
    scope = save_scope(by=who, name="Coastal schools", coastal=True)
    correct_scope(by=who, scope=scope, name="By the sea", expected_version=1)
    second = save_scope(by=who, name="Coastal schools", coastal=True)

    assert (scope.slug, second.slug) == ("coastal-schools", "coastal-schools-2")
    with pytest.raises(Overtaken):
        correct_scope(by=None, scope=scope, name="Too late", expected_version=1)
    delete_scope(by=who, scope=scope)
    assert [event.verb for event in Event.objects.filter(subject_type="savedscope").order_by("id")] == [
        "saved", "corrected", "saved", "deleted",
    ]  # fmt: skip


def test_what_makes_no_sense_is_refused_by_field():
    save_scope(by=None, name="Coastal schools", coastal=True)

    assert "another name" in refused(save_scope, by=None, name="Coastal schools", coastal=True)["name"][0]
    assert "at least one" in refused(save_scope, by=None, name="Everything")["coastal"][0]
    wrong = refused(
        save_scope, by=None, name="Odd", provider_kinds=["university"], districts=["E99"], local_kinds=["x"]
    )
    assert set(wrong) == {"provider_kinds", "districts", "local_kinds"}


def test_whoever_reads_coverage_sees_scopes_and_nobody_else():
    save_scope(by=None, name="Coastal schools", coastal=True)

    assert not SavedScope.objects.visible_to(make_school_member(make_school("Hill"))).exists()
    assert SavedScope.objects.visible_to(make_administrator()).exists()
