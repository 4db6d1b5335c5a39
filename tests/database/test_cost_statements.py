"""Statements of costs: worked out from the agreement, issued once, shown to those who pay."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.db.utils import OperationalError, ProgrammingError

from concordat.agreements.actions import draft_agreement, issue_statement, start_agreement
from concordat.agreements.errors import (
    CannotShare,
    NotAllowedWithCosts,
    UnknownAgreement,
    UnknownStatement,
    WrongState,
)
from concordat.agreements.queries import (
    StatementDetail,
    can_issue_statement,
    cost_lines,
    preview_statement,
    statement,
    statement_inputs,
    statements,
)
from concordat.agreements.queries import agreement as read_agreement
from concordat.agreements.rules import AgreementKind, CostTerms
from concordat.agreements.rules.costs import amount, share_cost
from concordat.agreements.rules.statements import StatementKind, YearFigures
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.organisations.queries import organisation, related_bodies
from tests.conftest import SHARED, Server
from tests.world import SERVICE, agreement_in_force, person, terms

pytestmark = pytest.mark.django_db

SEVEN = ["essex", "kent", "norfolk", "suffolk", "bedfordshire", "cambridgeshire", "hertfordshire"]
POPULATION = CostTerms(item="Athena", formula="population", year=2015)
FLYING = CostTerms(item="Helicopters", formula="use", unit="hours", unit_price=125_050)
BUDGET, TRUE_UP = StatementKind.BUDGET, StatementKind.TRUE_UP


def agreed(
    costs: Sequence[CostTerms], parties: Sequence[str] = SEVEN, *, start: bool = True
) -> str:
    """Make an agreement with this costs schedule, in force unless said otherwise."""
    made = replace(terms("22A/COST", parties), costs=tuple(costs), lead=parties[0], sharing=())
    draft_agreement(SERVICE, terms=made)
    if start:
        start_agreement(SERVICE, reference="22A/COST")
    return "22A/COST"


def finance(force: str = "essex") -> Actor:
    return person(force, Role.FINANCE, purpose=Purpose.ADMINISTRATION)


def issue(actor: Actor, line: int = 1, **said: Any) -> StatementDetail:
    given = {"year": 2026, "kind": BUDGET, **said}
    return issue_statement(actor, reference="22A/COST", line=line, figures=YearFigures(**given))


def shares(issued: StatementDetail) -> dict[str, str]:
    return {share.party: amount(share.pence) for share in issued.text.calculation.shares}


# --- what a statement says ------------------------------------------------------------------------


def test_a_budget_is_shared_by_the_formula_of_the_agreement_to_the_penny() -> None:
    agreed([POPULATION])
    issued = issue(finance(), total=32_000_000_00)
    assert shares(issued)["essex"] == "7272947.54"
    assert shares(issued)["suffolk"] == "3019019.26"
    assert sum(map(Decimal, shares(issued).values())) == Decimal("32000000.00")
    assert issued.text.calculation.steps[0].said.startswith("Population, 30 June 2015. Source: ONS")
    assert (issued.number, issued.text.payable_to) == (1, "Essex Police")
    assert issued.text.names["kent"] == "Kent Police"


def test_what_is_issued_is_read_again_exactly_as_it_was() -> None:
    agreed([replace(POPULATION, fixed_percent=60, damping_years=3, most=9_000_000_00)])
    used = {force: Decimal("10.25") for force in SEVEN}
    before = {force: Decimal(100) for force in SEVEN}
    given = YearFigures(year=2026, kind=BUDGET, total=32_000_000_01, use=used, before=before)
    shown = preview_statement(finance(), reference="22A/COST", line=1, figures=given)
    issued = issue_statement(finance("kent"), reference="22A/COST", line=1, figures=given)
    assert issued.text == shown
    assert statement(finance("norfolk"), statement_id=issued.id) == issued


def test_use_is_charged_at_the_price_of_the_agreement_and_settled_by_what_was_used() -> None:
    agreed([FLYING], ["essex", "kent"])
    actor = finance()
    budget = issue(actor, use={"essex": Decimal(30), "kent": Decimal(10)})
    assert shares(budget) == {"essex": "37515.00", "kent": "12505.00"}
    settled = issue(
        actor, kind=TRUE_UP, total=48_000_00, use={"essex": Decimal(20), "kent": Decimal(12)}
    )
    assert shares(settled) == {"essex": "30000.00", "kent": "18000.00"}
    assert [(one.party, one.paid, one.balance) for one in settled.text.settlements] == [
        ("essex", 3_751_500, -751_500),
        ("kent", 1_250_500, 549_500),
    ]
    assert settled.text.budget == 5_002_000


def test_what_was_really_paid_goes_before_what_the_budget_asked() -> None:
    agreed([replace(POPULATION, formula="equal", year=None)], ["essex", "kent"])
    actor = finance()
    issue(actor, total=100_00)
    paid = {"essex": 10_00, "kent": 50_00}
    settled = issue(actor, kind=TRUE_UP, total=90_00, paid=paid)
    assert [one.balance for one in settled.text.settlements] == [35_00, -5_00]


def test_what_is_saved_is_split_by_its_own_key() -> None:
    agreed([replace(POPULATION, savings_formula="equal")], ["essex", "kent"])
    actor = finance()
    budget = issue(actor, total=100_00)
    settled = issue(actor, kind=TRUE_UP, total=90_00)
    assert {party: budget.text.calculation.of(party) - settled.text.calculation.of(party)
            for party in ("essex", "kent")} == {"essex": 5_00, "kent": 5_00}  # fmt: skip
    over = issue(actor, kind=TRUE_UP, total=110_00, because="An invoice came late.")
    by_population = share_cost(110_00, over.text.keys[0])
    assert over.text.calculation.shares == by_population.shares


def test_damping_starts_with_the_first_statement_and_goes_on_from_there() -> None:
    agreed([CostTerms(item="Unit", formula="percentages", damping_years=2,
                      weights={"essex": "75", "kent": "25"})], ["essex", "kent"])  # fmt: skip
    actor = finance()
    with pytest.raises(CannotShare, match="paid before the agreement"):
        issue(actor, total=100_00)
    before = {"essex": Decimal(1), "kent": Decimal(1)}
    years = [issue(actor, total=100_00, before=before)]
    years += [issue(actor, year=year, total=100_00) for year in (2027, 2028)]
    assert [shares(one)["essex"] for one in years] == ["62.50", "75.00", "75.00"]
    _, need = statement_inputs(actor, reference="22A/COST", line=1, kind=BUDGET)
    assert need.before is False


def test_a_policing_body_pays_through_its_force() -> None:
    bodies = [
        next(body.code for body in related_bodies(organisation(force).id) if not body.valid_until
             and body.kind.value == "policing_body") for force in ("kent", "suffolk")
    ]  # fmt: skip
    made = replace(
        terms("22A/COST", ["kent", "suffolk", *bodies], form=AgreementKind.SECTION_22A_BOTH),
        costs=(CostTerms(item="Unit", formula="equal"),), sharing=(),
    )  # fmt: skip
    draft_agreement(SERVICE, terms=made)
    start_agreement(SERVICE, reference="22A/COST")
    assert shares(issue(finance("kent"), total=100_00)) == {"kent": "50.00", "suffolk": "50.00"}
    reader = person(bodies[0], Role.FINANCE)
    assert len(statements(reader, reference="22A/COST")) == 1


def test_the_schedule_says_how_each_line_is_shared_and_what_is_not_known_yet() -> None:
    agreed([POPULATION, FLYING])
    population, flying = cost_lines(finance(), reference="22A/COST")
    assert population.method == "Shared by population (figures of 2015)."
    assert population.key is not None
    assert set(population.key.weights) == set(SEVEN)
    assert flying.method == "Shared by actual use, at £1,250.50 per unit (hours)."
    assert (flying.key, flying.refused) == (
        None, "It is shared by use: say how much each party used.",
    )  # fmt: skip


# --- corrections ----------------------------------------------------------------------------------


def test_a_second_statement_of_the_same_year_says_why_and_which_it_replaces() -> None:
    agreed([POPULATION])
    actor = finance()
    first = issue(actor, total=100_00)
    with pytest.raises(CannotShare, match="Statement 1 is of the same year already"):
        issue(actor, total=200_00)
    second = issue(actor, total=200_00, because=" The sum was wrong. ")
    assert (second.number, second.text.replaces, second.text.because) == (
        2,
        1,
        "The sum was wrong.",
    )
    newest, oldest = statements(actor, reference="22A/COST")
    assert (newest.id, oldest.id, oldest.replaced_by) == (second.id, first.id, 2)


@pytest.mark.parametrize(
    "change", ["UPDATE agreements_statement SET total = 1", "DELETE FROM agreements_statement"]
)
def test_nobody_changes_or_deletes_what_was_issued(change: str) -> None:
    agreed([POPULATION])
    actor = finance()
    issue(actor, total=100_00)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        acting(actor),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)


# --- who may --------------------------------------------------------------------------------------


def test_statements_are_shown_to_the_money_people_of_the_parties_alone() -> None:
    agreed([POPULATION], ["essex", "kent"])
    issued = issue(finance(), total=100_00)
    for role in (Role.FINANCE, Role.PROGRAMME, Role.SIGNATORY, Role.AUDITOR):
        reader = person("kent", role, username=f"kent.reads.{role}")
        assert statements(reader, reference="22A/COST") == (issued,)
    with pytest.raises(NotAllowedWithCosts, match="for finance"):
        statements(person("kent", Role.OFFICER), reference="22A/COST")
    stranger = finance("norfolk")
    assert statements(stranger, reference="22A/COST") == ()
    with pytest.raises(UnknownStatement):
        statement(stranger, statement_id=issued.id)


@pytest.mark.parametrize(
    ("force", "role", "said"),
    [("essex", Role.AUDITOR, "by finance"), ("norfolk", Role.FINANCE, "no party")],
)
def test_others_than_finance_and_programme_of_a_party_issue_none(
    force: str, role: Role, said: str
) -> None:
    agreed([POPULATION], ["essex", "kent"])
    actor = person(force, role)
    with pytest.raises(NotAllowedWithCosts, match=said):
        issue(actor, total=100_00)
    assert not can_issue_statement(actor, detail=read_agreement(actor, reference="22A/COST"))


def test_postgresql_itself_refuses_a_statement_of_somebody_else() -> None:
    agreed([POPULATION], ["essex", "kent"])
    issue(finance(), total=100_00)
    stranger = finance("norfolk")
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        acting(stranger),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO agreements_statement (id, number, line, year, kind, total, document, "
            "issued_at, issued_by, agreement_id, organisation_id) "
            "SELECT gen_random_uuid(), 2, 1, 2026, 'budget', 1, '{}', now(), 'x', id, %s "
            "FROM agreements_agreement",
            [stranger.organisation_id],
        )


def test_nothing_is_owed_under_a_draft_and_unknown_lines_and_agreements_are_refused() -> None:
    agreed([POPULATION], start=False)
    actor = finance()
    with pytest.raises(WrongState, match="not in force yet"):
        issue(actor, total=100_00)
    start_agreement(SERVICE, reference="22A/COST")
    with pytest.raises(UnknownStatement, match="no line 2"):
        issue(actor, 2, total=100_00)
    with pytest.raises(CannotShare, match="no financial year 1066"):
        issue(actor, year=1066, total=100_00)
    with pytest.raises(CannotShare, match="Say the sum"):
        issue(actor)
    with pytest.raises(UnknownAgreement):
        issue_statement(actor, reference="22A/NONE", line=1,
                        figures=YearFigures(year=2026, kind=BUDGET))  # fmt: skip


def test_an_agreement_without_a_costs_schedule_has_no_lines() -> None:
    agreement_in_force("22A/FREE", ["essex", "kent"])
    assert cost_lines(finance(), reference="22A/FREE") == ()


def test_statements_issued_at_the_same_time_wait_for_each_other(server: Server) -> None:
    agreed([POPULATION], ["essex", "kent"])
    actor = finance()
    with psycopg.connect(server.superuser_url(SHARED)) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('statements of 22A/COST', 0))")
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                issue(actor, total=100_00)
            cursor.execute("SET LOCAL lock_timeout = 0")
    assert issue(actor, total=100_00).number == 1
