"""Nobody opens what isn’t signed: raw SQL of the serving role, with the token of a real person."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from concordat.access.models import Grant
from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    leave,
    propose,
    revise,
)
from concordat.agreements.errors import NotAllowedToTake
from concordat.agreements.queries import AgreementDetail, agreement, signatures_needed
from concordat.agreements.rules import AgreementKind, as_document, digest
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import now, today
from concordat.organisations.queries import organisation
from concordat.records.actions import log_event
from tests.reports import CONDITIONAL, intelligence
from tests.signing import acted, drafter, proposed, signatories_of, signatory, signed_by
from tests.world import SERVICE, agreement_in_force, person, terms

pytestmark = pytest.mark.django_db

PARTIES = ["essex", "kent"]
DAY = timedelta(days=1)
PROPOSE = (
    "UPDATE agreements_agreement SET state = 'proposed', round = round + 1, proposed_at = now(), "
    "digest = %s WHERE id = %s"
)


@pytest.fixture
def essex() -> Actor:
    return drafter("essex")


def open_grants() -> int:
    """Return how many grants are open at this moment."""
    with acting(SERVICE):
        return Grant.objects.filter(valid__contains=now()).count()


def refused(actor: Actor, statement: str, *values: str | int | date | UUID) -> bool:
    """Whether PostgreSQL refuses a statement, or lets it touch no row."""
    try:
        with transaction.atomic():
            return acted(actor, statement, *values) == 0
    except DatabaseError:
        return True


def asks_by_hand(actor: Actor, detail: AgreementDetail, bodies: Iterable[str], text: str) -> None:
    """Propose a draft by raw SQL, under a digest of one's choice, and ask only these bodies."""
    acted(actor, PROPOSE, text, detail.id)
    for body in bodies:
        acted(
            actor,
            "INSERT INTO agreements_signatory (agreement_id, round, organisation_id, capacities, "
            "asked_at, decision, reasons, conditions, digest, person_name, on_paper) "
            "SELECT id, round, %s, '{chief_officer}', now(), 'waiting', '', '', '', '', false "
            "FROM agreements_agreement WHERE id = %s",
            organisation(body).id,
            detail.id,
        )


def approved_by_hand(
    actor: Actor, detail: AgreementDetail, dates: str = "current_date, NULL"
) -> bool:
    """Whether a signatory's raw SQL, a signature and its approval, puts a proposal into force."""
    by_hand = (
        "UPDATE agreements_signatory SET decision = 'approved', decided_at = now(), digest = "
        "(SELECT digest FROM agreements_agreement a WHERE a.id = agreement_id), person_id = "
        "concordat.actor_person() WHERE organisation_id = concordat.actor_organisation()"
    )
    assert acted(actor, by_hand) == 1
    return not refused(actor, f"SELECT concordat.approve_agreement(%s, {dates})", detail.id)


# --- whoever it is, whatever they send ------------------------------------------------------------

OPENING = [
    "UPDATE agreements_signatory SET round = round + 1 WHERE agreement_id = %s",
    "UPDATE agreements_signatory SET capacities = '{}' WHERE agreement_id = %s",
    "DELETE FROM agreements_signatory WHERE agreement_id = %s",
    "DELETE FROM agreements_agreement WHERE id = %s",
    "UPDATE agreements_agreement SET round = 0 WHERE id = %s",
    "UPDATE agreements_agreement SET digest = 'x' WHERE id = %s",
    "UPDATE agreements_agreement SET kind = 'mutual_aid' WHERE id = %s",
    "UPDATE agreements_agreement SET title = 'x', purpose = 'x', functions = '{}' WHERE id = %s",
    "UPDATE agreements_agreement SET state = 'draft', terms = '{}' WHERE id = %s",
    "SELECT concordat.approve_agreement(%s, '2000-01-01', NULL)",
    "SELECT concordat.approve_agreement(%s, NULL, NULL)",
    "SELECT concordat.party_succeeds(%s, 21, 27)",
    "UPDATE access_grant SET valid = tstzrange(NULL, NULL) WHERE agreement_id <> %s",
    "UPDATE agreements_party SET left_on = NULL WHERE agreement_id <> %s",
    "UPDATE agreements_sharing_clause SET level = 'full' WHERE agreement_id <> %s",
    "SET LOCAL search_path = pg_temp; SELECT concordat.approve_agreement(%s, current_date, NULL)",
    "SET LOCAL session_replication_role = replica; SELECT %s::uuid",
    "SET LOCAL ROLE concordat_owner; SELECT %s::uuid",
]


@pytest.mark.parametrize("statement", OPENING)
@pytest.mark.parametrize("role", [Role.OFFICER, Role.PROGRAMME, Role.SIGNATORY, Role.FINANCE])
def test_no_statement_opens_a_proposal_that_lacks_one_signature(
    essex: Actor, role: Role, statement: str
) -> None:
    detail = proposed(essex, terms("A", PARTIES))
    *all_but_one, _ = signatories_of(detail)
    signed_by("A", all_but_one)
    attacker = person("essex", role, username="attacker")
    assert refused(attacker, statement, detail.id)
    assert open_grants() == 0


# --- what was signed, and by whom -----------------------------------------------------------------


def test_signatures_under_one_text_never_count_for_another(essex: Actor) -> None:
    detail = proposed(essex, terms("A", PARTIES))
    signed_by("A", signatories_of(detail)[:-1])
    revise(essex, reference="A", because="Not quite")
    more = as_document(replace(detail.terms, purpose="Something else"))
    swap = (
        "UPDATE agreements_agreement SET state = 'proposed', terms = %s WHERE id = %s",
        "UPDATE agreements_agreement SET terms = %s, round = 0 WHERE id = %s",
    )
    assert all(refused(essex, statement, json.dumps(more), detail.id) for statement in swap)


def test_what_is_signed_is_the_digest_of_the_text(essex: Actor) -> None:
    detail = draft_agreement(essex, terms=terms("A", PARTIES))
    bodies = [needed.body for needed in signatures_needed(essex, terms=detail.terms)]
    asks_by_hand(essex, detail, bodies, digest(terms("B", PARTIES)))
    *others, last = [signatory(body) for body in bodies]
    signed_by("A", others)
    assert not approved_by_hand(last, detail)


@pytest.mark.parametrize(
    "asked", [["essex"], ["essex", "kent"], ["essex", "kent", "essex-pfcc"]], ids=len
)
def test_no_body_that_must_sign_is_left_out(essex: Actor, asked: list[str]) -> None:
    detail = draft_agreement(essex, terms=terms("A", PARTIES))
    asks_by_hand(essex, detail, asked, digest(detail.terms))
    *others, last = [signatory(body) for body in asked]
    signed_by("A", others)
    assert not approved_by_hand(last, detail)
    assert open_grants() == 0


def test_nobody_is_asked_who_need_not_sign_and_nobody_signs_ahead(essex: Actor) -> None:
    detail = draft_agreement(essex, terms=terms("A", PARTIES))
    with pytest.raises(DatabaseError), transaction.atomic():
        asks_by_hand(essex, detail, ["norfolk"], digest(detail.terms))
    ahead = (
        "INSERT INTO agreements_signatory (agreement_id, round, organisation_id, capacities, "
        "asked_at, decision, reasons, conditions, digest, person_name, on_paper) "
        "VALUES (%s, 5, 14, '{}', now(), 'waiting', '', '', '', '', false)"
    )
    assert refused(essex, ahead, detail.id)


@pytest.mark.parametrize("change", ["party_ids = '{14, 21, 27}'", "kind = 'mutual_aid'"])
def test_the_parties_and_the_form_are_those_of_the_text(essex: Actor, change: str) -> None:
    detail = draft_agreement(essex, terms=terms("A", PARTIES))
    acted(essex, f"UPDATE agreements_agreement SET {change} WHERE id = %s", detail.id)
    with pytest.raises(DatabaseError), transaction.atomic():
        signed_by("A", signatories_of(propose(essex, reference="A")))
    assert open_grants() == 0


def test_postgresql_computes_who_must_sign_as_the_rules_do() -> None:
    groups = (
        ["essex", "kent"], ["essex", "essex-fire"], ["kent", "kent-fire"], ["essex-pfcc", "kent"],
        ["norfolk", "norfolk-county-council"], ["bedfordshire", "cambridgeshire", "hertfordshire"],
    )  # fmt: skip
    for kind, parties in product(AgreementKind, groups):
        needed = signatures_needed(SERVICE, terms=terms("A", parties, form=kind))
        with acting(SERVICE), connection.cursor() as cursor:
            cursor.execute(
                "SELECT body FROM concordat.required_signatories(%s, %s)",
                [kind, [organisation(code).id for code in parties]],
            )
            computed = {row[0] for row in cursor.fetchall()}
        assert computed == {organisation(one.body).id for one in needed}


@pytest.mark.parametrize("text", ["", "plain", "“é”\n\t\x1f\x7f\\/\"'", "\U0001f600 \ue000 \u2028"])
def test_postgresql_computes_the_digest_as_the_rules_do(text: str) -> None:
    agreed = replace(terms(text, PARTIES), purpose=text, ends_on=today())
    with acting(SERVICE), connection.cursor() as cursor:
        document = json.dumps(as_document(agreed))
        cursor.execute("SELECT concordat.digest_of(%s::jsonb)", [document])
        assert cursor.fetchone() == (digest(agreed),)


@pytest.mark.parametrize(
    "dates",
    ["current_date, NULL", "current_date + 1, NULL", "current_date, current_date + 9",
     "current_date + 1, current_date + 10"],
)  # fmt: skip
def test_the_last_to_sign_chooses_no_day(essex: Actor, dates: str) -> None:
    first, last_day = today() + DAY, today() + 9 * DAY
    detail = proposed(essex, replace(terms("A", PARTIES), starts_on=first, ends_on=last_day))
    *others, last = signatories_of(detail)
    signed_by("A", others)
    assert not approved_by_hand(last, detail, dates)


# --- ending ---------------------------------------------------------------------------------------


def test_what_is_marked_as_ended_is_closed_with_the_next_statement(essex: Actor) -> None:
    agreement_in_force("A", PARTIES)
    row = agreement(essex, reference="A").id
    mark = "UPDATE agreements_agreement SET state = 'ended', ends_on = %s WHERE id = %s"
    assert refused(essex, mark, today() + DAY, row), "ended, and open for another day"
    assert refused(essex, mark, today() - DAY, row), "what was seen was seen lawfully"
    assert acted(essex, mark, today(), row) == 1
    assert open_grants() == 0


STRANGERS = {
    "another force": ("norfolk", Role.PROGRAMME),
    "the fire service of a party": ("essex-fire", Role.PROGRAMME),
    "a body that is no more": ("essex-pcc", Role.SIGNATORY),
    "an officer of a party": ("essex", Role.OFFICER),
    "the money people of a party": ("essex", Role.FINANCE),
}
CLOSING = (
    "SELECT concordat.party_leaves(%s, 14, current_date)",
    "SELECT concordat.end_grants(%s, now())",
    "UPDATE agreements_agreement SET state = 'notice', ends_on = '2099-01-01' WHERE id = %s",
)


@pytest.mark.parametrize("who", STRANGERS)
def test_nobody_else_ends_an_agreement_or_takes_a_party_out(essex: Actor, who: str) -> None:
    agreement_in_force("A", PARTIES)
    row = agreement(essex, reference="A").id
    body, role = STRANGERS[who]
    stranger = person(body, role)
    assert all(refused(stranger, statement, row) for statement in CLOSING)
    assert open_grants() > 0


def test_whoever_has_left_decides_no_more() -> None:
    agreement_in_force("A", [*PARTIES, "norfolk"])
    norfolk, commissioner = drafter("norfolk"), signatory("norfolk-pcc")
    row = leave(norfolk, reference="A", body="norfolk", because="Money").id
    for former in (norfolk, commissioner):
        with pytest.raises(NotAllowedToTake, match="no party"):
            end_agreement(former, reference="A")
        assert all(refused(former, statement, row) for statement in CLOSING[1:])
    assert open_grants() > 0


def test_only_those_whom_it_binds_draft_its_next_version(essex: Actor) -> None:
    agreement_in_force("A", PARTIES)
    copy = (
        "INSERT INTO agreements_agreement (id, reference, version, title, kind, purpose, "
        "functions, state, created_at, terms, revision, digest, party_ids, round) SELECT "
        "concordat.new_id(), reference, 2, title, kind, purpose, functions, 'draft', now(), "
        "terms, 1, '', ARRAY[concordat.actor_organisation()], 0 FROM agreements_agreement"
    )
    assert refused(drafter("norfolk"), copy)
    assert acted(essex, copy) == 1


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DATA_QUALITY, Role.PROGRAMME])
def test_who_signs_for_whom_is_nobodys_to_change_but_the_services(role: Role) -> None:
    attacker = person("essex", role)
    for statement in (
        "UPDATE organisations_organisation SET valid_until = current_date WHERE code = 'kent-pcc'",
        "UPDATE organisations_serves SET from_organisation_id = 122 WHERE to_organisation_id = 21",
        "INSERT INTO organisations_serves SELECT 0, 122, 21",
    ):
        assert refused(attacker, statement)


def test_intelligence_under_conditions_is_not_even_counted(essex: Actor) -> None:
    detail = draft_agreement(essex, terms=terms("A", PARTIES))
    kent = person("kent", Role.INTELLIGENCE)
    log_event(kent, report=intelligence())
    log_event(kent, report=intelligence(CONDITIONAL))
    assert acted(essex, "SELECT * FROM concordat.count_records(%s, '{9, 10}')", detail.id) == 1
