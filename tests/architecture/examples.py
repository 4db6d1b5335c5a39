"""One use of every action and query that is journalled, and calls that must leave nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from unittest import mock
from uuid import UUID

from django.db import connection

from concordat.access.actions import end_grants
from concordat.agreements.actions import draft_agreement
from concordat.audit.actions import record
from concordat.audit.errors import NotAllowedToReadJournal
from concordat.audit.queries import recent, verify, who_looked
from concordat.audit.rules import Operation
from concordat.base.acting import acting
from concordat.base.actor import Actor, Purpose, Role
from concordat.base.clock import now
from concordat.base.ids import new_id
from concordat.base.source_files import UnusableFile
from concordat.identity.actions import (
    judge,
    observe,
    rebuild,
    rekey,
    resolve_all,
    resolve_pending,
    retire,
    settle_clusters,
    use_model,
)
from concordat.identity.engine import Meaning, default_model
from concordat.identity.errors import (
    NotAllowedToJudge,
    NotAllowedToObserve,
    NotAllowedToResolve,
    UnknownJudgement,
    UnknownPerson,
)
from concordat.identity.queries import (
    count_in_queue,
    duplicates_inside,
    identity_of,
    next_in_queue,
    pair,
    progress,
    review_queue,
    who_is,
)
from concordat.identity.queries import pointers as person_pointers
from concordat.identity.rules.judgements import Verdict
from concordat.identity.rules.observed import Observed
from concordat.organisations.actions import (
    add_person,
    change_roles,
    choose_purpose,
    close_account,
    load_areas,
    load_reference,
    set_password,
    sign_in,
    sign_out,
)
from concordat.organisations.errors import (
    NotAllowed,
    OrganisationsError,
    PersonExists,
    UnknownOrganisation,
)
from concordat.records.actions import load_persons, load_stop_search, load_street
from concordat.records.errors import NotAllowedToLoad, RecordsError, UnknownRecord
from concordat.records.queries import (
    completeness,
    event,
    export_events,
    find,
    find_events,
    load_detail,
    loads,
    newest_events,
    place,
    pointers,
    quarantine_file,
    quarantined_rows,
    summary_of_force,
    warning_markers,
)
from concordat.records.queries import person as one_person
from concordat.records.queries import persons as several_persons
from concordat.records.rules.loads import STOP_SEARCH_COLUMNS
from concordat.records.rules.person_maps import read_map
from concordat.records.rules.questions import Question
from concordat.tracing.queries import (
    export,
    find_people,
    identity_page,
    search,
    side_by_side,
)
from concordat.tracing.rules import PersonReading
from tests.database.identities import ROBERT, recorded
from tests.files import crime_id, stop_search_row, street_row, write_csv
from tests.persons import MAP, person_row, write_persons
from tests.world import PASSWORD, SERVICE, agreement_in_force, person, terms


class Scene:
    """What the examples stand on, made when first asked for. All of it is of the force of Essex."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def officer(self) -> Actor:
        """An officer who also looks after data quality."""
        return person("essex", Role.OFFICER, Role.DATA_QUALITY, username="officer")

    @cached_property
    def auditor(self) -> Actor:
        """The same person, working as an auditor."""
        return replace(self.officer, roles=frozenset({Role.AUDITOR}))

    @cached_property
    def street_file(self) -> Path:
        """A file of one good row and one that can't be read."""
        rows = [street_row(1), street_row(2, month="no month")]
        return write_csv(self.folder / "2026-01-essex-street.csv", rows)

    @cached_property
    def load_id(self) -> UUID:
        """The load of that file."""
        return load_street(SERVICE, paths=[self.street_file]).load_id

    @cached_property
    def event_id(self) -> UUID:
        """The event that it brought."""
        assert self.load_id
        return find_events(self.officer, question=Question()).rows[0].id

    @cached_property
    def place_id(self) -> UUID:
        """Where that event happened."""
        found = event(self.officer, event_id=self.event_id).place
        assert found is not None
        return found.id

    @cached_property
    def persons_file(self) -> Path:
        """A file of one person, with a warning."""
        return write_persons(self.folder / "persons.csv", [person_row(1, warn="VI")])

    @cached_property
    def person_id(self) -> UUID:
        """That person's record."""
        load_persons(SERVICE, paths=[self.persons_file], force="essex", person_map=read_map(MAP))
        with acting(self.officer), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM records_person")
            found: UUID = cursor.fetchone()[0]
        return found

    @cached_property
    def both_persons(self) -> tuple[UUID, ...]:
        """That person's record and another of the same file's."""
        two = write_persons(self.folder / "two.csv", [person_row(1, warn="VI"), person_row(2)])
        load_persons(SERVICE, paths=[two], force="essex", person_map=read_map(MAP))
        with acting(self.officer), connection.cursor() as cursor:
            cursor.execute("SELECT id FROM records_person ORDER BY id")
            return tuple(row[0] for row in cursor.fetchall())

    @cached_property
    def twice(self) -> tuple[UUID, UUID]:
        """A person whom the force has recorded twice, not resolved yet."""
        return recorded("essex", ROBERT), recorded("essex", ROBERT)

    @cached_property
    def judgement_id(self) -> UUID:
        """The officer's judgement that those two are one person."""
        one, other = self.twice
        return judge(self.officer, left=one, right=other, verdict=Verdict.SAME)

    @cached_property
    def draft(self) -> str:
        """The reference of a drafted agreement."""
        return draft_agreement(SERVICE, terms=terms("DRAFT", ["essex", "kent"])).reference

    @cached_property
    def incomplete_draft(self) -> str:
        """The reference of a draft that doesn't say how a party leaves."""
        told = replace(terms("GAPS", ["essex", "kent"]), exit_terms="")
        return draft_agreement(SERVICE, terms=told).reference

    @cached_property
    def signatory(self) -> Actor:
        """The chief officer of Essex, who signs for that force."""
        return person("essex", Role.SIGNATORY)

    @cached_property
    def agreement_in_force(self) -> str:
        """The reference of an agreement in force."""
        return agreement_in_force("IN FORCE", ["essex", "kent"])

    def file(self, name: str, *lines: str) -> Path:
        """Write a file of these lines and return its path."""
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


@dataclass(frozen=True)
class Example:
    """One use of a function: preparing it, and the call itself.

    `journalled_as` names the entry where it isn't the function's own name.
    """

    call: Callable[[Scene], object]
    given: Callable[[Scene], object] = lambda _: None
    journalled_as: str = ""


def _record(_: Scene) -> None:
    with acting(SERVICE):
        record(SERVICE, operation=Operation.ADMINISTRATION, action="audit.record")


EXAMPLES: Mapping[str, Example] = {
    "audit.actions.record": Example(_record),
    "audit.queries.who_looked": Example(
        lambda s: who_looked(s.auditor, subject_id=new_id()), given=lambda s: s.auditor
    ),
    "audit.queries.recent": Example(lambda s: recent(s.auditor), given=lambda s: s.auditor),
    "audit.queries.verify": Example(lambda s: verify(s.auditor), given=lambda s: s.auditor),
    "organisations.actions.add_person": Example(lambda _: person("essex")),
    "organisations.actions.change_roles": Example(
        lambda _: change_roles(SERVICE, username="officer", roles=[Role.SUPERVISOR]),
        given=lambda s: s.officer,
    ),
    "organisations.actions.choose_purpose": Example(
        lambda s: choose_purpose(s.officer, purpose=Purpose.INCIDENT), given=lambda s: s.officer
    ),
    "organisations.actions.close_account": Example(
        lambda _: close_account(SERVICE, username="officer"), given=lambda s: s.officer
    ),
    "organisations.actions.load_areas": Example(
        lambda s: load_areas(
            SERVICE, path=s.file("lsoa.csv", "lsoa21cd,lsoa21nm,pfa23cd", "E01000001,X,E23000028")
        )
    ),
    "organisations.actions.load_reference": Example(lambda _: load_reference(SERVICE)),
    "organisations.actions.set_password": Example(
        lambda _: set_password(SERVICE, username="officer", password=f"{PASSWORD} more"),
        given=lambda s: s.officer,
    ),
    "organisations.actions.sign_in": Example(
        lambda _: sign_in(
            SERVICE, username="officer", password=PASSWORD, purpose=Purpose.INVESTIGATION
        ),
        given=lambda s: s.officer,
    ),
    "organisations.actions.sign_out": Example(
        lambda s: sign_out(s.officer), given=lambda s: s.officer
    ),
    "access.actions.end_grants": Example(
        lambda _: end_grants(SERVICE, agreement_id=new_id(), at=now())
    ),
    "records.actions.load_street": Example(lambda s: s.load_id),
    "records.actions.load_stop_search": Example(
        lambda s: load_stop_search(
            SERVICE,
            paths=[
                write_csv(s.folder / "stops.csv", [stop_search_row()], columns=STOP_SEARCH_COLUMNS)
            ],
            force="essex",
        )
    ),
    "records.actions.load_persons": Example(lambda s: s.person_id),
    "records.queries.person": Example(
        lambda s: one_person(s.officer, person_id=s.person_id), given=lambda s: s.person_id
    ),
    "records.queries.persons": Example(
        lambda s: several_persons(s.officer, ids=[s.person_id]), given=lambda s: s.person_id
    ),
    "records.queries.warning_markers": Example(
        lambda s: warning_markers(s.officer, person_ids=[s.person_id]),
        given=lambda s: s.person_id,
    ),
    "records.queries.completeness": Example(
        lambda s: completeness(s.officer, owner_id=s.officer.organisation_id),
        given=lambda s: s.person_id,
    ),
    "records.queries.event": Example(
        lambda s: event(s.officer, event_id=s.event_id), given=lambda s: s.event_id
    ),
    "records.queries.place": Example(
        lambda s: place(s.officer, place_id=s.place_id), given=lambda s: s.place_id
    ),
    "records.queries.find_events": Example(
        lambda s: find_events(s.officer, question=Question()), given=lambda s: s.event_id
    ),
    "records.queries.newest_events": Example(
        lambda s: newest_events(s.officer, question=Question(), limit=1),
        given=lambda s: s.event_id,
    ),
    "records.queries.export_events": Example(
        lambda s: export_events(s.officer, question=Question()), given=lambda s: s.event_id
    ),
    "records.queries.pointers": Example(
        lambda s: pointers(s.officer, reference=crime_id(1)), given=lambda s: s.officer
    ),
    "records.queries.summary_of_force": Example(
        lambda s: summary_of_force(s.officer, owner_id=s.officer.organisation_id),
        given=lambda s: s.event_id,
    ),
    "records.queries.loads": Example(lambda s: loads(s.officer), given=lambda s: s.load_id),
    "records.queries.load_detail": Example(
        lambda s: load_detail(s.officer, load_id=s.load_id), given=lambda s: s.load_id
    ),
    "records.queries.quarantined_rows": Example(
        lambda s: quarantined_rows(s.officer, load_id=s.load_id), given=lambda s: s.load_id
    ),
    "records.queries.quarantine_file": Example(
        lambda s: quarantine_file(s.officer, load_id=s.load_id), given=lambda s: s.load_id
    ),
    "identity.actions.observe": Example(lambda s: s.twice),
    "identity.actions.judge": Example(lambda s: s.judgement_id, given=lambda s: s.twice),
    "identity.actions.retire": Example(
        lambda s: retire(s.officer, judgement_id=s.judgement_id), given=lambda s: s.judgement_id
    ),
    "identity.actions.resolve_pending": Example(
        lambda _: resolve_pending(SERVICE), given=lambda s: s.twice
    ),
    "identity.actions.settle_clusters": Example(
        lambda s: settle_clusters(SERVICE, records=s.twice), given=lambda s: s.twice
    ),
    "identity.actions.resolve_all": Example(lambda _: resolve_all(SERVICE)),
    "identity.actions.rebuild": Example(lambda _: rebuild(SERVICE)),
    "identity.actions.rekey": Example(lambda _: rekey(SERVICE)),
    "identity.actions.use_model": Example(lambda _: use_model(SERVICE, model=default_model())),
    "identity.queries.who_is": Example(
        lambda s: who_is(s.officer, partial={Meaning(k): v for k, v in ROBERT.items()}),
        given=lambda s: s.officer,
    ),
    "identity.queries.identity_of": Example(
        lambda s: identity_of(s.officer, record_id=s.twice[0]), given=lambda s: s.twice
    ),
    "identity.queries.pair": Example(
        lambda s: pair(s.officer, one=s.twice[0], other=s.twice[1]), given=lambda s: s.twice
    ),
    "identity.queries.review_queue": Example(lambda s: review_queue(s.officer)),
    "identity.queries.next_in_queue": Example(
        lambda s: next_in_queue(s.officer), journalled_as="identity.review_queue"
    ),
    "identity.queries.count_in_queue": Example(lambda s: count_in_queue(s.officer)),
    "identity.queries.duplicates_inside": Example(
        lambda s: duplicates_inside(s.officer, owner_id=s.officer.organisation_id),
        given=lambda s: s.officer,
    ),
    "identity.queries.progress": Example(lambda s: progress(s.officer), given=lambda s: s.officer),
    "identity.queries.pointers": Example(
        lambda s: person_pointers(s.officer, partial={Meaning.PNC_ID: "1987/0123456A"}),
        given=lambda s: s.officer,
    ),
    "tracing.queries.find_people": Example(
        lambda s: find_people(
            s.officer,
            reading=PersonReading(
                partial={Meaning(k): v for k, v in ROBERT.items()},
                parts=(),
                age=None,
                is_certain=True,
                owner_ids=(),
            ),
        ),
        given=lambda s: s.officer,
        journalled_as="identity.who_is",
    ),
    "tracing.queries.identity_page": Example(
        lambda s: identity_page(s.officer, record_id=s.person_id),
        given=lambda s: s.person_id,
        journalled_as="identity.identity_of",
    ),
    "tracing.queries.side_by_side": Example(
        lambda s: side_by_side(s.officer, one=s.both_persons[0], other=s.both_persons[1]),
        given=lambda s: s.both_persons,
        journalled_as="identity.pair",
    ),
    "tracing.queries.search": Example(
        lambda s: search(s.officer, text="burglary"),
        given=lambda s: s.event_id,
        journalled_as="records.find_events",
    ),
    "tracing.queries.export": Example(
        lambda s: export(s.officer, text="burglary"),
        given=lambda s: s.event_id,
        journalled_as="records.export_events",
    ),
}


@dataclass(frozen=True)
class Failure:
    """A call that must fail with `error` and leave nothing behind."""

    error: type[Exception]
    call: Callable[[Scene], object]
    given: Callable[[Scene], object] = lambda _: None


def _export_too_much(scene: Scene) -> None:
    with mock.patch.object(find, "EXPORT_LIMIT", 0):
        export_events(scene.officer, question=Question())


FAILURES: Mapping[str, Failure] = {
    "adding a person whose username is taken": Failure(
        PersonExists,
        lambda _: person("kent", username="officer"),
        given=lambda s: s.officer,
    ),
    "adding a person without being an administrator": Failure(
        NotAllowed,
        lambda s: add_person(
            s.officer,
            organisation="essex",
            collar_number="1",
            username="friend",
            name="A Friend",
            roles=[Role.AUDITOR],
            password=PASSWORD,
        ),
        given=lambda s: s.officer,
    ),
    "giving a person the service's role": Failure(
        OrganisationsError,
        lambda _: change_roles(SERVICE, username="officer", roles=[Role.SYSTEM]),
        given=lambda s: s.officer,
    ),
    "closing an account that isn't there": Failure(
        UnknownOrganisation, lambda _: close_account(SERVICE, username="nobody")
    ),
    "loading areas from a file that is cut off by binary data": Failure(
        UnusableFile,
        lambda s: load_areas(
            SERVICE,
            path=s.file("l.csv", "lsoa21cd,lsoa21nm,pfa23cd", "E01000001,X,E23000028", "\0"),
        ),
    ),
    "loading records without the role": Failure(
        NotAllowedToLoad,
        lambda s: load_street(s.auditor, paths=[s.street_file]),
        given=lambda s: (s.auditor, s.street_file),
    ),
    "handing over features of another force's record": Failure(
        NotAllowedToObserve,
        lambda s: observe(s.officer, records=[Observed(new_id(), 22, 1, (ROBERT,))]),
        given=lambda s: s.officer,
    ),
    "judging without the role": Failure(
        NotAllowedToJudge,
        lambda s: judge(s.auditor, left=s.twice[0], right=s.twice[1], verdict=Verdict.SAME),
        given=lambda s: (s.auditor, s.twice),
    ),
    "judging a record that isn't there": Failure(
        UnknownPerson,
        lambda s: judge(s.officer, left=s.twice[0], right=new_id(), verdict=Verdict.SAME),
        given=lambda s: (s.officer, s.twice),
    ),
    "retiring a judgement that isn't there": Failure(
        UnknownJudgement,
        lambda s: retire(s.officer, judgement_id=new_id()),
        given=lambda s: s.officer,
    ),
    "resolving the register as a person": Failure(
        NotAllowedToResolve, lambda s: resolve_all(s.officer), given=lambda s: s.officer
    ),
    "reading an event that isn't there": Failure(
        UnknownRecord,
        lambda s: event(s.officer, event_id=new_id()),
        given=lambda s: s.officer,
    ),
    "loading persons without the role": Failure(
        NotAllowedToLoad,
        lambda s: load_persons(s.auditor, paths=[s.persons_file], force="essex"),
        given=lambda s: (s.auditor, s.persons_file),
    ),
    "loading persons of another force": Failure(
        NotAllowedToLoad,
        lambda s: load_persons(s.officer, paths=[s.persons_file], force="kent"),
        given=lambda s: (s.officer, s.persons_file),
    ),
    "reading a person that isn't there": Failure(
        UnknownRecord,
        lambda s: one_person(s.officer, person_id=new_id()),
        given=lambda s: s.officer,
    ),
    "exporting too much": Failure(
        RecordsError,
        _export_too_much,
        given=lambda s: (s.officer, s.event_id),
    ),
    "reading who looked without the role": Failure(
        NotAllowedToReadJournal,
        lambda s: who_looked(s.officer, subject_id=new_id()),
        given=lambda s: s.officer,
    ),
}
