"""Gathers the topics' models: one app, one migration history."""

from guilds.access.models import AnsweredRequest, ApiClient, User
from guilds.audit.models import Event, StatusChange
from guilds.engagement.models import Attendance, Engagement, FollowUp, Interaction, Participation
from guilds.impact.models import Cell, DistinctCount, Freshness, Presence, StaleSlice, Target
from guilds.importing.models import Import, ImportBefore, ImportRow
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Contact, Identifier, Membership, Organisation, Succession
from guilds.pledges.models import Allocation, Amendment, Delivery, Pledge
from guilds.reference.models import ApprenticeshipStandard, District, Guild, Outcode, Postcode

__all__ = [
    "Allocation", "Amendment", "AnsweredRequest", "ApiClient", "Apprenticeship", "ApprenticeshipStandard",
    "Attendance", "Cell", "Contact", "Delivery", "DistinctCount", "District", "Engagement", "Event", "FollowUp",
    "Freshness", "Guild",
    "Identifier", "Import", "ImportBefore", "ImportRow", "Interaction", "Membership", "Organisation", "Outcode",
    "Participation", "Placement", "Pledge",
    "Postcode", "Presence", "StaleSlice", "StatusChange", "Succession", "Target", "User",
]  # fmt: skip
