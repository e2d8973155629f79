"""Taking an import back: what it created goes, what it changed is as it was."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from guilds.access.actions import create_user
from guilds.audit.models import Event
from guilds.audit.refusals import Conflict
from guilds.engagement import actions as engagements
from guilds.engagement.models import Attendance, Engagement
from guilds.importing.undo import undo
from guilds.opportunities.models import Apprenticeship, Placement
from guilds.organisations.actions import correct, register
from guilds.organisations.models import Membership, Organisation, Succession
from guilds.pledges.models import Delivery, Pledge
from guilds.reference.models import ApprenticeshipStandard, Postcode

pytestmark = pytest.mark.usefixtures("places")


@pytest.fixture(autouse=True)
def registry(places):
    register(by=None, name="An employer", is_employer=True, identifiers=[("companies_house", "ZZ000009")])
    for urn in ("990008", "990009"):
        register(by=None, name=f"A school {urn}", is_provider=True, identifiers=[("urn", urn)])


#: For each kind a file, and the same with other facts.
FILES = {
    "providers": ("name,urn,ukprn,pupils\nLarkmere,990001,,900\n", "name,urn,ukprn,pupils\nLarkmere,990001,99000001,950\n"),
    "employers": ("name,company_number,sic_codes\nTidewick,ZZ000001,55100\n",
                  "name,company_number,sic_codes,postcode\nTidewick,ZZ000001,56101,TN23 9ZX\n"),
    "memberships": ("organisation,guild,joined_on\nZZ000009,sciences,2016-01-01\n",
                    "organisation,guild,joined_on,left_on\nZZ000009,sciences,2016-01-01,2017-01-01\n"),
    "engagements": ("reference,title,kind,date,status,provider,learners\nE1,Fair,careers_event,2017-03-14,planned,990009,30\n",
                    "reference,title,kind,date,status,provider,learners\nE1,Fair,careers_event,2017-03-15,delivered,990008,20\n"),
    "pledges": ("reference,employer,kind,quantity,made_on,districts\nP1,ZZ000009,placement,3,2017-03-14,Ashford\n",
                "reference,employer,kind,quantity,made_on,districts,status\nP1,ZZ000009,placement,4,2017-03-14,Dover,open\n"),
    "placements": ("reference,employer,arranged_on,learners\nW1,ZZ000009,2017-03-14,1\n",
                   "reference,employer,arranged_on,learners,starts_on,status\nW1,ZZ000009,2017-03-14,2,2017-03-20,started\n"),
    "apprenticeships": ("reference,employer,opened_on\nA1,ZZ000009,2017-03-14\n",
                        "reference,employer,opened_on,positions,status\nA1,ZZ000009,2017-03-14,2,filled\n"),
    "postcodes": ("postcode,district\nTN23 9ZX,E07000105\n", "postcode,district\nTN23 9ZX,E07000106\nCT9 9ZX,E07000114\n"),
    "standards": ("Name,Reference,Approved for Delivery Date,Route,Level\nCommis chef,ST0228,27-04-2016,Catering,2\n",
                  "Name,Reference,Approved for Delivery Date,Route,Level\nChef,ST0228,TBC,Catering,3\n"),
    "school_links": ("URN,LinkURN,LinkType\n990008,990009,Successor\n", None),
}  # fmt: skip
MODELS = (Organisation, Membership, Engagement, Pledge, Placement, Apprenticeship, ApprenticeshipStandard, Succession)


def world() -> dict:
    """How all records stand, in their own words; and the postcodes."""
    states = {
        (model.__name__, record.pk): {
            name: value if name != "attendances" else [{k: v for k, v in row.items() if k != "id"} for row in value]
            for name, value in record.audit_state().items()
        }
        for model in MODELS
        for record in model.objects.all()
    }
    return states | {"postcodes": set(Postcode.objects.values_list("postcode", "district"))}


@pytest.mark.parametrize("kind", FILES)
def test_what_was_created_goes(load, kind):
    before = world()
    batch = load(kind, FILES[kind][0]).batch
    assert world() != before
    undone = undo(batch=batch)
    assert (undone.removed, undone.restored, undone.kept) == (1, 0, [])
    assert world() == before
    batch.refresh_from_db()
    assert (batch.status, batch.undone_at is not None) == ("undone", True)


@pytest.mark.parametrize("kind", [kind for kind, (_, second) in FILES.items() if second])
def test_what_was_changed_is_as_it_was(load, kind):
    load(kind, FILES[kind][0])
    before = world()
    batch = load(kind, FILES[kind][1]).batch
    assert world() != before
    undone = undo(batch=batch)
    assert (undone.restored, undone.kept) == (1, [])
    assert world() == before


@pytest.mark.parametrize("kind", FILES)
def test_an_undone_file_can_be_loaded_again(load, kind):
    undo(batch=load(kind, FILES[kind][0]).batch)
    assert load(kind, FILES[kind][0]).created == 1


def test_created_and_changed_in_one_file_and_a_record_changed_twice(load):
    load("providers", "name,urn,pupils\nLarkmere,990001,900\n")
    before = world()
    batch = load("providers", "name,urn,pupils\nLarkmere,990001,901\nQuillhaven,990002,5\nLarkmere,990001,902\n").batch
    assert (undo(batch=batch).removed, world() == before) == (1, True)


def test_a_credit_goes_with_the_placement_that_earned_it(load):
    load("pledges", "reference,employer,kind,quantity,made_on,status\nP1,ZZ000009,placement,3,2017-03-14,open\n")
    before = world()
    rows = "reference,employer,arranged_on,starts_on,ends_on,status,pledge\n"
    batch = load("placements", rows + "W1,ZZ000009,2017-03-14,2017-03-20,2017-03-24,completed,P1\n").batch
    assert Delivery.objects.count() == 1
    undo(batch=batch)
    assert (Delivery.objects.count(), world() == before) == (0, True)


def test_answers_of_schools_are_restored_with_the_claim(load):
    load("engagements", FILES["engagements"][0].replace("planned", "delivered"))
    engagements.answer(by=None, attendance=Attendance.objects.get(), answer="disputed", learners=28, note="Two ill")
    batch = load("engagements", FILES["engagements"][0].replace("planned", "delivered").replace(",30", ",40")).batch
    assert Attendance.objects.get().answer == "unanswered"
    undo(batch=batch)
    claim = Attendance.objects.get()
    assert (claim.learners, claim.answer, claim.answered_learners, claim.answer_note) == (30, "disputed", 28, "Two ill")


def test_what_somebody_changed_since_is_kept_and_told(load):
    batch = load("providers", "name,urn\nLarkmere,990001\nQuillhaven,990002\n").batch
    correct(by=None, organisation=Organisation.objects.get(name="Larkmere"), pupils=900)
    undone = undo(batch=batch)
    assert (undone.removed, len(undone.kept)) == (1, 1)
    assert "Larkmere: it was changed after the import" in undone.kept[0]
    assert Organisation.objects.filter(name="Larkmere").exists()


def test_what_others_rely_on_is_kept_and_told(load):
    batch = load("employers", "name,company_number\nTidewick,ZZ000001\n").batch
    load("pledges", "reference,employer,kind,quantity,made_on\nP1,ZZ000001,placement,3,2017-03-14\n")
    undone = undo(batch=batch)
    assert (undone.removed, Pledge.objects.count()) == (0, 1)
    assert "other records rely on it" in undone.kept[0]


def test_history_keeps_both(load):
    batch = load("providers", "name,urn\nLarkmere,990001\n").batch
    school = Organisation.objects.get(name="Larkmere")
    undo(batch=batch)
    events = Event.objects.filter(subject_id=school.pk).order_by("id")
    assert list(events.values_list("verb", flat=True)) == ["registered", "import undone"]
    assert events.last().before["name"] == "Larkmere"


def test_once_undone_is_undone(load):
    batch = load("providers", "name,urn\nLarkmere,990001\n").batch
    undo(batch=batch)
    with pytest.raises(Conflict, match="undone already"):
        undo(batch=batch)


@pytest.mark.parametrize("role", ["commission"])
def test_nobody_outside_the_team_undoes(load, role):
    batch = load("providers", "name,urn\nLarkmere,990001\n").batch
    with pytest.raises(PermissionDenied):
        undo(batch=batch, by=create_user(by=None, email="m@guildhall.example", role=role))
    assert Organisation.objects.filter(name="Larkmere").exists()


def test_an_engagement_moved_by_a_file_has_its_day_back(load):
    load("engagements", FILES["engagements"][0])
    undo(batch=load("engagements", FILES["engagements"][1]).batch)
    engagement = Engagement.objects.get()
    assert (engagement.starts_on, engagement.status) == (date(2017, 3, 14), "planned")
    assert engagement.attendances.get().provider.name == "A school 990009"
