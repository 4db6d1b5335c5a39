"""What would change: who gains and loses what, how many records, and who is told numbers."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import ProgrammingError, connection, transaction

from concordat.access.rules import Level, RecordKind
from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    leave,
    save_draft,
    start_agreement,
    vary,
)
from concordat.agreements.errors import UnknownAgreement
from concordat.agreements.queries import agreement, what_would_change
from concordat.agreements.queries.changes import CountedChange
from concordat.audit.models import JournalEntry
from concordat.base.acting import acting
from concordat.base.actor import Actor, Role
from concordat.base.clock import today
from concordat.organisations.queries import organisation
from concordat.records.actions import load_persons, load_street
from concordat.records.rules.person_maps import read_map
from tests.files import street_row, write_csv
from tests.persons import MAP, person_row, write_persons
from tests.world import SERVICE, agreement_in_force, person, terms

PERSON, CRIME = RecordKind.PERSON, RecordKind.CRIME
KINDS = (PERSON, CRIME)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _records(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Kent holds three persons; Essex one person and a crime."""
    folder = tmp_path_factory.mktemp("files")
    for force, count in (("kent", 3), ("essex", 1)):
        rows = [person_row(number) for number in range(1, count + 1)]
        path = write_persons(folder / f"{force}.csv", rows)
        load_persons(SERVICE, paths=[path], force=force, person_map=read_map(MAP))
    load_street(SERVICE, paths=[write_csv(folder / "2026-01-essex-street.csv", [street_row(1)])])


def drafted(
    reference: str = "A",
    parties: Sequence[str] = ("essex", "kent"),
    *,
    kinds: Sequence[RecordKind] = KINDS,
    level: Level = Level.FULL,
) -> str:
    """Write a draft and return its reference."""
    draft_agreement(SERVICE, terms=terms(reference, parties, kinds=kinds, level=level))
    return reference


def told(changes: Sequence[CountedChange]) -> set[tuple[str, str, str, str, str, int | None]]:
    return {
        (
            one.recipient.code,
            one.owner.code,
            one.change.kind.code,
            one.change.before.value,
            one.change.after.value,
            one.records,
        )
        for one in changes
    }


def test_a_draft_says_who_would_gain_how_many_records_of_whom() -> None:
    drafted(level=Level.POINTER)
    found = what_would_change(SERVICE, reference="A")
    assert found.is_ahead
    assert (found.compared_with, found.beside, found.has_numbers) == (None, (), True)
    assert told(found.changes) == {
        ("essex", "kent", "person", "none", "pointer", 3),
        ("essex", "kent", "crime", "none", "pointer", 0),
        ("kent", "essex", "person", "none", "pointer", 1),
        ("kent", "essex", "crime", "none", "pointer", 1),
    }


def test_what_another_agreement_opens_already_is_no_gain() -> None:
    agreement_in_force("B", ["essex", "kent"], kinds=[CRIME])
    drafted()
    found = what_would_change(SERVICE, reference="A")
    assert {kind for _, _, kind, _, _, _ in told(found.changes)} == {"person"}
    assert found.beside == ("B",)
    end_agreement(SERVICE, reference="B")
    again = what_would_change(SERVICE, reference="A")
    assert (len(again.changes), again.beside) == (4, ())


def test_a_new_version_is_compared_with_the_one_in_force() -> None:
    agreement_in_force("A", ["essex", "kent"], kinds=[PERSON], level=Level.POINTER)
    draft = vary(SERVICE, reference="A")
    agreed = terms("A", ["essex", "kent", "norfolk"], kinds=[PERSON])
    save_draft(SERVICE, reference="A", revision=draft.revision, terms=agreed)
    found = what_would_change(SERVICE, reference="A", version=2)
    assert found.compared_with == 1
    assert ("essex", "kent", "person", "pointer", "full", 3) in told(found.changes)
    assert ("norfolk", "kent", "person", "none", "full", 3) in told(found.changes)
    start_agreement(SERVICE, reference="A")
    since = what_would_change(SERVICE, reference="A", version=2)
    assert (since.is_ahead, since.compared_with) == (False, 1)
    assert told(since.changes) == told(found.changes), "once it is in force it says the same"
    first = what_would_change(SERVICE, reference="A", version=1)
    assert told(first.changes) == {
        ("essex", "kent", "person", "none", "pointer", 3),
        ("kent", "essex", "person", "none", "pointer", 1),
    }


def test_a_party_that_is_left_out_loses_and_is_lost() -> None:
    agreement_in_force("A", ["essex", "kent", "norfolk"], kinds=[PERSON])
    draft = vary(SERVICE, reference="A")
    agreed = terms("A", ["essex", "norfolk"], kinds=[PERSON])
    save_draft(SERVICE, reference="A", revision=draft.revision, terms=agreed)
    found = what_would_change(SERVICE, reference="A", version=2)
    assert told(found.changes) == {
        ("essex", "kent", "person", "full", "none", 3),
        ("norfolk", "kent", "person", "full", "none", 3),
        ("kent", "essex", "person", "full", "none", 1),
        ("kent", "norfolk", "person", "full", "none", 0),
    }


def test_who_left_is_no_part_of_what_a_version_opens() -> None:
    agreement_in_force("A", ["essex", "kent", "norfolk"], kinds=[PERSON])
    leave(SERVICE, reference="A", body="kent", because="Elsewhere", leaves_on=today())
    found = what_would_change(SERVICE, reference="A")
    assert {(one.recipient.code, one.owner.code) for one in found.changes} == {
        ("essex", "norfolk"), ("norfolk", "essex"),
    }  # fmt: skip


def test_roles_and_purposes_that_change_are_named() -> None:
    agreement_in_force("A", ["essex", "kent"], kinds=[PERSON])
    draft = vary(SERVICE, reference="A")
    (clause,) = draft.terms.sharing
    narrowed = replace(draft.terms, sharing=[replace(clause, roles=[Role.INTELLIGENCE])])
    save_draft(SERVICE, reference="A", revision=draft.revision, terms=narrowed)
    changes = what_would_change(SERVICE, reference="A", version=2).changes
    assert {(one.change.roles, one.change.after) for one in changes} == {
        ((Role.OFFICER, Role.SUPERVISOR, Role.CONTROL_ROOM, Role.DATA_QUALITY), Level.NONE)
    }


@pytest.mark.parametrize(
    ("force", "role", "numbers"),
    [
        ("essex", Role.PROGRAMME, True),
        ("kent", Role.SIGNATORY, True),
        ("essex-pfcc", Role.SIGNATORY, True),
        ("essex", Role.OFFICER, False),
        ("essex", Role.ADMINISTRATOR, False),
        ("norfolk", Role.PROGRAMME, False),
        ("norfolk", Role.SIGNATORY, False),
    ],
)
def test_numbers_are_for_programme_staff_and_signatories_of_those_whom_it_binds(
    force: str, role: Role, numbers: bool
) -> None:
    drafted()
    asking = person(force, role)
    found = what_would_change(asking, reference="A")
    assert len(found.changes) == 4, "what is to change, everybody may read"
    assert found.has_numbers is numbers
    assert {one.records is not None for one in found.changes} == {numbers}
    assert _counts(asking, organisation("kent").id) == (3 if numbers else None)


def _counts(actor: Actor, owner_id: int) -> int | None:
    """Ask PostgreSQL itself for the number of persons; None if it refuses."""
    detail = agreement(actor, reference="A")
    with acting(actor), connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(
                    "SELECT records FROM concordat.count_records(%s, '{4}') WHERE owner_id = %s",
                    [detail.id, owner_id],
                )
                return int(cursor.fetchone()[0])
        except ProgrammingError:
            return None


def test_nobody_counts_without_the_function_that_asks_who_they_are() -> None:
    with (
        acting(person("essex", Role.PROGRAMME)),
        connection.cursor() as cursor,
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT * FROM concordat.count_of('{1}', '{4}')")


def test_only_parties_records_are_counted() -> None:
    drafted(parties=["essex", "norfolk"])
    programme = person("essex", Role.PROGRAMME)
    assert {one.owner.code for one in what_would_change(programme, reference="A").changes} == {
        "essex", "norfolk",
    }  # fmt: skip
    with acting(programme), connection.cursor() as cursor:
        detail = agreement(programme, reference="A")
        cursor.execute("SELECT DISTINCT owner_id FROM concordat.count_records(%s, '{4,1}')",
                       [detail.id])  # fmt: skip
        assert {row[0] for row in cursor.fetchall()} == {organisation("essex").id}


def test_that_numbers_were_asked_for_is_journalled_and_no_record_is_named() -> None:
    drafted()
    what_would_change(person("essex", Role.PROGRAMME), reference="A")
    with acting(SERVICE):
        (entry,) = JournalEntry.objects.filter(action="agreements.what_would_change")
    assert (entry.operation, entry.details["with_numbers"]) == ("consultation", True)
    assert entry.details["changes"] == 4


def test_there_is_nothing_to_say_of_what_is_not_there() -> None:
    with pytest.raises(UnknownAgreement):
        what_would_change(SERVICE, reference="none")
    drafted()
    with pytest.raises(UnknownAgreement):
        what_would_change(SERVICE, reference="A", version=2)
