"""A public publication for programs: every figure as JSON, and what the columns of its CSV mean (CSV on the Web)."""

from typing import Any

from crm.exports.publications import HEADINGS, STATUS_SYMBOLS, SYMBOLS
from crm.published import measure_of
from guilds.publishing.models import Publication, PublishedFigure

#: What is told of each figure, under the same names as in the API.
FIELDS = ("measure", "by", "key", "label", "value", "confirmed", "missing", "target", "numerator", "denominator",
          "adds_up", "symbol")  # fmt: skip
_COLUMNS = {
    "period": ("string", "The months that are counted, as in the API: 2016-17 is September 2016 to August 2017"),
    "about": ("string", "county, or the guild or district that all figures are about"),
    "by": ("string", "What the row is one of: total, guild, district, kind or month"),
    "key": ("string", "The row itself: a guild's name in addresses, a GSS code, a kind, a month"),
    "label": ("string", "The row's name"),
    "measure": ("string", "What is counted"),
    "measure_label": ("string", "What is counted, in words"),
    "unit": ("string", "What the value is a number of"),
    "value": ("number", "The figure; empty where symbol says why. A share is unrounded, from 0 on"),
    "symbol": ("string", "; ".join(SYMBOLS)),
    "confirmed": ("integer", "The part of the value that schools and colleges have confirmed"),
    "missing": ("integer", "How many records have no number; they add nothing to the value"),
    "target": ("integer", "What was aimed at, in the same unit, when it was published"),
    "numerator": ("integer", "Of a share, what is divided"),
    "denominator": ("integer", "Of a share, what it is divided by"),
    "definition": ("string", "What the measure counts and what it does not"),
    "methodology_version": ("string", "Which version of all definitions was used"),
    "status": ("string", "provisional, final, or revised: there is a newer version"),
    "version": ("integer", "Which version of the publication this is, from 1"),
}


def as_json(publication: Publication, figures: list[PublishedFigure], *, addresses: dict[str, str]) -> dict[str, Any]:
    """Everything that the public page tells. `addresses`: of the page, its other forms, and a newer version."""
    span = publication.span
    return {
        "period": {"slug": span.slug, "label": span.label, "from": span.start, "to": span.end},
        "about": publication.about,
        "guild": publication.guild_id,
        "district": publication.district_id,
        "version": publication.edition,
        "status": publication.status,
        "status_symbol": STATUS_SYMBOLS.get(publication.status, ""),  # type: ignore[call-overload]
        "reason": publication.reason,
        "published_at": publication.published_at,
        "as_of": publication.as_of,
        "methodology_version": publication.methodology_version,
        "addresses": addresses,
        "symbols": list(SYMBOLS),
        "measures": [_measure(slug) for slug in dict.fromkeys(figure.measure for figure in figures)],
        "figures": [_figure(figure) for figure in figures],
    }


def columns_of(title: str, address: str) -> dict[str, Any]:
    """What the columns of the CSV mean, for programs that read "CSV on the Web"."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": title,
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": [_column(name) for name in HEADINGS], "primaryKey": ["measure", "by", "key"]},
    }


def _column(name: str) -> dict[str, Any]:
    datatype, description = _COLUMNS[name]
    return {"name": name, "titles": name, "datatype": datatype, "dc:description": description}


def _measure(slug: str) -> dict[str, Any]:
    measure = measure_of(slug)
    return {
        "slug": slug, "label": measure.label, "unit": measure.unit, "definition": measure.definition,
        "counting_date": measure.counting_date, "district": measure.district, "adds_up": measure.adds_up,
    }  # fmt: skip


def _figure(figure: PublishedFigure) -> dict[str, Any]:
    whole = figure.value is not None and figure.value == int(figure.value)
    told = {name: getattr(figure, name) for name in FIELDS}
    return told | {"value": int(figure.value)} if whole and figure.value is not None else told
