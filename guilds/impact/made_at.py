"""What was promised at one engagement, and what became of it: the conversion of a day such as the Hospitality Conversation.

The same rules as of any cohort (counting.md, rule 5): what was pledged never changes, and is not capped by what was delivered.
"""

from dataclasses import dataclass

from django.db.models import Count, Sum

from guilds.engagement.models import Engagement
from guilds.pledges.models import Pledge, PledgeKind, delivered_total


@dataclass(frozen=True)
class Promised:
    """How many pledges of a kind there were, how much they promised, and how much of that was delivered."""

    kind: str
    pledges: int
    pledged: int
    delivered: int


def promised_at(engagement: Engagement) -> list[Promised]:
    """Of each kind of which something was promised there and verified. One query."""
    made = Pledge.objects.verified().filter(engagement=engagement).alias(done=delivered_total()).order_by()
    rows = made.values("kind").annotate(made=Count("pk"), pledged=Sum("quantity"), kept=Sum("done"))
    found = {row["kind"]: Promised(row["kind"], row["made"], row["pledged"], row["kept"]) for row in rows}
    return [found[kind] for kind in PledgeKind.values if kind in found]
