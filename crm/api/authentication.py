"""Who calls: `Authorization: Api-Key KEY`. A key acts for its owner, narrowed by its scopes."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from guilds.access.actions import key_digest
from guilds.access.models import ApiClient, User

_SCHEME = b"api-key"


class ApiKeyAuthentication(BaseAuthentication):
    """`request.user` becomes the owner of the key, `request.auth` the client."""

    def authenticate(self, request: Request) -> tuple[User, ApiClient] | None:
        """Raises AuthenticationFailed for a key that opens nothing: unknown, revoked, or of an inactive user."""
        scheme, _, key = get_authorization_header(request).partition(b" ")
        if scheme.lower() != _SCHEME:
            return None
        digest = key_digest(key.strip().decode("latin-1"))
        client = ApiClient.objects.active().select_related("user").filter(key_digest=digest).first()
        if client is None:
            raise AuthenticationFailed("This key is not known, or has been revoked.")
        return client.user, client

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Api-Key realm="Guildhall"'
