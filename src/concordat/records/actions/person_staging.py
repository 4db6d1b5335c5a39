"""The temporary tables in which the rows of a file of persons are judged and stored.

Unlike those of events they outlive a transaction: the whole file is copied first, then every row
gets its verdict, so that a row means the same wherever it stands; then parts of the file are
stored, one transaction each. Rows of one reference are always of one part.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from concordat.access.rules import RecordKind
from concordat.base.clock import today
from concordat.base.source_files import Line
from concordat.identity.rules.observed import Observed
from concordat.records.actions.judging import referenced, verdict
from concordat.records.rules.loads import Account
from concordat.records.rules.persons import ReadPerson, facets_of, missing_parts

_TEXTS: Final = (
    "date_of_birth", "date_of_birth_form", "sex", "gender", "ethnicity_self_defined",
    "ethnicity_observed", "nationality", "birth_place", "occupation",
)  # fmt: skip
_LISTS: Final = ("names", "identifiers", "addresses", "phones", "emails", "notices")
_COLUMNS: Final = ", ".join((*_TEXTS, "missing", *_LISTS, "description"))
_TOLD_COLUMNS: Final = ", ".join(
    (
        *(f"i.{name}" for name in (*_TEXTS, "missing")),
        *(f"coalesce(i.told->'{name}', '[]')" for name in _LISTS),
        "coalesce(i.told->'description', '{}')",
    )
)

_CREATE: Final = f"""
DROP TABLE IF EXISTS pg_temp.incoming_person, pg_temp.judged_person;
CREATE TEMPORARY TABLE incoming_person (
    line integer, problem text, raw text, identity text, content uuid,
    {", ".join(f"{name} text" for name in _TEXTS)},
    missing smallint, warned boolean, told jsonb
);
CREATE TEMPORARY TABLE judged_person (
    part integer, line integer, reference text, content uuid, person_id uuid, version integer,
    verdict text
);
"""
_DROP: Final = "DROP TABLE IF EXISTS pg_temp.incoming_person, pg_temp.judged_person"
_COPY: Final = "COPY incoming_person FROM STDIN"
_BLANKS: Final = (None,) * (len(_TEXTS) + 5)

# The rule is that of `judging`. Nothing in a person's row says when it was true, so
# content never seen before always becomes current. A row's part is that of the row which its
# reference takes its state from: what contradicts a person is stored with the person.
_JUDGE: Final = f"""
INSERT INTO judged_person
WITH {referenced(columns="line, identity, content", rows="incoming_person WHERE problem IS NULL")},
matched AS (
    SELECT r.*, concordat.new_id() AS fresh_id, p.id AS person_id, p.version AS current_version,
           p.content AS current_content,
           p.id IS NOT NULL AND EXISTS (
               SELECT FROM records_person_version v
               WHERE v.owner_id = %(owner)s AND v.person_id = p.id AND v.content = r.content
           ) AS known
    FROM referenced r
    LEFT JOIN LATERAL (
        SELECT * FROM records_person
        WHERE owner_id = %(owner)s AND source = %(source)s AND reference = r.reference LIMIT 1
    ) AS p ON true
), ranked AS (
    SELECT m.*, row_number() OVER (
        PARTITION BY reference
        ORDER BY is_repeat, (content = current_content) IS NOT TRUE, NOT known, content, line
    ) AS variant
    FROM matched m
)
SELECT (first_value(line) OVER same - 2) / %(rows)s, line, reference, content,
       first_value(coalesce(person_id, fresh_id)) OVER same, 1 + coalesce(current_version, 0),
       {verdict(record_id="person_id")}
FROM ranked WINDOW same AS (PARTITION BY reference ORDER BY variant)
UNION ALL
SELECT (line - 2) / %(rows)s, line, NULL, NULL, NULL, NULL, 'quarantined'
FROM incoming_person WHERE problem IS NOT NULL
"""  # noqa: S608 (constants)
_PREPARE: Final = """
CREATE INDEX ON incoming_person (line);
CREATE INDEX ON judged_person (part);
ANALYZE incoming_person (line);
ANALYZE judged_person;
"""

_TOLD: Final = f"owner_id, kind, {_COLUMNS}, content, load_file_id, line, recorded_at"
_TELL: Final = f"%(owner)s, %(kind)s, {_TOLD_COLUMNS}, i.content, %(file)s, i.line, now()"
_OF_PART: Final = (
    "FROM judged_person j JOIN incoming_person i ON i.line = j.line WHERE j.part = %(part)s"
)

_NEW: Final = f"""
INSERT INTO records_person (id, source, reference, version, in_conflict, {_TOLD})
SELECT j.person_id, %(source)s, j.reference, 1, false, {_TELL} {_OF_PART} AND j.verdict = 'new'
"""

_VERSIONS: Final = f"""
INSERT INTO records_person_version (person_id, version, {_TOLD})
SELECT j.person_id, j.version, {_TELL} {_OF_PART} AND j.verdict IN ('new', 'changed')
"""

_CHANGED: Final = f"""
UPDATE records_person p
SET ({_TOLD}, version) = ROW ({_TELL}, j.version)
{_OF_PART} AND j.verdict = 'changed' AND p.id = j.person_id
"""  # noqa: S608 (constants)

_CONFLICTS: Final = f"""
WITH kept AS (
    INSERT INTO records_person_conflict (person_id, {_TOLD})
    SELECT j.person_id, {_TELL} {_OF_PART} AND j.verdict = 'conflict'
    ON CONFLICT (owner_id, person_id, content) DO NOTHING
    RETURNING person_id
)
UPDATE records_person SET in_conflict = true WHERE id = ANY (ARRAY(SELECT person_id FROM kept))
"""  # noqa: S608 (constants)

_WARNING: Final = (
    "INSERT INTO records_warning_marker (owner_id, kind, person_id, code, version, text, evidence, "
    "since, review_date, ended_on, load_file_id, line, recorded_at)"
)
_WARNINGS: Final = f"""
{_WARNING}
SELECT %(owner)s, %(warning_kind)s, j.person_id, w.code, 1 + coalesce(m.version, 0),
       coalesce(w.text, ''), coalesce(w.evidence, ''), w.since, w.review_date, NULL, %(file)s,
       j.line, now()
FROM judged_person j JOIN incoming_person i ON i.line = j.line
CROSS JOIN LATERAL jsonb_to_recordset(i.told->'warnings')
    AS w (code text, text text, evidence text, since date, review_date date)
LEFT JOIN LATERAL (
    SELECT * FROM records_warning_marker
    WHERE owner_id = %(owner)s AND person_id = j.person_id AND code = w.code
    ORDER BY version DESC LIMIT 1
) AS m ON true
WHERE j.part = %(part)s AND j.verdict IN ('new', 'changed') AND i.warned
  AND (m.version IS NULL OR m.ended_on IS NOT NULL
       OR (m.text, m.evidence, m.since, m.review_date) IS DISTINCT FROM
          (coalesce(w.text, ''), coalesce(w.evidence, ''), w.since, w.review_date))
"""  # noqa: S608 (constants)

_ENDED_WARNINGS: Final = f"""
{_WARNING}
SELECT %(owner)s, %(warning_kind)s, j.person_id, m.code, 1 + m.version, m.text, m.evidence,
       m.since, m.review_date, %(today)s, %(file)s, j.line, now()
FROM judged_person j JOIN incoming_person i ON i.line = j.line
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (code) * FROM records_warning_marker
    WHERE owner_id = %(owner)s AND person_id = j.person_id ORDER BY code, version DESC
) AS m
WHERE j.part = %(part)s AND j.verdict = 'changed' AND m.ended_on IS NULL
  AND m.load_file_id IS NOT NULL  -- what somebody added here is theirs to end
  AND NOT EXISTS (
    SELECT FROM jsonb_to_recordset(coalesce(i.told->'warnings', '[]')) AS w (code text)
    WHERE w.code = m.code)
"""  # noqa: S608 (constants)

_QUARANTINE: Final = f"""
INSERT INTO records_quarantine (owner_id, kind, load_file_id, line, reason, raw)
SELECT %(owner)s, %(load_kind)s, %(file)s, i.line, i.problem, i.raw
{_OF_PART} AND j.verdict = 'quarantined' ORDER BY i.line
"""

_FACETS: Final = f"""
SELECT j.person_id, j.version, i.told->'facets' {_OF_PART} AND j.verdict IN ('new', 'changed')
ORDER BY i.line
"""


StagedRow = tuple[str | int | bool | None, ...]
"""A row of a file as the temporary table holds it: plain values, so that many cost little."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Whose persons a file tells of, from which system, and whether it would tell warnings.

    `part_lines` is how many lines of the file make one part.
    """

    owner_id: int
    source: str
    tells_warnings: bool
    part_lines: int


class PersonStaging:
    """The rows of one share of a file between being read and being stored."""

    def __init__(self, terms: Terms) -> None:
        """Make the tables, in the caller's transaction."""
        self._owner_id = terms.owner_id
        self._tells_warnings = terms.tells_warnings
        self._parameters: dict[str, Any] = {
            "owner": terms.owner_id,
            "source": terms.source,
            "rows": terms.part_lines,
            "kind": RecordKind.PERSON.value,
            "warning_kind": RecordKind.WARNING_MARKER.value,
            "load_kind": RecordKind.LOAD.value,
            "today": today(),
        }
        with connection.cursor() as cursor:
            cursor.execute(_CREATE)

    def fill(self, rows: Iterable[StagedRow]) -> None:
        """Copy some rows of the file into the temporary table."""
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)

    def judge(self) -> dict[int, Account]:
        """Give each row its verdict; return, for each part of the file, how many got which."""
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
            cursor.execute(_JUDGE, self._parameters)
            cursor.execute(_PREPARE)
            cursor.execute(
                "SELECT part, verdict, count(*) FROM judged_person GROUP BY 1, 2 ORDER BY 1"
            )
            counted: dict[int, Account] = {}
            for part, verdict, count in cursor.fetchall():
                setattr(counted.setdefault(part, Account()), verdict, count)
        return counted

    def store(self, part: int, file_id: UUID, account: Account) -> None:
        """Store what was judged of one part: persons, versions, warnings, conflicts, quarantine."""
        parameters = self._parameters | {"part": part, "file": file_id}
        with connection.cursor() as cursor:
            if account.new:
                cursor.execute(_NEW, parameters)
            if account.new or account.changed:
                cursor.execute(_VERSIONS, parameters)
            if account.changed:
                cursor.execute(_CHANGED, parameters)
            if self._tells_warnings and (account.new or account.changed):
                cursor.execute(_WARNINGS, parameters)
            if self._tells_warnings and account.changed:
                cursor.execute(_ENDED_WARNINGS, parameters)
            if account.conflict:
                cursor.execute(_CONFLICTS, parameters)
            if account.quarantined:
                cursor.execute(_QUARANTINE, parameters)

    def observed(self, part: int) -> list[Observed]:
        """Return what `identity` needs to know of the records of a part that are new or changed."""
        with connection.cursor() as cursor:
            cursor.execute(_FACETS, self._parameters | {"part": part})
            return [
                Observed(
                    record_id=person_id,
                    owner_id=self._owner_id,
                    version=version,
                    facets=tuple(json.loads(facets)),
                )
                for person_id, version, facets in cursor.fetchall()
            ]

    def drop(self) -> None:
        """Remove the temporary tables."""
        with connection.cursor() as cursor:
            cursor.execute(_DROP)


_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def staged(line: Line, told: ReadPerson | str) -> StagedRow:
    """Return what is staged of a row that was understood, or can't be and why."""
    if isinstance(told, str):
        return (line.number, told, line.text.replace("\0", ""), *_BLANKS)
    person = told.person
    document: dict[str, object] = {"facets": facets_of(person)}
    for name in _LISTS:
        if found := getattr(person, name):
            document[name] = [part.as_json() for part in found]
    if person.description:
        document["description"] = person.description
    if told.warnings:
        document["warnings"] = [warning.as_json() for warning in told.warnings]
    return (
        line.number, None, None, told.identity, told.content,
        *[getattr(person, name) for name in _TEXTS],
        missing_parts(person), bool(told.warnings), _encoded(document),
    )  # fmt: skip
