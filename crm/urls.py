"""Addresses of the pages."""

from django.urls import include, path

from crm.views.brand import brand
from crm.views.organisations import OrganisationDetail, OrganisationList
from crm.views.outbox import outbox
from crm.views.pledge_list import PledgeList
from crm.views.pledge_verbs import AllocationVerb, PledgeVerb
from crm.views.pledges import CorrectPledge, NewPledge, PledgeDetail

urlpatterns = [
    path("sign-in/", include("crm.sign_in_urls")),
    path("brand.css", brand, name="brand"),
    path("outbox/", outbox, name="outbox"),
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
]
