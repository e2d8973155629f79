"""One loader for each kind of file."""

from collections.abc import Callable

from guilds.importing.loaders.base import Loader, Run
from guilds.importing.loaders.boundaries import BoundaryLoader
from guilds.importing.loaders.engagements import EngagementLoader
from guilds.importing.loaders.indicators import IndicatorLoader
from guilds.importing.loaders.memberships import MembershipLoader
from guilds.importing.loaders.opportunities import APPRENTICESHIPS, PLACEMENTS, OpportunityLoader
from guilds.importing.loaders.organisations import OrganisationLoader
from guilds.importing.loaders.pledges import PledgeLoader
from guilds.importing.loaders.reference import LinkLoader, PostcodeLoader, StandardLoader
from guilds.importing.models import Kind

__all__ = ["Loader", "Run", "loader_for"]


def loader_for(kind: Kind) -> Loader:
    """A fresh loader for one run over one file."""
    loaders: dict[Kind, Callable[[], Loader]] = {
        Kind.PROVIDERS: OrganisationLoader, Kind.EMPLOYERS: OrganisationLoader, Kind.MEMBERSHIPS: MembershipLoader,
        Kind.ENGAGEMENTS: EngagementLoader, Kind.PLEDGES: PledgeLoader,
        Kind.PLACEMENTS: lambda: OpportunityLoader(PLACEMENTS),
        Kind.APPRENTICESHIPS: lambda: OpportunityLoader(APPRENTICESHIPS),
        Kind.POSTCODES: PostcodeLoader, Kind.STANDARDS: StandardLoader, Kind.SCHOOL_LINKS: LinkLoader,
        Kind.BOUNDARIES: BoundaryLoader, Kind.INDICATORS: IndicatorLoader,
    }  # fmt: skip
    return loaders[kind]()
