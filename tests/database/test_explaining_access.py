"""What is said of somebody's access is what PostgreSQL really does, over random worlds."""

from random import Random

import pytest

from concordat.access.errors import NotAllowedToExplain
from concordat.access.queries import written_grants
from concordat.access.rules import Access, Claims, Ground, Level, RecordKind, explained
from concordat.agreements.actions import (
    draft_agreement,
    end_agreement,
    propose,
    start_agreement,
    vary,
)
from concordat.agreements.queries import Explanation, can_explain, explain
from concordat.audit.models import JournalEntry
from concordat.base.acting import acting
from concordat.base.actor import NO_ORGANISATION, Actor, Purpose, Role
from concordat.base.clock import now
from concordat.organisations.queries import actor_of, organisation, organisations
from concordat.organisations.rules import OrganisationKind
from tests.conftest import Server
from tests.database.worlds import (
    Planted,
    actor_at_random,
    agree_at_random,
    grant_at_random,
    plant,
    pointed_out_to,
    read_by,
    superuser_of,
    worker_at_random,
)
from tests.world import SERVICE, agreement_in_force, person, terms

WORLDS = 20
ACTORS = 25
AGREED_WORLDS = 5
SEED = 20261122


def explanations(actor: Actor, records: list[Planted]) -> dict[Planted, Access]:
    """Return what the rules say of this actor and each of these records."""
    owners = {record.owner_id for record in records}
    grants = {
        owner: written_grants(SERVICE, owner_id=owner, recipient_id=actor.organisation_id)
        for owner in owners
        if actor.organisation_id != NO_ORGANISATION
    }
    moment = now()
    return {
        record: explained(
            Claims.of(actor),
            grants.get(record.owner_id, []),
            owner_id=record.owner_id,
            kind=record.kind,
            moment=moment,
        )
        for record in records
    }


def compare(actor: Actor, records: list[Planted]) -> list[Level]:
    """Hold what is said against what PostgreSQL gives, record by record; return what was said."""
    said = explanations(actor, records)
    whole = {record.id for record, one in said.items() if one.level is Level.FULL}
    assert read_by(actor) == whole, actor
    told = pointed_out_to(actor, [record.reference for record in records if record.reference])
    for record, one in said.items():
        if record.reference and one.level is not Level.FULL:
            assert (record.reference in told) == (one.level is Level.POINTER), (actor, record)
    return [one.level for one in said.values()]


def test_explanations_agree_with_postgresql_over_random_worlds(
    server: Server, own_database: str
) -> None:
    random = Random(SEED)  # noqa: S311 (the same worlds each time)
    forces = [body.id for body in organisations(kind=OrganisationKind.FORCE)][:6]
    bodies = [*forces, organisations(kind=OrganisationKind.FIRE_SERVICE)[0].id]
    said: list[Level] = []
    with superuser_of(server.superuser_url(own_database)) as superuser:
        records = plant(superuser, forces)
        for _ in range(WORLDS):
            grant_at_random(superuser, random, bodies)
            for _ in range(ACTORS):
                said += compare(actor_at_random(random, bodies), records)
    assert len(said) >= 10_000
    assert min(said.count(level) for level in Level) > 200, "every answer was given, and often"


def test_explanations_agree_with_postgresql_whatever_became_of_agreements(
    server: Server, own_database: str
) -> None:
    random = Random(SEED)  # noqa: S311 (the same worlds each time)
    forces = [organisation(code) for code in ("essex", "kent", "norfolk", "suffolk")]
    fire = organisation("essex-fire")
    said: list[Level] = []
    with superuser_of(server.superuser_url(own_database)) as superuser:
        records = plant(superuser, [force.id for force in forces])
        codes = [*(force.code for force in forces), fire.code]
        for world in range(AGREED_WORLDS):
            superuser.execute("TRUNCATE access_grant")
            for number in range(5):
                agree_at_random(random, codes, reference=f"W{world}-{number}")
            for _ in range(20):
                body = random.choice([*forces, fire])
                said += compare(worker_at_random(random, [body.id]), records)
    assert len(said) >= 5_000
    assert min(said.count(level) for level in Level) > 50, "every answer was given, and often"


# --- in words, and to whom ------------------------------------------------------------------------


@pytest.fixture
def kent() -> Actor:
    return person("kent")


def asked(
    actor: Actor, about: Actor | None = None, kind: RecordKind = RecordKind.CRIME
) -> Explanation:
    """Return what is said of Essex's crimes, or another kind."""
    owner = organisation("essex").id
    return explain(actor, about=about or actor, owner_id=owner, kind=kind)


@pytest.mark.django_db
def test_it_says_which_clause_of_which_agreement_opens_it(kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"], kinds=[RecordKind.PERSON, RecordKind.CRIME])
    answer = asked(kent)
    assert (answer.level, answer.ground, answer.missing) == (Level.FULL, Ground.AGREEMENT, ())
    (opened,) = answer.by
    assert (opened.reference, opened.version, opened.clause) == ("A", 1, 2)
    assert Role.OFFICER in opened.roles
    assert opened.valid_until is None


@pytest.mark.django_db
def test_a_new_version_is_named_by_its_number(kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    vary(SERVICE, reference="A")
    start_agreement(SERVICE, reference="A")
    (opened,) = asked(kent).by
    assert (opened.reference, opened.version) == ("A", 2)


@pytest.mark.django_db
def test_what_is_missing_is_said_in_words(kent: Actor) -> None:
    assert asked(kent).missing == (
        "No agreement that opens records is in force between Essex Police and Kent Police.",
    )
    agreement_in_force("A", ["essex", "kent"], kinds=[RecordKind.PERSON])
    (said,) = asked(kent).missing
    assert said.startswith("A is in force between Essex Police and Kent Police, and names no crime")
    agreement_in_force("B", ["essex", "kent"], kinds=[RecordKind.CRIME], level=Level.POINTER)
    assert asked(kent).level is Level.POINTER
    assert "tells only that a record is held" in asked(kent).missing[0]
    end_agreement(SERVICE, reference="B")
    assert asked(kent).missing[0].startswith("Clause 1 of B opened it, and ended on ")
    auditor = person("kent", Role.AUDITOR)
    assert asked(auditor).missing[0] == "You hold no role that works with records (only: auditor)."
    boss = person("kent", Role.SUPERVISOR, purpose=Purpose.QUALITY)
    (why,) = asked(boss, kind=RecordKind.PERSON).missing
    assert why == (
        "Clause 1 of A opens it only for every policing purpose, not for checking data quality."
    )


@pytest.mark.django_db
def test_ones_own_needs_no_agreement_but_a_role() -> None:
    assert asked(person("essex")).ground is Ground.OWN
    finance = person("essex", Role.FINANCE)
    assert asked(finance).missing == ("You hold no role that works with records (only: finance).",)


@pytest.mark.django_db
def test_colleagues_are_asked_about_by_name_and_that_is_journalled(kent: Actor) -> None:
    colleague = person("kent", Role.FINANCE)
    assert asked(kent, colleague).missing[0].startswith("Kent Finance holds no role")
    asked(kent)
    with acting(SERVICE):
        entries = JournalEntry.objects.filter(action="agreements.explain")
        (entry,) = entries
    assert entry.operation == "consultation"
    assert entry.details["about"] == "Kent Finance"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("force", "role", "may"),
    [
        ("kent", Role.OFFICER, True),  # a colleague
        ("essex", Role.AUDITOR, True),  # of the force whose records are asked about
        ("essex", Role.DATA_QUALITY, True),
        ("essex", Role.OFFICER, False),
        ("norfolk", Role.AUDITOR, False),
    ],
)
def test_of_others_colleagues_and_the_owners_watchdogs_alone_may_ask(
    kent: Actor, force: str, role: Role, may: bool
) -> None:
    asking = person(force, role, username="asking")
    essex = organisation("essex").id
    assert can_explain(asking, about=kent, owner_id=essex) is may
    if may:
        assert asked(asking, kent).level is Level.NONE
    else:
        with pytest.raises(NotAllowedToExplain, match="explained to their own colleagues"):
            asked(asking, kent)


@pytest.mark.django_db
def test_an_auditor_of_the_owner_asks_about_nobody_elses_records(kent: Actor) -> None:
    auditor = person("essex", Role.AUDITOR)
    norfolk = organisation("norfolk").id
    with pytest.raises(NotAllowedToExplain):
        explain(auditor, about=kent, owner_id=norfolk, kind=RecordKind.CRIME)


@pytest.mark.django_db
def test_the_same_person_with_another_purpose_gets_another_answer(kent: Actor) -> None:
    agreement_in_force("A", ["essex", "kent"])
    assert kent.person_id is not None
    auditing = actor_of(kent.person_id, purpose=Purpose.AUDIT)
    assert auditing is not None
    assert asked(kent).level is Level.FULL
    assert asked(kent, auditing).level is Level.NONE


@pytest.mark.django_db
def test_a_proposal_that_would_open_it_is_named_until_it_does(kent: Actor) -> None:
    draft_agreement(SERVICE, terms=terms("P", ["essex", "kent"], kinds=[RecordKind.CRIME]))
    assert asked(kent).proposed == (), "a draft is not proposed"
    propose(SERVICE, reference="P")
    assert asked(kent).proposed == ("P",)
    assert asked(kent, kind=RecordKind.PERSON).proposed == ()
    assert asked(person("kent", Role.FINANCE)).proposed == ()
    agreement_in_force("A", ["essex", "kent"], kinds=[RecordKind.CRIME])
    assert asked(kent).proposed == (), "it is open already"
