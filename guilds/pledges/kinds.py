"""What may be promised, through whom or what, and how so many of it read."""

from django.db import models


class PledgeKind(models.TextChoices):
    PLACEMENT = "placement", "Work placements"
    APPRENTICESHIP = "apprenticeship", "Apprenticeships"
    INDUSTRY_VISIT = "industry_visit", "Visits to the workplace"
    SCHOOL_TALK = "school_talk", "Talks at schools or colleges"
    WORKSHOP = "workshop", "Workshops"
    MOCK_INTERVIEWS = "mock_interviews", "Mock interviews"
    MENTORING = "mentoring", "Mentoring"
    CURRICULUM_PROJECT = "curriculum_project", "Curriculum projects"
    STAFF_TRAINING = "staff_training", "Training for school or college staff"
    ENTERPRISE_ADVISER = "enterprise_adviser", "Enterprise advisers"


class MadeThrough(models.TextChoices):
    COORDINATOR = "coordinator", "A coordinator"
    PORTAL = "portal", "The employer's own page"
    DESK = "desk", "A pledge desk"
    IMPORT = "import", "A file"
    API = "api", "Another system"


#: What one of a kind is called.
_ONE = {
    PledgeKind.PLACEMENT: "work placement", PledgeKind.APPRENTICESHIP: "apprenticeship",
    PledgeKind.INDUSTRY_VISIT: "visit to the workplace", PledgeKind.SCHOOL_TALK: "talk at a school or college",
    PledgeKind.WORKSHOP: "workshop", PledgeKind.MOCK_INTERVIEWS: "mock interview",
    PledgeKind.CURRICULUM_PROJECT: "curriculum project", PledgeKind.ENTERPRISE_ADVISER: "enterprise adviser",
}  # fmt: skip


def counted(quantity: int, kind: str) -> str:
    """So many of a kind, in words: "1 work placement", "1,200 work placements"."""
    known = PledgeKind(kind)
    return f"{quantity:,} {_ONE.get(known, known.label.lower()) if quantity == 1 else known.label.lower()}"
