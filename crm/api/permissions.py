"""Whether the caller may: every endpoint names its permissions, and they are asked here."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from guilds.access.models import ApiClient, Scope
from guilds.access.permissions import allowed

if TYPE_CHECKING:
    from rest_framework.views import APIView

#: For what anybody may read who knows the address.
PUBLIC = "public"


def permission_of(view: "APIView") -> str | None:
    """The permission that a view names for what is asked of it; None for a method that it does not have.

    Raises KeyError for an action without one: forgetting it must not open a door.
    """
    names = getattr(view, "permission_names", None)
    if names is None:
        return view.permission_name  # type: ignore[attr-defined]
    action = getattr(view, "action", None)
    return names[action] if action and hasattr(view, action) else None


def scopes_for(permission: str, method: str) -> set[str]:
    """The scopes of which a key needs one. Guilds and districts are open to every key."""
    topic = permission.split(".")[0]
    if topic == "reference":
        return set(Scope.values)
    if topic == "impact":
        return {Scope.IMPACT_READ}
    if method not in SAFE_METHODS:
        return {Scope.RECORDS_WRITE}
    return {Scope.IMPACT_READ, Scope.RECORDS_READ} if topic in ("target", "publication") else {Scope.RECORDS_READ}


def require(user: Any, permission: str, record: Any = None) -> None:
    """Raises PermissionDenied unless the permission table says yes."""
    if not allowed(user, permission, record):
        raise PermissionDenied("You may not do this.")


class NamedPermission(BasePermission):
    """Asks for a sign-in, for the key's scope and, where no single record is meant, the permission table.

    For one record the table is asked once the record has been found among those that the caller sees: what is out
    of sight is 404, never 403.
    """

    message = "You may not do this."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        permission = permission_of(view)
        if permission == PUBLIC:
            return True
        if not request.user.is_authenticated:
            return False
        if permission is None:
            return True
        self._check_scope(request, permission)
        return bool(getattr(view, "detail", False)) or allowed(request.user, permission)

    def _check_scope(self, request: Request, permission: str) -> None:
        wanted = scopes_for(permission, request.method or "")
        if isinstance(request.auth, ApiClient) and not wanted & set(request.auth.scopes):
            raise PermissionDenied(f"This key lacks the scope {' or '.join(sorted(wanted))}.")
