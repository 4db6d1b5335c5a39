"""One use of every action and query of logging, and calls that must leave nothing."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor, Role
from concordat.base.ids import new_id
from concordat.organisations.queries import organisation
from concordat.records import actions, queries
from concordat.records.errors import (
    EditConflict,
    NotAllowedToDisclose,
    NotAllowedToRecord,
    NotAllowedToReview,
    NotReady,
    NotYourDraft,
    StaleDraft,
    UnknownRecord,
    WrongDetails,
    WrongState,
)
from concordat.records.rules.logged import RecordRef
from tests.architecture.examples import Example, Failure, Scene
from tests.reports import CONDITIONAL, intelligence, theft
from tests.world import person

TOLD: Final = {"purpose": "To find the car", "quality": "Accurate and current"}


def supervisor(scene: Scene, force: str = "essex") -> Actor:
    """Return the officer as a supervisor, or somebody of another force, made when first asked."""
    if force == "essex":
        return replace(scene.officer, roles=frozenset({Role.SUPERVISOR}))
    made: dict[str, Actor] = scene.__dict__.setdefault("supervisors", {})
    if force not in made:
        made[force] = person(force, Role.SUPERVISOR)
    return made[force]


def draft_id(scene: Scene) -> UUID:
    """Return a draft of a theft, made when first asked."""
    if "draft_id" not in scene.__dict__:
        begun = actions.start_draft(scene.officer)
        actions.save_draft(scene.officer, draft_id=begun.id, revision=1, report=theft())
        scene.__dict__["draft_id"] = begun.id
    found: UUID = scene.__dict__["draft_id"]
    return found


def logged(scene: Scene) -> UUID:
    """Return a theft that was logged, made when first asked."""
    if "logged" not in scene.__dict__:
        scene.__dict__["logged"] = actions.log_event(scene.officer, report=theft()).event_id
    found: UUID = scene.__dict__["logged"]
    return found


def hale(scene: Scene) -> UUID:
    """Return its suspect."""
    return _part(scene, "participants", 0)


def quill(scene: Scene) -> UUID:
    """Return its victim."""
    return _part(scene, "participants", 1)


def car(scene: Scene) -> UUID:
    """Return its vehicle."""
    return _part(scene, "things", 0)


def _part(scene: Scene, name: str, number: int) -> UUID:
    report = queries.report_of(scene.officer, event_id=logged(scene)).report
    found: UUID = getattr(report, name)[number].record_id
    return found


def linked(scene: Scene) -> UUID:
    """Tie the two people of the theft."""
    left, right = (RecordRef(RecordKind.PERSON, one) for one in (hale(scene), quill(scene)))
    return actions.add_link(scene.officer, left=left, right=right, reason="sibling")


def offered(scene: Scene) -> UUID:
    """Offer the theft to Kent."""
    to_id = organisation("kent").id
    return actions.offer_transfer(
        supervisor(scene), event_id=logged(scene), to_id=to_id, because="It was there"
    )


def disclosed(scene: Scene) -> UUID:
    """Disclose the theft to Kent."""
    return actions.disclose(
        scene.officer,
        event_id=logged(scene),
        recipient_id=organisation("kent").id,
        sanitised=False,
        **TOLD,
    )


def recalled(scene: Scene) -> UUID:
    """Disclose the theft to Kent, and recall it."""
    found = disclosed(scene)
    actions.recall(scene.officer, disclosure_id=found, because="It is wrong")
    return found


def warned(scene: Scene) -> None:
    """Warn of the suspect."""
    actions.add_warning(scene.officer, person_id=hale(scene), code="VI", evidence="Seen to hit")


def pass_on(scene: Scene, *, sanitised: bool) -> UUID:
    """Let Kent pass on what it got, to Norfolk."""
    return actions.disclose_onward(
        supervisor(scene, "kent"),
        disclosure_id=scene.__dict__["disclosed"],
        recipient_id=organisation("norfolk").id,
        sanitised=sanitised,
        **TOLD,
    )


def prepared(name: str, make: Callable[[Scene], UUID]) -> Callable[[Scene], object]:
    """Return what makes something beforehand and keeps its id under a name."""

    def make_it(scene: Scene) -> None:
        supervisor(scene, "kent")
        scene.__dict__[name] = make(scene)

    return make_it


def _of(scene: Scene, name: str) -> UUID:
    found: UUID = scene.__dict__[name]
    return found


def _amend(action: Callable[..., object], name: str, make: Callable[[Scene], UUID]) -> Example:
    fields = {"amend_person": {"alias": "Bob"}}.get(action.__name__, {"notes": "A note"})
    return Example(
        lambda s: action(s.officer, **{name: make(s)}, base_version=1, fields=fields),
        given=make,
    )


_PLAIN_QUERIES = {
    "my_drafts": lambda s: queries.my_drafts(s.officer),
    "review_queue": lambda s: queries.review_queue(s.officer),
    "sent_back": lambda s: queries.sent_back(s.officer),
    "transfers": lambda s: queries.transfers(s.officer),
    "disclosures_to": lambda s: queries.disclosures_to(s.officer),
    "find_items": lambda s: queries.find_items(s.officer, text="AB12 CDE"),
    "find_places": lambda s: queries.find_places(s.officer, text="High Street"),
    "report_of": lambda s: queries.report_of(s.officer, event_id=logged(s)),
    "review_history": lambda s: queries.review_history(s.officer, event_id=logged(s)),
    "transfers_of": lambda s: queries.transfers_of(s.officer, event_id=logged(s)),
    "disclosures_of": lambda s: queries.disclosures_of(s.officer, event_id=logged(s)),
    "event_lines": lambda s: queries.event_lines(s.officer, ids=[logged(s)]),
    "items": lambda s: queries.items(s.officer, ids=[new_id()]),
    "item": lambda s: queries.item(s.officer, item_id=car(s)),
    "links_of": lambda s: queries.links_of(s.officer, record_id=hale(s), kind=RecordKind.PERSON),
    "timeline": lambda s: queries.timeline(s.officer, ids=[hale(s)]),
    "person_fields": lambda s: queries.person_fields(s.officer, person_id=hale(s)),
}

EXAMPLES_OF_LOGGING: Mapping[str, Example] = {
    "records.actions.start_draft": Example(
        lambda s: actions.start_draft(s.officer, telling="Theft of a phone"),
        given=lambda s: s.officer,
    ),
    "records.actions.save_draft": Example(
        lambda s: actions.save_draft(
            s.officer, draft_id=draft_id(s), revision=2, report=theft(mo="x" * 30)
        ),
        given=draft_id,
    ),
    "records.actions.hand_over": Example(
        lambda s: actions.hand_over(
            s.officer, draft_id=draft_id(s), to_person_id=_person(person("essex"))
        ),
        given=draft_id,
    ),
    "records.actions.discard_draft": Example(
        lambda s: actions.discard_draft(s.officer, draft_id=draft_id(s)), given=draft_id
    ),
    "records.actions.submit": Example(
        lambda s: actions.submit(s.officer, draft_id=draft_id(s), revision=2), given=draft_id
    ),
    "records.actions.log_event": Example(logged, given=lambda s: s.officer),
    "records.actions.amend_event": _amend(actions.amend_event, "event_id", logged),
    "records.actions.amend_person": _amend(actions.amend_person, "person_id", hale),
    "records.actions.amend_item": _amend(actions.amend_item, "item_id", car),
    "records.actions.add_link": Example(linked, given=logged),
    "records.actions.end_link": Example(
        lambda s: actions.end_link(s.officer, link_id=_of(s, "link"), because="No"),
        given=prepared("link", linked),
    ),
    "records.actions.add_warning": Example(warned, given=logged),
    "records.actions.end_warning": Example(
        lambda s: actions.end_warning(s.officer, person_id=hale(s), code="VI", because="No"),
        given=warned,
    ),
    "records.actions.move_item": Example(
        lambda s: actions.move_item(s.officer, item_id=car(s), to_whom="Lab", where="Hut 3"),
        given=logged,
    ),
    "records.actions.send_back": Example(
        lambda s: actions.send_back(supervisor(s), event_id=logged(s), note="Why?"), given=logged
    ),
    "records.actions.approve": Example(
        lambda s: actions.approve(supervisor(s), event_id=logged(s)), given=logged
    ),
    "records.actions.allocate": Example(
        lambda s: actions.allocate(
            supervisor(s), event_id=logged(s), to_person_id=_person(s.officer)
        ),
        given=logged,
    ),
    "records.actions.offer_transfer": Example(offered, given=logged),
    "records.actions.accept_transfer": Example(
        lambda s: actions.accept_transfer(supervisor(s, "kent"), transfer_id=_of(s, "transfer")),
        given=prepared("transfer", offered),
    ),
    "records.actions.decline_transfer": Example(
        lambda s: actions.decline_transfer(
            supervisor(s, "kent"), transfer_id=_of(s, "transfer"), because="No"
        ),
        given=prepared("transfer", offered),
    ),
    "records.actions.disclose": Example(disclosed, given=logged),
    "records.actions.disclose_onward": Example(
        lambda s: pass_on(s, sanitised=False), given=prepared("disclosed", disclosed)
    ),
    "records.actions.recall": Example(
        lambda s: actions.recall(s.officer, disclosure_id=_of(s, "disclosed"), because="Wrong"),
        given=prepared("disclosed", disclosed),
    ),
    "records.actions.acknowledge_recall": Example(
        lambda s: actions.acknowledge_recall(
            supervisor(s, "kent"), disclosure_id=_of(s, "disclosed")
        ),
        given=prepared("disclosed", recalled),
    ),
    "records.actions.print_event": Example(
        lambda s: actions.print_event(s.officer, event_id=logged(s), form="print"), given=logged
    ),
    "records.queries.draft": Example(
        lambda s: queries.draft(s.officer, draft_id=draft_id(s)), given=draft_id
    ),
    "records.queries.transfer": Example(
        lambda s: queries.transfer(s.officer, transfer_id=_of(s, "transfer")),
        given=prepared("transfer", offered),
    ),
    "records.queries.disclosure": Example(
        lambda s: queries.disclosure(s.officer, disclosure_id=_of(s, "disclosed")),
        given=prepared("disclosed", disclosed),
    ),
    **{
        f"records.queries.{name}": Example(call, given=logged)
        for name, call in _PLAIN_QUERIES.items()
    },
}


def _person(actor: Actor) -> UUID:
    assert actor.person_id
    return actor.person_id


def _changed(scene: Scene) -> UUID:
    """Return the theft after somebody has amended it."""
    fields = {"notes": "one"}
    actions.amend_event(scene.officer, event_id=logged(scene), base_version=1, fields=fields)
    return logged(scene)


def _conditional(scene: Scene) -> UUID:
    """Let Essex disclose a report to Kent that may not be passed on."""
    cleared = supervisor(scene)
    event_id = actions.log_event(cleared, report=intelligence(CONDITIONAL)).event_id
    return actions.disclose(
        cleared, event_id=event_id, recipient_id=organisation("kent").id, sanitised=False, **TOLD
    )


FAILURES_OF_LOGGING: Mapping[str, Failure] = {
    "logging without a role that works with records": Failure(
        NotAllowedToRecord,
        lambda s: actions.log_event(s.auditor, report=theft()),
        given=lambda s: s.auditor,
    ),
    "logging an outcome that forbids the suspect": Failure(
        NotReady,
        lambda s: actions.log_event(s.officer, report=theft(outcome="18")),
        given=lambda s: s.officer,
    ),
    "saving a draft that was saved since": Failure(
        StaleDraft,
        lambda s: actions.save_draft(
            s.officer, draft_id=draft_id(s), revision=1, report=theft(mo="another")
        ),
        given=draft_id,
    ),
    "submitting a draft that somebody else holds": Failure(
        NotYourDraft,
        lambda s: actions.submit(
            replace(supervisor(s), person_id=new_id()), draft_id=draft_id(s), revision=2
        ),
        given=draft_id,
    ),
    "amending what somebody else has changed": Failure(
        EditConflict,
        lambda s: actions.amend_event(
            s.officer, event_id=logged(s), base_version=1, fields={"notes": "two"}
        ),
        given=_changed,
    ),
    "linking a record that isn't there": Failure(
        UnknownRecord,
        lambda s: actions.add_link(
            s.officer,
            left=RecordRef(RecordKind.PERSON, new_id()),
            right=RecordRef(RecordKind.PERSON, new_id()),
            reason="sibling",
        ),
        given=lambda s: s.officer,
    ),
    "warning without evidence": Failure(
        WrongDetails,
        lambda s: actions.add_warning(s.officer, person_id=new_id(), code="VI", evidence=""),
        given=lambda s: s.officer,
    ),
    "approving as an officer": Failure(
        NotAllowedToReview,
        lambda s: actions.approve(s.officer, event_id=logged(s)),
        given=logged,
    ),
    "answering a transfer of another force's": Failure(
        NotAllowedToReview,
        lambda s: actions.accept_transfer(supervisor(s), transfer_id=_of(s, "transfer")),
        given=prepared("transfer", offered),
    ),
    "passing on what its originator keeps": Failure(
        NotAllowedToDisclose,
        lambda s: pass_on(s, sanitised=True),
        given=prepared("disclosed", _conditional),
    ),
    "recalling twice": Failure(
        WrongState,
        lambda s: actions.recall(s.officer, disclosure_id=_of(s, "disclosed"), because="Again"),
        given=prepared("disclosed", recalled),
    ),
    "reading a draft that isn't there": Failure(
        UnknownRecord,
        lambda s: queries.draft(s.officer, draft_id=new_id()),
        given=lambda s: s.officer,
    ),
}
