"""What commands print of an agreement, for people and for programs."""

from typing import Any

from rich.markup import escape

from concordat.agreements.queries import AgreementDetail
from concordat.agreements.rules import State, as_document
from concordat.cli.common import console, plural, print_json
from concordat.organisations.queries import OrganisationSummary


def as_data(detail: AgreementDetail) -> dict[str, Any]:
    """Return an agreement for programs: its terms, where it stands, and who has signed."""
    return {
        **as_document(detail.terms),
        "version": detail.version,
        "state": detail.state,
        "parties": [party.code for party in detail.parties],
        "left": {p.code: detail.left[p.id] for p in detail.parties if p.id in detail.left},
        "starts_on": detail.starts_on,
        "ends_on": detail.ends_on,
        "digest": detail.digest,
        "signatures": [
            {
                "body": one.body.code,
                "capacities": one.capacities,
                "decision": one.decision,
                "by": one.person_name,
                "on_paper": one.on_paper,
                "decided_at": one.decided_at,
            }
            for one in detail.signatures
        ],
    }


def show_agreement(detail: AgreementDetail, *, as_json: bool) -> None:
    """Print an agreement: for people what counts most of it, for programs everything."""
    if as_json:
        print_json(as_data(detail))
        return
    console.print(
        f"[bold]{escape(detail.reference)}[/] {escape(detail.title)} · version {detail.version} · "
        f"{detail.state.label}"
    )
    console.print(f"{detail.kind.label}. {escape(detail.purpose)}")
    console.print("Parties: " + ", ".join(_party(party, detail) for party in detail.parties))
    for what, said in _lines(detail):
        console.print(f"{what}: {escape(said)}")
    if detail.ends_on and detail.state is not State.ENDED:
        console.print(f"First day without it: {detail.ends_on}")
    for clause in detail.sharing:
        console.print(f"  {clause.kind.label}: {clause.level.label}")
    for signature in detail.waiting_on:
        console.print(f"Waits for {signature.body.name}: {signature.decision.label}")


def _party(party: OrganisationSummary, detail: AgreementDetail) -> str:
    left = detail.left.get(party.id)
    return f"{party.name} (first day outside: {left})" if left else party.name


def _lines(detail: AgreementDetail) -> list[tuple[str, str]]:
    """Return the terms that commands print, without those that say nothing."""
    terms = detail.terms
    lines = [
        ("Functions", ", ".join(detail.functions)),
        ("Lead", detail.lead.name if detail.lead else ""),
        ("Notice", plural(terms.notice_months, "month")),
        ("How a party leaves", terms.exit_terms),
        ("What leaving costs", terms.exit_costs),
        ("To be reviewed", str(terms.review_on or "")),
        ("First day", str(detail.starts_on or "")),
    ]
    return [(what, said) for what, said in lines if said]
