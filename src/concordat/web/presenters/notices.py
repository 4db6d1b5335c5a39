"""The public text of a decision, made from the terms without what is left out."""

from collections.abc import Collection, Mapping

from concordat.agreements.queries import AgreementDetail
from concordat.organisations.queries import OrganisationSummary
from concordat.web.presenters import agreement_schedules as schedules
from concordat.web.presenters.agreements import listed, runs, shared, term_rows

TERMS, SHARING, RESOURCES, COSTS, BENEFITS = "terms", "sharing", "resources", "costs", "benefits"
PARTS: Mapping[str, str] = {
    "purpose": "Purpose",
    TERMS: "Terms: direction and control, liability, notice, leaving",
    SHARING: "Sharing schedule",
    RESOURCES: "Resources schedule",
    COSTS: "Costs schedule",
    BENEFITS: "Benefits schedule",
}
"""What of an agreement a notice can leave out, by code."""


def notice_title(detail: AgreementDetail) -> str:
    """Return the title that a notice begins with."""
    return f"Decision: {detail.title}"


def notice_text(
    detail: AgreementDetail,
    *,
    body: str,
    left_out: Collection[str],
    outline: bool,
    bodies: Mapping[str, OrganisationSummary],
) -> str:
    """Return the text of `body`’s notice. `bodies` is by code.

    An outline says the fact and the purpose alone. Source: Police Act 1996, section 23E.
    """
    parties = listed(party.name for party in detail.parties)
    head = (
        f"{body} has agreed to “{detail.title}” ({detail.reference}, version {detail.version}), "
        f"{_form(detail.kind.label)} between {parties}."
    )
    parts = [head, f"{runs(detail.starts_on, detail.ends_on)}."]
    if "purpose" not in left_out:
        parts.append(f"Purpose: {detail.purpose}")
    if outline:
        parts.append(
            "Publishing the whole agreement would prejudice the prevention of crime or the "
            "public’s safety. This is its outline."
        )
        return "\n\n".join(parts)
    parts += [text for code, text in _schedules(detail, bodies).items() if code not in left_out]
    return "\n\n".join(part for part in parts if part)


def _form(label: str) -> str:
    article = "an" if label[:1].lower() in "aeiou" else "a"
    return article + " " + label[:1].lower() + label[1:]


def _schedules(
    detail: AgreementDetail, bodies: Mapping[str, OrganisationSummary]
) -> dict[str, str]:
    terms = detail.terms
    return {
        TERMS: "\n".join(f"{name}: {text}" for name, text in term_rows(detail)),
        SHARING: "\n".join(
            f"Records shared: {one.kinds}. {one.level}. Read by: {one.roles}. For: {one.purposes}."
            for one in shared(detail.sharing)
        ),
        RESOURCES: "\n".join(
            f"Pooled: {what}, by {who}. {how}"
            for what, who, how in schedules.resource_rows(terms.resources, bodies)
        ),
        COSTS: "\n".join(
            f"Cost: {item}, shared by {how[:1].lower()}{how[1:]}."
            + (f" {limits}." if limits else "")
            for item, how, limits in schedules.cost_rows(terms.costs)
        ),
        BENEFITS: "\n".join(
            f"Hoped for: {benefit}, measured by {measure}. Target: {target}."
            for benefit, measure, target in schedules.benefit_rows(terms.benefits)
        ),
    }
