"""Many persons at once: their standard forms and their keys."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa

from concordat.identity.engine import Features, Field, Meaning, People, keys_of
from concordat.identity.rules.exact import exact_keys

_LOT: Final = 20_000


def standardised(
    facets: Sequence[Mapping[str, str]],
) -> Iterator[tuple[Features, tuple[int, ...]]]:
    """Yield each facet's standard forms and all its keys; equal keys once."""
    for first in range(0, len(facets), _LOT):
        features = _features(facets[first : first + _LOT])
        for said, keys in zip(features, keys_of(features), strict=True):
            yield said, tuple({*keys, *exact_keys(said)})


def _features(facets: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    names = sorted({str(Meaning(name)) for facet in facets for name in facet})
    if not names:
        return [{} for _ in facets]
    table = pa.table(
        {name: pa.array([facet.get(name) or None for facet in facets], pa.string())
         for name in names}
    )  # fmt: skip
    people = People.from_table(table, {name: Meaning(name) for name in names})
    features: list[dict[str, str]] = [{} for _ in facets]
    for f in Field:
        codes = people.codes[:, f]
        said = (codes >= 0).nonzero()[0]
        if not len(said):
            continue
        name = f.name.lower()
        if f is Field.DATE_OF_BIRTH:
            values = [people.value(int(row), f) for row in said]
        else:
            values = people.values.take(pa.array(codes[said])).to_pylist()
        for row, value in zip(said.tolist(), values, strict=True):
            features[row][name] = value
    return features
