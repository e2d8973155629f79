"""How much there is of a record's parts: what was agreed of a pledge, what was delivered on it."""

from typing import Any

from django.db.models import Func, IntegerField, QuerySet, Sum
from django.db.models.expressions import RawSQL

#: Stands in the text for the key of the row whose parts are added up.
_KEY = "{key}"


class TotalOfParts(Func):
    """The sum of a field over a row's parts: by a subquery, never by joining, which would multiply; 0 where there are none.

    Lists, the board and counts need it several times each, and putting it together takes longer than all else about their
    queries: so its SQL is written once, and only the row's key put into it. It calls its tables by their whole names, which
    Django does at the top of a query only: so it means the same inside any other.
    """

    output_field = IntegerField()

    def __init__(self, parts: QuerySet, field: str, *, of: str) -> None:
        super().__init__("pk")
        of_one = parts.filter(**{of: RawSQL(_KEY, ())}).order_by()  # noqa: S611 (a constant)
        self.total = of_one.values(of).annotate(total=Sum(field)).values("total").query
        self.written: dict[str, tuple[str, tuple]] = {}

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> tuple[str, tuple]:
        """The text as it was written once for this kind of database, with the key of this query's rows."""
        if connection.vendor not in self.written:
            sql, values = self.total.clone().get_compiler(connection=connection).as_sql()
            self.written[connection.vendor] = (f"COALESCE(({sql}), 0)", tuple(values))
        key, _ = compiler.compile(self.source_expressions[0])
        text, values = self.written[connection.vendor]
        return text.replace(_KEY, key), values
