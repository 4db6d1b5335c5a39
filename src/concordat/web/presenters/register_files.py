"""The register of agreements as files to take away: rows of cells, the header first."""

from collections.abc import Iterable, Iterator, Mapping

from concordat.agreements.queries import RegisterPicture
from concordat.agreements.rules.register import Cell, Entry, Gap
from concordat.web.presenters.register import bodies, bodies_of, closing


def matrix_cells(picture: RegisterPicture) -> Iterator[list[object]]:
    """Yield the matrix as rows of a file, its header first."""
    yield ["Group", "Function", *(body.name for body in picture.bodies)]
    for row in picture.rows:
        yield [row.group, row.function, *(_cell_words(cell) for cell in row.cells)]


def _cell_words(cell: Cell) -> str:
    if cell.weight is None:
        return f"Excluded by {cell.excluded_by}" if cell.excluded_by else ""
    return "; ".join(
        f"{entry.weight.label}: {entry.title if entry.recorded else entry.key}"
        for entry in cell.entries
    )


def text_cells(
    entries: Iterable[Entry], names: Mapping[str, str], *, origin: str
) -> Iterator[list[object]]:
    """Yield every text as rows of a file, its header first, with the address of its page."""
    yield ["Title", "Standing", "Functions", "Bodies", "First known day", "Last day", "Review",
           "Reference", "Page"]  # fmt: skip
    for entry in entries:
        path = f"agreements/register/{entry.key}" if entry.recorded else f"agreements/{entry.key}"
        yield [
            entry.title,
            entry.weight.label,
            "; ".join(entry.functions),
            bodies_of(entry, names),
            entry.starts_on or "",
            entry.ends_on or "",
            entry.review_on or "",
            "" if entry.recorded else entry.key,
            f"{origin}/{path}",
        ]


def gap_cells(gaps: Iterable[Gap], names: Mapping[str, str]) -> Iterator[list[object]]:
    """Yield every gap as rows of a file, one for each body that lacks a function."""
    yield ["Function", "Body that does not share it", "Neighbours that do", "What is known"]
    for gap in gaps:
        for lack in gap.lacking:
            yield [
                gap.function,
                names[lack.body],
                bodies(lack.neighbours, names),
                closing(lack.coming, lack.excluded_by),
            ]
