"""Make a key for a program: `create_api_client NAME --user EMAIL --scope SCOPE…`."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guilds.access.actions import create_api_client
from guilds.access.models import Scope, User


class Command(BaseCommand):
    """The key stands alone on the last line; it is printed once, and only its digest is kept."""

    help = "Add an API client that acts for a user, narrowed by scopes, and print its key."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="which program it is for")
        parser.add_argument("--user", metavar="EMAIL", required=True, help="whose role it acts in")
        parser.add_argument(
            "--scope",
            metavar="SCOPE",
            nargs="+",
            action="extend",
            required=True,
            dest="scopes",
            help=f"one or more of: {', '.join(Scope.values)}",
        )

    def handle(self, *args, name: str, user: str, scopes: list[str], **options) -> None:
        owner = User.objects.filter(email__iexact=user, is_active=True).first()
        if owner is None:
            raise CommandError(f"There is no active user {user}")
        try:
            client, key = create_api_client(by=None, name=name, user=owner, scopes=scopes)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{client.name} acts for {owner.email} with {', '.join(client.scopes)}.")
        self.stdout.write("Keep this key safe: it is not shown again.")
        self.stdout.write(key)
