"""Employers and providers: found by their identifiers, added, or brought up to date."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from guilds.importing.loaders.base import Run, attempt
from guilds.importing.references import Pair, by_name, described, folded, holders, in_chunks
from guilds.importing.rows import Row
from guilds.organisations import actions
from guilds.organisations.bulk import Correction, Draft, correct_many, register_many
from guilds.organisations.models import Identifier, Organisation, Status
from guilds.organisations.names import search_name
from guilds.reference.models import Guild
from guilds.reference.places import Place, districts_for

_COLUMN = {"companies_house": "company_number", "charity": "charity_number"}


class OrganisationLoader:
    """Loads rows that `layouts.organisations.take_organisation` filled."""

    grouped_by = None
    chunk = 2_000
    permission = "organisation.add"

    def take(self, rows: list[Row], run: Run) -> None:
        """Find all of the chunk's organisations in few queries, then add the new ones at once."""
        sound = [row for row in rows if not row.refusals]
        registry = _Registry(sound)
        waiting = _Waiting(run, registry)
        for row in sound:
            waiting.make_way_for(_keys(row))
            organisation = registry.find(row)
            if organisation and not row.refusals:
                _bring_up_to_date(row, organisation, waiting)
            elif not row.refusals:
                waiting.register(row)
        waiting.save()
        _suggest_guilds(sound)


def _keys(row: Row) -> set[Pair]:
    """What a row's organisation is found by: its identifiers, or its name where it has none."""
    return set(row.values["identifiers"].items()) or {("name", folded(row.values["fields"]["name"]))}


class _Registry:
    """What is known of the organisations that a chunk's rows mean."""

    def __init__(self, rows: list[Row]) -> None:
        self.held = holders(pair for row in rows for pair in row.values["identifiers"].items())
        self.identifiers: dict = defaultdict(dict)
        self._named = by_name(row.values["fields"]["name"] for row in rows if not row.values["identifiers"])
        self._remember({organisation.pk for organisation in self.held.values()})
        postcodes = {row.values["fields"].get("postcode", "") for row in rows}
        self.places: dict[str, Place] = districts_for(sorted(filter(None, postcodes)))

    def _remember(self, ids: set) -> None:
        for chunk in in_chunks(ids):
            for identifier in Identifier.objects.filter(organisation__in=chunk):
                self.identifiers[identifier.organisation_id][identifier.scheme] = identifier.value

    def add(self, row: Row, organisation: Organisation) -> None:
        """Later rows of the chunk may mean an organisation that this row has just added."""
        pairs = row.values["identifiers"]
        self.identifiers[organisation.pk] |= pairs
        for pair in pairs.items():
            self.held[pair] = organisation
        self._named[folded(organisation.name)].append(organisation)

    def find(self, row: Row) -> Organisation | None:
        """The organisation that a row means; None if it is new or refused."""
        pairs = row.values["identifiers"]
        if not pairs:
            return self._findby_name(row)
        found = next(
            (self.held[pair] for pair in pairs.items() if pair in self.held and not self._denies(pair, pairs)), None
        )
        self._drop_others(row, found)
        return found

    def _denies(self, pair: Pair, pairs: dict[str, str]) -> bool:
        """Whether the holder of a lesser identifier has another value of one that decides before it."""
        has = self.identifiers[self.held[pair].pk]
        schemes = list(pairs)
        return any(has.get(scheme, pairs[scheme]) != pairs[scheme] for scheme in schemes[: schemes.index(pair[0])])

    def _drop_others(self, row: Row, found: Organisation | None) -> None:
        for pair in list(row.values["identifiers"].items()):
            holder = self.held.get(pair)
            if holder and (found is None or holder.pk != found.pk):
                say = row.refuse if row.values["strict"] else row.warn
                say(_COLUMN.get(pair[0], pair[0]), f"{pair[1]} belongs to {holder.name} already")
                del row.values["identifiers"][pair[0]]

    def _findby_name(self, row: Row) -> Organisation | None:
        fields = row.values["fields"]
        postcode = fields.get("postcode", "")
        fitting = [
            known
            for known in self._named.get(folded(fields["name"]), [])
            if not postcode or known.postcode in ("", postcode)
        ]
        if len(fitting) > 1:
            listed = "; ".join(described(candidate) for candidate in fitting[:6])
            row.refuse("name", f"It has no number and its name fits {len(fitting)}: {listed}")
        if not fitting:
            row.warn("name", "It has no number: it is known by its exact name and postcode only")
        return fitting[0] if len(fitting) == 1 else None


class _Waiting:
    """Organisations that are to be added or changed, all at once, unless a later row means one of them."""

    def __init__(self, run: Run, registry: _Registry) -> None:
        self.run, self.registry = run, registry
        self._new: list[Row] = []
        self._corrections: list[tuple[Row, Correction]] = []
        self._keys: set[Pair] = set()

    def make_way_for(self, keys: set[Pair]) -> None:
        """Save what waits if it is what a row with these keys means."""
        if self._keys & keys:
            self.save()

    def register(self, row: Row) -> None:
        """Add a row's organisation soon."""
        self._new.append(row)
        self._keys |= _keys(row) | {("name", folded(row.values["fields"]["name"]))}

    def correct(self, row: Row, correction: Correction) -> None:
        """Change a row's organisation soon. Its name may change too, so later rows may mean it by either."""
        organisation = correction.organisation
        names = {("name", folded(name)) for name in (organisation.name, row.values["fields"]["name"])}
        self._corrections.append((row, correction))
        self._keys |= names | set(self.registry.identifiers[organisation.pk].items())

    def save(self) -> None:
        """Save all that waits."""
        _register(self._new, self.run, self.registry)
        _correct(self._corrections, self.run)
        self._new, self._corrections, self._keys = [], [], set()


def _draft(row: Row, registry: _Registry) -> Draft:
    values = row.values
    return Draft(
        fields=values["fields"],
        identifiers=tuple(values["identifiers"].items()),
        place=registry.places.get(values["fields"].get("postcode", "")),
        happened_on=values["happened_on"],
    )


def _register(rows: list[Row], run: Run, registry: _Registry) -> None:
    """All at once; if one of them is refused, one by one, so that only that one is."""
    if not rows:
        return
    try:
        with transaction.atomic():
            added = register_many(by=run.by, drafts=[_draft(row, registry) for row in rows])
    except (ValidationError, IntegrityError):
        _register_singly(rows, run, registry)
        return
    for row, organisation in zip(rows, added, strict=True):
        row.outcome = "created"
        registry.add(row, organisation)


def _register_singly(rows: list[Row], run: Run, registry: _Registry) -> None:
    for row in rows:
        draft = _draft(row, registry)

        def change(row: Row = row, draft: Draft = draft) -> str:
            registry.add(
                row, actions.register(by=run.by, identifiers=draft.identifiers, place=draft.place, **draft.fields)
            )
            return "created"

        attempt([row], {"identifiers": next(iter(row.values["identifiers"]), "name")}, change)


def _bring_up_to_date(row: Row, organisation: Organisation, waiting: _Waiting) -> None:
    registry = waiting.registry
    changes = _differences(row, organisation, registry)
    has = registry.identifiers[organisation.pk]
    lacking = {scheme: value for scheme, value in row.values["identifiers"].items() if has.get(scheme) != value}
    place = registry.places.get(changes.get("postcode", ""))
    correction = Correction(organisation, changes, place, row.values["happened_on"])
    if lacking:
        _correct_singly(row, correction, waiting.run, identifiers=has | lacking)
        if not row.refusals:
            has |= lacking
    elif changes:
        waiting.correct(row, correction)
    else:
        row.outcome = "unchanged"


def _correct(corrections: list[tuple[Row, Correction]], run: Run) -> None:
    """All at once; if one of them is refused, one by one, so that only that one is."""
    if not corrections:
        return
    try:
        changed = correct_many(by=run.by, corrections=[correction for _, correction in corrections])
    except (ValidationError, IntegrityError):
        for row, correction in corrections:
            _correct_singly(row, correction, run)
        return
    for (row, _), so in zip(corrections, changed, strict=True):
        row.outcome = "updated" if so else "unchanged"


def _correct_singly(row: Row, correction: Correction, run: Run, identifiers: dict[str, str] | None = None) -> None:
    pairs = None if identifiers is None else list(identifiers.items())
    version = correction.organisation.version

    def change() -> str:
        changed = actions.correct(
            by=run.by,
            organisation=correction.organisation,
            identifiers=pairs,
            place=correction.place,
            **correction.fields,
        )
        return "unchanged" if changed.version == version else "updated"

    attempt([row], {}, change)


def _differences(row: Row, organisation: Organisation, registry: _Registry) -> dict:
    """What the row says otherwise than the registry. A register that is silent says nothing."""
    changes = {}
    for name, value in row.values["fields"].items():
        now = getattr(organisation, name)
        filled = name in row.values["fills"] and now not in (None, "", [])
        if name == "name" and filled and search_name(value) != organisation.search_name:
            row.warn("name", f"The file calls it “{value}”; it stays “{now}”")
        if now != value and not filled and not (name == "status" and now == Status.ARCHIVED):
            changes[name] = value
    if "postcode" not in changes and _better_placed(organisation, registry):
        changes["postcode"] = organisation.postcode
    return changes


def _better_placed(organisation: Organisation, registry: _Registry) -> bool:
    """Whether a postcode file that came since knows the district, which was only guessed or not known."""
    place = registry.places.get(organisation.postcode)
    guessed = organisation.district_approximate or organisation.district_id is None
    return bool(
        guessed
        and place
        and place != Place(organisation.district_id, organisation.district_approximate)
        and place.district is not None
    )


def _suggest_guilds(rows: list[Row]) -> None:
    """Guilds whose SIC prefixes fit an employer: shown to people, never applied."""
    taken = [row for row in rows if row.outcome in ("created", "updated") and row.values["fields"].get("sic_codes")]
    guilds = [(guild.slug, tuple(guild.sic_prefixes)) for guild in Guild.objects.all()] if taken else []
    for row in taken:
        codes = row.values["fields"]["sic_codes"]
        for slug, prefixes in guilds:
            fitting = [code for code in codes if prefixes and code.startswith(prefixes)]
            if fitting:
                row.suggest("guild", f"{slug} (SIC {', '.join(fitting)})")
