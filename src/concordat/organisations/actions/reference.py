"""The project's own reference files: bodies, figures, districts, and the middles of postcodes."""

import csv
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any

from concordat.audit.actions import record
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.organisations.models import District, Figure, Organisation, PostcodePoint


def load_reference(actor: Actor) -> dict[str, int]:
    """Bring the shipped reference files into the database; running it again changes nothing.

    Returns how many rows of each file there now are. Rows are added and updated, never deleted.
    """
    with acting(actor):
        counts = {
            "organisations": _load_organisations(),
            "figures": _load_figures(),
            "districts": _load_districts(),
            "postcode sectors": _load_sectors(),
        }
        record(
            actor,
            operation=Operation.ADMINISTRATION,
            action="organisations.load_reference",
            details=counts,
        )
    return counts


def _rows(name: str) -> Iterator[dict[str, str]]:
    source = files("concordat.organisations") / "reference" / name
    yield from csv.DictReader(source.read_text(encoding="utf-8").splitlines())


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _load_organisations() -> int:
    rows = list(_rows("organisations.csv"))
    plain = ("code", "kind", "name", "short_name", "pnc_code", "ons_code", "police_uk_id", "region")
    made = [
        Organisation(
            id=int(row["id"]),
            valid_from=_date(row["valid_from"]),
            valid_until=_date(row["valid_until"]),
            **{field: row[field] for field in plain},
        )
        for row in rows
    ]
    by_code = {organisation.code: organisation for organisation in made}
    for row in rows:
        if row["successor"]:
            by_code[row["code"]].successor = by_code[row["successor"]]
    # Successors first, so that no row points at one that is not there yet.
    made.sort(key=lambda organisation: organisation.successor_id is not None)
    Organisation.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*plain, "valid_from", "valid_until", "successor"],
    )
    link: type[Any] = Organisation.serves.through
    link.objects.bulk_create(
        [
            link(from_organisation_id=by_code[row["code"]].id, to_organisation_id=by_code[code].id)
            for row in rows
            for code in row["serves"].split()
        ],
        ignore_conflicts=True,
    )
    return len(made)


def _load_figures() -> int:
    ids = dict(Organisation.objects.values_list("code", "id"))
    made = [
        Figure(
            organisation_id=ids[row["organisation"]],
            measure=row["measure"],
            as_at=date.fromisoformat(row["as_at"]),
            value=Decimal(row["value"]),
            unit=row["unit"],
            source=row["source"],
        )
        for row in _rows("figures.csv")
    ]
    Figure.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["organisation", "measure", "as_at"],
        update_fields=["value", "unit", "source"],
    )
    return len(made)


def _load_districts() -> int:
    ids = dict(Organisation.objects.values_list("code", "id"))
    made = [
        District(
            ons_code=row["ons_code"],
            name=row["name"],
            force_id=ids[row["force"]],
            valid_from=_date(row["valid_from"]),
            valid_until=_date(row["valid_until"]),
        )
        for row in _rows("districts.csv")
    ]
    District.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["name", "ons_code"],
        update_fields=["force", "valid_from", "valid_until"],
    )
    return len(made)


def _load_sectors() -> int:
    ids = dict(Organisation.objects.values_list("code", "id"))
    made = [
        PostcodePoint(
            code=row["sector"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            force_id=ids[row["force"]],
        )
        for row in _rows("postcode_sectors.csv")
    ]
    PostcodePoint.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["latitude", "longitude", "force"],
    )
    return len(made)
