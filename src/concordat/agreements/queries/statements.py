"""Statements of costs: those that were issued, and what one would say."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from concordat.agreements.errors import (
    CannotShare,
    NotAllowedWithCosts,
    UnknownStatement,
    WrongState,
)
from concordat.agreements.models import Statement
from concordat.agreements.queries.agreements import AgreementDetail, agreement
from concordat.agreements.queries.cost_lines import (
    CostLine,
    line_key,
    lines_of,
    savings_key,
    use_key,
)
from concordat.agreements.rules import CostTerms
from concordat.agreements.rules.costs import Damping
from concordat.agreements.rules.statements import (
    Needed,
    StatementKind,
    StatementText,
    YearFigures,
    needed,
    settle,
    statement_text,
    work_out,
)
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.organisations.queries import OrganisationSummary, names_by_id

_READERS = (Role.FINANCE, Role.PROGRAMME, Role.SIGNATORY, Role.AUDITOR, Role.SYSTEM)
_YEARS = range(1990, 2101)


@dataclass(frozen=True, kw_only=True)
class StatementDetail:
    """A statement as it was issued. `replaced_by` is the number of the one that corrects it."""

    id: UUID
    number: int
    text: StatementText
    issued_at: datetime
    issued_by: str
    organisation: OrganisationSummary
    replaced_by: int | None


def statements(actor: Actor, *, reference: str) -> tuple[StatementDetail, ...]:
    """Return the statements issued under an agreement, the newest first.

    PostgreSQL shows them to the parties and their policing bodies alone. Raises
    NotAllowedWithCosts for roles that have nothing to do with money.
    """
    check_can_read_statements(actor)
    with acting(actor):
        rows = list(
            Statement.objects.filter(agreement__reference=reference.replace("\0", "")).order_by(
                "-number"
            )
        )
        bodies = names_by_id()
    texts = {row.number: statement_text(row.document) for row in rows}
    replaced = {text.replaces: number for number, text in texts.items() if text.replaces}
    return tuple(
        StatementDetail(
            id=row.id,
            number=row.number,
            text=texts[row.number],
            issued_at=row.issued_at,
            issued_by=row.issued_by,
            organisation=bodies[row.organisation_id],
            replaced_by=replaced.get(row.number),
        )
        for row in rows
    )


def statement(actor: Actor, *, statement_id: UUID) -> StatementDetail:
    """Return one statement. Raises UnknownStatement also for one that is not for `actor`.

    Raises NotAllowedWithCosts as `statements` does.
    """
    check_can_read_statements(actor)
    with acting(actor):
        row = Statement.objects.filter(id=statement_id).select_related("agreement").first()
    if row is None:
        raise UnknownStatement("There is no such statement.")
    every = statements(actor, reference=row.agreement.reference)
    return next(one for one in every if one.id == row.id)


def statement_inputs(
    actor: Actor, *, reference: str, line: int, kind: StatementKind
) -> tuple[CostLine, Needed]:
    """Return a line of the schedule, and what must be said to state a year of it.

    Raises UnknownAgreement, UnknownStatement for a line that is not there, NotAllowedWithCosts.
    """
    detail = agreement(actor, reference=reference)
    with acting(actor):
        found = _the_line(detail, line)
    earlier = _of_line(actor, detail, line)
    is_damped = any(one.text.damped_from is not None for one in earlier)
    return found, needed(found.terms, kind, is_damped_already=is_damped)


def preview_statement(
    actor: Actor, *, reference: str, line: int, figures: YearFigures
) -> StatementText:
    """Work out a statement without issuing it.

    Raises CannotShare, UnknownAgreement, UnknownStatement for a line that is not there,
    WrongState, NotAllowedWithCosts.
    """
    detail = agreement(actor, reference=reference)
    check_can_issue_statement(actor, detail=detail)
    if figures.year not in _YEARS:
        raise CannotShare(f"There is no financial year {figures.year} to make a statement of.")
    earlier = _of_line(actor, detail, line)
    of_year = [one for one in earlier if one.text.year == figures.year]
    same = [one for one in of_year if one.text.kind is figures.kind]
    if same and not figures.because.strip():
        raise CannotShare(
            f"Statement {same[0].number} is of the same year already. Say why it is corrected."
        )
    budgets = [one.text for one in of_year if one.text.kind is StatementKind.BUDGET]
    damped = [one.text for one in earlier if one.text.damped_from is not None]
    first = damped[-1] if damped else None
    with acting(actor):
        found = _the_line(detail, line, year=figures.year)
        text = _text(detail, found, figures, budget=budgets[0] if budgets else None, first=first)
    return replace(text, replaces=same[0].number, because=figures.because.strip()) if same else text


def check_can_read_statements(actor: Actor) -> None:
    """Raise NotAllowedWithCosts, with the reason, unless the actor's role is about money."""
    if not actor.holds(*_READERS):
        raise NotAllowedWithCosts(
            "Statements of costs are for finance, programme teams, signatories and auditors."
        )


def check_can_issue_statement(actor: Actor, *, detail: AgreementDetail) -> None:
    """Raise, with the reason, unless `actor` may state costs under this agreement.

    Raises NotAllowedWithCosts for other roles and bodies, WrongState for what was never in force.
    """
    if not actor.holds(Role.FINANCE, Role.PROGRAMME):
        raise NotAllowedWithCosts("Statements are issued by finance or the programme team.")
    if actor.organisation_id not in {party.id for party in detail.parties}:
        raise NotAllowedWithCosts(
            f"{actor.organisation_name} is no party to this agreement: it states no costs under it."
        )
    if detail.starts_on is None:
        raise WrongState(f"{detail.reference} is not in force yet: nobody owes anything under it.")


def can_issue_statement(actor: Actor, *, detail: AgreementDetail) -> bool:
    """Whether `actor` may state costs under this agreement: for pages that offer it."""
    try:
        check_can_issue_statement(actor, detail=detail)
    except (NotAllowedWithCosts, WrongState):
        return False
    return True


def _of_line(actor: Actor, detail: AgreementDetail, line: int) -> list[StatementDetail]:
    issued = statements(actor, reference=detail.reference)
    return [one for one in issued if one.text.line == line]


def _the_line(detail: AgreementDetail, number: int, *, year: int | None = None) -> CostLine:
    for line in lines_of(detail, year=year):
        if line.number == number:
            return line
    raise UnknownStatement(f"The costs schedule has no line {number}.")


def _text(
    detail: AgreementDetail,
    line: CostLine,
    figures: YearFigures,
    *,
    budget: StatementText | None,
    first: StatementText | None,
) -> StatementText:
    """Return what a statement says; `first` is that in which damping began, if it has."""
    terms = line.terms
    is_true_up = figures.kind is StatementKind.TRUE_UP
    before = first.before if first else figures.before
    since = (first.damped_from if first else None) or figures.year
    key = line_key(terms, line.payers, weights=figures.weights, use=figures.use)
    use = None if terms.fixed_percent is None else use_key(terms, line.payers, figures.use)
    spent = work_out(
        terms,
        key=key,
        use=use,
        total=figures.total,
        damping=_damping(terms, before, figures.year - since + 1),
    )
    savings = savings_key(terms, line.payers, key) if is_true_up else None
    budgeted = budget.calculation if budget and is_true_up else None
    calculation = settle(spent, budgeted=budgeted, savings=savings)
    paid = _paid(figures, budget) if is_true_up else {}
    names = {body.code: body.name for body in detail.parties}
    owing = {*(share.party for share in calculation.shares), *paid}
    return StatementText(
        reference=detail.reference,
        title=detail.title,
        version=detail.version,
        line=line.number,
        item=terms.item,
        method=line.method,
        kind=figures.kind,
        year=figures.year,
        names={code: names.get(code, code) for code in sorted(owing)},
        keys=tuple(one for one in (key, use, savings) if one),
        calculation=calculation,
        budget=budgeted.total if budgeted else None,
        paid=paid,
        payable_to=detail.lead.name if detail.lead else "",
        before=dict(before) if terms.damping_years else {},
        damped_from=since if terms.damping_years else None,
    )


def _paid(figures: YearFigures, budget: StatementText | None) -> dict[str, int]:
    """Return what each party has paid: as was said, else what the budget asked of it."""
    if figures.paid is not None:
        return dict(figures.paid)
    return {share.party: share.pence for share in budget.calculation.shares} if budget else {}


def _damping(terms: CostTerms, before: Mapping[str, Decimal], year: int) -> Damping | None:
    if not terms.damping_years:
        return None
    if not before:
        raise CannotShare(
            "Changes are spread over years: say what each party paid before the agreement."
        )
    return Damping(before=before, year=year, years=terms.damping_years)
