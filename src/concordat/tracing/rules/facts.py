"""What several records tell of one person, fact by fact: who says what, and where they differ."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from concordat.identity.engine.forms import name_form
from concordat.records.rules.person_codes import ETHNICITY_OBSERVED, ETHNICITY_SELF_DEFINED
from concordat.records.rules.persons import PersonContent

_CONTACTS: Final = frozenset({"Address", "Phone", "Email"})
"""People have several of these in a lifetime: that no two records agree is no contradiction."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What one record says of one thing: `values` as recorded, `forms` to compare them by."""

    values: tuple[str, ...] = ()
    forms: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One thing as each record tells it, in the order of the records.

    `differs` says that two records that tell it have nothing in common in it; `of_contact` that
    this is usual, as people move.
    """

    name: str
    told: tuple[Told, ...]
    differs: bool
    of_contact: bool


def facts_of(contents: Sequence[PersonContent]) -> tuple[Fact, ...]:
    """Return every fact that at least one of these records tells."""
    facts = [_fact(name, [tell(content) for content in contents]) for name, tell in _FACTS]
    return tuple(fact for fact in facts if any(told.values for told in fact.told))


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them: "Essex, Kent and Suffolk"."""
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def best_record(contents: Mapping[UUID, PersonContent], missing: Mapping[UUID, int]) -> UUID:
    """Return the record to name a person by: the one that lacks least, then tells most."""
    return min(contents, key=lambda one: (missing[one], -_told_things(contents[one]), str(one)))


def _fact(name: str, told: list[Told]) -> Fact:
    said = [one.forms for one in told if one.forms]
    differs = any(
        left.isdisjoint(right) for place, left in enumerate(said) for right in said[place + 1 :]
    )
    return Fact(name=name, told=tuple(told), differs=differs, of_contact=name in _CONTACTS)


def _told_things(content: PersonContent) -> int:
    return sum(len(tell(content).values) for _, tell in _FACTS)


def _texts(values: Iterable[tuple[str, str]]) -> Told:
    """Return recorded values with their forms, each value once; blank ones are left out."""
    found = {value: form for value, form in values if value.strip()}
    return Told(values=tuple(found), forms=frozenset(form for form in found.values() if form))


def _plain(value: str) -> Told:
    return _texts([(value, " ".join(value.casefold().split()))])


def _name(content: PersonContent) -> Told:
    main = content.names[:1]
    return _texts((name.text, " ".join(sorted(name_form(name.text).split()))) for name in main)


def _aliases(content: PersonContent) -> Told:
    kinds = {"maiden": " (maiden name)", "nickname": " (nickname)"}
    return Told(values=tuple(n.text + kinds.get(n.kind, "") for n in content.names[1:] if n.text))


def _born(content: PersonContent) -> Told:
    return _texts([(content.date_of_birth_form or content.date_of_birth,
                    content.date_of_birth_form or content.date_of_birth)])  # fmt: skip


def _coded(value: str, meanings: Mapping[str, str]) -> Told:
    return _texts([(meanings.get(value, value), value)])


def _numbers(kind: str) -> Callable[[PersonContent], Told]:
    def tell(content: PersonContent) -> Told:
        return _texts(
            (number.form or number.value, number.form or number.value)
            for number in content.identifiers
            if number.kind == kind
        )

    return tell


def _other_numbers(content: PersonContent) -> Told:
    return Told(
        values=tuple(
            f"{number.kind.replace('_', ' ').capitalize()}: {number.value}"
            for number in content.identifiers
            if number.kind not in _NUMBERS
        )
    )


def _addresses(content: PersonContent) -> Told:
    return _texts(
        (_dated(one.text, one.since, one.until), one.postcode_form or one.text.casefold())
        for one in content.addresses
    )


def _dated(text: str, since: str, until: str) -> str:
    when = " ".join(filter(None, (since and f"from {since}", until and f"until {until}")))
    return f"{text} ({when})" if text and when else text


def _described(part: str) -> Callable[[PersonContent], Told]:
    def tell(content: PersonContent) -> Told:
        value = content.description.get(part, "")
        return Told(values=(value,)) if value else Told()

    return tell


_NUMBERS: Final = {
    "pnc_id": "PNC ID",
    "cro": "CRO number",
    "driving_licence": "Driving licence",
    "nino": "National Insurance number",
}

_FACTS: Final[tuple[tuple[str, Callable[[PersonContent], Told]], ...]] = (
    ("Name", _name),
    ("Also known as", _aliases),
    ("Born", _born),
    ("Sex", lambda content: _plain(content.sex)),
    ("Gender", lambda content: _plain(content.gender)),
    *((label, _numbers(kind)) for kind, label in _NUMBERS.items()),
    ("Other numbers", _other_numbers),
    ("Address", _addresses),
    ("Phone", lambda content: _texts((one.value, one.form) for one in content.phones)),
    ("Email", lambda content: _texts((one.value, one.form) for one in content.emails)),
    ("Ethnicity, self-defined",
     lambda content: _coded(content.ethnicity_self_defined, ETHNICITY_SELF_DEFINED)),
    ("Ethnicity, as an officer saw it",
     lambda content: _coded(content.ethnicity_observed, ETHNICITY_OBSERVED)),
    ("Nationality", lambda content: _plain(content.nationality)),
    ("Born in", lambda content: _plain(content.birth_place)),
    ("Occupation", lambda content: _plain(content.occupation)),
    *((part.capitalize() if part != "text" else "Described as", _described(part))
      for part in ("height", "build", "hair", "eyes", "complexion", "marks", "text")),
)  # fmt: skip
