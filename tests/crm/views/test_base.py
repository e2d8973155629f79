"""What every page does before its own work, and when it is too late."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse

from crm.views.base import Page, RecordPage
from guilds.audit.refusals import Conflict
from guilds.engagement.models import Engagement
from tests.factories import make_coordinator, make_engagement, make_school_member

pytestmark = pytest.mark.django_db


class StaffPage(Page):
    permission_name = "engagement.add"

    def get(self, request):
        return HttpResponse("in")

    def post(self, request):
        raise Conflict({"status": Conflict("It is delivered already")})


class EngagementRecord(RecordPage):
    permission_name = "engagement.change"

    def records(self):
        return Engagement.objects.all()

    def get(self, request, pk):
        return HttpResponse(self.record.title)


class Unnamed(Page):
    permission_name = "no.such"


def ask(rf, view, user, method="get", **kwargs):
    request = getattr(rf, method)("/page/?q=1")
    request.user = user
    return view.as_view()(request, **kwargs)


def test_nobody_is_sent_to_sign_in_and_back(rf):
    from django.contrib.auth.models import AnonymousUser

    assert ask(rf, StaffPage, AnonymousUser()).url == "/sign-in/?next=/page/%3Fq%3D1"


def test_somebody_without_the_permission_is_refused(rf):
    with pytest.raises(PermissionDenied):
        ask(rf, StaffPage, make_school_member())


def test_somebody_whose_account_is_closed_is_refused(rf):
    user = make_coordinator()
    user.is_active = False
    with pytest.raises(PermissionDenied):
        ask(rf, StaffPage, user)


def test_permission_that_is_not_in_the_table_is_a_mistake_of_ours(rf):
    with pytest.raises(KeyError):
        ask(rf, Unnamed, make_coordinator())


def test_conflict_becomes_a_page_that_says_why(rf):
    answer = ask(rf, StaffPage, make_coordinator(), "post")

    assert answer.status_code == 409
    assert "It is delivered already" in answer.content.decode()


def test_record_out_of_sight_is_not_found_and_one_in_sight_is_asked_about(rf):
    engagement = make_engagement()

    assert ask(rf, EngagementRecord, make_coordinator(), pk=engagement.pk).content == b"Careers fair"
    with pytest.raises(Http404):
        ask(rf, EngagementRecord, make_school_member(), pk=engagement.pk)
    with pytest.raises(PermissionDenied):
        ask(rf, EngagementRecord, make_coordinator("sciences"), pk=engagement.pk)
