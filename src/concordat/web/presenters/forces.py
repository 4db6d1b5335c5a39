"""Forces in words and figures: their numbers, their neighbours in law, what they share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from concordat.access.rules import WrittenGrant
from concordat.organisations.queries import FigureSummary, OrganisationSummary
from concordat.organisations.rules import Measure
from concordat.web.formatting import format_date, format_number
from concordat.web.presenters.agreements import listed, purposes_text, roles_text, sentence

_FINANCIAL_YEAR_BEGINS = (4, 1)


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What passes between a force and others under one agreement on the same terms."""

    kinds: str
    level: str
    others: str
    reference: str
    roles: str
    purposes: str


def figure_rows(figures: Sequence[FigureSummary], *, latest_only: bool) -> list[list[object]]:
    """Return figures as cells: what, as at, value, source; the newest of each measure first."""
    rows: list[list[object]] = []
    for _, group in groupby(figures, key=lambda figure: figure.measure):
        newest_first = sorted(group, key=lambda figure: figure.as_at, reverse=True)
        rows += [
            [figure.measure.label, as_at(figure), value_text(figure), figure.source]
            for figure in newest_first[: 1 if latest_only else None]
        ]
    return rows


def population_bars(figures: Iterable[FigureSummary]) -> list[dict[str, object]]:
    """Return the population by year as bars."""
    return [
        {
            "label": f"Mid-{figure.as_at.year}",
            "value": int(figure.value),
            "text": format_number(int(figure.value)),
        }
        for figure in figures
        if figure.measure is Measure.POPULATION
    ]


def as_at(figure: FigureSummary) -> str:
    """Return when a figure held: a day, or a financial year such as "2017/18"."""
    day = figure.as_at
    if (day.month, day.day) == _FINANCIAL_YEAR_BEGINS:
        return f"{day.year}/{(day.year + 1) % 100:02}"
    return format_date(day)


def value_text(figure: FigureSummary) -> str:
    """Return a figure with its unit: "£72.6 million", "3,293.5"."""
    value = _plain(figure.value)
    return f"£{value} million" if figure.unit == "GBP_m" else value


def code_rows(force: OrganisationSummary) -> list[tuple[str, str]]:
    """Return the names by which systems know a force."""
    return [
        ("PNC code", force.pnc_code),
        ("ONS code", force.ons_code),
        ("data.police.uk identifier", force.police_uk_id),
    ]


def related_rows(bodies: Iterable[OrganisationSummary]) -> list[list[object]]:
    """Return fire services and policing bodies as cells: name, what it is, when."""
    return [[body.name, body.kind.label, lifetime(body)] for body in bodies]


def lifetime(body: OrganisationSummary) -> str:
    """Return from when until when a body existed, and what followed."""
    text = ""
    if body.valid_from:
        text = f"Since {format_date(body.valid_from)}"
    if body.valid_until:
        last = format_date(_day_before(body.valid_until))
        start = format_date(body.valid_from) if body.valid_from else ""
        text = f"{start} to {last}" if start else f"Until {last}"
    if body.successor:
        text = f"{text}, then {body.successor}"
    return text or "At present"


def shared(
    grants: Iterable[WrittenGrant],
    *,
    of_owner: bool,
    bodies: Mapping[int, OrganisationSummary],
    references: Mapping[UUID, str],
) -> list[Shared]:
    """Return grants by their terms: to whom a force gives (`of_owner`) or from whom it gets."""
    found: dict[tuple[object, ...], list[WrittenGrant]] = {}
    for grant in grants:
        terms = (grant.agreement_id, grant.level, frozenset(grant.roles), frozenset(grant.purposes))
        found.setdefault(terms, []).append(grant)
    return [
        Shared(
            kinds=sentence(
                listed(kind.label.lower() for kind in sorted({grant.kind for grant in group}))
            ),
            level=group[0].level.label,
            others=listed(
                bodies[number].name
                for number in sorted(
                    {grant.recipient_id if of_owner else grant.owner_id for grant in group}
                )
            ),
            reference=references.get(group[0].agreement_id, ""),
            roles=roles_text(group[0].roles),
            purposes=purposes_text(group[0].purposes),
        )
        for group in found.values()
    ]


def _plain(value: Decimal) -> str:
    whole = value.quantize(Decimal(1))
    return format_number(int(whole)) if value == whole else f"{value.normalize():,f}"


def _day_before(day: date) -> date:
    return day - timedelta(days=1)
