"""A statement of costs: as a page, on paper, and as a spreadsheet."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from concordat.agreements.queries import StatementDetail
from concordat.agreements.rules.costs import Key, percent, plain
from concordat.agreements.rules.statements import StatementKind, StatementText, year_label
from concordat.web.formatting import format_datetime, format_money
from concordat.web.presenters.costs import Rows, Table, steps
from concordat.web.presenters.sheets import MARKING, Section, Sheet, SheetTable
from concordat.web.xlsx import Formula, Money, Tab

_COLUMNS = "ABCDEFGHIJ"
_ABOVE = 12
"""Lines above the table of a spreadsheet: what the statement is."""


def heading(text: StatementText) -> str:
    """Return what a statement is: "Shares of the budget 2026/27"."""
    return f"{text.kind.label} {year_label(text.year)}"


def summary_rows(text: StatementText) -> list[tuple[str, str]]:
    """Return what a statement is about, as pairs."""
    is_true_up = text.kind is StatementKind.TRUE_UP
    rows = [
        ("Agreement", f"{text.reference} {text.title}, version {text.version}"),
        ("For", text.item),
        ("Financial year", f"1 April {text.year} to 31 March {text.year + 1}"),
        ("How it is shared", text.method),
        ("Really spent" if is_true_up else "Sum shared", format_money(text.calculation.total)),
    ]
    if is_true_up:
        budget = "No statement of it" if text.budget is None else format_money(text.budget)
        rows.append(("Budgeted", budget))
    if text.payable_to:
        rows.append(("To be paid to", f"{text.payable_to}, which leads and bears the cost"))
    if text.replaces:
        rows.append(("Corrects", f"Statement {text.replaces}: {text.because}"))
    return rows


def issued(detail: StatementDetail) -> str:
    """Return by whom and when a statement was issued, in one sentence."""
    return (
        f"Issued {format_datetime(detail.issued_at)} by {detail.issued_by}, "
        f"{detail.organisation.name}."
    )


def shares_table(text: StatementText) -> Table:
    """Return what each party pays; at the year’s end, what it has paid and what remains."""
    head: list[dict[str, Any]] = [{"text": "Party"}]
    head += [{"text": name, "numeric": True} for name in _names_of_columns(text)]
    rows: Rows = [list(cells) for cells in _cells(text)]
    return Table(caption="Who pays what", head=head, rows=rows)


def _names_of_columns(text: StatementText) -> list[str]:
    names = [_called(key) for key in text.keys]
    if text.kind is StatementKind.BUDGET:
        return [*names, "Part of the sum", "Pays"]
    return [*names, "Part of the sum", "Due", "Has paid", "Still to pay"]


def _called(key: Key) -> str:
    unit = f", {key.unit}" if key.unit else ""
    return f"{key.title}{unit}"


def _cells(text: StatementText) -> list[tuple[str, ...]]:
    """Return the table in words, one line for each party and one for all."""
    total = text.calculation.total
    lines: list[tuple[str, ...]] = []
    for one in text.settlements:
        weights = [_weight(key, one.party) for key in text.keys]
        part = percent(Fraction(one.due, total)) if total else ""
        sums = [one.due, one.paid, one.balance][: _sums(text)]
        lines.append((text.names[one.party], *weights, part, *map(format_money, sums)))
    whole = [plain(key.whole) for key in text.keys]
    paid = sum(one.paid for one in text.settlements)
    sums = [total, paid, total - paid][: _sums(text)]
    lines.append(("All", *whole, "100 %" if total else "", *map(format_money, sums)))
    return lines


def _sums(text: StatementText) -> int:
    """Return how many columns of money there are."""
    return 1 if text.kind is StatementKind.BUDGET else 3


def _weight(key: Key, party: str) -> str:
    weight = key.weights.get(party)
    return "" if weight is None else plain(Fraction(weight))


# --- On paper -------------------------------------------------------------------------------------


def sheet(detail: StatementDetail) -> Sheet:
    """Return a statement as it is printed."""
    text = detail.text
    table = SheetTable(
        head=("Party", *_names_of_columns(text)), rows=tuple(_cells(text)), has_total=True
    )
    worked = tuple(
        Section(
            title="How it was worked out" if number == 1 else "",
            lead=f"{number}. {step.said}",
            rows=tuple(step.rows),
        )
        for number, step in enumerate(steps(text.calculation, text.names), start=1)
    )
    warnings = (f"Replaced by statement {detail.replaced_by}.",) if detail.replaced_by else ()
    return Sheet(
        marking=MARKING,
        caption=f"Statement {detail.number} of {text.reference}",
        title=heading(text),
        reference=f"{text.reference} statement {detail.number}",
        owner=detail.organisation.name,
        warnings=warnings,
        sections=(
            Section(title="", rows=tuple(summary_rows(text))),
            Section(title="Who pays what", table=table),
            *worked,
        ),
        foot=(
            issued(detail),
            f"Statement {detail.id}. What was issued is never changed; a later one corrects it.",
        ),
    )


# --- As a spreadsheet -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """Where the table of a spreadsheet stands: its first and last line of parties."""

    first: int
    last: int

    def of(self, column: str) -> str:
        return f"{column}{self.first}:{column}{self.last}"


def tabs(detail: StatementDetail) -> tuple[Tab, ...]:
    """Return a statement as a workbook: the table with totals that add up, and the calculation."""
    return (_table_tab(detail), _calculation_tab(detail.text))


def _table_tab(detail: StatementDetail) -> Tab:
    text = detail.text
    above: list[list[object]] = [[heading(text)], [issued(detail)]]
    above += [[name, value] for name, value in summary_rows(text)]
    if detail.replaced_by:
        above.append([f"Replaced by statement {detail.replaced_by}."])
    above += [[]] * (_ABOVE - len(above))
    head = ["Party", *_names_of_columns(text)]
    place = _Place(len(above) + 2, len(above) + 1 + len(text.settlements))
    body = [_money_row(text, place.first + at, at) for at in range(len(text.settlements))]
    return Tab(
        name="Statement",
        rows=(*above, head, *body, _total_row(text, place)),
        bold_rows=(0, len(above), len(above) + 1 + len(body)),
        widths=(34, *([22] * (len(head) - 1))),
    )


def _money_row(text: StatementText, line: int, at: int) -> list[object]:
    one = text.settlements[at]
    cells: list[object] = [text.names[one.party]]
    cells += [key.weights.get(one.party, "") for key in text.keys]
    total = text.calculation.total
    cells.append(Fraction(one.due, total) if total else "")
    cells.append(Money(one.due))
    if text.kind is StatementKind.TRUE_UP:
        due, paid = _COLUMNS[len(cells) - 1], _COLUMNS[len(cells)]
        cells += [Money(one.paid), Formula(f"={due}{line}-{paid}{line}", one.balance)]
    return cells


def _total_row(text: StatementText, place: _Place) -> list[object]:
    total = text.calculation.total
    cells: list[object] = ["All"]
    for key in text.keys:
        cells.append(_sum(place, len(cells), float(key.whole), is_money=False))
    cells.append("")
    cells.append(_sum(place, len(cells), total))
    if text.kind is StatementKind.TRUE_UP:
        paid = sum(one.paid for one in text.settlements)
        cells.append(_sum(place, len(cells), paid))
        cells.append(_sum(place, len(cells), total - paid))
    return cells


def _sum(place: _Place, column: int, value: float, *, is_money: bool = True) -> Formula:
    return Formula(f"=SUM({place.of(_COLUMNS[column])})", value, is_money=is_money)


def _calculation_tab(text: StatementText) -> Tab:
    rows: list[list[object]] = [["Step", "What was done", "Party", "Result"]]
    for number, step in enumerate(steps(text.calculation, text.names), start=1):
        rows.append([number, step.said])
        rows += [["", "", name, said] for name, said in step.rows]
    return Tab(name="Calculation", rows=tuple(rows), bold_rows=(0,), widths=(8, 70, 34, 50))
