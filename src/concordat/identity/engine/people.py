"""Persons, standardised and encoded: one row each, one number for each field."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from concordat.identity.engine.forms.contacts import email_form, phone_form, sex_form
from concordat.identity.engine.forms.dates import date_form, date_order
from concordat.identity.engine.forms.identifiers import (
    cro_form,
    driving_licence_form,
    identifier_form,
    nino_form,
    pnc_id_form,
)
from concordat.identity.engine.forms.names import (
    TITLES,
    first_and_middle,
    name_form,
    split_full_name,
    surname_form,
)
from concordat.identity.engine.forms.places import (
    house_form,
    place_form,
    postcode_form,
    street_form,
)
from concordat.identity.engine.forms.text import NOTHING as SAYS_NOTHING
from concordat.identity.engine.kernels.arrays import Ints, Words
from concordat.identity.engine.meanings import FIELDS, NAMES, Columns, Field, Meaning
from concordat.identity.engine.threads import THREADS
from concordat.identity.engine.words import words_of, words_of_few

NOTHING: Final = -1
"""The code of a field that says nothing."""

_ORDER: Final = (*NAMES, *(field for field in Field if field not in NAMES))
"""Names have the first codes."""

Floats = npt.NDArray[np.float32]

_FORMS: Final[Mapping[Meaning, Callable[[str], str]]] = {
    Meaning.SURNAME: surname_form,
    Meaning.MIDDLE_NAMES: name_form,
    Meaning.SEX: sex_form,
    Meaning.POSTCODE: postcode_form,
    Meaning.HOUSE: house_form,
    Meaning.STREET: street_form,
    Meaning.TOWN: place_form,
    Meaning.REGION: place_form,
    Meaning.PHONE: phone_form,
    Meaning.EMAIL: email_form,
    Meaning.PNC_ID: pnc_id_form,
    Meaning.CRO: cro_form,
    Meaning.DRIVING_LICENCE: driving_licence_form,
    Meaning.NINO: nino_form,
    Meaning.IDENTIFIER: identifier_form,
    Meaning.BIRTH_PLACE: place_form,
    Meaning.OCCUPATION: place_form,
}
_NAME_PARTS: Final = (Field.FORENAME, Field.MIDDLE_NAMES, Field.SURNAME)
LONGEST_VALUE: Final = 200
"""Of a longer value the rest is left out: it is no name, number or address."""

_NEVER_PLAIN: Final = pa.array(sorted({*SAYS_NOTHING, "07777777777"}), pa.string())
_PLAIN_NAME: Final = r"^[a-z]+$"
_PLAIN_MOBILE: Final = r"^07[0-9]{9}$"


@dataclass(frozen=True)
class People:
    """Rows of persons, standardised.

    `codes` has one row for each person and one column for each `Field`: the code of its standard
    form in `words`, or -1. A date of birth is its own code: year × 10,000 + month × 100 + day.
    `values` lists the standard forms by code.
    """

    codes: Ints
    words: Words
    values: pa.Array

    def __len__(self) -> int:
        return len(self.codes)

    def value(self, row: int, field: Field) -> str:
        """Return the standard form of one field of one person, "" if it says nothing."""
        code = int(self.codes[row, field])
        if code < 0:
            return ""
        if field is Field.DATE_OF_BIRTH:
            return f"{code // 10_000:04}-{code // 100 % 100:02}-{code % 100:02}"
        return str(self.values[code])

    @classmethod
    def from_table(cls, table: pa.Table, columns: Columns) -> "People":
        """Standardise and encode a table whose columns mean what `columns` says.

        Values are read as strings; what a column says that stands for nothing ("n/k") is nothing.
        """
        return _encode(standard_columns(table, columns), table.num_rows)

    @classmethod
    def from_features(cls, features: Sequence[Mapping[str, str]]) -> "People":
        """Encode persons whose standard forms are known, by the field's name in lower case."""
        codes = np.full((len(features), FIELDS), NOTHING, np.int32)
        values: list[str] = []
        spans: dict[Field, tuple[int, int]] = {}
        known: dict[str, int] = {}
        names = 0
        for field in _ORDER:
            if field not in NAMES:
                known = {}
            first = len(values)
            label = field.name.lower()
            for row, of_one in enumerate(features):
                form = of_one.get(label)
                if not form:
                    continue
                if field is Field.DATE_OF_BIRTH:
                    codes[row, field] = int(form.replace("-", ""))
                    continue
                code = known.get(form)
                if code is None:
                    code = known[form] = len(values)
                    values.append(form)
                codes[row, field] = code
            spans[field] = first, len(values)
            names = len(values) if field in NAMES else names
        words = words_of_few(
            values, names=names, postcodes=spans[Field.POSTCODE], pnc_ids=spans[Field.PNC_ID]
        )
        return cls(codes, words, pa.array(values, pa.string()))


Standard = tuple[Ints, list[str] | pa.Array]
"""A column in standard form: for each row the place of its value in a list, or -1."""


def standard_columns(table: pa.Table, columns: Columns) -> dict[Field, Standard]:
    """Return each column's standard forms, by what it means."""
    by_meaning: dict[Meaning, list[str]] = {}
    for name, meaning in columns.items():
        by_meaning.setdefault(Meaning(meaning), []).append(name)
    standard: dict[Field, Standard] = {}
    with ThreadPoolExecutor(THREADS) as pool:
        read = list(pool.map(lambda names: _distinct(table, names), by_meaning.values()))
    for meaning, (places, distinct) in zip(by_meaning, read, strict=True):
        if meaning is Meaning.FULL_NAME:
            _add_full_names(standard, places, distinct)
        elif meaning is Meaning.FORENAME:
            _add_forenames(standard, places, distinct)
        else:
            forms = _standard_forms(meaning, distinct)
            _add_to(standard, Field[meaning.name], (places, forms))
    return standard


def forms_of(meaning: Meaning, text: str) -> dict[Field, str]:
    """Return the standard forms that one value of this meaning has."""
    text = text[:LONGEST_VALUE]
    if meaning is Meaning.FULL_NAME:
        return dict(zip(_NAME_PARTS, split_full_name(text), strict=True))
    if meaning is Meaning.FORENAME:
        first, rest = first_and_middle(name_form(text))
        return {Field.FORENAME: first, Field.MIDDLE_NAMES: rest}
    if meaning is Meaning.DATE_OF_BIRTH:
        return {Field.DATE_OF_BIRTH: date_form(text, date_order([text]))}
    return {Field[meaning.name]: _FORMS[meaning](text)}


def _distinct(table: pa.Table, names: list[str]) -> tuple[Ints, pa.Array]:
    """Return the distinct values of a column (of several, joined), and which each row has."""
    columns = [_as_strings(table.column(name)) for name in names]
    joined = columns[0]
    if len(columns) > 1:
        plain = [column.cast(pa.string()) for column in columns]
        joined = pc.utf8_trim_whitespace(
            pc.binary_join_element_wise(*plain, " ", null_handling="replace")
        )
    encoded = joined if pa.types.is_dictionary(joined.type) else joined.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        chunks = encoded.unify_dictionaries().chunks
        if not chunks:
            return np.zeros(0, np.int32), pa.array([], pa.string())
        dictionary = chunks[0].dictionary
        indices = pa.chunked_array([chunk.indices for chunk in chunks]).combine_chunks()
    else:
        dictionary, indices = encoded.dictionary, encoded.indices
    places = indices.cast(pa.int32()).fill_null(NOTHING)
    return places.to_numpy(zero_copy_only=False), _shortened(
        pc.fill_null(dictionary.cast(pa.string()), "")
    )


def _shortened(values: pa.Array) -> pa.Array:
    longest = pc.max(pc.binary_length(values)).as_py() or 0
    return values if longest <= LONGEST_VALUE else pc.utf8_slice_codeunits(values, 0, LONGEST_VALUE)


def _as_strings(column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(column.type):
        return column.unify_dictionaries()
    if pa.types.is_string(column.type):
        return column
    if pa.types.is_floating(column.type):  # a column of whole numbers with gaps
        column = pc.if_else(pc.is_finite(column), column, None)
        whole = pc.all(pc.equal(column, pc.floor(column)), min_count=0).as_py()
        column = column.cast(pa.int64()) if whole else column
    return column.cast(pa.string())


def _standard_forms(meaning: Meaning, distinct: pa.Array) -> pa.Array:
    """Return the standard form of every distinct value."""
    if meaning is Meaning.DATE_OF_BIRTH:
        texts = distinct.to_pylist()
        order = date_order(texts)
        return pa.array([date_form(text, order) for text in texts], pa.string())
    if meaning in (Meaning.SURNAME, Meaning.MIDDLE_NAMES):
        lowered = pc.utf8_lower(pc.utf8_trim_whitespace(distinct))
        return _mostly_plain(lowered, _PLAIN_NAME, _FORMS[meaning])
    if meaning is Meaning.PHONE:
        bare = pc.replace_substring_regex(distinct, r"[\s().-]", "")
        return _mostly_plain(bare, _PLAIN_MOBILE, phone_form, _in_britain)
    form = _FORMS[meaning]
    return pa.array([form(text) for text in distinct.to_pylist()], pa.string())


def _in_britain(mobiles: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(
        pa.scalar("+44"), pc.utf8_slice_codeunits(mobiles, 1), "", null_handling="skip"
    )


def _mostly_plain(
    values: pa.Array,
    plain: str,
    form: Callable[[str], str],
    form_of_plain: Callable[[pa.Array], pa.Array] = lambda values: values,
) -> pa.Array:
    """Return standard forms where most values are `plain`: those never pass through Python."""
    says = pc.invert(pc.is_in(values, _NEVER_PLAIN))
    is_plain = pc.and_(pc.match_substring_regex(values, plain), says)
    others = pc.filter(values, pc.invert(is_plain))
    formed = pa.array([form(text) for text in others.to_pylist()], pa.string())
    forms = pc.if_else(is_plain, form_of_plain(values), pa.scalar(None, pa.string()))
    return pc.replace_with_mask(forms, pc.invert(is_plain), formed)


def _add_forenames(standard: dict[Field, Standard], places: Ints, distinct: pa.Array) -> None:
    """Add the first of the forenames, and the others before any middle names."""
    lowered = pc.utf8_lower(pc.utf8_trim_whitespace(distinct))
    forms = _mostly_plain(lowered, _PLAIN_NAME, name_form)
    pairs = [
        first_and_middle(text) if " " in text or text in TITLES else (text, "")
        for text in forms.to_pylist()
    ]
    standard[Field.FORENAME] = places, [first for first, _ in pairs]
    if any(rest for _, rest in pairs):
        _add_to(standard, Field.MIDDLE_NAMES, (places, [rest for _, rest in pairs]))


def _add_full_names(standard: dict[Field, Standard], places: Ints, distinct: pa.Array) -> None:
    split = [split_full_name(text) for text in distinct.to_pylist()]
    for part, field in enumerate(_NAME_PARTS):
        _add_to(standard, field, (places, [names[part] for names in split]))


def _add_to(standard: dict[Field, Standard], field: Field, found: Standard) -> None:
    """Add what a column says of a field; what another said of it before counts first."""
    standard[field] = _first_said(standard[field], found) if field in standard else found


def _first_said(one: Standard, other: Standard) -> Standard:
    """Return a column that says what `one` says, and where it says nothing, what `other` does."""
    forms = [*one[1], *other[1]]
    says = np.array([bool(text) for text in forms] + [False])
    places = np.where(says[one[0]], one[0], np.where(other[0] < 0, -1, other[0] + len(one[1])))
    return places.astype(np.int32), forms


def _encode(standard: Mapping[Field, Standard], rows: int) -> People:
    """Give every distinct standard form a code; names first, so that they can be crossed."""
    codes = np.full((rows, FIELDS), NOTHING, np.int32)
    named = {field: _array(standard[field][1]) for field in NAMES if field in standard}
    distinct_names = pc.unique(pa.chunked_array([*named.values(), pa.array([], pa.string())]))
    vocabulary = [distinct_names]
    known = names = len(distinct_names)
    spans: dict[Field, tuple[int, int]] = {}
    for field in _ORDER:
        if field not in standard:
            continue
        places, forms = standard[field]
        if field is Field.DATE_OF_BIRTH:
            codes[:, field] = _spread(places, _date_numbers(_array(forms)))
        elif field in NAMES:
            codes_of_names = pc.index_in(named[field], distinct_names).to_numpy()
            codes[:, field] = _spread(places, _said(named[field], codes_of_names))
        else:
            encoded = _array(forms).dictionary_encode()
            codes_of_forms = encoded.indices.to_numpy() + np.int32(known)
            codes[:, field] = _spread(places, _said(_array(forms), codes_of_forms))
            vocabulary.append(encoded.dictionary)
            spans[field] = known, known + len(encoded.dictionary)
            known += len(encoded.dictionary)
    values = pa.concat_arrays([pa.array([], pa.string()), *vocabulary])
    words = words_of(
        values,
        names=names,
        postcodes=spans.get(Field.POSTCODE, (0, 0)),
        pnc_ids=spans.get(Field.PNC_ID, (0, 0)),
    )
    return People(codes, words, values)


def _array(forms: list[str] | pa.Array) -> pa.Array:
    return forms if isinstance(forms, pa.Array) else pa.array(forms, pa.string())


def _said(forms: pa.Array, codes: Ints) -> Ints:
    """Return the codes of forms as 32-bit numbers, with NOTHING for those that are blank."""
    blank = np.asarray(pc.equal(pc.binary_length(forms), 0))
    return np.where(blank, np.int32(NOTHING), codes.astype(np.int32))


def _spread(places: Ints, of_form: Ints) -> Ints:
    """Return the number of every row's form; -1 where it has none."""
    return np.append(of_form, np.int32(NOTHING))[places]


def _date_numbers(forms: pa.Array) -> Ints:
    digits = pc.replace_substring(forms, "-", "")
    numbers = pc.if_else(pc.equal(digits, ""), "-1", digits).cast(pa.int32())
    return np.asarray(numbers)
