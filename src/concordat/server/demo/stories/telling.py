"""Telling stories: each step is an action of the register, by the officer whom the story names."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from concordat.access.rules import RecordKind
from concordat.base.actor import Actor, Purpose
from concordat.base.outbox import deliver
from concordat.identity.actions import judge
from concordat.identity.rules.judgements import Verdict
from concordat.organisations.queries import actor_of, organisation, person_summary
from concordat.records.actions import (
    add_link,
    add_warning,
    allocate,
    amend_event,
    approve,
    disclose,
    log_event,
    move_item,
    offer_transfer,
    recall,
    save_draft,
    send_back,
    start_draft,
)
from concordat.records.queries import report_of
from concordat.records.rules.logged import Confidence, RecordRef
from concordat.records.rules.reports import Participant, Report, Thing, Where
from concordat.server.demo.staff import STAFF
from concordat.server.demo.stories.reading import (
    Known,
    Step,
    StoryBroken,
    day,
    fields,
    read_report,
)
from concordat.server.tasks import HANDLERS
from concordat.tracing.actions import watch
from concordat.tracing.queries import candidates

_REASON: Final = "the sample world"


def officer(username: str, purpose: Purpose = Purpose.INVESTIGATION) -> Actor:
    """Return somebody of the demo's staff as an actor. Raises StoryBroken if there is no such."""
    found = actor_of(person_summary(username).id, purpose=purpose, reason=_REASON)
    if found is None:
        raise StoryBroken(f"{username} can’t act: the demo’s staff have changed.")
    return found


class Teller:
    """Tells steps in their order, and remembers by name what they made."""

    def __init__(self, *, until: date) -> None:
        """Begin; days are counted back from `until`."""
        self._until = until
        self._known: dict[str, Known] = {}
        self._disclosures: dict[str, UUID] = {}
        self._officers: dict[tuple[str, Purpose], Actor] = {}

    def tell(self, step: Step) -> None:
        """Do what a step says. Raises StoryBroken, and what the action raises."""
        action = getattr(self, f"_{step.do}", None)
        if action is None:
            raise StoryBroken(f"{step.story}: nobody knows how to “{step.do}”.")
        who = (step.by, step.purpose)
        if who not in self._officers:
            self._officers[who] = officer(*who)
        action(step, self._officers[who])

    def _log(self, step: Step, by: Actor) -> None:
        logged = log_event(by, report=self._report(step, by))
        told = report_of(by, event_id=logged.event_id)
        self._name(step.told, Known(kind=told.kind, id=told.id, owner_id=told.owner_id))
        parts: list[Participant | Thing | Where] = [
            *told.report.participants, *told.report.things, *told.report.places,
        ]  # fmt: skip
        spoken = (*_parts(step, "people"), *_parts(step, "things"), *_parts(step, "places"))
        for (kind, told_of), part in zip(spoken, parts, strict=True):
            if part.record_id is not None and part.owner_id is not None:
                self._name(told_of, Known(kind=kind, id=part.record_id, owner_id=part.owner_id))

    def _draft(self, step: Step, by: Actor) -> None:
        report = self._report(step, by)
        begun = start_draft(by, kind=report.kind)
        report = replace(report, fields={**begun.report.fields, **report.fields})
        save_draft(by, draft_id=begun.id, revision=begun.revision, report=report)

    def _amend(self, step: Step, by: Actor) -> None:
        event_id = self._id(step, "event")
        amend_event(
            by,
            event_id=event_id,
            base_version=report_of(by, event_id=event_id).version,
            fields=fields(step.told["fields"], until=self._until),
        )

    def _link(self, step: Step, by: Actor) -> None:
        left, right = self._record(step, "left"), self._record(step, "right")
        add_link(
            by,
            left=RecordRef(left.kind, left.id),
            right=RecordRef(right.kind, right.id),
            reason=step.text("reason"),
            since=self._day(step, "since"),
            until=self._day(step, "until"),
            stated_by=step.text("stated_by"),
            confidence=Confidence(step.text("confidence")),
            assessment=bool(step.told.get("assessment")),
        )

    def _warn(self, step: Step, by: Actor) -> None:
        add_warning(
            by,
            person_id=self._id(step, "person"),
            code=step.text("code"),
            evidence=step.text("evidence"),
            since=self._day(step, "since"),
            review_date=self._day(step, "review_date"),
            text=step.text("text"),
        )

    def _move(self, step: Step, by: Actor) -> None:
        move_item(
            by,
            item_id=self._id(step, "item"),
            to_whom=step.text("to_whom"),
            where=step.text("where"),
            seal=step.text("seal"),
            note=step.text("note"),
        )

    def _judge(self, step: Step, by: Actor) -> None:
        judge(
            by,
            left=self._id(step, "left"),
            right=self._id(step, "right"),
            verdict=Verdict(step.text("verdict")),
            reason=step.text("reason"),
        )

    def _watch(self, step: Step, by: Actor) -> None:
        deliver(HANDLERS)  # what was logged before the watch is no news
        watched = self._record(step, "record")
        until = self._day(step, "until")
        if until is None:
            raise StoryBroken(f"{step.story}: a watch needs its last day.")
        reason = step.text("reason")
        watch(by, kind=watched.kind, record_id=watched.id, reason=reason, until=until)

    def _approve(self, step: Step, by: Actor) -> None:
        approve(by, event_id=self._id(step, "event"), note=step.text("note"))

    def _send_back(self, step: Step, by: Actor) -> None:
        send_back(by, event_id=self._id(step, "event"), note=step.text("note"))

    def _allocate(self, step: Step, by: Actor) -> None:
        to = person_summary(step.text("to")).id
        event_id = self._id(step, "event")
        allocate(by, event_id=event_id, to_person_id=to, note=step.text("note"))

    def _offer(self, step: Step, by: Actor) -> None:
        to = organisation(step.text("to")).id
        event_id = self._id(step, "event")
        offer_transfer(by, event_id=event_id, to_id=to, because=step.text("because"))

    def _disclose(self, step: Step, by: Actor) -> None:
        self._disclosures[step.text("as")] = disclose(
            by,
            event_id=self._id(step, "event"),
            recipient_id=organisation(step.text("to")).id,
            purpose=step.text("because"),
            sanitised=bool(step.told.get("sanitised")),
            quality=step.text("quality"),
        )

    def _recall(self, step: Step, by: Actor) -> None:
        disclosure_id = self._disclosures[step.text("disclosure")]
        recall(by, disclosure_id=disclosure_id, because=step.text("because"))

    def _report(self, step: Step, by: Actor) -> Report:
        """Return the report of a step, signed by whoever logs it."""

        def look(kind: RecordKind, told: Mapping[str, Any]) -> Known | None:
            if "is" in told:
                return self._spoken_of(step, told["is"])
            return self._found(step, by, kind, told) if "find" in told else None

        report = read_report(step, until=self._until, look=look)
        collar = next(one.collar_number for one in STAFF if one.username == step.by)
        signed = {"officer": f"{by.person_name}, {collar}", **report.fields}
        return replace(report, fields=signed)

    def _found(self, step: Step, by: Actor, kind: RecordKind, told: Mapping[str, Any]) -> Known:
        """Return the candidate that an officer picks who types what `find` says."""
        wanted = organisation(told["owner"]).id if "owner" in told else None
        for one in candidates(by, kind=kind, text=told["find"]):
            if wanted in (None, one.owner_id):
                return Known(kind=one.kind, id=one.record_id, owner_id=one.owner_id)
        raise StoryBroken(f"{step.story}: {step.by} finds nothing for “{told['find']}”.")

    def _name(self, told: Mapping[str, Any], known: Known) -> None:
        if "as" in told:
            self._known[told["as"]] = known

    def _spoken_of(self, step: Step, name: str) -> Known:
        if name not in self._known:
            raise StoryBroken(f"{step.story}: nobody has spoken of “{name}” yet.")
        return self._known[name]

    def _record(self, step: Step, name: str) -> Known:
        return self._spoken_of(step, step.text(name))

    def _id(self, step: Step, name: str) -> UUID:
        return self._record(step, name).id

    def _day(self, step: Step, name: str) -> date | None:
        return day(step.text(name), until=self._until)


def _parts(step: Step, name: str) -> list[tuple[RecordKind, Mapping[str, Any]]]:
    kinds = {"people": RecordKind.PERSON, "places": RecordKind.PLACE}
    return [
        (kinds.get(name) or RecordKind.from_code(one["kind"]), one)
        for one in step.told.get(name, ())
    ]
