"""Addresses of the pages."""

from django.urls import include, path

from crm.views.brand import brand
from crm.views.engagement_verbs import AnswerAttendance, CloseEngagement, ConfirmEngagement, EndEngagement
from crm.views.engagements import CorrectEngagement, EngagementDetail, EngagementList, LogEngagement
from crm.views.impact import ImpactDistrict, ImpactGuild, ImpactOverview
from crm.views.impact_evidence import ImpactEvidence
from crm.views.organisations import OrganisationDetail, OrganisationList
from crm.views.organisations_pick import PickOrganisation
from crm.views.outbox import outbox
from crm.views.pledge_list import PledgeList
from crm.views.pledge_verbs import AllocationVerb, PledgeVerb
from crm.views.pledges import CorrectPledge, NewPledge, PledgeDetail

#: What may be done with an engagement: one name for all, told apart by `verb`; each is a view with its own permission.
ENGAGEMENT_VERBS = {
    "confirm": ConfirmEngagement,
    "deliver": CloseEngagement,
    "numbers": CloseEngagement,
    "cancel": EndEngagement,
    "postpone": EndEngagement,
    "correct": CorrectEngagement,
    "answer": AnswerAttendance,
}

urlpatterns = [
    path("sign-in/", include("crm.sign_in_urls")),
    path("brand.css", brand, name="brand"),
    path("outbox/", outbox, name="outbox"),
    path("engagements/", EngagementList.as_view(), name="engagement_list"),
    path("engagements/new/", LogEngagement.as_view(), name="engagement_new"),
    path("engagements/<uuid:pk>/", EngagementDetail.as_view(), name="engagement_detail"),
    *(
        path(f"engagements/<uuid:pk>/{verb}/", view.as_view(), {"verb": verb}, name="engagement_verb")
        for verb, view in ENGAGEMENT_VERBS.items()
    ),
    path("organisations/pick/", PickOrganisation.as_view(), name="organisation_pick"),
    path("organisations/", OrganisationList.as_view(), name="organisation_list"),
    path("organisations/<uuid:pk>/", OrganisationDetail.as_view(), name="organisation_detail"),
    path("pledges/", PledgeList.as_view(), name="pledge_list"),
    path("pledges/new/", NewPledge.as_view(), name="pledge_new"),
    path("pledges/<uuid:pk>/", PledgeDetail.as_view(), name="pledge_detail"),
    path("pledges/<uuid:pk>/correct/", CorrectPledge.as_view(), name="pledge_correct"),
    path("pledges/<uuid:pk>/<slug:verb>/", PledgeVerb.as_view(), name="pledge_verb"),
    path(
        "pledges/<uuid:pk>/allocations/<uuid:allocation>/<slug:verb>/",
        AllocationVerb.as_view(),
        name="pledge_allocation_verb",
    ),
    path("impact/", ImpactOverview.as_view(), name="impact_overview"),
    path("impact/evidence/", ImpactEvidence.as_view(), name="impact_evidence"),
    path("impact/guilds/<slug:slug>/", ImpactGuild.as_view(), name="impact_guild"),
    path("impact/districts/<slug:code>/", ImpactDistrict.as_view(), name="impact_district"),
]
