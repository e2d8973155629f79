"""The rows of a list's table as HTML. In Python: a page has two hundred cells."""

from html import escape
from typing import Any

from crm.exports.columns import Column
from crm.views.list_table import ListTable


def rows_of(table: ListTable, *, choosing: bool) -> str:
    """All rows; with a box before each for doing something with several."""
    cells = [(*_around(column, spare=spare), column) for column, spare in table.columns]
    return "".join(
        f'<tr class="govuk-table__row">\n    {_box(table, row) if choosing else ""}'
        f"{''.join(f'{opened}{column.cell(row, table.reader)}{closed}' for opened, closed, column in cells)}\n  </tr>\n  "
        for row in table.rows
    )


def _around(column: Column, *, spare: bool) -> tuple[str, str]:
    if column.heads:
        return '<th scope="row" class="govuk-table__header">', "</th>"
    left_out, numeric = (
        " guildhall-list__spare" if spare else "",
        " govuk-table__cell--numeric" if column.numeric else "",
    )
    return f'<td class="govuk-table__cell{left_out}{numeric}">', "</td>"


def _box(table: ListTable, row: Any) -> str:
    words = escape(f"Choose {table.name_of(row)} at {row.employer.name}")
    return (
        '<td class="govuk-table__cell"><div class="govuk-checkboxes govuk-checkboxes--small">'
        '<div class="govuk-checkboxes__item">'
        f'<input class="govuk-checkboxes__input" type="checkbox" name="chosen" value="{row.pk}" id="choose-{row.pk}">'
        f'<label class="govuk-label govuk-checkboxes__label" for="choose-{row.pk}">'
        f'<span class="govuk-visually-hidden">{words}</span></label></div></div></td>'
    )
