"""What is asked before a pack is made."""

from crm.forms.publications import PublicationForm


class DistrictPackForm(PublicationForm):
    """The period that a district's data pack is about."""

    guild = None  # type: ignore[assignment]
    district = None  # type: ignore[assignment]
