"""A force leaves: its records close to all others, and nobody’s rows change, to the byte."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.urls import reverse

from concordat.access.rules import PROTECTED_KINDS, RecordKind
from concordat.agreements.actions import draft_agreement, start_agreement
from concordat.agreements.queries import agreement
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose
from concordat.base.clock import today
from concordat.exchange.actions import export_force, import_force, withdraw_force
from concordat.exchange.errors import ExchangeError
from concordat.organisations.queries import organisation
from concordat.records.queries import link_stubs, links_of
from tests.conftest import Server, pointed_at
from tests.database.logged import entries, rows
from tests.database.moving import COPY, World, fresh, made, tables_of, without, world
from tests.database.test_permission_sweep import signed_in
from tests.fingerprints import every_table
from tests.world import SERVICE, agreement_in_force, terms

__all__ = ["fresh", "made", "world"]  # fixtures

TOLD = ("records_transfer", "records_disclosure")
"""What a force told another body itself stays with whom it told."""

CHANGED = {
    "access_grant",
    "agreements_party",
    "agreements_step",
    "audit_chain_head",
    "audit_entry",
}
"""All tables that a withdrawal touches: what was agreed, and the journal."""


def readable(reader: Actor, owner_id: int) -> dict[str, int]:
    """Return how many rows of an owner somebody reads in each protected table."""
    counts = {}
    for table in sorted({kind.table for kind in PROTECTED_KINDS}):
        ((counts[table],),) = rows(
            reader, f"SELECT count(*) FROM {table} WHERE owner_id = %s", owner_id
        )
    return {table: count for table, count in counts.items() if count}


def person_of_kent(world: World) -> UUID:
    """Return the person whom Kent tied to a car of Essex."""
    ((left,),) = rows(world.kent, "SELECT left_id FROM records_link WHERE id = %s", world.kent_link)
    assert isinstance(left, UUID)
    return left


def test_the_exit_drill(world: World, fresh: str, server: Server, tmp_path: Path) -> None:
    """Take out, withdraw, take in elsewhere: the same there, unchanged here, twice is once."""
    essex = organisation("essex").id
    url = server.superuser_url(COPY)
    others, own = tables_of(url, f"<> {essex}"), tables_of(url, f"= {essex}")
    exported = export_force(SERVICE, force="essex", out=tmp_path / "out")
    every = every_table(url)

    withdrawn = withdraw_force(SERVICE, force="essex", because="It goes its own way")

    assert withdrawn.left == (world.agreement,)
    assert tables_of(url, f"<> {essex}") == others
    assert tables_of(url, f"= {essex}") == own
    changed = {name for name, found in every_table(url).items() if found != every[name]}
    assert changed == CHANGED
    later = export_force(SERVICE, force="essex", out=tmp_path / "later")
    assert without(later) == without(exported)
    with pointed_at(server, fresh):
        assert import_force(SERVICE, folder=tmp_path / "out").new == exported.rows
        again = export_force(SERVICE, force="essex", out=tmp_path / "again")
        assert without(again) == without(exported)
        assert import_force(SERVICE, folder=tmp_path / "out").new == 0


def test_its_records_close_to_all_others_and_theirs_to_it(world: World) -> None:
    essex, kent = world.essex.organisation_id, world.kent.organisation_id
    assert readable(world.kent, essex).keys() > set(TOLD)
    own = readable(world.essex, essex)
    shared = readable(world.norfolk, kent)
    assert shared

    withdraw_force(SERVICE, force="essex", because="It goes its own way")

    for purpose in Purpose:
        assert readable(replace(world.norfolk, purpose=purpose), essex) == {}
        assert readable(replace(world.kent, purpose=purpose), essex).keys() == set(TOLD)
        assert readable(replace(world.essex, purpose=purpose), kent) == {}
    shared["records_link"] -= 1  # the one that Kent made to a car of Essex
    assert readable(world.norfolk, kent) == shared, "the rest go on"
    closed = {table for table, count in own.items() if readable(world.essex, essex)[table] != count}
    # What it tied to others' records, and judged of them, is seen by whoever may read both ends.
    assert closed == {"records_link", "identity_judgement"}


def test_a_link_to_its_record_becomes_a_stub_that_tells_not_to_what(world: World) -> None:
    person = person_of_kent(world)
    assert link_stubs(world.kent, ids=[person]) == ()
    (tie,) = (
        link
        for link in links_of(world.kent, record_id=person, kind=RecordKind.PERSON)
        if link.id == world.kent_link
    )

    withdraw_force(SERVICE, force="essex", because="It goes its own way")

    ties = links_of(world.kent, record_id=person, kind=RecordKind.PERSON)
    assert world.kent_link not in {link.id for link in ties}
    (stub,) = link_stubs(world.kent, ids=[person])
    assert (stub.recorded_at, stub.recorded_by) == (tie.recorded_at, tie.recorded_by)
    assert not {str(world.essex_car), "AB12 CDE", "Essex"} & set(str(stub).split())
    assert str(world.essex_car) not in str(stub)
    assert entries("records.link_stubs")


def test_a_stub_is_for_the_body_that_made_the_link_and_for_who_may_read_what_is_left(
    world: World,
) -> None:
    person = person_of_kent(world)
    withdraw_force(SERVICE, force="essex", because="It goes its own way")

    for nobody in (
        world.norfolk,  # reads Kent's person, and didn't make the link
        world.essex,  # owns the other end
        replace(world.kent, roles=frozenset()),
    ):
        assert link_stubs(nobody, ids=[person]) == ()
    assert link_stubs(world.kent, ids=[world.essex_car]) == ()


def test_a_record_that_only_one_s_purpose_closes_leaves_no_stub(world: World) -> None:
    person = person_of_kent(world)
    for purpose in (Purpose.QUALITY, Purpose.AUDIT):
        asking = replace(world.kent, purpose=purpose)
        assert link_stubs(asking, ids=[person]) == ()


def test_a_withdrawal_can_be_set_for_a_day_and_again_it_changes_nothing(world: World) -> None:
    agreement_in_force("TWO", ["essex", "kent"])
    draft_agreement(SERVICE, terms=terms("LATER", ["essex", "kent", "norfolk"]))
    start_agreement(SERVICE, reference="LATER", starts_on=today() + timedelta(days=7))
    draft_agreement(SERVICE, terms=terms("DRAFT", ["essex", "kent"]))
    day = today() + timedelta(days=30)

    done = withdraw_force(SERVICE, force="essex", because="Its own way", leaves_on=day)

    assert set(done.left) == {world.agreement, "TWO", "LATER"}
    assert done.proposals == ("DRAFT",)
    three = agreement(SERVICE, reference=world.agreement)
    assert three.left == {world.essex.organisation_id: day}
    assert agreement(SERVICE, reference="TWO").ends_on == day
    assert readable(world.kent, world.essex.organisation_id).keys() > set(TOLD)
    again = withdraw_force(SERVICE, force="essex", because="Its own way", leaves_on=day)
    assert (again.left, set(again.left_before)) == ((), set(done.left))
    with acting(SERVICE):
        assert agreement(SERVICE, reference=world.agreement).steps == three.steps


def test_a_withdrawal_doesn_t_reach_into_the_past(world: World) -> None:
    with pytest.raises(ExchangeError, match="past"):
        withdraw_force(SERVICE, force="essex", because="No", leaves_on=today() - timedelta(days=1))
    assert agreement(SERVICE, reference=world.agreement).left == {}


def test_the_pages_of_what_was_tied_show_the_stub_and_nothing_of_the_other_end(
    world: World,
) -> None:
    person = person_of_kent(world)
    client = signed_in("kent.officer.supervisor.intelligence.data_quality")
    before = client.get(reverse("person", args=[person])).content.decode()
    assert str(world.essex_car) in before
    assert "Closed by now" not in before

    withdraw_force(SERVICE, force="essex", because="It goes its own way")

    after = client.get(reverse("person", args=[person])).content.decode()
    assert "Closed by now" in after
    assert f"by {world.kent.person_name}" in after
    assert str(world.essex_car) not in after
