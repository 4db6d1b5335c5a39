"""Nothing about a record that one may not read shows through identity.

The same questions are asked before and after another force records the same persons, which nothing
shares with those who ask: the answers must be the same, byte for byte.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from concordat.access.rules import Level, RecordKind
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.ids import new_id
from concordat.identity.actions import judge, resolve_all, resolve_pending
from concordat.identity.engine import Meaning
from concordat.identity.errors import TooLittleToGoOn, TooManyPointers, UnknownPerson
from concordat.identity.queries import (
    duplicates_inside,
    identity_of,
    pair,
    pointers,
    review_queue,
    who_is,
)
from concordat.identity.rules.judgements import Verdict
from concordat.organisations.queries import organisation
from tests.database.identities import BOB, ROBERT, ROBERTA, STRANGER, meant, recorded
from tests.world import SERVICE, agreement_in_force, person

pytestmark = pytest.mark.django_db

FORCES = (
    "essex",
    "kent",
    "norfolk",
    "suffolk",
    "bedfordshire",
    "cambridgeshire",
    "hertfordshire",
)
PEOPLE = (ROBERT, BOB, ROBERTA, STRANGER, ROBERT | {"surname": "Quilfeather", "postcode": ""})


def answers(actor: Actor, records: list[UUID]) -> list[str]:
    """Return everything that identity answers, as it would be shown."""
    said = [repr(who_is(actor, partial=meant(values), limit=50)) for values in PEOPLE]
    said.append(repr(who_is(actor, partial={Meaning.FULL_NAME: "quillfeather robert"}, limit=50)))
    said += [repr(identity_of(actor, record_id=one)) for one in records]
    said += [repr(pair(actor, one=one, other=other)) for one, other in pairwise(records)]
    said.append(repr(review_queue(actor, limit=500)))
    said += [repr(duplicates_inside(actor, owner_id=organisation(f).id)) for f in FORCES]
    said.append(repr(pointers(actor, partial=meant(ROBERT))))
    return said


@pytest.mark.parametrize("hidden", FORCES)
def test_what_a_force_shares_with_nobody_changes_no_answer(hidden: str) -> None:
    others = [force for force in FORCES if force != hidden]
    agreement_in_force("ALL OTHERS", others)
    for number, force in enumerate(others):
        recorded(force, PEOPLE[number % len(PEOPLE)])
        recorded(force, PEOPLE[(number + 2) % len(PEOPLE)])
    resolve_pending(SERVICE)
    viewers = [person(force, Role.OFFICER, Role.DATA_QUALITY) for force in others]
    seen = sorted(
        {
            candidate.record_id
            for values in PEOPLE
            for found in who_is(viewers[0], partial=meant(values), limit=50)
            for candidate in found.records
        }
    )
    before = [answers(viewer, seen) for viewer in viewers]
    assert "'same'" in str(before)

    for values in PEOPLE:
        recorded(hidden, values)
        recorded(hidden, values)
    resolve_pending(SERVICE)

    assert [answers(viewer, seen) for viewer in viewers] == before


def test_records_that_only_a_hidden_third_connects_appear_apart() -> None:
    agreement_in_force("A", ["essex", "kent"])
    one, other = recorded("essex", ROBERT), recorded("kent", STRANGER)
    bridge = recorded("norfolk", ROBERT, STRANGER)
    resolve_pending(SERVICE)
    essex = person("essex")

    assert [record for record, _ in identity_of(essex, record_id=one).records] == [one]
    with acting(Actor.resolver()), connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT label) FROM identity_cluster")
        assert cursor.fetchone() == (1,)
    with pytest.raises(UnknownPerson):
        identity_of(essex, record_id=bridge)
    with pytest.raises(UnknownPerson):
        pair(essex, one=one, other=bridge)
    assert str(bridge) not in repr(pair(essex, one=one, other=other))


def test_a_record_that_is_not_there_and_a_hidden_one_are_answered_alike() -> None:
    bridge = recorded("norfolk", ROBERT)
    essex = person("essex", Role.DATA_QUALITY)
    own = recorded("essex", ROBERT)
    said: list[str] = []
    for record_id in (bridge, new_id()):
        calls: list[Callable[[], object]] = [
            lambda record_id=record_id: identity_of(essex, record_id=record_id),  # type: ignore[misc]
            lambda record_id=record_id: pair(essex, one=own, other=record_id),  # type: ignore[misc]
            lambda record_id=record_id: judge(  # type: ignore[misc]
                essex, left=own, right=record_id, verdict=Verdict.SAME
            ),
        ]
        for call in calls:
            with pytest.raises(UnknownPerson) as refused:
                call()
            said.append(str(refused.value))
    assert said[:3] == said[3:]


def test_nobody_but_the_resolver_sees_clusters_and_counts_of_the_whole_register() -> None:
    recorded("norfolk", ROBERT)
    resolve_pending(SERVICE)
    resolve_all(SERVICE)
    for actor in (person("norfolk", Role.DATA_QUALITY), SERVICE):
        with acting(actor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM identity_cluster")
            assert cursor.fetchone() == (0,)
    with acting(person("norfolk")), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM identity_run_facts")
        assert cursor.fetchone() == (0,)


def test_the_service_s_own_token_reads_no_person() -> None:
    recorded("norfolk", ROBERT)
    for table in ("identity_feature", "identity_key", "identity_judgement"):
        with acting(SERVICE), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)


def test_the_resolver_writes_no_feature_and_no_judgement_of_a_person() -> None:
    one, other = sorted([recorded("essex", ROBERT), recorded("essex", ROBERT)])
    essex = organisation("essex").id
    insert = (
        "INSERT INTO identity_judgement (id, owner_id, kind, left_id, right_id, left_compartment, "
        "right_compartment, verdict, bits, model_version, judged_at, judged_by_id, judged_by, "
        "reason, retired_by, retired_because) "
        "VALUES (%s, %s, 91, %s, %s, %s, %s, 'same', %s, %s, now(), %s, 'x', '', '', '')"
    )
    compartment = essex * 100 + 4
    of_person: list[Any] = [
        new_id(),
        essex,
        one,
        other,
        compartment,
        compartment,
        None,
        "",
        new_id(),
    ]
    with pytest.raises(ProgrammingError), acting(Actor.resolver()), connection.cursor() as cursor:
        cursor.execute(insert, of_person)
    of_machine: list[Any] = [new_id(), essex, one, other, compartment, compartment, 9.0, "v", None]
    officer = person("essex", Role.DATA_QUALITY)
    with pytest.raises(ProgrammingError), acting(officer), connection.cursor() as cursor:
        cursor.execute(insert, of_machine)
    in_anothers_name: list[Any] = [
        new_id(),
        essex,
        one,
        other,
        compartment,
        compartment,
        None,
        "",
        new_id(),
    ]
    with pytest.raises(ProgrammingError), acting(officer), connection.cursor() as cursor:
        cursor.execute(insert, in_anothers_name)
    with acting(Actor.resolver()), connection.cursor() as cursor:
        cursor.execute("UPDATE identity_feature SET features = '{}'")
        assert cursor.rowcount == 0


def test_a_judgement_cannot_name_a_compartment_that_its_record_is_not_in() -> None:
    one, other = sorted([recorded("essex", ROBERT), recorded("norfolk", ROBERT)])
    officer = person("essex", Role.DATA_QUALITY)
    own = officer.organisation_id * 100 + 4
    with pytest.raises(ProgrammingError), acting(officer), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO identity_judgement (id, owner_id, kind, left_id, right_id, "
            "left_compartment, right_compartment, verdict, model_version, judged_at, "
            "judged_by_id, judged_by, reason, retired_by, retired_because) "
            "VALUES (%s, %s, 91, %s, %s, %s, %s, 'same', '', now(), %s, 'x', '', '', '')",
            [new_id(), officer.organisation_id, one, other, own, own, officer.person_id],
        )


def test_a_retired_judgement_stays_retired_and_unchanged() -> None:
    one, other = recorded("essex", ROBERT), recorded("essex", ROBERT)
    officer = person("essex", Role.DATA_QUALITY)
    judge(officer, left=one, right=other, verdict=Verdict.SAME)
    judge(officer, left=one, right=other, verdict=Verdict.DIFFERENT)
    with acting(officer), connection.cursor() as cursor:
        cursor.execute("UPDATE identity_judgement SET retired_because = 'x' WHERE retired_by <> ''")
        assert cursor.rowcount == 0
    with (
        pytest.raises((ProgrammingError, IntegrityError)),
        acting(officer),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE identity_judgement SET verdict = 'same'")


def pointing(purpose: Purpose = Purpose.INVESTIGATION) -> Actor:
    agreement_in_force("P", ["essex", "kent"], kinds=[RecordKind.PERSON], level=Level.POINTER)
    return person("essex", purpose=purpose)


def test_a_pointer_gives_the_owner_and_nothing_else() -> None:
    essex = pointing()
    record_id = recorded("kent", ROBERT | {"pnc_id": "1987/0123456A"})
    kent = organisation("kent").id

    found = pointers(essex, partial=meant(ROBERT | {"postcode": "", "sex": ""}))

    assert [pointer.owner_id for pointer in found] == [kent]
    assert str(record_id) not in repr(found)
    assert who_is(essex, partial=meant(ROBERT)) == ()
    with pytest.raises(UnknownPerson):
        identity_of(essex, record_id=record_id)


@pytest.mark.parametrize(
    "asked",
    [
        ROBERT | {"forename": "Bob"},
        ROBERT | {"date_of_birth": "1987-05-04"},
    ],
)
def test_nearly_right_is_no_pointer(asked: dict[str, str]) -> None:
    essex = pointing()
    recorded("kent", ROBERT)
    assert pointers(essex, partial=meant(asked)) == []


def test_a_pointer_needs_an_exact_question() -> None:
    with pytest.raises(TooLittleToGoOn):
        pointers(pointing(), partial={Meaning.FORENAME: "Robert", Meaning.SURNAME: "Quillfeather"})


def test_pointers_are_limited_to_sixty_an_hour() -> None:
    essex = pointing()
    for _ in range(60):
        pointers(essex, partial=meant(ROBERT))
    with pytest.raises(TooManyPointers):
        pointers(essex, partial=meant(ROBERT))
