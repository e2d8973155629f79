"""People at organisations: personal details, so only for those who work with them."""

from typing import Any

from rest_framework import serializers

from crm.api.fields import StrictSerializer
from crm.api.permissions import require
from crm.api.references import OrganisationReference
from crm.api.resources import Correcting, Creating, key
from crm.api.shapes import Shape
from crm.filtersets.contacts import ContactFilterSet
from guilds.organisations import actions
from guilds.organisations.models import Contact, ContactSource, LawfulBasis


class ContactCorrection(StrictSerializer):
    name = serializers.CharField(max_length=200)
    role = serializers.CharField(max_length=100, allow_blank=True, required=False, help_text="Job title")
    email = serializers.EmailField(allow_blank=True, required=False, max_length=254)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)
    do_not_contact = serializers.BooleanField(required=False)
    lawful_basis = serializers.ChoiceField(choices=LawfulBasis.choices, required=False)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a field of ours by the name of an argument
        choices=ContactSource.choices, required=False, allow_blank=True, help_text="Where the details come from"
    )
    source_on = serializers.DateField(required=False, allow_null=True, help_text="The day on which they came")
    consent_version = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text="The words that were agreed to, where it is consent"
    )


class ContactInput(ContactCorrection):
    organisation = OrganisationReference()


class ContactShape(Shape):
    organisation = serializers.UUIDField()
    name = serializers.CharField()
    role = serializers.CharField(help_text="Job title")
    email = serializers.CharField()
    phone = serializers.CharField()
    do_not_contact = serializers.BooleanField()
    lawful_basis = serializers.ChoiceField(choices=LawfulBasis.choices)
    source = serializers.ChoiceField(choices=ContactSource.choices, allow_blank=True)  # type: ignore[assignment]
    source_on = serializers.DateField(allow_null=True)
    consent_version = serializers.CharField()


class Contacts(Creating, Correcting):
    """People; several may share an e-mail, so an e-mail finds nobody."""

    model = Contact
    filterset_class = ContactFilterSet
    shape = ContactShape
    input, correction = ContactInput, ContactCorrection
    permission_names = {
        "list": "contact.view",
        "retrieve": "contact.view",
        "create": "contact.add",
        "partial_update": "contact.change",
    }

    def fetched(self, rows):
        return rows.select_related("organisation") if self.action == "partial_update" else rows

    def subject(self, record: Contact) -> Any:
        """Who may change an organisation's people is asked of the organisation."""
        return record.organisation if self.action == "partial_update" else record

    def represent(self, record: Contact) -> dict[str, Any]:
        return {
            "organisation": key(record.organisation_id),
            "name": record.name,
            "role": record.role,
            "email": record.email,
            "phone": record.phone,
            "do_not_contact": record.do_not_contact,
            "lawful_basis": record.lawful_basis,
            "source": record.source,
            "source_on": record.source_on,
            "consent_version": record.consent_version,
        }

    def add(self, fields: dict[str, Any]) -> Contact:
        require(self.user, "contact.add", fields["organisation"])
        return actions.add_contact(by=self.user, **fields)

    def correct(self, record: Contact, fields: dict[str, Any], version: int) -> None:
        actions.correct_contact(by=self.user, contact=record, expected_version=version, **fields)
