"""Users from the command line, and what is refused."""

import pytest
from django.core.management import CommandError, call_command

from guilds.access.models import User
from guilds.organisations.actions import register
from guilds.reference.loading import load_reference

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def school():
    load_reference()
    return register(by=None, name="Saltmarsh High School", is_provider=True, identifiers=[("urn", "990001")])


def create(*arguments: str) -> User:
    call_command("create_user", *arguments, verbosity=0)
    return User.objects.get(email=arguments[0].lower())


def test_coordinator_of_two_guilds_with_a_password():
    user = create("A@guildhall.example", "--role", "coordinator", "--guild", "sciences", "financial-services",
                  "--password", "long enough to be one")  # fmt: skip
    assert (user.role, user.guild_slugs) == ("coordinator", {"sciences", "financial-services"})
    assert user.check_password("long enough to be one")


def test_guilds_may_be_named_one_at_a_time():
    user = create("a@guildhall.example", "--role", "coordinator", "--guild", "sciences", "--guild", "land-based")
    assert user.guild_slugs == {"sciences", "land-based"}


def test_member_of_a_school_signs_in_by_code(school):
    user = create("s@guildhall.example", "--role", "school", "--organisation", "urn:990001")
    assert (user.organisation, user.has_usable_password()) == (school, False)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--role", "king"], "invalid choice"),
        (["--role", "school"], "belong to an organisation"),
        (["--role", "administrator", "--organisation", "urn:990001"], "belong to an organisation"),
        (["--role", "school", "--organisation", "urn:123456"], "no organisation with urn 123456"),
        (["--role", "school", "--organisation", "990001"], "not SCHEME:VALUE"),
        (["--role", "coordinator", "--guild", "magic"], "no guild magic"),
        (["--role", "administrator", "--guild", "sciences"], "Only coordinators have guilds"),
        ([], "required: --role"),
    ],
)
def test_what_is_refused(arguments, said):
    with pytest.raises(CommandError, match=said):
        create("x@guildhall.example", *arguments)
    assert not User.objects.exists()


def test_an_address_is_one_persons_whatever_its_case():
    create("x@guildhall.example", "--role", "commission")
    with pytest.raises(CommandError, match="Somebody has this e-mail already"):
        create("X@guildhall.example", "--role", "commission")


def test_no_address_is_refused():
    with pytest.raises(CommandError, match="email"):
        call_command("create_user", "nobody", "--role", "commission")
