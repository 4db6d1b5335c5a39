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
    "records.completeness": "Read how complete a force’s person records are",
    "records.event": "Opened an event",
    "records.export_events": "Took a file of search results",
    "records.find_events": "Saw a list of events",
    "records.load_detail": "Read a load report",
    "records.load_persons": "Loaded a file of persons",
    "records.load_stop_search": "Loaded a file of stops and searches",
    "records.load_street": "Loaded a file of street-level crime",
    "records.loads": "Read the list of loads",
    "records.person": "Opened a person record",
    "records.persons": "Saw a list of person records",
    "records.place": "Opened a place",
    "records.pointers": "Asked which force holds a reference",
    "records.quarantined_rows": "Read the rows to correct",
    "records.quarantine_file": "Took the rows to correct",
    "records.summary_of_force": "Read the counts of a force",
    "records.warning_markers": "Read warnings about persons",
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
