"""Injected SQL, with or without a real person's token, gets at no account and opens no record."""

import pytest
from django.db import DatabaseError, connection, transaction

from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

HASHES = "SELECT password FROM organisations_credential"
PEOPLE = "SELECT username FROM organisations_person"
TAKE_OVER = "UPDATE organisations_credential SET password = 'mine'"
GRANT_ROLE = (
    "INSERT INTO organisations_person_role (person_id, role, since) "
    "SELECT id, 'auditor', now() FROM organisations_person"
)
RENAME = "UPDATE organisations_person SET organisation_id = 21"
OPEN_RECORDS = (
    "INSERT INTO access_grant (id, agreement_id, agreement_version, clause, owner_id, "
    "recipient_id, kind, level, roles, purposes, valid) VALUES (gen_random_uuid(), "
    "gen_random_uuid(), 1, 1, 27, 14, 1, 'full', '{officer}', '{investigation}', "
    "tstzrange(now(), NULL))"
)
REOPEN = "UPDATE access_grant SET valid = tstzrange(now(), NULL)"
REVIVE = "UPDATE agreements_agreement SET state = 'approved', ends_on = NULL"
TAMPER_WITH_LOADS = "UPDATE records_load SET started_by = 'somebody else'"


def rows(statement: str) -> int:
    """How many rows a statement reads or changes; a refusal is none."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            return int(cursor.rowcount)
    except DatabaseError:
        return 0


@pytest.fixture
def officer() -> Actor:
    """An officer of Essex in a world with one agreement in force and one that was ended."""
    agreement_in_force("A", ["essex", "kent"])
    person("kent")
    return person("essex")


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    "statement", [HASHES, PEOPLE, TAKE_OVER, GRANT_ROLE, RENAME, OPEN_RECORDS, REOPEN, REVIVE]
)
def test_without_an_actor_nothing_is_read_or_changed(statement: str) -> None:
    assert rows(statement) == 0


@pytest.mark.parametrize("role", [Role.OFFICER, Role.PROGRAMME, Role.AUDITOR, Role.DATA_QUALITY])
@pytest.mark.parametrize(
    "statement", [HASHES, TAKE_OVER, GRANT_ROLE, RENAME, OPEN_RECORDS, REOPEN, REVIVE]
)
def test_no_real_actor_takes_over_an_account_or_opens_records(
    officer: Actor, role: Role, statement: str
) -> None:
    attacker = person("essex", role, username="attacker")
    assert officer
    with acting(attacker):
        assert rows(statement) == 0


def test_an_administrator_s_token_changes_people_of_their_own_force_only(officer: Actor) -> None:
    administrator = person("essex", Role.ADMINISTRATOR)
    rename = "UPDATE organisations_person SET name = 'X' WHERE organisation_id = %d"
    with acting(administrator):
        assert rows(rename % officer.organisation_id) > 0
        assert rows(rename % 21) == 0
        assert rows(HASHES) == 0


def test_an_officer_s_token_changes_no_load_report(officer: Actor) -> None:
    with acting(officer):
        assert rows(TAMPER_WITH_LOADS) == 0


def test_the_service_itself_can_sign_people_in(officer: Actor) -> None:
    assert officer
    with acting(SERVICE):
        assert rows(HASHES) == 2
