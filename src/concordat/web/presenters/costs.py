"""Who pays what, in words, tables and bars."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from concordat.agreements.queries import Comparison, CostLine, StatementDetail
from concordat.agreements.rules.costs import (
    Calculation,
    CalculationStep,
    Option,
    percent,
    plain,
)
from concordat.agreements.rules.statements import year_label
from concordat.web.formatting import format_date, format_money

Head = list[dict[str, Any]]
Rows = list[list[Any]]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table as `data_table` takes it."""

    caption: str
    head: Head
    rows: Rows


def _numeric(*texts: str) -> Head:
    return [{"text": text, "numeric": True} for text in texts]


# --- What if --------------------------------------------------------------------------------------


def compared(comparison: Comparison) -> Table:
    """Return what every body pays under each option that can be worked out, side by side."""
    options = [option for option in comparison.options if option.calculation]
    rows: Rows = []
    for body in comparison.bodies:
        outcomes = [one for option in options if (one := option.of(body.code))]
        pays = [one.pays for one in outcomes]
        cells = [_paid(one.pays, is_worse=one.is_worse_off) for one in outcomes]
        spread = format_money(max(pays) - min(pays)) if pays else ""
        rows.append([body.name, *cells, *([spread] if len(options) > 1 else [])])
    totals = [sum(one.pays for one in option.outcomes) for option in options]
    last = [""] if len(options) > 1 else []
    rows.append(["All", *map(format_money, totals), *last])
    head = [{"text": "Party"}, *_numeric(*(option.name for option in options))]
    if len(options) > 1:
        head += _numeric("Difference")
    return Table(caption="What each party pays", head=head, rows=rows)


def _paid(pence: int, *, is_worse: bool) -> str:
    return format_money(pence) + (" ▲" if is_worse else "")


def refused(comparison: Comparison) -> list[tuple[str, str]]:
    """Return the options that can’t be worked out, and why not."""
    return [(option.name, option.refused) for option in comparison.options if option.refused]


def worse_off(comparison: Comparison, option: Option) -> list[str]:
    """Return, a sentence each, who has reason not to join under an option."""
    names = {body.code: body.name for body in comparison.bodies}
    said = []
    for one in option.outcomes:
        if one.saves is not None and one.saves < 0:
            said.append(f"{names[one.party]} would pay {format_money(-one.saves)} less alone.")
        if one.gains is not None and one.gains < 0:
            said.append(
                f"{names[one.party]} would pay {format_money(-one.gains)} more than it gets."
            )
    return said


def outcomes(comparison: Comparison, option: Option) -> Table:
    """Return what an option means for every body: what it pays, gets, and would pay alone."""
    names = {body.code: body.name for body in comparison.bodies}
    has_alone = any(one.alone is not None for one in option.outcomes)
    has_gets = any(one.gets is not None for one in option.outcomes)
    total = comparison.total
    rows: Rows = []
    for one in option.outcomes:
        cells = [names[one.party], format_money(one.pays), _share(one.pays, total)]
        if has_alone:
            cells += [_money(one.alone), _signed(one.saves)]
        if has_gets:
            cells += [_money(one.gets), _signed(one.gains)]
        rows.append(cells)
    together = [format_money(sum(one.pays for one in option.outcomes)), "100 %" if total else ""]
    if has_alone:
        together += _sums(
            [one.alone for one in option.outcomes], [one.saves for one in option.outcomes]
        )
    if has_gets:
        together += _sums(
            [one.gets for one in option.outcomes], [one.gains for one in option.outcomes]
        )
    rows.append(["All", *together])
    head = [{"text": "Party"}, *_numeric("Pays", "Part")]
    head += _numeric("Would pay alone", "Saves") if has_alone else []
    head += _numeric("Gets", "Gains") if has_gets else []
    return Table(caption=f"{option.name}: what it means for each party", head=head, rows=rows)


def _sums(first: Sequence[int | None], second: Sequence[int | None]) -> list[str]:
    """Return two sums, where they are known of every party."""
    return [
        _money(sum(one for one in first if one is not None)) if None not in first else "",
        _signed(sum(one for one in second if one is not None)) if None not in second else "",
    ]


def bars(comparison: Comparison, option: Option) -> list[dict[str, object]]:
    """Return what each body pays as bars, with what it would pay alone as the line to stay below.

    Values are in pounds: no picture needs pence.
    """
    names = {body.code: body.name for body in comparison.bodies}
    return [
        {
            "label": names[one.party],
            "value": one.pays / 100,
            "text": format_money(one.pays),
            **(
                {"target": one.alone / 100, "target_text": format_money(one.alone)}
                if one.alone is not None
                else {}
            ),
        }
        for one in option.outcomes
    ]


# --- Calculations ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One step of a calculation: its sentence, and what it says of each party by name."""

    said: str
    rows: list[tuple[str, str]]


def steps(calculation: Calculation, names: Mapping[str, str]) -> list[Shown]:
    """Return how a sum was shared, step by step, with parties by their names."""
    return [_shown(step, names) for step in calculation.steps]


def _shown(step: CalculationStep, names: Mapping[str, str]) -> Shown:
    rows = [(names.get(line.party, line.party), line.said) for line in step.lines]
    return Shown(said=step.said, rows=rows)


# --- The costs of an agreement --------------------------------------------------------------------


def parts(line: CostLine) -> Table | None:
    """Return in which parts a line is shared now; None where its numbers come with each year."""
    if line.key is None:
        return None
    names = {body.code: body.name for body in line.payers}
    rows: Rows = [
        [names[party], plain(Fraction(line.key.weights[party])), percent(part)]
        for party, part in line.key.parts().items()
    ]
    unit = line.key.unit[:1].upper() + line.key.unit[1:] or line.key.formula.label
    head = [{"text": "Party"}, *_numeric(unit, "Part")]
    return Table(
        caption=f"By {line.key.title[0].lower()}{line.key.title[1:]}", head=head, rows=rows
    )


def issued_rows(issued: Sequence[StatementDetail], address: Callable[[UUID], str]) -> Rows:
    """Return the statements of an agreement as rows, the newest first."""
    return [
        [
            {"text": f"Statement {one.number}", "href": address(one.id)},
            year_label(one.text.year),
            one.text.kind.label,
            one.text.item,
            format_money(one.text.calculation.total),
            format_date(one.issued_at),
            f"Replaced by {one.replaced_by}" if one.replaced_by else "Stands",
        ]
        for one in issued
    ]


def _money(pence: int | None) -> str:
    return "Not said" if pence is None else format_money(pence)


def _signed(pence: int | None) -> str:
    return "" if pence is None else ("+" if pence > 0 else "") + format_money(pence)


def _share(pence: int, total: int) -> str:
    return percent(Fraction(pence, total)) if total else ""
