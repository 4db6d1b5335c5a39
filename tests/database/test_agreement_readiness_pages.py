"""What a draft still lacks, and what no agreement of its parties can have: said in good time."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from concordat.agreements.actions import draft_agreement
from concordat.agreements.queries import everything_missing
from concordat.agreements.rules import (
    AgreementKind,
    BenefitTerms,
    CostTerms,
    ResourceTerms,
    State,
)
from concordat.base.clock import today
from tests.database.desks import (
    EMPTY,
    REFERENCE,
    SECTIONS,
    THREE,
    TWO,
    Desk,
    essex,
    form_of,
    given,
    now,
    opened,
    saved,
    text_of,
)
from tests.world import SERVICE, terms

__all__ = ["essex"]  # fixtures

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


# --- what is missing ------------------------------------------------------------------------------


def test_everything_that_is_missing_leads_to_where_it_is_said(essex: Desk) -> None:
    clause = replace(terms(REFERENCE, TWO).sharing[0], lawful_basis="", assessment="", contact="")
    gaps = replace(
        EMPTY,
        lead="kent",
        sharing=[clause],
        starts_on=today(),
        ends_on=today() - DAY,
        resources=[ResourceTerms(resource="Kennels", provider="", terms="")],
        costs=[CostTerms(item="", formula="", unit="hour")],
        benefits=[BenefitTerms(benefit="Fewer lost", measure="", target="")],
    )
    draft_agreement(SERVICE, terms=gaps)
    missing = everything_missing(SERVICE, terms=gaps)
    page = essex.get("agreement-edit", REFERENCE).content.decode()
    panel = page.split('id="missing"')[1]
    links = re.findall(r'<li><a class="[^"]+" href="([^"]+)">([^<]+)</a></li>', panel)
    assert [unescape(what) for _, what in links] == missing
    sections = {address.split("#")[0].rsplit("/", 1)[1] for address, _ in links}
    assert sections == set(SECTIONS), "gaps of every section"
    for address, _ in links:
        path, anchor = address.split("#")
        assert f'id="{anchor}"' in essex.client.get(path).content.decode(), address


def test_once_nothing_is_missing_the_draft_leads_to_its_proposal(essex: Desk) -> None:
    given(State.DRAFT)
    page = essex.get("agreement-edit", REFERENCE)
    assert "Nothing is missing" in text_of(page)
    assert f'href="/agreements/{REFERENCE}/propose"' in page.content.decode()


def test_a_proposal_with_gaps_is_refused_with_every_reason(essex: Desk) -> None:
    draft_agreement(SERVICE, terms=EMPTY)
    told = essex.told("agreement-propose", REFERENCE, sent={"because": ""})
    for what in everything_missing(SERVICE, terms=EMPTY):
        assert f"It still needs {what}." in told
    assert now().state is State.DRAFT


# --- functions that a framework excludes ----------------------------------------------------------


def memorandum() -> None:
    """Let Essex and Kent have agreed never to share dogs."""
    framework = replace(
        terms("MOU-1", TWO, form=AgreementKind.MEMORANDUM),
        sharing=(),
        excluded_functions=["Dogs"],
    )
    given(State.IN_FORCE, framework)


def test_a_function_that_a_framework_excludes_can_not_be_chosen(essex: Desk) -> None:
    memorandum()
    given(State.DRAFT)
    page = essex.get("agreement-edit-section", REFERENCE, "parties")
    (box,) = re.findall(
        r'<input [^>]*name="functions"[^>]*value="Dogs"[^>]*>', page.content.decode()
    )
    assert "disabled" in box
    assert "Excluded by MOU-1 between these parties" in text_of(page)
    told = saved(essex, "parties", form_of(page), functions=["Crime recording", "Dogs"])
    assert "MOU-1 excludes dogs between these parties." in told
    assert list(now().functions) == ["Crime recording"]


def test_a_function_is_excluded_between_the_parties_that_are_chosen_with_it(essex: Desk) -> None:
    memorandum()
    given(State.DRAFT, replace(EMPTY, parties=["essex", "norfolk"]))
    form = opened(essex, "parties")
    assert "Saved." in saved(essex, "parties", form, functions=["Dogs"])
    given_up = saved(essex, "parties", opened(essex, "parties"), parties=["essex", "kent"])
    assert "Saved." in given_up
    assert "MOU-1 excludes it between these parties" in given_up, "it is a gap by now"
    assert "Saved." in saved(essex, "parties", opened(essex, "parties"), functions=[])
    assert "MOU-1 excludes dogs" in saved(
        essex, "parties", form, parties=list(THREE), functions=["Dogs"]
    )
