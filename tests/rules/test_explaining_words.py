"""Every answer has its words, and each page says the same as the rules."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from concordat.access.rules import (
    Access,
    Gap,
    Ground,
    Level,
    Missing,
    RecordKind,
    WrittenGrant,
)
from concordat.agreements.queries import CountedChange, WhatChanges
from concordat.agreements.rules import RECORD_ROLES
from concordat.agreements.rules.change_words import gained_or_lost, staff_in_words
from concordat.agreements.rules.changes import Change
from concordat.agreements.rules.explaining import Asked, in_words
from concordat.base.actor import POLICING_PURPOSES, Purpose, Role
from concordat.organisations.queries import OrganisationSummary
from concordat.organisations.rules import OrganisationKind
from concordat.web.presenters.changes import what_changes

AGREEMENT = UUID(int=1)
GRANT = WrittenGrant(
    agreement_id=AGREEMENT,
    agreement_version=2,
    clause=3,
    owner_id=1,
    recipient_id=2,
    kind=RecordKind.PERSON,
    level=Level.FULL,
    roles=(Role.INTELLIGENCE, Role.OFFICER),
    purposes=(Purpose.SAFEGUARDING,),
    valid_from=datetime(2026, 3, 1, tzinfo=UTC),
    valid_until=datetime(2026, 6, 30, 23, tzinfo=UTC),
)
ASKED = Asked(
    person="",
    body="Kent Police",
    owner="Essex Police",
    kind=RecordKind.PERSON,
    roles=frozenset({Role.FINANCE}),
    purpose="Audit",
    references={AGREEMENT: "A/1"},
)
SAID = {
    Gap.NO_BODY: "You act for no body: records are read for one body at a time.",
    Gap.RECORD_ROLE: "You hold no role that works with records (only: finance).",
    Gap.CONDITIONS_ROLE: "Intelligence under conditions is for intelligence staff and supervisors "
    "alone, and you hold neither role.",
    Gap.UNDER_CONDITIONS: "No agreement shares intelligence under conditions: Essex Police "
    "discloses it, body by body, on the conditions of its handling code.",
    Gap.NEVER_SHARED: "No agreement can share this kind of record (person).",
    Gap.ROLE: "Clause 3 of A/1, version 2 opens it only to officers and intelligence staff.",
    Gap.PURPOSE: "Clause 3 of A/1, version 2 opens it only for protecting people at risk, not for "
    "audit.",
    Gap.ROLE_AND_PURPOSE: "Clause 3 of A/1, version 2 opens it only to officers and intelligence "
    "staff, and only for protecting people at risk, not for audit.",
    Gap.POINTER_ONLY: "Clause 3 of A/1, version 2 tells only that a record is held, and whom to "
    "ask: not the record.",
    Gap.ENDED: "Clause 3 of A/1, version 2 opened it, and ended on 1 July 2026.",
    Gap.NOT_BEGUN: "Clause 3 of A/1, version 2 opens it only from 1 March 2026 on.",
    Gap.OTHER_KINDS: "A/1 is in force between Essex Police and Kent Police, and names no person "
    "records in its sharing schedule.",
    Gap.NO_AGREEMENT: "No agreement that opens records is in force between Essex Police and Kent "
    "Police.",
}


@pytest.mark.parametrize("gap", Gap)
def test_every_gap_is_said_in_words(gap: Gap) -> None:
    access = Access(
        level=Level.NONE, ground=Ground.NOTHING, missing=(Missing(gap, GRANT), Missing(gap, GRANT))
    )
    assert in_words(access, ASKED) == (SAID[gap],)


def test_somebody_else_is_named() -> None:
    access = Access(level=Level.NONE, ground=Ground.NOTHING, missing=(Missing(Gap.RECORD_ROLE),))
    (said,) = in_words(access, replace(ASKED, person="Bo Alder"))
    assert said == "Bo Alder holds no role that works with records (only: finance)."


def test_an_end_in_the_middle_of_a_day_says_when() -> None:
    ended = replace(GRANT, retired_at=datetime(2026, 4, 3, 11, 5, tzinfo=UTC))
    access = Access(level=Level.NONE, ground=Ground.NOTHING, missing=(Missing(Gap.ENDED, ended),))
    assert in_words(access, ASKED)[0].endswith("ended on 3 April 2026, 12:05.")


@pytest.mark.parametrize(("before", "after"), list(permutations(Level, 2)))
def test_every_change_of_level_is_said_before_and_after_it_happens(
    before: Level, after: Level
) -> None:
    ahead = gained_or_lost(before, after, what="records", is_ahead=True)
    since = gained_or_lost(before, after, what="records", is_ahead=False)
    assert ahead.startswith("would ")
    assert not since.startswith("would ")
    assert "records" in since


def test_everybody_who_works_with_records_is_one_word() -> None:
    assert staff_in_words(RECORD_ROLES) == "everybody who works with records"
    assert staff_in_words([Role.RESOURCE_MANAGER]) == "resource manager staff"


# --- what would change, as the page shows it ------------------------------------------------------


def body(number: int, name: str) -> OrganisationSummary:
    return OrganisationSummary(
        id=number,
        code=name.lower(),
        kind=OrganisationKind.FORCE,
        name=f"{name} Police",
        short_name=name,
        pnc_code="",
        ons_code="",
        police_uk_id="",
        valid_from=None,
        valid_until=None,
        successor="",
    )


ESSEX, KENT, SUFFOLK = body(1, "Essex"), body(2, "Kent"), body(3, "Suffolk")


def counted(
    recipient: OrganisationSummary,
    owner: OrganisationSummary,
    records: int | None,
    *,
    kind: RecordKind = RecordKind.PERSON,
    before: Level = Level.NONE,
    after: Level = Level.POINTER,
    roles: tuple[Role, ...] = (Role.INTELLIGENCE,),
) -> CountedChange:
    change = Change(
        recipient=recipient.code,
        owner=owner.code,
        kind=kind,
        roles=roles,
        purposes=POLICING_PURPOSES,
        before=before,
        after=after,
    )
    return CountedChange(change=change, recipient=recipient, owner=owner, records=records)


def found(*changes: CountedChange, **more: Any) -> WhatChanges:
    plain = WhatChanges(
        reference="A",
        version=2,
        compared_with=1,
        is_ahead=True,
        beside=(),
        changes=changes,
        has_numbers=True,
    )
    return replace(plain, **more)


def test_the_page_says_who_gains_how_much_of_whom() -> None:
    shown = what_changes(found(counted(SUFFOLK, KENT, 41_210)))
    assert shown.lead == "If this version came into force now, in place of version 1:"
    assert shown.glance == [
        ["Kent Police", "–", "–", "–", "41,210"],
        ["Suffolk Police", "–", "41,210", "–", "–"],
    ]
    (one,) = shown.recipients
    (table,) = one.tables
    assert one.summary == "What Suffolk Police would gain"
    assert table.caption == (
        "Intelligence staff would gain pointers to these records, not the records themselves, for "
        "every policing purpose"
    )
    assert table.rows == [["Person", "41,210"]]


def test_owners_stand_side_by_side_and_the_reader_s_own_body_first() -> None:
    shown = what_changes(
        found(
            counted(ESSEX, KENT, 5),
            counted(SUFFOLK, ESSEX, 7, kind=RecordKind.CRIME),
            counted(SUFFOLK, KENT, 1_000),
        ),
        own=SUFFOLK.id,
    )
    assert [(one.id, one.is_own) for one in shown.recipients] == [(3, True), (1, False)]
    assert shown.recipients[0].tables[0].rows == [["Crime", "7", "–"], ["Person", "–", "1,000"]]


def test_a_record_is_counted_once_however_many_roles_gain_it() -> None:
    shown = what_changes(
        found(counted(ESSEX, KENT, 5), counted(ESSEX, KENT, 5, roles=(Role.OFFICER,)))
    )
    assert shown.glance[0] == ["Essex Police", "–", "5", "–", "–"]
    assert len(shown.recipients[0].tables) == 2


def test_losses_are_told_from_gains() -> None:
    lost = counted(ESSEX, KENT, 5, before=Level.FULL, after=Level.NONE)
    shown = what_changes(found(lost))
    assert shown.recipients[0].summary == "What Essex Police would lose"
    assert shown.glance[0] == ["Essex Police", "–", "–", "5", "–"]
    both = what_changes(found(lost, counted(ESSEX, SUFFOLK, 2)))
    assert both.recipients[0].summary == "What Essex Police would gain and lose"


def test_without_numbers_kinds_are_counted_and_the_page_says_so() -> None:
    shown = what_changes(found(counted(ESSEX, KENT, None), has_numbers=False, beside=("B",)))
    assert shown.glance[0] == ["Essex Police", "–", "1 kind", "–", "–"]
    assert shown.recipients[0].tables[0].rows == [["Person", "Yes"]]
    assert [note.split(" ")[0] for note in shown.notes] == ["What", "How"]


def test_what_has_happened_is_told_as_past_and_nothing_as_nothing() -> None:
    shown = what_changes(found(counted(ESSEX, KENT, 1), is_ahead=False))
    assert shown.lead == "What this version changed, against version 1."
    assert "gained pointers" in shown.recipients[0].tables[0].caption
    assert shown.recipients[0].summary == "What Essex Police gained"
    nothing = what_changes(found(compared_with=None))
    assert (nothing.lead, nothing.glance) == ("No records would open or close.", [])
