"""An employer and a school that take part in everything, everybody who might call, and something to call each endpoint with."""

from collections.abc import Callable
from datetime import date
from typing import Any

from guilds.impact.targets import set_target
from guilds.importing.models import Import
from guilds.pledges import actions as pledge_actions
from guilds.publishing import actions as publishing
from tests.crm.api.bodies import body_for
from tests.crm.api.caller import Caller
from tests.factories import (
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
    make_school,
    make_school_member,
)


class World:
    """One employer and one school that take part in everything, and everybody who might call."""

    def __init__(self) -> None:
        make_guild("sciences")
        self.thanet = make_district()
        self.employer = make_employer(district=self.thanet)
        self.school = make_school(district=self.thanet)
        make_membership(self.employer)
        self.contact = make_contact(self.employer)
        self.users = {
            "administrator": make_administrator(),
            "coordinator": make_coordinator("hospitality-tourism"),
            "other coordinator": make_coordinator("sciences"),
            "employer": make_employer_member(self.employer),
            "other employer": make_employer_member(),
            "school": make_school_member(self.school),
            "other school": make_school_member(make_school(district=make_district("E07000105", "Ashford"))),
            "commission": make_commission_member(),
        }

    def caller(self, role: str) -> Caller:
        if role == "nobody":
            return Caller()
        return Caller(self.users[role]) if role in self.users else Caller(self.users["administrator"], (role,))

    # The record that each endpoint is tried on, in a state in which it could be done.

    def record_for(self, resource: str, action: str) -> Any:
        return getattr(self, f"{resource}_for")(action)

    def guild_for(self, action: str) -> Any:
        return make_guild("sciences").slug

    def district_for(self, action: str) -> Any:
        return self.thanet.code

    def organisation_for(self, action: str) -> Any:
        return self.employer.pk

    def contact_for(self, action: str) -> Any:
        return self.contact.pk

    def engagement_for(self, action: str) -> Any:
        status = "planned" if action in ("confirm", "deliver", "cancel", "postpone") else "delivered"
        self.engagement = make_engagement(
            status=status,
            attendances=[{"provider": self.school, "learners": 4}],
            participations=[{"employer": self.employer}],
        )
        return self.engagement.pk

    def pledge_for(self, action: str) -> Any:
        fields = {"employer": self.employer, "districts": [self.thanet]}
        if action in ("verify", "reject", "partial_update"):
            return make_pledge(**fields).pk
        pledge = make_open_pledge(valid_until=date(2018, 1, 1), **fields)
        self.placement = make_placement(employer=self.employer)
        if action == "uncredit":
            self.delivery = pledge_actions.credit(by=None, pledge=pledge, placement=self.placement)
        return pledge.pk

    def allocation_for(self, action: str) -> Any:
        pledge = make_open_pledge(employer=self.employer, districts=[self.thanet])
        return pledge_actions.allocate(by=None, pledge=pledge, provider=self.school, quantity=2, status="requested").pk

    def placement_for(self, action: str) -> Any:
        status = "started" if action in ("complete", "withdraw") else "arranged"
        return make_placement(employer=self.employer, provider=self.school, status=status).pk

    def apprenticeship_for(self, action: str) -> Any:
        status = {"start": "filled", "complete": "started", "withdraw": "started"}.get(action, "open")
        dates = {"starts_on": date(2017, 9, 1)} if status == "started" else {}
        return make_apprenticeship(employer=self.employer, training_provider=self.school, status=status, **dates).pk

    def target_for(self, action: str) -> Any:
        return set_target(by=None, measure="encounters", period="2016-17", value=10).pk

    def publication_for(self, action: str) -> Any:
        draft = publishing.make(by=None, period="2015-16")
        if action == "publish":
            return draft.pk
        return publishing.publish(by=None, publication=draft, status="provisional").pk

    def import_for(self, action: str) -> Any:
        return Import.objects.create(kind="pledges", filename="pledges.csv").pk

    def body(self, resource: str, action: str) -> dict[str, Any]:
        if action == "create":
            return body_for(f"{resource}s", employer=self.employer)
        make = BODIES.get(f"{resource}.{action}")
        return make(self) if make else {}


REASON = {"reason": "Because"}
BODIES: dict[str, Callable[[World], dict[str, Any]]] = {
    "organisation.partial_update": lambda world: {"phone": "01843 000000"},
    "organisation.join": lambda world: {"guild": "sciences", "joined_on": "2017-01-01"},
    "organisation.leave": lambda world: {"guild": "hospitality-tourism", "left_on": "2017-08-31"},
    "contact.partial_update": lambda world: {"do_not_contact": True},
    "engagement.partial_update": lambda world: {"title": "Another"},
    "engagement.cancel": lambda world: REASON,
    "engagement.postpone": lambda world: REASON,
    "engagement.answer": lambda world: {
        "attendance": world.engagement.attendances.get().pk,
        "answer": "confirmed",
    },
    "pledge.partial_update": lambda world: {"quantity": 12},
    "pledge.reject": lambda world: REASON,
    "pledge.withdraw": lambda world: REASON,
    "pledge.extend": lambda world: REASON | {"valid_until": "2019-01-01"},
    "pledge.amend": lambda world: REASON | {"quantity": 8},
    "pledge.allocate": lambda world: {"provider": str(world.school.pk), "quantity": 2},
    "pledge.credit": lambda world: {"placement": str(world.placement.pk)},
    "pledge.uncredit": lambda world: {"delivery": str(world.delivery.pk)},
    "allocation.decline": lambda world: REASON,
    "placement.partial_update": lambda world: {"learners": 3},
    "placement.cancel": lambda world: REASON,
    "placement.withdraw": lambda world: REASON,
    "placement.start": lambda world: {"on": "2017-04-03"},
    "apprenticeship.partial_update": lambda world: {"positions": 3},
    "apprenticeship.start": lambda world: {"on": "2017-09-01"},
    "apprenticeship.cancel": lambda world: REASON,
    "apprenticeship.withdraw": lambda world: REASON,
    "publication.publish": lambda world: {"status": "final"},
    "publication.revise": lambda world: REASON,
    "target.partial_update": lambda world: {"value": 12},
}
