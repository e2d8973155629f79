"""Gathers the topics' models: one app, one migration history."""

from guilds.access.invitations import Invitation, JoinRequest
from guilds.access.models import AnsweredRequest, ApiClient, Draft, ExportLog, SavedView, User
from guilds.access.sign_ins import SignIn
from guilds.audit.models import Event, StatusChange
from guilds.calendar.models import CalendarFeed
from guilds.desk.models import Desk, DeskEntry
from guilds.engagement.follow_ups import FollowUp, Interaction
from guilds.engagement.models import Attachment, Attendance, Engagement, Participation
from guilds.engagement.words import EngagementWord
from guilds.impact.indicators import Indicator, IndicatorValue, IndicatorVersion
from guilds.impact.models import Cell, DistinctCount, Freshness, Presence, StaleSlice, Target
from guilds.impact.saved_scopes import SavedScope
from guilds.impact.shares import StatementShare
from guilds.importing.models import Import, ImportBefore, ImportRow
from guilds.mailing.models import DigestDay, MailItem, MailPreference, SentMail
from guilds.merging.models import DuplicatePair, Merge
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.models import Contact, Identifier, Membership, Organisation, Succession
from guilds.organisations.words import OrganisationWord
from guilds.pledges.advisers import AdviserPlace
from guilds.pledges.claims import DeliveryClaim
from guilds.pledges.models import Allocation, Amendment, Delivery, Pledge
from guilds.pledges.requests import Request
from guilds.publishing.models import Publication, PublishedFigure, PublishedRows
from guilds.publishing.packs import Pack
from guilds.reference.models import ApprenticeshipStandard, Boundary, District, Guild, Outcode, Postcode
from guilds.rights.models import ErasureRecord, RetentionRun, RightsRequest
from guilds.search.models import Spelling

__all__ = [
    "AdviserPlace",
    "Allocation",
    "Amendment",
    "AnsweredRequest",
    "ApiClient",
    "Apprenticeship",
    "ApprenticeshipStandard",
    "Attachment",
    "Attendance",
    "Boundary",
    "CalendarFeed",
    "Cell",
    "Contact",
    "Delivery",
    "DeliveryClaim",
    "Desk",
    "DeskEntry",
    "DigestDay",
    "DistinctCount",
    "District",
    "Draft",
    "DuplicatePair",
    "Engagement",
    "EngagementWord",
    "ErasureRecord",
    "Event",
    "ExportLog",
    "FollowUp",
    "Freshness",
    "Guild",
    "Identifier",
    "Import",
    "ImportBefore",
    "ImportRow",
    "Indicator",
    "IndicatorValue",
    "IndicatorVersion",
    "Interaction",
    "Invitation",
    "JoinRequest",
    "MailItem",
    "MailPreference",
    "Membership",
    "Merge",
    "Organisation",
    "OrganisationWord",
    "Outcode",
    "Pack",
    "Participation",
    "Placement",
    "Pledge",
    "Postcode",
    "Presence",
    "Publication",
    "PublishedFigure",
    "PublishedRows",
    "Request",
    "RetentionRun",
    "RightsRequest",
    "SavedScope",
    "SavedView",
    "SentMail",
    "SignIn",
    "Spelling",
    "StaleSlice",
    "StatementShare",
    "StatusChange",
    "Succession",
    "Target",
    "User",
]  # fmt: skip
