"""An employer and a school that take part in everything, everybody who might look, and a record for every page."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.utils import timezone

from crm.documents.links import token_for
from crm.emails import stopping
from guilds.access.invitation_actions import ask_to_join, invite
from guilds.access.models import SavedView, User
from guilds.audit.context import current_request_id
from guilds.audit.models import Event
from guilds.calendar.actions import add_feed
from guilds.desk.actions import open_desk, receive
from guilds.engagement.attachment_actions import attach
from guilds.engagement.follow_up_actions import add_follow_up, log_interaction
from guilds.impact import share_actions
from guilds.impact.indicator_actions import add_indicator
from guilds.impact.periods import parse
from guilds.impact.scope_actions import save_scope
from guilds.impact.targets import set_target
from guilds.importing.models import Import, ImportStatus
from guilds.pledges import actions as pledge_actions
from guilds.pledges import claim_actions
from guilds.pledges.adviser_actions import sign_up
from guilds.pledges.models import AllocationStatus, Pledge
from guilds.publishing import actions as publishing
from guilds.publishing import pack_actions
from guilds.rights import actions as rights
from tests.factories import (
    DAY,
    make_administrator,
    make_apprenticeship,
    make_commission_member,
    make_contact,
    make_coordinator,
    make_district,
    make_employer,
    make_employer_member,
    make_engagement,
    make_guild,
    make_membership,
    make_open_pledge,
    make_placement,
    make_pledge,
    make_request,
    make_school,
    make_school_member,
)


class PageWorld:
    """`names` are what an address of the table may stand for: `/pledges/{open_pledge}/`."""

    def __init__(self) -> None:
        make_guild("sciences")
        self.thanet = make_district()
        self.employer = make_employer("Lantern Bakery", district=self.thanet)
        self.school = make_school("Hill Fort School", district=self.thanet)
        self.users: dict[str, User] = {
            "administrator": make_administrator(),
            "coordinator": make_coordinator("hospitality-tourism"),
            "other coordinator": make_coordinator("sciences"),
            "employer": make_employer_member(self.employer),
            "other employer": make_employer_member(make_employer("Quarry Works")),
            "school": make_school_member(self.school),
            "other school": make_school_member(make_school(district=make_district("E07000105", "Ashford"))),
            "commission": make_commission_member(),
        }
        self.names: dict[str, Any] = {
            **self._registry(),
            **self._engagements(),
            **self._promises(),
            **self._files_and_views(),
            "nobody": uuid4(),
            "indicator": add_indicator(by=None, code="KPI 20", statement="Schools with an adviser").pk,
            "adviser": sign_up(by=None, organisation=self.school, signed_up_on=DAY).pk,
            "rights_request": rights.ask(by=self.users["employer"], kind="erase", wish="All of it", on=DAY).pk,
            "somebody": self.users["school"].pk,
            "member": self.users["employer"].pk,
            "invitation": invite(by=None, email="una@lantern.example", role="employer", organisation=self.employer)[
                0
            ].pk,
            "asked_to_join": ask_to_join(
                name="Ari", email="ari@hill.example", role="school", organisation_text="Hill School"
            ).pk,
            "other_employer": self.users["other employer"].organisation_id,
        }

    def _registry(self) -> dict[str, Any]:
        return {
            "employer": self.employer.pk,
            "school": self.school.pk,
            "contact": make_contact(self.employer).pk,
            "note": log_interaction(
                by=None, organisation=self.employer, kind="call", happened_on=DAY, summary="Rang"
            ).pk,
            "membership": make_membership(self.employer).pk,
            "thanet": self.thanet.code,
            "scope": save_scope(by=None, name="Coastal schools", coastal=True).pk,
            "target": set_target(by=None, measure="encounters", period="2016-17", value=300).pk,
        }

    def _engagements(self) -> dict[str, Any]:
        parties = {
            "attendances": [{"provider": self.school, "learners": 4}],
            "participations": [{"employer": self.employer}],
        }
        planned = make_engagement(title="A lantern day", starts_at=timezone.now() + timedelta(days=7), **parties)
        kept = attach(by=None, engagement=planned, file=BytesIO(b"%PDF-1.7\n%%EOF"), name="programme.pdf")
        follow_up = add_follow_up(
            by=None, what="Ring back", due_on=date(2017, 4, 1), assigned_to=self.users["coordinator"]
        )
        desk = open_desk(by=None, engagement=planned)
        written, _ = receive(
            by=None, desk=desk, key=uuid4(), consent_version="1", organisation_name="Quarry Works", name="Robin Example",
            email="robin@quarry.example", kind="placement", quantity=3,
        )  # fmt: skip
        return {
            "desk": desk.pk,
            "code": desk.code,
            "entry": written.pk,
            "planned": planned.pk,
            "delivered": make_engagement(title="A lantern evening", status="delivered", **parties).pk,
            "file": kept.pk,
            "follow_up": follow_up.pk,
        }

    def _promises(self) -> dict[str, Any]:
        fields = {"employer": self.employer, "districts": [self.thanet]}
        pledge = make_open_pledge(valid_until=date(2090, 1, 1), **fields)
        asked = pledge_actions.allocate(
            by=None, pledge=pledge, provider=self.school, quantity=2, status=AllocationStatus.REQUESTED
        )
        placement = make_placement(employer=self.employer, provider=self.school)
        claim = claim_actions.claim(by=None, pledge=pledge, happened_on=DAY, quantity=1)
        share = share_actions.share(by=None, organisation=self.employer, period=parse("2016-17"))
        return {
            "new_pledge": make_pledge(**fields).pk,
            "change": self._corrected(make_pledge(**fields)).pk,
            "open_pledge": pledge.pk,
            "allocation": asked.pk,
            "placement": placement.pk,
            "claim": claim.pk,
            "share": share.pk,
            "shared": token_for(share),
            "delivery": pledge_actions.credit(by=None, pledge=pledge, placement=placement).pk,
            "request": make_request(provider=self.school, guild=make_guild()).pk,
            "apprenticeship": make_apprenticeship(employer=self.employer, training_provider=self.school).pk,
        }

    def _corrected(self, pledge: Pledge) -> Event:
        token = current_request_id.set("one-press-of-a-button")
        pledge_actions.correct(by=None, pledge=pledge, conditions="Sturdy shoes")
        current_request_id.reset(token)
        return Event.objects.filter(request_id="one-press-of-a-button").get()

    def _files_and_views(self) -> dict[str, Any]:
        owner = self.users["coordinator"]
        batch = Import.objects.create(
            kind="pledges", filename="pledges.csv", imported_by=owner, status=ImportStatus.PLANNED
        )
        published = publishing.make(by=None, period="2016-17")
        shown = publishing.publish(by=None, publication=publishing.make(by=None, period="2014-15"), status="final")
        view = SavedView.objects.create(user=owner, page="pledge_list", name="Mine", query="status=open")
        return {
            "import": batch.pk,
            "publication": publishing.publish(by=None, publication=published, status="provisional").pk,
            "shown": publishing.show_in_public(by=None, publication=shown, on=True).token,
            "not_shown": published.token,
            "pack": pack_actions.ask_for_board_pack(by=None, publication=shown).pk,
            "draft_publication": publishing.make(by=None, period="2015-16").pk,
            "view": view.pk,
            "feed": add_feed(by=owner, guild=make_guild())[1],
            "stop": stopping.token_for(owner, "digest"),
        }

    def address(self, pattern: str) -> str:
        """An address of the table with the records that its names stand for."""
        return pattern.format(**self.names)
