"""What became of the learners of supported routes is said thirteen weeks after the end, and of those only."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from guilds.audit.models import Event
from guilds.audit.refusals import Conflict
from guilds.opportunities.outcomes import record_outcome
from tests.factories import make_apprenticeship, make_placement

pytestmark = pytest.mark.django_db

END = date(2017, 7, 21)
DUE = END + timedelta(weeks=13)


def supported(**fields):
    programme = {"programme": "supported_internship", "status": "completed", "ends_on": END}
    return make_placement(**programme | fields)


def test_it_is_said_after_thirteen_weeks_and_told():
    placement = record_outcome(by=None, record=supported(), outcome="paid_work", on=DUE)
    assert (placement.outcome, Event.objects.about(placement).first().verb) == ("paid_work", "outcome")
    record_outcome(by=None, record=placement, outcome="none", on=DUE)
    assert placement.outcome == "none"
    assisted = make_apprenticeship(assisted=True, status="completed", starts_on=date(2016, 9, 1), ends_on=END)
    assert record_outcome(by=None, record=assisted, outcome="learning", on=DUE).outcome == "learning"


def test_what_is_too_early_or_is_no_such_route_is_refused():
    with pytest.raises(ValidationError, match="20 October 2017"):
        record_outcome(by=None, record=supported(), outcome="paid_work", on=DUE - timedelta(days=1))
    with pytest.raises(ValidationError, match="Choose one of"):
        record_outcome(by=None, record=supported(), outcome="happy", on=DUE)
    running = supported(status="started", ends_on=None)
    apprentices = make_apprenticeship(status="completed", starts_on=date(2016, 9, 1), ends_on=END)
    for record in (supported(programme="work_experience"), running, apprentices):
        with pytest.raises(Conflict):
            record_outcome(by=None, record=record, outcome="paid_work", on=DUE)
