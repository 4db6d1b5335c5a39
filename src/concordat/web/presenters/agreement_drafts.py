"""A draft agreement in words: its sections, what is missing and where, what others changed."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from concordat.access.rules import RecordKind
from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import AgreementKind, SharingTerms, functions
from concordat.organisations.queries import OrganisationSummary
from concordat.organisations.rules import OrganisationKind
from concordat.records.rules.merging import Conflict
from concordat.web.formatting import format_date

SECTIONS: Mapping[str, str] = {
    "basics": "What and when",
    "parties": "Parties and functions",
    "terms": "Terms",
    "sharing": "Sharing",
    "resources": "Resources",
    "costs": "Costs",
    "benefits": "Benefits",
}
"""The sections of a draft, by the last part of their address."""

# What a missing part is called, by what it begins with or holds, and where it is asked for.
_WHERE: Sequence[tuple[str, str, str]] = (
    ("sharing clause", "sharing", "schedule"),
    ("clause", "sharing", "schedule"),
    ("a binding form", "sharing", "schedule"),
    ("another form: policing bodies", "sharing", "schedule"),
    ("resource line", "resources", "lines"),
    ("cost line", "costs", "lines"),
    ("benefit line", "benefits", "lines"),
    ("a title", "basics", "id_title"),
    ("its purpose", "basics", "id_purpose"),
    ("review date", "basics", "id_review_on_day"),
    ("an end that comes", "basics", "id_ends_on_day"),
    ("exit terms", "terms", "id_exit_terms"),
    ("what leaving costs", "terms", "id_exit_costs"),
    ("who is liable", "terms", "id_liability"),
    ("notice period", "terms", "id_notice_months"),
    ("direction and control", "terms", "id_direction_and_control"),
    ("a lead", "parties", "id_lead"),
    ("function", "parties", "functions"),
    ("", "parties", "parties"),
)

_LABELS = {
    "title": "Title",
    "kind": "Form",
    "purpose": "Purpose",
    "starts_on": "First day",
    "ends_on": "First day without it",
    "review_on": "Review",
    "parties": "Parties",
    "lead": "Lead",
    "functions": "Functions",
    "excluded_functions": "Excluded functions",
    "direction_and_control": "Direction and control",
    "liability": "Liability",
    "notice_months": "Notice",
    "exit_terms": "How a party leaves",
    "exit_costs": "What leaving costs",
}


@dataclass(frozen=True, kw_only=True)
class Missing:
    """Something that a draft lacks, and where it can be said."""

    what: str
    href: str


@dataclass(frozen=True, kw_only=True)
class SectionLink:
    """A section of a draft, and how many things are missing in it."""

    text: str
    href: str
    missing: int
    current: bool


@dataclass(frozen=True, kw_only=True)
class Meanwhile:
    """What somebody else wrote where the reader wrote something else."""

    name: str
    label: str
    theirs: str


@dataclass(frozen=True, kw_only=True)
class BoxGroup:
    """Boxes that stand together. `items` are those of the checkboxes macro."""

    title: str
    items: list[dict[str, object]]
    is_open: bool


def section_of(what: str) -> tuple[str, str]:
    """Return the section in which a missing part is said, and the part of its page."""
    return next((section, anchor) for word, section, anchor in _WHERE if word in what)


def missing_lines(reference: str, missing: Iterable[str]) -> list[Missing]:
    """Return what is missing with links to where it is said."""
    return [Missing(what=what, href=_href(reference, *section_of(what))) for what in missing]


def section_links(reference: str, missing: Iterable[str], *, current: str) -> list[SectionLink]:
    """Return the sections with what is missing in each."""
    where = [section_of(what)[0] for what in missing]
    return [
        SectionLink(
            text=text,
            href=_href(reference, section),
            missing=where.count(section),
            current=section == current,
        )
        for section, text in SECTIONS.items()
    ]


def following(section: str) -> str:
    """Return the section after this one; "" after the last."""
    order = list(SECTIONS)
    place = order.index(section) + 1
    return order[place] if place < len(order) else ""


def label_of(name: str) -> str:
    """Return what a part of a draft is called."""
    if ":" in name:
        return RecordKind.from_code(name.partition(":")[2]).label
    return _LABELS.get(name) or SECTIONS[name]


def meanwhile(
    conflicts: Iterable[Conflict], bodies: Mapping[str, OrganisationSummary]
) -> list[Meanwhile]:
    """Return what somebody else wrote at the same time, in words. `bodies` is by code."""
    return [
        Meanwhile(
            name=one.code,
            label=label_of(one.code),
            theirs=_words(one.code, one.theirs, bodies) or "Nothing: it was taken out",
        )
        for one in conflicts
    ]


def _words(name: str, text: str, bodies: Mapping[str, OrganisationSummary]) -> str:
    told = json.loads(text) if text else ""
    if name == "kind":
        return AgreementKind(told).label
    if name in ("starts_on", "ends_on", "review_on"):
        return format_date(date.fromisoformat(told)) if told else "No day"
    if name == "lead":
        return bodies[told].name if told in bodies else "None"
    if isinstance(told, dict):
        return "\n".join(f"{key.replace('_', ' ')}: {_flat(value)}" for key, value in told.items())
    if isinstance(told, list):
        return "\n".join(_flat(line) for line in told)
    return str(told)


def _flat(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(str(one) for one in value.values() if one)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_BODY_GROUPS = (
    (OrganisationKind.FORCE, "Police forces"),
    (OrganisationKind.POLICING_BODY, "Policing bodies"),
    (OrganisationKind.FIRE_SERVICE, "Fire and rescue services"),
    (OrganisationKind.FIRE_AUTHORITY, "Fire authorities"),
)


def party_boxes(bodies: Iterable[OrganisationSummary], chosen: Collection[str]) -> list[BoxGroup]:
    """Return every body as a box, by kind."""
    known = sorted(bodies, key=lambda body: body.name)
    groups = []
    for kind, title in _BODY_GROUPS:
        items: list[dict[str, object]] = [
            {"value": body.code, "text": body.name, "checked": body.code in chosen}
            for body in known
            if body.kind is kind
        ]
        is_open = kind is OrganisationKind.FORCE or any(item["checked"] for item in items)
        groups.append(BoxGroup(title=title, items=items, is_open=is_open))
    return groups


def function_boxes(chosen: Collection[str], excluded: Mapping[str, str]) -> list[BoxGroup]:
    """Return the shared list as boxes, by group. What a framework excludes can't be chosen."""
    groups: dict[str, list[dict[str, object]]] = {}
    for one in functions():
        item: dict[str, object] = {
            "value": one.name,
            "text": one.name,
            "checked": one.name in chosen,
        }
        if one.name in excluded:
            # What was chosen before the framework came can still be taken out.
            item["disabled"] = one.name not in chosen
            item["hint"] = {"text": f"Excluded by {excluded[one.name]} between these parties"}
        groups.setdefault(one.group, []).append(item)
    return [BoxGroup(title=title, items=items, is_open=True) for title, items in groups.items()]


def clause_lines(sharing: Iterable[SharingTerms]) -> list[tuple[SharingTerms, list[str]]]:
    """Return each clause with what it still lacks."""
    lines = []
    for clause in sharing:
        lacks = [
            name
            for name, told in (
                ("lawful basis", clause.lawful_basis),
                ("assessment", clause.assessment),
                ("contact", clause.contact),
            )
            if not told.strip()
        ]
        lines.append((clause, lacks))
    return lines


def saved_text(detail: AgreementDetail) -> str:
    """Return who saved the draft last, and which save it was."""
    if not detail.steps:
        return ""
    last = detail.steps[-1]
    return f"Save {detail.revision}, by {last.by_name} on {format_date(last.at)}"


def _href(reference: str, section: str, anchor: str = "") -> str:
    address = reverse("agreement-edit-section", args=[reference, section])
    return f"{address}#{anchor}" if anchor else address
