"""The journal in words."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from concordat.audit.queries import Entry
from concordat.base.actor import Purpose
from concordat.organisations.queries import OrganisationSummary
from concordat.web.formatting import format_datetime

ACTIONS = {
    "access.end_grants": "Closed what an agreement had opened",
    "access.write_grants": "Opened what an agreement shares",
    "agreements.draft_agreement": "Drafted an agreement",
    "agreements.end_agreement": "Ended an agreement",
    "agreements.start_agreement": "Started an agreement",
    "audit.recent": "Read the journal",
    "audit.verify": "Verified the journal",
    "audit.who_looked": "Asked who looked at a record",
    "exchange.export_force": "Began to take a whole force out",
    "exchange.exported": "Took a whole force out",
    "exchange.holdings": "Counted what a force owns",
    "exchange.import_force": "Took a whole force in",
    "exchange.withdraw_force": "Let a force leave every agreement",
    "identity.count_in_queue": "Counted the pairs that wait for review",
    "identity.duplicates_inside": "Read what a force holds twice",
    "identity.identity_of": "Opened a person",
    "identity.judge": "Judged whether two records are one person",
    "identity.next_in_queue": "Opened the next pair to review",
    "identity.pair": "Compared two person records",
    "identity.pointers": "Asked which force holds a person",
    "identity.progress": "Read how far resolving is",
    "identity.rebuild": "Derived who is who anew",
    "identity.resolve_all": "Resolved the whole register",
    "identity.resolve_pending": "Resolved new person records",
    "identity.retire": "Took a judgement back",
    "identity.review_queue": "Read the pairs that wait for review",
    "identity.settle_clusters": "Derived who is who after a judgement",
    "identity.who_is": "Searched for a person",
    "organisations.choose_purpose": "Changed purpose",
    "organisations.sign_in": "Signed in",
    "organisations.sign_in_refused": "Tried to sign in and was refused",
    "organisations.sign_out": "Signed out",
    "records.accept_transfer": "Accepted an event from another force",
    "records.acknowledge_recall": "Acknowledged a recall",
    "records.add_link": "Linked two records",
    "records.add_warning": "Added a warning",
    "records.allocate": "Allocated an event",
    "records.amend_event": "Corrected an event",
    "records.amend_item": "Corrected a thing",
    "records.amend_person": "Corrected a person record",
    "records.approve": "Approved an event",
    "records.completeness": "Read how complete a force’s person records are",
    "records.decline_transfer": "Declined an event of another force",
    "records.discard_draft": "Discarded a draft",
    "records.disclose": "Disclosed an event",
    "records.disclose_onward": "Passed on what was disclosed",
    "records.disclosure": "Opened a disclosure",
    "records.disclosures_of": "Read to whom an event was disclosed",
    "records.disclosures_to": "Read what was disclosed to the force",
    "records.draft": "Opened a draft",
    "records.end_link": "Ended a link",
    "records.end_warning": "Ended a warning",
    "records.event": "Opened an event",
    "records.event_lines": "Saw a list of events",
    "records.export_events": "Took a file of search results",
    "records.find_events": "Saw a list of events",
    "records.find_items": "Searched for a thing",
    "records.find_places": "Searched for a place",
    "records.hand_over": "Handed a draft over",
    "records.item": "Opened a thing",
    "records.items": "Saw a list of things",
    "records.link_stubs": "Read which links of a record are closed by now",
    "records.links_of": "Read what a record is linked to",
    "records.load_detail": "Read a load report",
    "records.load_persons": "Loaded a file of persons",
    "records.load_stop_search": "Loaded a file of stops and searches",
    "records.load_street": "Loaded a file of street-level crime",
    "records.loads": "Read the list of loads",
    "records.log_event": "Logged an event",
    "records.move_item": "Added to a chain of custody",
    "records.my_drafts": "Read their drafts",
    "records.offer_transfer": "Offered an event to another force",
    "records.person": "Opened a person record",
    "records.person_fields": "Opened a person record to correct it",
    "records.persons": "Saw a list of person records",
    "records.place": "Opened a place",
    "records.pointers": "Asked which force holds a reference",
    "records.print_event": "Printed an event or took it as a file",
    "records.quarantine_file": "Took the rows to correct",
    "records.quarantined_rows": "Read the rows to correct",
    "records.recall": "Recalled a disclosure",
    "records.report_of": "Opened what was logged",
    "records.review_history": "Read the supervision of an event",
    "records.review_queue": "Read what waits for review",
    "records.save_draft": "Saved a draft",
    "records.send_back": "Sent an event back",
    "records.sent_back": "Read what was sent back to them",
    "records.start_draft": "Started a draft",
    "records.submit": "Submitted what they logged",
    "records.summary_of_force": "Read the counts of a force",
    "records.timeline": "Read what happened with a record",
    "records.transfer": "Opened a transfer",
    "records.transfers": "Read the transfers of the force",
    "records.transfers_of": "Read the transfers of an event",
    "records.warning_markers": "Read warnings about persons",
    "tracing.alert": "Told somebody who watches",
    "tracing.end_watch": "Ended a watch",
    "tracing.inbox": "Read their inbox",
    "tracing.mark_all_read": "Marked their alerts as read",
    "tracing.mark_read": "Marked an alert as read",
    "tracing.my_watches": "Read their watches",
    "tracing.watch": "Began to watch a record",
}


def entry_rows(
    entries: Iterable[Entry],
    bodies: Mapping[int, OrganisationSummary],
    *,
    link: Callable[[UUID], str] | None = None,
) -> list[list[object]]:
    """Return entries as cells: when, who, for whom, what, how many records, why.

    `link` gives the address of who looked at a record, for entries that touched exactly one.
    """
    return [
        [
            format_datetime(entry.recorded_at),
            entry.person_name,
            bodies[entry.organisation_id].name
            if entry.organisation_id in bodies
            else "The service",
            {"text": action(entry), "href": link(entry.subject_id)}
            if link and entry.subject_id
            else action(entry),
            f"{entry.subject_count:,}",
            why(entry),
        ]
        for entry in entries
    ]


def action(entry: Entry) -> str:
    """Return what was done, in words; what was typed, if it was a search."""
    words = ACTIONS.get(entry.action) or _spelled_out(entry.action)
    asked = entry.details.get("asked")
    if isinstance(asked, Mapping):
        asked = ", ".join(str(value) for value in asked.values())
    return f"{words}: “{asked}”" if asked and not isinstance(asked, int) else words


def why(entry: Entry) -> str:
    """Return the purpose and the reason that were given."""
    purpose = Purpose(entry.purpose).label if entry.purpose in set(Purpose) else entry.purpose
    return f"{purpose}: {entry.reason}" if entry.reason else purpose


def _spelled_out(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ").capitalize()
