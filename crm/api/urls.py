"""Addresses of the REST API."""

from django.urls import path, re_path
from rest_framework.routers import SimpleRouter

from crm.api.allocations import Allocations
from crm.api.apprenticeships import Apprenticeships
from crm.api.contacts import Contacts
from crm.api.documentation import Documentation, Nowhere, Schema
from crm.api.engagements import Engagements
from crm.api.impact import ImpactEvidence, ImpactSummary
from crm.api.imports import Imports
from crm.api.organisations import Organisations
from crm.api.placements import Placements
from crm.api.pledges import Pledges
from crm.api.publications import Publications
from crm.api.reference import Districts, Guilds
from crm.api.targets import Targets

app_name = "api"
router = SimpleRouter()
router.register("guilds", Guilds, "guild")
router.register("districts", Districts, "district")
router.register("organisations", Organisations, "organisation")
router.register("contacts", Contacts, "contact")
router.register("engagements", Engagements, "engagement")
router.register("pledges", Pledges, "pledge")
router.register("allocations", Allocations, "allocation")
router.register("placements", Placements, "placement")
router.register("apprenticeships", Apprenticeships, "apprenticeship")
router.register("targets", Targets, "target")
router.register("publications", Publications, "publication")
router.register("imports", Imports, "import")

urlpatterns = [
    *router.urls,
    path("impact/summary/", ImpactSummary.as_view(), name="impact-summary"),
    path("impact/evidence/", ImpactEvidence.as_view(), name="impact-evidence"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Documentation.as_view(), name="docs"),
    re_path(r"", Nowhere.as_view(), name="nowhere"),
]
