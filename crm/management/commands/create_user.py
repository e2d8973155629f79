"""Add somebody who may sign in: `create_user EMAIL --role ROLE`."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guilds.access.actions import create_user
from guilds.access.models import Role
from guilds.organisations.models import Organisation, Scheme
from guilds.reference.models import Guild


class Command(BaseCommand):
    """Without a password, the person signs in by a code that comes by e-mail."""

    help = "Add a user. Members need --organisation; coordinators may be given guilds."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument("--guild", metavar="SLUG", nargs="+", action="extend", default=[], dest="guilds")
        parser.add_argument("--organisation", metavar="SCHEME:VALUE", help="such as urn:118788")
        parser.add_argument("--name", default="", help="how others see the person")
        parser.add_argument("--password", metavar="P", help="without one: by code only")

    def handle(
        self,
        *args,
        email: str,
        role: str,
        guilds: list[str],
        organisation: str | None,
        name: str,
        password: str | None,
        **options,
    ) -> None:
        try:
            user = create_user(
                by=None,
                email=email,
                name=name,
                role=role,
                guilds=_guilds(guilds),
                organisation=_organisation(organisation) if organisation else None,
                password=password,
            )
        except ValidationError as error:
            raise CommandError("\n".join(_lines(error))) from None
        self.stdout.write(f"{user.email}: {user.get_role_display()}")


def _guilds(slugs: list[str]) -> list[Guild]:
    found = {guild.slug: guild for guild in Guild.objects.all()}
    unknown = [slug for slug in slugs if slug not in found]
    if unknown:
        known = ", ".join(sorted(found)) or "none yet: run load_reference first"
        raise CommandError(f"There is no guild {', '.join(unknown)}. There are: {known}")
    return [found[slug] for slug in dict.fromkeys(slugs)]


def _organisation(words: str) -> Organisation:
    scheme, colon, value = words.partition(":")
    if not colon or scheme not in Scheme.values:
        raise CommandError(f"“{words}” is not SCHEME:VALUE with a scheme of {', '.join(Scheme.values)}")
    organisation = Organisation.objects.identified(scheme, value.strip()).first()
    if organisation is None:
        raise CommandError(f"There is no organisation with {scheme} {value}")
    return organisation.merged_into or organisation


def _lines(error: ValidationError) -> list[str]:
    return [f"{field}: {message}" for field, messages in error.message_dict.items() for message in messages]
