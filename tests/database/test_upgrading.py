"""What was there before an upgrade is there after it: agreements from before they had versions."""

import psycopg
import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from concordat.access.rules import Level, RecordKind
from concordat.agreements.actions import end_agreement
from concordat.agreements.queries import agreement, agreements
from concordat.agreements.rules import AgreementKind, State
from concordat.base.actor import Purpose, Role
from concordat.organisations.actions import load_reference
from concordat.server.database import OWNER, after_migrating
from tests.conftest import Server, pointed_at
from tests.world import SERVICE

BEFORE = """
INSERT INTO organisations_organisation (id, code, kind, name, short_name, pnc_code, ons_code,
    police_uk_id, region)
VALUES (14, 'essex', 'force', 'Essex Police', 'Essex', '42', '', '', ''),
       (21, 'kent', 'force', 'Kent Police', 'Kent', '46', '', '', '');
INSERT INTO agreements_agreement
    (id, reference, version, title, kind, purpose, functions, state, starts_on, created_at)
VALUES ('01900000-0000-7000-8000-000000000001', 'OLD', 1, 'Old', 'section_22a', 'To trace.',
        '{Serious crime}', 'approved', '2020-01-01', now()),
       ('01900000-0000-7000-8000-000000000002', 'OLD-DRAFT', 1, 'Draft', 'memorandum', 'To look.',
        '{Fleet}', 'draft', NULL, now());
INSERT INTO agreements_party (agreement_id, organisation_id)
SELECT a.id, o.id FROM agreements_agreement a, organisations_organisation o
WHERE o.code IN ('essex', 'kent');
INSERT INTO agreements_sharing_clause (agreement_id, number, kind, level, roles, purposes,
    lawful_basis, assessment, contact)
VALUES ('01900000-0000-7000-8000-000000000001', 1, 4, 'pointer', '{officer}', '{investigation}',
        'Section 35', 'DPIA 1', 'Telephone 01632 960001');
"""


@pytest.fixture
def upgraded(server: Server, django_db_blocker: DjangoDbBlocker) -> object:
    """A database that held agreements before they had versions, migrated since."""
    name = "concordat_upgraded"
    server.create(name)
    with django_db_blocker.unblock(), pointed_at(server, name):
        quiet = {"database": "owner", "verbosity": 0, "interactive": False}
        call_command("migrate", "agreements", "0004_logged_kinds", **quiet)
        with psycopg.connect(server.superuser_url(name)) as superuser:
            superuser.execute(BEFORE)
        call_command("migrate", **quiet)
        after_migrating(server.url(name, OWNER))
        load_reference(SERVICE)
        yield
    server.drop(name)


@pytest.mark.usefixtures("upgraded")
def test_an_agreement_from_before_keeps_its_text_and_can_be_ended() -> None:
    old = agreement(SERVICE, reference="OLD")
    assert (old.state, old.version, old.kind) == (State.IN_FORCE, 1, AgreementKind.SECTION_22A)
    assert (old.title, old.purpose, old.functions) == ("Old", "To trace.", ("Serious crime",))
    assert [party.code for party in old.parties] == ["essex", "kent"]
    (clause,) = old.sharing
    assert (clause.kind, clause.level) == (RecordKind.PERSON, Level.POINTER)
    assert (clause.roles, clause.purposes) == ((Role.OFFICER,), (Purpose.INVESTIGATION,))
    assert clause.contact == "Telephone 01632 960001"
    assert [found.reference for found in agreements(SERVICE)] == ["OLD", "OLD-DRAFT"]
    assert end_agreement(SERVICE, reference="OLD").state is State.ENDED
