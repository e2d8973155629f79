"""Users and API keys."""

import pytest

from guilds.access import actions
from guilds.access.models import ApiClient, User
from guilds.audit.models import Event
from tests.factories import (
    make_administrator,
    make_commission_member,
    make_coordinator,
    make_employer,
    make_employer_member,
    make_guild,
    make_school,
    make_user,
)
from tests.guilds.refused import refused

pytestmark = pytest.mark.django_db


def test_an_email_is_one_persons_whatever_its_case():
    user = make_user("administrator", email="Ada@Guildhall.example")
    assert user.email == "ada@guildhall.example"
    assert refused(make_user, "administrator", email="ADA@guildhall.example") == {
        "email": ["Somebody has this e-mail already"]
    }


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"role": "boss"}, "role"),
        ({"role": "employer"}, "organisation"),
        ({"role": "administrator", "guilds": ["sciences"]}, "guilds"),
        ({"role": "administrator", "email": "nobody"}, "email"),
    ],
)
def test_who_can_not_be_is_refused(fields, field):
    assert list(refused(make_user, **fields)) == [field]


def test_members_are_of_an_organisation_of_their_sort():
    school, employer = make_school(), make_employer()
    assert refused(make_user, "employer", organisation=school) == {
        "organisation": [f"{school} is not an employer: choose one"]
    }
    assert "organisation" in refused(make_user, "school", organisation=employer)
    assert "organisation" in refused(make_user, "commission", organisation=employer)


def test_history_knows_guilds_and_never_passwords():
    user = make_user("coordinator", guilds=["sciences"], password="correct horse")
    actions.set_password(by=None, user=user, password="battery staple")
    for event in Event.objects.about(user):
        assert event.after["guilds"] == ["sciences"]
        assert "password" not in event.after
    assert User.objects.get(pk=user.pk).check_password("battery staple")
    assert [event.verb for event in Event.objects.about(user)] == ["password set", "created"]


def test_a_coordinator_changes_guilds():
    user = make_coordinator("sciences")
    assert user.guild_slugs == {"sciences"}
    actions.correct_user(by=make_administrator(), user=user, guilds=[make_guild("land-based")])
    assert user.guild_slugs == {"land-based"}
    assert Event.objects.about(user)[0].before["guilds"] == ["sciences"]
    assert "guilds" in refused(actions.correct_user, by=None, user=user, role="administrator")
    actions.correct_user(by=None, user=user, role="administrator", guilds=[])


def test_a_closed_account_opens_nothing():
    user = make_coordinator()
    client, _ = actions.create_api_client(by=user, name="Sheet", user=user, scopes=["impact:read"])
    actions.close_account(by=make_administrator(), user=user, reason="Has left")
    assert not ApiClient.objects.active().exists()
    assert "user" in refused(actions.create_api_client, by=None, name="x", user=user, scopes=["impact:read"])
    actions.open_account(by=None, user=user)
    assert list(ApiClient.objects.active()) == [client]


def test_of_a_key_only_a_digest_is_kept():
    user = make_coordinator()
    client, key = actions.create_api_client(by=user, name="Sheet", user=user, scopes=["records:read", "records:read"])
    assert client.key_digest == actions.key_digest(key)
    assert client.scopes == ["records:read"]
    assert key not in str(Event.objects.about(client)[0].after)
    assert "key_digest" not in Event.objects.about(client)[0].after
    actions.revoke_api_client(by=user, client=client)
    assert not ApiClient.objects.active().exists()


@pytest.mark.parametrize("scopes", [[], ["records:burn"]])
def test_a_key_opens_what_there_is(scopes):
    user = make_coordinator()
    assert list(refused(actions.create_api_client, by=user, name="Sheet", user=user, scopes=scopes)) == ["scopes"]


def test_who_sees_whom():
    administrator, coordinator, commission = make_administrator(), make_coordinator(), make_commission_member()
    employer = make_employer_member()
    colleague = make_employer_member(employer.organisation)
    other = make_employer_member()
    everybody = {administrator, coordinator, commission, employer, colleague, other}
    assert set(User.objects.visible_to(administrator)) == everybody
    assert set(User.objects.visible_to(coordinator)) == {administrator, coordinator}
    assert set(User.objects.visible_to(employer)) == {employer, colleague}
    assert set(User.objects.visible_to(commission)) == {commission}
