"""Where somebody is signed in, and what signs them out everywhere."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guilds.access import actions, sign_ins
from guilds.access.sign_ins import SignIn
from tests import factories as make

pytestmark = pytest.mark.django_db


def door(user) -> Client:
    client = Client()
    client.force_login(user)
    sign_ins.remember(user=user, session_key=client.session.session_key, device="Firefox on Linux")
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


@pytest.mark.parametrize("what", ["role", "organisation", "closed", "password", "everywhere"])
def test_what_changes_who_one_is_signs_one_out_everywhere(what):
    user, by = make.make_employer_member(), make.make_administrator()
    first, second, bystander = door(user), door(user), door(make.make_coordinator())
    if what == "role":
        actions.correct_user(by=by, user=user, role="commission", organisation=None)
    elif what == "organisation":
        actions.correct_user(by=by, user=user, organisation=make.make_employer())
    elif what == "closed":
        actions.close_account(by=by, user=user)
    elif what == "password":
        actions.set_password(by=by, user=user, password="correct horse battery")
    else:
        actions.sign_out_everywhere(by=by, user=user)

    assert not is_in(first)
    assert not is_in(second)
    assert is_in(bystander)
    assert not SignIn.objects.filter(user=user).exists()


def test_a_browser_that_was_never_noted_is_signed_out_too_and_a_new_name_signs_nobody_out():
    user = make.make_employer_member()
    client = Client()
    client.force_login(user)
    actions.correct_user(by=None, user=user, name="Another Name")
    assert is_in(client)
    actions.correct_user(by=None, user=user, role="commission", organisation=None)
    assert not is_in(client)


def test_ones_own_browsers_are_listed_and_ended():
    user, other = make.make_coordinator(), make.make_coordinator()
    here, there, foreign = door(user), door(user), door(other)
    assert len(sign_ins.still_open(user)) == 2
    sign_ins.end(sign_in=SignIn.objects.get(session_key=there.session.session_key))
    assert (is_in(here), is_in(there), is_in(foreign)) == (True, False, True)
    third = door(user)
    assert sign_ins.end_all(user=user, but=third.session.session_key) == 1
    assert (is_in(here), is_in(third), is_in(foreign)) == (False, True, True)
    assert sign_ins.forget(timezone.now() + timedelta(days=1)) == 2
