"""How a file's rows are recognised and judged, in SQL: one rule for events and for persons.

Equal rows without an identifier are separate records, numbered by their occurrence. Of rows with
one identifier, equal ones are duplicates; of different ones the register keeps the one it has, or
else that with the smallest fingerprint, whatever their order in the file; the others are
conflicts. A row already recorded as any version of its record is no news.
"""


def referenced(*, columns: str, rows: str) -> str:
    """Return two common table expressions that give each of some `rows` its reference.

    `rows` is what stands behind FROM; `columns` are those of it that are kept, among them `line`,
    `identity` and `content`. The last expression, `referenced`, adds `reference` and `is_repeat`.
    """
    return f"""numbered AS (
    SELECT {columns}, row_number() OVER (PARTITION BY identity, content ORDER BY line) AS occurrence
    FROM {rows}
), referenced AS (
    SELECT n.*, CASE WHEN identity = '' THEN replace(content::text, '-', '') || '#' || occurrence
                     ELSE identity END AS reference,
           identity <> '' AND occurrence > 1 AS is_repeat
    FROM numbered n
)"""  # noqa: S608 (constants)


def verdict(*, record_id: str) -> str:
    """Return the verdict on a ranked row; `record_id` is the column of the record it was found as.

    The best of the rows of one reference is number 1 in the column `variant`.
    """
    return f"""CASE WHEN is_repeat THEN 'duplicate'
            WHEN variant > 1 THEN 'conflict'
            WHEN {record_id} IS NULL THEN 'new'
            WHEN known THEN 'unchanged'
            ELSE 'changed' END"""
