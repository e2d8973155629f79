"""Questions that are put into words once for all readers of one role."""

from collections.abc import Callable
from typing import Any

from django.db.models import Field, QuerySet, UUIDField

from guilds.access.models import User
from guilds.reading import Asked, Given, Question


class ReadersQuestion:
    """A question of which a reader's role and organisation alone say what they see (`visible_to` of most records).

    `put` makes a `values_list` for a `reader` and what is `given`. It gets somebody of whom nothing else is known: a
    `visible_to` that looks at more can't be asked so.
    """

    def __init__(self, put: Callable[..., QuerySet], **given: Field) -> None:
        self._put, self._given = put, given
        self._questions: dict[str, Question] = {}

    def __call__(self, reader: User, **values: Any) -> Asked:
        """The question of this reader about these, for `read_at_once`."""
        if reader.role not in self._questions:
            self._questions[reader.role] = self._for(reader.role)
        return self._questions[reader.role](readers=reader.organisation_id, **values)

    def _for(self, role: str) -> Question:
        def put(readers: Given, **given: Given) -> QuerySet:
            somebody: Any = User(pk=None, role=role)
            somebody.organisation_id = readers
            return self._put(somebody, **given)

        return Question(put, readers=UUIDField(), **self._given)
