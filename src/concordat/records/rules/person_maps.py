"""Maps: which column of a force's own extract tells what of a person.

A map is a file in TOML. `[columns]` gives each target its column, or a list of columns; `[values]`
translates codes; `[dates]` says how days are written. Without one, columns are guessed by name.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from concordat.base.source_files import UnusableFile
from concordat.records.errors import WrongMap

SCALARS = (
    "reference",
    "full_name",
    "forename",
    "middle_names",
    "surname",
    "date_of_birth",
    "sex",
    "gender",
    "ethnicity_self_defined",
    "ethnicity_observed",
    "nationality",
    "birth_place",
    "occupation",
    "height",
    "build",
    "hair",
    "eyes",
    "complexion",
    "marks",
    "description",
)
"""Targets that hold one value; several columns are joined by a space."""

ADDRESS = ("house", "street", "town", "region", "postcode", "since", "until")
"""The parts of an address: targets for the one address, or of each `[[addresses]]`."""

LISTS = (
    "aliases",
    "maiden_names",
    "nicknames",
    "phones",
    "emails",
    "pnc_id",
    "cro",
    "driving_licence",
    "nino",
    "passport",
    "identifiers",
)
"""Targets that hold any number of values: one of each column, or several parted by a separator."""

WARNING_MARKERS = "warning_markers"
TARGETS = (*SCALARS, *ADDRESS[:5], *LISTS, WARNING_MARKERS)
DATE_ORDERS = ("dmy", "mdy", "ymd")
DEFAULT_SOURCE = "nominal records"

_SECTIONS = ("source", "reference", "columns", "addresses", "dates", "values")
_WARNING_PARTS = ("column", "separator", "text", "evidence", "since", "review")
_IDENTIFYING = frozenset(
    {"full_name", "forename", "surname", "date_of_birth", "description", "marks"}
    | (set(LISTS) - {"identifiers"})
)
_LONGEST_SOURCE = 100

Columns = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ListColumns:
    """Where the values of a list stand: one in each column, or several parted by `separator`."""

    columns: Columns
    separator: str = ""


@dataclass(frozen=True, kw_only=True)
class WarningColumns:
    """Where warnings stand: codes in one column; the rest is told of all of them alike."""

    column: str
    separator: str = ";"
    text: str = ""
    evidence: str = ""
    since: str = ""
    review: str = ""

    def used(self) -> Columns:
        """Return the columns that are read."""
        told = (self.column, self.text, self.evidence, self.since, self.review)
        return tuple(column for column in told if column)


@dataclass(frozen=True, kw_only=True)
class PersonMap:
    """What each column means. `values` is by target, then by the recorded value in lower case.

    `date_order` is that of days written in numbers. `source` names the system, so that the same
    reference of two systems is not one person. `guessed` says that nobody wrote this map.
    """

    columns: Mapping[str, Columns] = field(default_factory=dict)
    lists: Mapping[str, ListColumns] = field(default_factory=dict)
    addresses: tuple[Mapping[str, Columns], ...] = ()
    warnings: WarningColumns | None = None
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_order: str = "dmy"
    source: str = DEFAULT_SOURCE
    guessed: bool = False

    def told(self) -> dict[str, Columns]:
        """Return every target with the columns that it is read from."""
        found = {target: columns for target, columns in self.columns.items() if columns}
        for number, address in enumerate(self.addresses, 1):
            which = f" {number}" if len(self.addresses) > 1 else ""
            found |= {f"{part}{which}": columns for part, columns in address.items()}
        found |= {target: spread.columns for target, spread in self.lists.items()}
        if self.warnings:
            found[WARNING_MARKERS] = self.warnings.used()
        return found


def read_map(text: str) -> PersonMap:
    """Return the map that a TOML document describes. Raises WrongMap, naming what to correct."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise WrongMap(f"The map is not TOML: {problem}.") from None
    for name in document:
        if name not in _SECTIONS:
            raise WrongMap(f"A map has no section “{name}”.{_nearest(name, _SECTIONS)}")
    targets = dict(_table(document, "columns"))
    if "reference" in document:
        targets["reference"] = document["reference"]
    found = PersonMap(
        source=_source(document.get("source", DEFAULT_SOURCE)),
        date_order=_date_order(_table(document, "dates")),
        values=_values(_table(document, "values")),
        addresses=tuple(_address(told) for told in _tables(document, "addresses")),
    )
    for target, told in targets.items():
        found = _with_target(found, target, told)
    return found


def fitted(asked: PersonMap | None, header: Iterable[str], file_name: str) -> PersonMap:
    """Return the map by which a file with this header is read: the one asked for, or a guess.

    Raises UnusableFile if a column of the map isn't there, or nothing says who anybody is.
    """
    columns = [name.strip() for name in header]
    if asked is None:
        found = guess_map(columns)
    else:
        found = asked
        _check_columns(found, columns, file_name)
    if not _IDENTIFYING & set(found.told()):
        raise UnusableFile(
            f"{file_name}: no column was recognised as a name, a date of birth or an identifier. "
            f"Its columns are {_listed(columns)}. Say what they mean in a file given by --map. "
            "Nothing of it was loaded."
        )
    return found


def guess_map(header: Iterable[str]) -> PersonMap:
    """Return what the columns seem to mean by their names alone."""
    scalars: dict[str, Columns] = {}
    address: dict[str, Columns] = {}
    lists: dict[str, ListColumns] = {}
    warnings = None
    for column in header:
        target = _GUESSES.get(re.sub(r"[^a-z]+", "", column.casefold()), "")
        if target == WARNING_MARKERS:
            warnings = warnings or WarningColumns(column=column)
        elif target in LISTS:
            before = lists[target].columns if target in lists else ()
            lists[target] = ListColumns(columns=(*before, column))
        elif target == "street":
            address[target] = (*address.get(target, ()), column)
        elif target in ADDRESS:
            address.setdefault(target, (column,))
        elif target:
            scalars.setdefault(target, (column,))
    if {"forename", "surname"} <= set(scalars):
        scalars.pop("full_name", None)
    return PersonMap(
        columns=scalars,
        lists=lists,
        addresses=(address,) if address else (),
        warnings=warnings,
        guessed=True,
    )


def described(found: PersonMap, header: Iterable[str]) -> str:
    """Return in words what each column was taken for, and which columns are not read."""
    told = found.told()
    read = {name.casefold() for columns in told.values() for name in columns}
    unread = [name.strip() for name in header if name.strip().casefold() not in read]
    how = "Columns were guessed from their names" if found.guessed else "Columns were read by map"
    pairs = "; ".join(
        f"{target.replace('_', ' ')} from {_listed(columns)}" for target, columns in told.items()
    )
    rest = f" Not read: {_listed(unread)}." if unread else ""
    advice = " A file given by --map can say otherwise." if found.guessed else ""
    return f"{how}: {pairs}.{rest}{advice}"


def _with_target(found: PersonMap, target: str, told: object) -> PersonMap:
    if target == WARNING_MARKERS:
        return replace(found, warnings=_warnings(told))
    if target in LISTS:
        return replace(found, lists={**found.lists, target: _list_columns(target, told)})
    if target in ADDRESS[:5]:
        first, *others = found.addresses or ({},)
        if target in first:
            raise WrongMap(f"The map gives “{target}” twice: in [columns] and in [[addresses]].")
        merged = {**first, target: _column_names(target, told)}
        return replace(found, addresses=(merged, *others))
    if target in SCALARS:
        return replace(found, columns={**found.columns, target: _column_names(target, told)})
    raise WrongMap(
        f"There is no target “{target}” in [columns].{_nearest(target, TARGETS)} "
        f"The targets are: {', '.join(TARGETS)}."
    )


def _column_names(target: str, told: object) -> Columns:
    names = [told] if isinstance(told, str) else told
    if not isinstance(names, list) or not names or not all(isinstance(n, str) for n in names):
        raise WrongMap(f"“{target}” needs the name of a column, or a list of names.")
    return tuple(name.strip() for name in names)


def _list_columns(target: str, told: object) -> ListColumns:
    if not isinstance(told, dict):
        return ListColumns(columns=_column_names(target, told))
    for name in told:
        if name not in ("column", "columns", "separator"):
            raise WrongMap(
                f"“{target}” has no part “{name}”. It has column or columns, and separator."
            )
    columns = told.get("columns", told.get("column"))
    return ListColumns(columns=_column_names(target, columns), separator=_text(told, "separator"))


def _warnings(told: object) -> WarningColumns:
    if isinstance(told, str):
        return WarningColumns(column=told.strip())
    if not isinstance(told, dict) or "column" not in told:
        raise WrongMap(
            "“warning_markers” needs the name of a column, or a table such as "
            '{ column = "WARNINGS", separator = ";" }.'
        )
    for name in told:
        if name not in _WARNING_PARTS:
            raise WrongMap(
                f"“warning_markers” has no part “{name}”.{_nearest(name, _WARNING_PARTS)} "
                f"It has {', '.join(_WARNING_PARTS)}."
            )
    parts = {name: _text(told, name) for name in told}
    return WarningColumns(**({"separator": ";"} | parts))


def _address(told: Mapping[str, Any]) -> dict[str, Columns]:
    for name in told:
        if name not in ADDRESS:
            raise WrongMap(f"An address has no part “{name}”.{_nearest(name, ADDRESS)}")
    return {part: _column_names(part, columns) for part, columns in told.items()}


def _values(told: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    known = (*SCALARS, WARNING_MARKERS)
    for target, words in told.items():
        if target not in known:
            raise WrongMap(f"There is no target “{target}” in [values].{_nearest(target, known)}")
        if not isinstance(words, dict) or not all(isinstance(w, str) for w in words.values()):
            raise WrongMap(f'[values.{target}] needs lines such as "1" = "male".')
    return {
        target: {recorded.strip().casefold(): meant.strip() for recorded, meant in words.items()}
        for target, words in told.items()
    }


def _date_order(told: Mapping[str, Any]) -> str:
    for name in told:
        if name != "order":
            raise WrongMap(f"[dates] has no part “{name}”. It has order.")
    order = told.get("order", "dmy")
    if order not in DATE_ORDERS:
        raise WrongMap(f"“{order}” is no order of dates. There are: {', '.join(DATE_ORDERS)}.")
    return str(order)


def _source(told: object) -> str:
    if not isinstance(told, str) or not 0 < len(told.strip()) <= _LONGEST_SOURCE:
        raise WrongMap("“source” needs the name of the system that the records come from.")
    return told.strip()


def _table(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    told = document.get(name, {})
    if not isinstance(told, dict):
        raise WrongMap(f"“{name}” must be a section: [{name}].")
    return told


def _tables(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    told = document.get(name, [])
    if not isinstance(told, list) or not all(isinstance(part, dict) for part in told):
        raise WrongMap(f"“{name}” must be given as sections: [[{name}]].")
    return told


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise WrongMap(f"“{name}” must be text in quotation marks.")
    return value if name == "separator" else value.strip()


def _check_columns(found: PersonMap, columns: list[str], file_name: str) -> None:
    there = {name.casefold() for name in columns}
    for target, names in found.told().items():
        for name in names:
            if name.casefold() not in there:
                raise UnusableFile(
                    f"{file_name} has no column “{name}”, from which the map reads {target}."
                    f"{_nearest(name, columns)} Its columns are {_listed(columns)}. "
                    "Nothing of it was loaded."
                )


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the likeliest of what there is, or nothing."""
    by_case = {option.casefold(): option for option in known}
    meant = _GUESSES.get(re.sub(r"[^a-z]+", "", name.casefold()), "")
    close = [meant] if meant in by_case else get_close_matches(name.casefold(), by_case, 1, 0.5)
    return f" Did you mean “{by_case[close[0]]}”?" if close else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)


_GUESSES = {
    word: target
    for target, words in {
        "reference": "reference ref id urn uid uniqueid recordid recid recordno personid personref "
        "nominalid nominalref nominal nominalno nominalnumber nominalurn personurn recordnumber",
        "full_name": "fullname name personname nominalname",
        "forename": "forename forenames firstname givenname givennames fname christianname first "
        "given",
        "middle_names": "middlename middlenames middle secondname othernames secondforename "
        "middleinitial otherforenames",
        "surname": "surname lastname familyname lname last sname",
        "date_of_birth": "dateofbirth dob birthdate birthday born datebirth birth",
        "sex": "sex",
        "gender": "gender",
        "ethnicity_self_defined": "ethnicityselfdefined selfdefinedethnicity sde ethnicity "
        "ethnicappearanceself ethnicgroup selfdefined",
        "ethnicity_observed": "ethnicityobserved observedethnicity officerdefinedethnicity iccode "
        "ic ethnicappearance officerobservedethnicity",
        "nationality": "nationality citizenship",
        "birth_place": "birthplace placeofbirth pob townofbirth",
        "occupation": "occupation job jobtitle profession",
        "height": "height heightcm",
        "build": "build",
        "hair": "hair haircolour",
        "eyes": "eyes eyecolour",
        "complexion": "complexion",
        "marks": "marks scars tattoos distinguishingmarks distinguishingfeatures marksscars",
        "description": "description freetext remarks",
        "house": "house housenumber houseno housename streetnumber buildingnumber number "
        "houseorflat premises",
        "street": "street streetname road address addressline addr streetaddress",
        "town": "town city suburb locality posttown",
        "region": "region county state",
        "postcode": "postcode postalcode zip zipcode pcode",
        "aliases": "alias aliases aka akas aliasname",
        "maiden_names": "maidenname maidennames nee formersurname previoussurname birthsurname",
        "nicknames": "nickname nicknames knownas streetname monikers moniker",
        "phones": "phone phones telephone tel mobile phonenumber telephonenumber mobilenumber "
        "mob telno mobileno homephone contactnumber",
        "emails": "email emails emailaddress mail",
        "pnc_id": "pncid pnc pncidnumber pncno pncnumber",
        "cro": "cro cronumber crono",
        "driving_licence": "drivinglicence drivinglicense drivinglicencenumber licencenumber dl",
        "nino": "nino ninumber nationalinsurancenumber nationalinsurance nin",
        "passport": "passport passportnumber passportno",
        "identifiers": "identifier identifiers idnumber otherid socsecid prisonnumber",
        "warning_markers": "warningmarkers warnings warning warningsignals markers warningmarker "
        "flags",
    }.items()
    for word in words.split()
} | {"streetname": "street"}
"""Names of columns, of their letters alone, and what they mean."""
