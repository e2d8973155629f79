"""“We did it” on the pledge's page: told by the employer, credited or declined by whoever leads the pledge."""

from datetime import date

import pytest
from django.urls import reverse

from guilds.pledges import actions, claim_actions
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Delivery
from tests import factories as make
from tests.crm.views.sent import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def pledge():
    return make.make_open_pledge(employer=make.make_employer("Bay Hotel"), quantity=5)


def day(text: str) -> dict[str, str]:
    return dict(zip(("happened_on_day", "happened_on_month", "happened_on_year"), text.split(), strict=True))


def test_an_employer_tells_once_and_the_coordinator_finds_and_accepts_it(client, pledge):
    school = make.make_school("Hill School")
    part = actions.allocate(by=None, pledge=pledge, provider=school, quantity=3)
    user = make.make_employer_member(pledge.employer)
    client.force_login(user)
    address = reverse("pledge_claim", args=[pledge.pk])
    assert client.get(address).context["form"].initial["quantity"] == 3
    assert "There is a problem" in words(client.post(address, {"quantity": "0"} | day("31 2 2017")))

    sent = {"quantity": "3", "allocation": str(part.pk), "note": "Lovely group", "form_token": "a" * 32} | day(
        "2 5 2017"
    )
    for _ in range(2):
        told = client.post(address, sent, follow=True)
    claim = DeliveryClaim.objects.get()
    assert (claim.claimed_by, claim.happened_on, claim.quantity) == (user, date(2017, 5, 2), 3)
    assert "Waiting" in words(told) and "You have told already" in words(client.get(address))

    client.force_login(make.make_coordinator())
    home = words(client.get("/"))
    assert "1 pledge of which the employer says: we did it" in home
    assert "Bay Hotel" in words(client.get(reverse("pledge_list") + "?needs=claimed"))
    accept = reverse("pledge_claim_accept", args=[pledge.pk, claim.pk])
    assert accept in client.get(reverse("pledge_detail", args=[pledge.pk])).content.decode()
    assert "Bay Hotel says: 3 on 2 May 2017, for Hill School. Lovely group" in words(client.get(accept))
    client.post(accept, {"what": "", "allocation": str(part.pk), "form_token": "b" * 32})
    assert Delivery.objects.get().placement.provider == school
    assert client.get(accept).status_code == 409


def test_what_was_recorded_already_is_chosen(client, pledge):
    done = make.make_placement(employer=pledge.employer, learners=2, status="completed")
    claim = claim_actions.claim(by=None, pledge=pledge, happened_on=make.DAY, quantity=2)
    client.force_login(make.make_coordinator())
    client.post(
        reverse("pledge_claim_accept", args=[pledge.pk, claim.pk]), {"what": str(done.pk), "form_token": "a" * 32}
    )
    assert Delivery.objects.get().placement == done


def test_declined_with_a_reason_that_the_employer_reads_and_taken_back_by_the_employer(client, pledge):
    first, second = (claim_actions.claim(by=None, pledge=pledge, happened_on=make.DAY, quantity=n) for n in (1, 2))
    client.force_login(make.make_coordinator())
    decline = reverse("pledge_claim_decline", args=[pledge.pk, first.pk])
    assert "Say why" in words(client.post(decline, {"form_token": "a" * 32}))
    client.post(decline, {"reason": "The school was closed", "form_token": "a" * 32})

    client.force_login(make.make_employer_member(pledge.employer))
    assert "could not credit it: The school was closed" in words(client.get("/"))
    client.post(reverse("pledge_claim_withdraw", args=[pledge.pk, second.pk]), {"form_token": "b" * 32})
    second.refresh_from_db()
    assert second.status == "withdrawn"


def test_nothing_is_told_of_what_was_not_verified_or_is_somebody_elses(client, pledge):
    user = make.make_employer_member(pledge.employer)
    client.force_login(user)
    unverified = make.make_pledge(employer=pledge.employer)
    assert client.get(reverse("pledge_claim", args=[unverified.pk])).status_code == 409
    assert "We did it" not in words(client.get(reverse("pledge_detail", args=[unverified.pk])))
    claim = claim_actions.claim(by=None, pledge=pledge, happened_on=make.DAY, quantity=1)
    client.force_login(make.make_coordinator("sciences"))
    assert client.get(reverse("pledge_claim_accept", args=[pledge.pk, claim.pk])).status_code == 403
