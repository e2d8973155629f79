"""Somebody who is named wherever a person can be named."""

import re
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.utils import timezone

from guilds.access import drafts
from guilds.access.invitation_actions import ask_to_join, invite
from guilds.access.invitations import JoinRequest
from guilds.access.models import AnsweredRequest, SavedView
from guilds.audit.models import Record
from guilds.desk.models import Desk, DeskEntry
from guilds.engagement import actions as engagement_actions
from guilds.engagement.attachment_actions import attach
from guilds.engagement.follow_up_actions import add_follow_up, log_interaction
from guilds.engagement.models import Answer
from guilds.importing.models import Import, ImportRow
from guilds.mailing.actions import enqueue
from guilds.organisations import actions as registry
from guilds.pledges import actions as pledge_actions
from guilds.rights import actions as rights
from tests.factories import (
    make_administrator,
    make_contact,
    make_coordinator,
    make_employer,
    make_engagement,
    make_open_pledge,
    make_school,
    make_school_member,
    make_user,
)

NAME, EMAIL, PHONE = "Zébedee Quillfeather", "zq@harbour.example", "01843 555 917"


class Somebody:
    """A contact of an employer, who also signs in, asked to join, was invited, and wrote at a desk."""

    def __init__(self) -> None:
        self.administrator, self.colleague = make_administrator(), make_coordinator()
        self.employer = make_employer("Harbour Lights")
        self.contact = make_contact(self.employer, name="Zebedee Oldname", email=EMAIL, phone=PHONE, role="Head chef")
        registry.correct_contact(by=None, contact=self.contact, name=NAME)
        self.user = make_user("employer", organisation=self.employer, email="zebedee@harbour.example", name=NAME)
        apps.get_model("account", "EmailAddress").objects.create(user=self.user, email=self.user.email, verified=True)
        invitation = invite(by=self.administrator, email=EMAIL, name=NAME, role="employer", organisation=self.employer)
        ask_to_join(name=NAME, email=EMAIL, role="employer", organisation_text="Harbour", note=f"I am {NAME}")
        self._engagement()
        self._notes()
        self._unsent()
        entry = self._entry()
        self.people: list[Record] = [self.contact, self.user, invitation[0], JoinRequest.objects.get(), entry]

    def _engagement(self) -> None:
        school = make_school()
        self.engagement = make_engagement(
            title=f"Talk by {NAME}", status="delivered", attendances=[{"provider": school, "learners": 30}]
        )
        self.attendance = self.engagement.attendances.get()
        engagement_actions.answer(
            by=make_school_member(school), attendance=self.attendance, answer=Answer.DISPUTED, learners=28,
            note=f"{NAME.upper()} counted differently",
        )  # fmt: skip
        self.file = attach(by=None, engagement=self.engagement, file=BytesIO(b"%PDF-1.7\n%%EOF"), name=f"CV {NAME}.pdf")
        self.stored = self.file.file.name

    def _notes(self) -> None:
        self.pledge = make_open_pledge(employer=self.employer, contact=self.contact, notes=f"Ask for {NAME}")
        pledge_actions.withdraw(by=self.colleague, pledge=self.pledge, reason=f"{NAME} has left")
        self.interaction = log_interaction(
            by=self.colleague, organisation=self.employer, contact=self.contact, kind="call",
            happened_on=date(2017, 3, 1), summary=f"Rang {NAME} on +44 1843 555917, or write to {EMAIL}",
        )  # fmt: skip
        add_follow_up(by=None, what=f"Ring {EMAIL}", due_on=date(2017, 4, 1))
        enqueue(kind="news", to=self.user, context={"name": NAME})
        rights.note_request(by=None, about=NAME, kind="erase", wish=f"Forget {EMAIL}", received_on=date(2017, 3, 1))

    def _unsent(self) -> None:
        fields, now = {"name": [NAME], "phone": ["01843555917"]}, timezone.now()
        drafts.keep(user=self.colleague, form="contact_new", fields=fields, at=now)
        drafts.keep(user=self.user, form="pledge_new", fields=fields, at=now)
        SavedView.objects.create(user=self.colleague, page="people", name="Him", query=f"q={EMAIL}")
        AnsweredRequest.objects.create(user=self.colleague, key="k", request_digest="d", body={"name": NAME})
        AnsweredRequest.objects.create(user=self.user, key="own", request_digest="d", body="/")
        batch = Import.objects.create(kind="employers", filename=f"{NAME}.csv")
        ImportRow.objects.create(batch=batch, row=2, outcome="refused", message=f"No {NAME}", raw={"Contact": NAME})

    def _entry(self) -> DeskEntry:
        desk = Desk.objects.create(engagement=self.engagement, closes_at=timezone.now())
        return DeskEntry.objects.create(
            desk=desk, key=uuid4(), organisation=self.employer, name=NAME, email=EMAIL, kind="placement", quantity=2,
            note=f"Ask for {NAME}", consent_version="1", consent_wording="I agree",
        )  # fmt: skip


def dump() -> dict[str, str]:
    """All that the database holds, table by table, as text."""
    from django.db import connection

    texts: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            text = "\n".join(map(str, cursor.fetchall()))
            texts[table] = re.sub(r"\\+u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), text).lower()
    return texts
