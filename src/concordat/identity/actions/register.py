"""The whole register at once: reading it, what the machine finds in it, and its clusters."""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pc_csv
from django.db import connection

from concordat.access.rules import RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor
from concordat.base.clock import now
from concordat.identity.actions.machine import MACHINE
from concordat.identity.engine import Meaning, People
from concordat.identity.queries.evidence import judgements_among
from concordat.identity.rules.clusters import LINK_BITS, Labels, derive
from concordat.identity.rules.groups import Groups
from concordat.identity.rules.judgements import settle
from concordat.identity.rules.weighing import Weigher

Share = Callable[[float], None]
"""Told how much of a stage is done, from 0 to 1."""

MEANINGS: Final = tuple(meaning for meaning in Meaning if meaning is not Meaning.FULL_NAME)
_LOT: Final = 2_000
_AT_ONCE: Final = 100_000

_EXPORT: Final = f"""
COPY (
    SELECT record_id, owner_id, facet, version, {", ".join(f"features->>'{m}'" for m in MEANINGS)}
    FROM identity_feature WHERE features <> '{{}}' ORDER BY record_id, facet
) TO STDOUT (FORMAT csv)
"""  # noqa: S608 (constants)
_NAMES: Final = ["record_id", "owner_id", "facet", "version", *MEANINGS]
"""The columns of an export, in this order."""

_CREATE: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS identity_found (
    number bigint, left_id uuid, left_owner integer, right_id uuid, right_owner integer,
    bits float8);
CREATE TEMPORARY TABLE IF NOT EXISTS identity_label (record_id uuid, version integer, label uuid);
TRUNCATE identity_found, identity_label;
"""
_APPEND: Final = """
INSERT INTO identity_judgement
    (id, owner_id, kind, left_id, right_id, left_compartment, right_compartment, verdict, bits,
     model_version, judged_at, judged_by, reason, retired_by, retired_because)
SELECT concordat.new_id(), f.left_owner, %(kind)s, f.left_id, f.right_id,
       concordat.compartment(f.left_owner, %(person)s::smallint),
       concordat.compartment(f.right_owner, %(person)s::smallint),
       CASE WHEN f.bits >= %(link)s THEN 'same' ELSE 'unsure' END, f.bits, %(model)s, %(now)s,
       %(by)s, '', '', ''
FROM identity_found f
WHERE f.number >= %(first)s AND f.number < %(last)s AND NOT EXISTS (
    SELECT FROM identity_judgement j
    WHERE j.owner_id = f.left_owner AND j.left_id = f.left_id AND j.right_id = f.right_id
      AND j.retired_at IS NULL AND j.judged_by_id IS NULL)
"""
_RETIRE: Final = """
UPDATE identity_judgement j
SET retired_at = %(now)s, retired_by = %(by)s, retired_because = 'the register was resolved anew'
WHERE j.retired_at IS NULL AND j.judged_by_id IS NULL AND NOT EXISTS (
    SELECT FROM identity_found f
    WHERE f.left_id = j.left_id AND f.right_id = j.right_id AND f.bits = j.bits
      AND j.model_version = %(model)s)
"""
_EDGES: Final = """
SELECT left_id, right_id FROM identity_judgement
WHERE retired_at IS NULL AND (judged_by_id IS NULL OR verdict = 'same')
"""
_FEATURES: Final = """
SELECT record_id, features FROM identity_feature
WHERE owner_id = ANY ((SELECT concordat.readable_person_owners())::integer[])
  AND record_id = ANY (%s) AND features <> '{}'
ORDER BY record_id, facet
"""
_WRITE_LABELS: Final = """
INSERT INTO identity_cluster (record_id, version, label)
SELECT record_id, version, label FROM identity_label
ON CONFLICT (record_id) DO UPDATE SET version = EXCLUDED.version, label = EXCLUDED.label
WHERE (identity_cluster.version, identity_cluster.label) <> (EXCLUDED.version, EXCLUDED.label)
"""


@dataclass(frozen=True)
class Register:
    """Every facet of the register: a table with a column for each meaning.

    `record` numbers each row's record; `ids`, `owners` and `versions` are by that number, in the
    order of the ids.
    """

    table: pa.Table
    record: npt.NDArray[np.int32]
    ids: pa.Array
    owners: npt.NDArray[np.int32]
    versions: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.ids)

    def people(self) -> People:
        """Return the facets as the engine takes them, by the columns that say anything."""
        said = [m for m in MEANINGS if self.table.column(m).null_count < self.table.num_rows]
        if not said:
            return People.from_features([])
        return People.from_table(self.table.select(said), {str(m): m for m in said})


@dataclass(frozen=True)
class Pairs:
    """What the machine found: pairs of records by number, the smaller first, and their bits."""

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    bits: npt.NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.bits)


NO_PAIRS: Final = Pairs(np.zeros(0, np.int32), np.zeros(0, np.int32), np.zeros(0))


def read_register() -> Register:
    """Return the register as the resolver reads it, in one snapshot."""
    buffer = io.BytesIO()
    with connection.cursor() as cursor, cursor.copy(_EXPORT) as copy:
        for block in copy:
            buffer.write(block)
    if not buffer.tell():
        return Register(_empty(), *_numbered(_empty()))
    buffer.seek(0)
    options = pc_csv.ReadOptions(column_names=_NAMES, block_size=1 << 24)
    types = {name: pa.string() for name in _NAMES} | dict.fromkeys(_NAMES[1:4], pa.int32())
    convert = pc_csv.ConvertOptions(
        column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False
    )
    table = pc_csv.read_csv(buffer, read_options=options, convert_options=convert)
    return Register(table, *_numbered(table))


def _empty() -> pa.Table:
    columns = {name: pa.array([], pa.int32() if name in _NAMES[1:4] else pa.string())
               for name in _NAMES}  # fmt: skip
    return pa.table(columns)


def _numbered(
    table: pa.Table,
) -> tuple[npt.NDArray[np.int32], pa.Array, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    ids = table.column("record_id").combine_chunks()
    first = np.ones(len(ids), bool)
    if len(ids) > 1:
        first[1:] = np.asarray(pc.not_equal(ids[1:], ids[:-1]))
    record = (np.cumsum(first) - 1).astype(np.int32)
    places = pa.array(np.flatnonzero(first))
    columns = (table.column(name).combine_chunks().take(places) for name in ("owner_id", "version"))
    owners, versions = (np.asarray(column) for column in columns)
    return record, ids.take(places), owners, versions


def pairs_of_records(
    register: Register,
    left: npt.NDArray[np.int32],
    right: npt.NDArray[np.int32],
    bits: npt.NDArray[np.floating[Any]],
) -> Pairs:
    """Return pairs of facets as pairs of records, each with its best score, in order."""
    one, other = register.record[left], register.record[right]
    low, high = np.minimum(one, other), np.maximum(one, other)
    kept = low != high
    low, high, weights = low[kept], high[kept], np.asarray(bits, np.float64)[kept]
    order = np.lexsort((-weights, high, low))
    low, high, weights = low[order], high[order], weights[order]
    first = np.ones(len(low), bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return Pairs(low[first], high[first], weights[first])


def stage_pairs(register: Register, pairs: Pairs) -> None:
    """Copy what was found into a temporary table, for the statements that compare and store."""
    with connection.cursor() as cursor:
        cursor.execute(_CREATE)
    table = pa.table(
        {
            "number": pa.array(np.arange(len(pairs))),
            "left_id": register.ids.take(pa.array(pairs.left)),
            "left_owner": pa.array(register.owners[pairs.left]),
            "right_id": register.ids.take(pa.array(pairs.right)),
            "right_owner": pa.array(register.owners[pairs.right]),
            "bits": pa.array(pairs.bits),
        }
    )
    _copy_in("identity_found", table)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX IF NOT EXISTS identity_found_pair "
                       "ON identity_found (left_id, right_id)")  # fmt: skip
        cursor.execute("ANALYZE identity_found")


def _copy_in(name: str, table: pa.Table) -> None:
    options = pc_csv.WriteOptions(include_header=False)
    with connection.cursor() as cursor, cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv)") as copy:
        for batch in table.to_batches(max_chunksize=_AT_ONCE):
            text = io.BytesIO()
            pc_csv.write_csv(batch, text, options)
            copy.write(text.getvalue())


def retire_what_no_longer_holds(model_version: str) -> int:
    """Retire the machine's judgements that were not found again just so."""
    with connection.cursor() as cursor:
        cursor.execute(_RETIRE, {"now": now(), "by": MACHINE, "model": model_version})
        return int(cursor.rowcount)


def append_found(first: int, last: int, *, model_version: str) -> int:
    """Append the judgements numbered from `first` to before `last` that are not there yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            _APPEND,
            {
                "kind": RecordKind.JUDGEMENT.value,
                "person": RecordKind.PERSON.value,
                "link": LINK_BITS,
                "model": model_version,
                "now": now(),
                "by": MACHINE,
                "first": first,
                "last": last,
            },
        )
        return int(cursor.rowcount)


def derive_all(resolver: Actor, weigher: Weigher, share: Share) -> Labels:
    """Derive the clusters of the whole register from its judgements and features alone.

    Of records that no judgement connects with another nothing is said: each of them is a cluster
    of its own. In many short transactions, so that progress can be seen from outside.
    """
    groups: Groups[UUID] = Groups()
    with acting(resolver), connection.cursor() as cursor:
        cursor.execute(_EDGES)
        for left, right in cursor.fetchall():
            groups.join(left, right)
    components: dict[UUID, list[UUID]] = {}
    for record_id in groups.items():
        components.setdefault(groups.root(record_id), []).append(record_id)
    labels: Labels = {}
    total = sum(map(len, components.values()))
    for lot in _lots(list(components.values())):
        with acting(resolver):
            features, settled = _features(lot), settle(judgements_among(lot))
        labels |= derive(features, settled, weigher)
        share(len(labels) / total)
    return labels


def _lots(components: Sequence[Sequence[UUID]]) -> Iterator[list[UUID]]:
    """Yield whole components together, about as many records at a time as one statement takes."""
    lot: list[UUID] = []
    for component in components:
        lot += component
        if len(lot) >= _LOT:
            yield lot
            lot = []
    if lot:
        yield lot


def _features(records: Sequence[UUID]) -> dict[UUID, list[dict[str, str]]]:
    found: dict[UUID, list[dict[str, str]]] = {record_id: [] for record_id in records}
    with connection.cursor() as cursor:
        cursor.execute(_FEATURES, [list(records)])
        for record_id, features in cursor.fetchall():
            found[record_id].append(json.loads(features))
    return found


def store_labels(register: Register, labels: Mapping[UUID, UUID]) -> None:
    """Keep the cluster of every record of the register, in the version that was read."""
    ids = [UUID(text) for text in register.ids.to_pylist()]
    table = pa.table(
        {
            "record_id": register.ids,
            "version": pa.array(register.versions),
            "label": pa.array([str(labels.get(record_id, record_id)) for record_id in ids]),
        }
    )
    _copy_in("identity_label", table)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_LABELS)


def stored_labels() -> Labels:
    """Return the clusters as they are kept, of records that are not alone in theirs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT record_id, label FROM identity_cluster WHERE label IN "
            "(SELECT label FROM identity_cluster GROUP BY label HAVING count(*) > 1)"
        )
        return dict(cursor.fetchall())
