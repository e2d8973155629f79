"""A year with a little in it, to be published."""

from datetime import date

from guilds.engagement.models import Engagement
from guilds.publishing import actions
from guilds.publishing.models import Publication
from tests.factories import (
    make_administrator,
    make_district,
    make_employer,
    make_engagement,
    make_guild,
    make_placement,
    make_school,
    moment,
)

MARCH = date(2017, 3, 14)


class Year:
    """2016-17: a careers event of two schools and placements for 85 learners."""

    def __init__(self) -> None:
        make_guild("sciences")
        self.by = make_administrator()
        self.thanet, self.ashford = make_district(), make_district("E07000105", "Ashford")
        self.schools = [make_school(district=self.thanet), make_school(district=self.ashford)]
        self.employer = make_employer(district=self.thanet)
        self.placement = make_placement(employer=self.employer, learners=80, arranged_on=MARCH)
        make_placement(employer=self.employer, learners=5, arranged_on=MARCH)
        self.fair = self.event(send=(12, 15))

    def event(self, send: tuple, learners=(100, 50), **fields) -> Engagement:
        """An event at which both schools were, with so many learners with SEND."""
        rows = [
            {"provider": school, "learners": number, "send": few}
            for school, number, few in zip(self.schools, learners, send, strict=True)
        ]
        return make_engagement(**{"status": "delivered", "starts_at": moment(MARCH), "attendances": rows} | fields)

    def draft(self, **fields) -> Publication:
        """A draft of the whole year."""
        return actions.make(**{"by": self.by, "period": "2016-17"} | fields)

    def published(self, status: str = "provisional", **fields) -> Publication:
        """The whole year, published."""
        return actions.publish(by=self.by, publication=self.draft(**fields), status=status)
