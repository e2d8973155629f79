"""Which employers an entry may be from, and why."""

import pytest

from guilds.desk.actions import receive
from guilds.desk.candidates import candidates, work_domain
from guilds.organisations.models import Organisation
from tests import factories as make
from tests.guilds.desk.test_actions import open_desk, wrote

pytestmark = pytest.mark.django_db


def reasons(entry) -> list[tuple[str, str]]:
    among = Organisation.objects.employers().active()
    return [(one.organisation.name, one.reason) for one in candidates(entry, among=among)]


def test_the_likeliest_comes_first_with_its_reason(django_assert_max_num_queries):
    exact = make.make_employer("Harbour Hotel Ltd")
    alike = make.make_employer("Harbour Hotels Group")
    known, site = (
        make.make_employer("Quay Catering"),
        make.make_employer("Seaside", website="https://www.quay.example/a"),
    )
    colleague = make.make_employer("Pier Kitchens")
    make.make_contact(known, email="robin@QUAY.example")
    make.make_contact(colleague, email="other@quay.example")
    make.make_employer("Far Away", website="https://quay.example.com")
    entry, _ = receive(desk=open_desk(), organisation_name="harbour hotel", **wrote(email="robin@quay.example"))

    with django_assert_max_num_queries(14):
        found = reasons(entry)

    assert found == [
        (exact.name, "The same name"),
        (known.name, "Their e-mail address is known there"),
        (colleague.name, "An e-mail address of the same domain"),
        (site.name, "An e-mail address of the same domain"),
        (alike.name, "A similar name"),
    ]


def test_an_address_that_anybody_can_have_says_nothing():
    make.make_contact(make.make_employer("Quay Catering"), email="other@gmail.com")
    picked = make.make_employer("Harbour Hotel")
    desk = open_desk(participations=[{"employer": picked}])
    entry, _ = receive(desk=desk, organisation=picked, **wrote(email="robin@gmail.com"))

    assert reasons(entry) == [("Harbour Hotel", "They chose it from the list")]
    assert (work_domain("a@Quay.example"), work_domain("a@gmail.com"), work_domain("")) == ("quay.example", "", "")
