"""Several people at one draft: what each has changed is kept, and nothing is overwritten unseen."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from concordat.access.rules import RecordKind
from concordat.agreements.actions import propose, save_draft
from concordat.agreements.rules import State
from concordat.base.clock import today
from concordat.web import agreement_drafting
from tests.database.desks import (
    REFERENCE,
    THREE,
    TWO,
    Desk,
    clause_form,
    essex,
    form_of,
    given,
    kent,
    now,
    opened,
    saved,
    shared,
    text_of,
    ticked,
)
from tests.world import SERVICE, terms

__all__ = ["essex", "kent"]  # fixtures

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_two_who_change_different_things_keep_both(essex: Desk, kent: Desk) -> None:
    given(State.DRAFT)
    mine, theirs = opened(essex, "basics"), opened(kent, "basics")
    saved(kent, "basics", theirs, title="Their title")
    told = saved(essex, "basics", mine, purpose="My purpose")
    assert "Somebody else changed this meanwhile; it is kept too: Title." in told
    assert (now().title, now().purpose) == ("Their title", "My purpose")


def test_of_two_lists_what_either_took_in_or_out_counts(essex: Desk, kent: Desk) -> None:
    given(State.DRAFT, replace(terms(REFERENCE, THREE), functions=["Fleet", "Estates"]))
    mine, theirs = opened(essex, "parties"), opened(kent, "parties")
    parties = ["essex", "kent", "norfolk"]
    saved(kent, "parties", theirs, parties=parties, functions=["Fleet", "ICT"])
    saved(essex, "parties", mine, functions=["Fleet", "Estates", "Training"])
    assert {party.code for party in now().parties} == set(parties)
    assert set(now().functions) == {"Fleet", "ICT", "Training"}


def test_two_who_share_different_kinds_keep_both(essex: Desk, kent: Desk) -> None:
    given(State.DRAFT, replace(terms(REFERENCE, TWO), sharing=()))
    mine, theirs = opened(essex, "sharing"), opened(kent, "sharing")
    saved(kent, "sharing", theirs, **clause_form(RecordKind.CRIME))
    saved(essex, "sharing", mine, **clause_form(RecordKind.PERSON))
    assert set(shared()) == {"crime", "person"}


def test_whoever_changes_the_same_second_sees_both_texts_and_decides(
    essex: Desk, kent: Desk
) -> None:
    given(State.DRAFT)
    mine, theirs = opened(essex, "basics"), opened(kent, "basics")
    saved(kent, "basics", theirs, title="Their title", purpose="Their purpose")
    answer = essex.send(
        "agreement-edit-section", REFERENCE, "basics",
        sent={**mine, "title": "My title", **ticked("review_on", today() + DAY)},
    )  # fmt: skip
    told = text_of(answer, status=409)
    assert "Somebody else changed this meanwhile" in told
    assert "Title, as they wrote it: Their title" in told
    again = form_of(answer)
    assert again["title"] == ["My title"]
    kept = now()
    assert (kept.title, kept.purpose) == ("Their title", "Their purpose"), "nothing is overwritten"
    assert kept.terms.review_on == today() + DAY, "and what only one changed is saved"
    assert "Saved." in saved(essex, "basics", again, title="Their title and mine")
    assert (now().title, now().purpose) == ("Their title and mine", "Their purpose")


def test_lines_that_both_changed_are_shown_and_not_lost(essex: Desk, kent: Desk) -> None:
    given(State.DRAFT)
    mine, theirs = opened(essex, "benefits"), opened(kent, "benefits")
    saved(kent, "benefits", theirs, **{"line-0-benefit": "Theirs", "line-0-measure": "Count"})
    answer = essex.send(
        "agreement-edit-section", REFERENCE, "benefits", sent={**mine, "line-0-benefit": "Mine"}
    )
    assert "Benefits, as they wrote it: Theirs, Count" in text_of(answer, status=409)
    assert form_of(answer)["line-0-benefit"] == ["Mine"]
    assert [line.benefit for line in now().terms.benefits] == ["Theirs"]


def test_a_page_that_does_not_say_what_it_was_made_of_overwrites_nothing_else(
    essex: Desk,
) -> None:
    given(State.DRAFT)
    for base in (
        "",
        "no JSON",
        "[]",
        "7",
        json.dumps({"title": 7, "parties": "x", "functions": 7}),
    ):
        for section, told in (
            ("basics", {"title": f"Title {base}"}),
            ("parties", {"lead": "kent"}),
        ):
            form = opened(essex, section) | {"base": [base]}
            answer = essex.send("agreement-edit-section", REFERENCE, section, sent={**form, **told})
            assert answer.status_code in (200, 409)
    assert now().purpose == terms(REFERENCE, TWO).purpose


def test_what_is_saved_after_it_was_proposed_is_refused_with_a_word(essex: Desk) -> None:
    given(State.DRAFT)
    form = opened(essex, "basics")
    propose(SERVICE, reference=REFERENCE)
    told = saved(essex, "basics", form, title="Too late")
    assert "It is no draft: what has been proposed can’t be changed." in told
    assert "What you wrote was not saved" in told
    assert now().title == f"Agreement {REFERENCE}"


def test_whoever_was_taken_out_meanwhile_saves_no_more(essex: Desk, kent: Desk) -> None:
    detail = given(State.DRAFT)
    form = opened(kent, "basics")
    without = replace(detail.terms, parties=["essex", "norfolk"])
    save_draft(essex.actor, reference=REFERENCE, revision=detail.revision, terms=without)
    answer = kent.send("agreement-edit-section", REFERENCE, "basics", sent={**form, "title": "x"})
    assert "Kent Police is no party to it." in text_of(answer, status=403)
    assert now().title == f"Agreement {REFERENCE}"


def test_whoever_shares_the_same_kind_second_sees_how_the_other_shared_it(
    essex: Desk, kent: Desk
) -> None:
    given(State.DRAFT, replace(terms(REFERENCE, TWO), sharing=()))
    mine, theirs = opened(essex, "sharing"), opened(kent, "sharing")
    saved(kent, "sharing", theirs, **clause_form(RecordKind.CRIME, level="pointer"))
    sent = {**mine, **clause_form(RecordKind.CRIME, RecordKind.PERSON)}
    answer = essex.send("agreement-edit-section", REFERENCE, "sharing", sent=sent)
    told = text_of(answer, status=409)
    assert "Crime, as they wrote it: kind: crime level: pointer" in told
    assert shared() == {"crime": "pointer", "person": "full"}, "what only one shared is saved"
    again = form_of(answer)
    assert (again["level"], again["kinds"]) == (["full"], ["crime", "person"])
    saved(essex, "sharing", again)
    assert shared() == {"crime": "full", "person": "full"}


def test_whoever_takes_out_what_another_has_just_changed_is_asked_again(
    essex: Desk, kent: Desk
) -> None:
    given(State.DRAFT)
    mine = opened(essex, "sharing")
    saved(kent, "sharing", opened(kent, "sharing"), **clause_form(RecordKind.CRIME))
    sent = {**mine, "remove": "crime"}
    answer = essex.send("agreement-edit-section", REFERENCE, "sharing", sent=sent)
    assert "Crime, as they wrote it:" in text_of(answer, status=409)
    assert "crime" in shared()
    saved(essex, "sharing", form_of(answer), remove="crime")
    assert "crime" not in shared()


def test_a_save_that_comes_while_another_is_under_way_is_joined_with_it(
    essex: Desk, kent: Desk
) -> None:
    read = given(State.DRAFT)
    base = agreement_drafting.values_of(read.terms)
    for reader, name in ((kent, "purpose"), (essex, "liability")):
        kept = agreement_drafting.save(
            reader.actor, draft=read, base=base, mine={name: json.dumps(f"New {name}")}
        )
        assert kept.conflicts == ()
    assert (now().terms.purpose, now().terms.liability) == ("New purpose", "New liability")
