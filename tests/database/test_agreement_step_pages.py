"""The pages of an agreement's steps: each does what it says, for those alone who may take it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from concordat.agreements.actions import leave, vary
from concordat.agreements.errors import NotAllowedToTake
from concordat.agreements.queries import AgreementDetail, agreements, versions
from concordat.agreements.rules import AgreementKind, State, earliest_end
from concordat.base.actor import Role
from concordat.base.clock import today
from concordat.web.formatting import format_date
from tests.database.desks import REFERENCE, THREE, TWO, desk, form_of, given, now, text_of, ticked
from tests.world import SERVICE, terms

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
BOTH = frozenset({Role.PROGRAMME, Role.SIGNATORY})


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A step from where it can be taken: what is written, where it leads, what the history says."""

    step: str
    before: State
    wrong: State
    after: State
    happened: str
    written: Mapping[str, str] = field(default_factory=lambda: {"because": "It’s time"})
    asks: str = ""
    notice_months: int = 0
    roles: frozenset[Role] = frozenset({Role.PROGRAMME})

    @property
    def address(self) -> str:
        """The name of its page."""
        return f"agreement-{self.step}"

    def ready(self) -> AgreementDetail:
        """Bring the agreement to where the step can be taken."""
        return given(
            self.before, replace(terms(REFERENCE, THREE), notice_months=self.notice_months)
        )


STEPS = (
    Taken(
        step="propose", before=State.DRAFT, after=State.PROPOSED, wrong=State.IN_FORCE,
        happened="Proposed for signature It’s time",
    ),
    Taken(
        step="revise", before=State.PROPOSED, after=State.DRAFT, wrong=State.DRAFT,
        happened="Taken back to be changed It’s time", asks="Write a few words.",
    ),
    Taken(
        step="drop", before=State.DRAFT, after=State.DROPPED, wrong=State.PROPOSED,
        happened="Dropped It’s time",
    ),
    Taken(
        step="reopen", before=State.DROPPED, after=State.DRAFT, wrong=State.DRAFT,
        happened="Taken up again It’s time",
    ),
    Taken(
        step="recommend", before=State.PROPOSED, after=State.PROPOSED, wrong=State.DRAFT,
        written={"board": "Summit", "because": "It’s time"}, asks="Name the board.",
        happened="Recommended by Summit, which binds nobody It’s time",
    ),
    Taken(
        step="vary", before=State.IN_FORCE, after=State.IN_FORCE, wrong=State.DRAFT,
        happened="Next version drafted",
    ),
    Taken(
        step="renew", before=State.ENDED, after=State.ENDED, wrong=State.IN_FORCE,
        happened="Renewal drafted",
    ),
    Taken(
        step="notice", before=State.IN_FORCE, after=State.NOTICE, wrong=State.DRAFT,
        happened="Notice given, first day without it", asks="Write a few words.",
        notice_months=12, roles=BOTH,
    ),
    Taken(
        step="leave", before=State.IN_FORCE, after=State.IN_FORCE, wrong=State.ENDED,
        happened="Essex Police leaves, first day outside", asks="Write a few words.",
        notice_months=12, roles=BOTH,
    ),
    Taken(
        step="end", before=State.IN_FORCE, after=State.ENDED, wrong=State.ENDED,
        happened="Ended, first day without it", roles=BOTH,
    ),
)  # fmt: skip


@pytest.fixture(params=STEPS, ids=[taken.step for taken in STEPS])
def taken(request: pytest.FixtureRequest) -> Taken:
    """Each step in turn."""
    told: Taken = request.param
    return told


def unchanged(before: AgreementDetail) -> bool:
    return versions(SERVICE, reference=REFERENCE)[-1] == before


# --- each step ------------------------------------------------------------------------------------


def test_a_step_does_what_it_says_and_the_history_shows_it(taken: Taken) -> None:
    taken.ready()
    essex = desk("essex", max(taken.roles))
    form = form_of(essex.get(taken.address, REFERENCE))
    told = essex.told(taken.address, REFERENCE, sent={**form, **taken.written})
    assert "There is a problem" not in told
    first = now(version=1)
    assert first.state is taken.after
    history = essex.read("agreement-version", REFERENCE, 1).split("What happened")[1]
    assert taken.happened in history
    assert essex.actor.person_name in history
    if taken.step in ("vary", "renew"):
        assert now(version=2).state is State.DRAFT
        assert "What and when" in told, "and one goes on with the text of the new version"
    else:
        assert f"{REFERENCE}: {taken.after.label.lower()}." in told


@pytest.mark.parametrize("taken", [one for one in STEPS if one.asks], ids=lambda one: one.step)
def test_a_step_without_what_it_asks_says_so_and_does_nothing(taken: Taken) -> None:
    before = taken.ready()
    assert taken.asks in desk("essex").told(taken.address, REFERENCE, sent={})
    assert unchanged(before)


def test_nobody_takes_a_step_without_the_role_for_it(taken: Taken) -> None:
    before = taken.ready()
    roles = {Role.OFFICER, Role.FINANCE, Role.SIGNATORY, Role.PROGRAMME} - taken.roles
    for role in sorted(roles):
        other = desk("essex", role)
        assert other.get(taken.address, REFERENCE).status_code == 403
        answer = other.send(taken.address, REFERENCE, sent=taken.written)
        assert "is for" in text_of(answer, status=403), "and it says for whom it is"
    assert unchanged(before)


def test_nobody_of_another_body_takes_a_step(taken: Taken) -> None:
    before = taken.ready()
    norfolk = desk("norfolk")
    for answer in (
        norfolk.client.get(f"/agreements/{REFERENCE}/{taken.step}", follow=True),
        norfolk.send(taken.address, REFERENCE, sent=taken.written),
    ):
        assert answer.redirect_chain[-1] == (f"/agreements/{REFERENCE}", 302)
        assert "Norfolk Constabulary is no party to this agreement." in text_of(answer)
    assert unchanged(before)


def test_a_step_that_can_not_be_taken_now_says_where_the_agreement_stands(taken: Taken) -> None:
    before = given(taken.wrong)
    essex = desk("essex")
    for answer in (
        essex.client.get(f"/agreements/{REFERENCE}/{taken.step}", follow=True),
        essex.send(taken.address, REFERENCE, sent=taken.written),
    ):
        assert answer.redirect_chain[-1] == (f"/agreements/{REFERENCE}", 302)
        stands = before.state.label
        assert f"can’t be done now. Where it stands: {stands}." in text_of(answer)
    assert unchanged(before)


# --- what single pages say ------------------------------------------------------------------------


def test_the_page_of_a_proposal_names_everybody_who_must_sign() -> None:
    given(State.DRAFT, terms(REFERENCE, THREE))
    told = desk("essex").read("agreement-propose", REFERENCE)
    assert "These 6 bodies must sign, each for itself: " in told
    for name in ("Essex Police", "Police and Crime Commissioner for Kent", "Suffolk Constabulary"):
        assert name in told


def test_an_agreement_has_one_draft_at_a_time() -> None:
    given(State.IN_FORCE)
    essex = desk("essex")
    vary(SERVICE, reference=REFERENCE)
    told = essex.told("agreement-vary", REFERENCE, sent={})
    assert "There already is" in told
    essex.told("agreement-drop", REFERENCE, sent={})
    vary(SERVICE, reference=REFERENCE)
    assert "There is another draft" in essex.told("agreement-reopen", REFERENCE, sent={})
    assert [one.version for one in agreements(SERVICE)] == [1, 3]


def test_notice_is_given_no_sooner_than_was_agreed() -> None:
    given(State.IN_FORCE, replace(terms(REFERENCE, TWO), notice_months=12))
    essex = desk("essex")
    soonest = earliest_end(today(), notice_months=12)
    told = essex.read("agreement-notice", REFERENCE)
    assert (
        f"The agreed notice is 12 months: the first day without it can be {format_date(soonest)}"
        in (told)
    )
    assert "What leaving costs: Each party pays its own costs of leaving." in told
    for step in ("notice", "end", "leave"):
        early = ticked("ends_on", soonest - DAY) | ticked("leaves_on", soonest - DAY)
        sent = early | {"because": "x", "body": "essex"}
        assert "Its notice period is 12 months" in essex.told(
            f"agreement-{step}", REFERENCE, sent=sent
        )
    assert now().state is State.IN_FORCE


def test_an_end_that_is_near_is_not_put_off_by_giving_notice() -> None:
    ends = today() + 30 * DAY
    given(State.IN_FORCE, replace(terms(REFERENCE, TWO), notice_months=12, ends_on=ends))
    essex = desk("essex")
    form = form_of(essex.get("agreement-notice", REFERENCE))
    assert "Notice is given." in essex.told(
        "agreement-notice", REFERENCE, sent={**form, "because": "Too dear"}
    )
    assert now().ends_on == ends


def test_an_end_is_brought_forward_where_the_notice_was_longer_than_it_must_be() -> None:
    detail = given(State.NOTICE, replace(terms(REFERENCE, TWO), notice_months=1))
    essex = desk("essex")
    assert "Bring the end forward" not in essex.read("agreement", REFERENCE)
    assert detail.ends_on is not None
    given(State.IN_FORCE, replace(terms("LONGER", TWO), notice_months=1))
    later = ticked("ends_on", detail.ends_on + DAY) | {"because": "Too dear"}
    essex.told("agreement-notice", "LONGER", sent=later)
    assert "Bring the end forward" in essex.read("agreement", "LONGER")
    essex.told("agreement-end", "LONGER", sent=form_of(essex.get("agreement-end", "LONGER")))
    assert now("LONGER").ends_on == detail.ends_on


def test_nothing_ends_in_the_past_and_today_ends_it_at_once() -> None:
    given(State.IN_FORCE)
    essex = desk("essex", Role.SIGNATORY)
    assert "can’t end in the past" in essex.told(
        "agreement-end", REFERENCE, sent=ticked("ends_on", today() - DAY)
    )
    form = form_of(essex.get("agreement-end", REFERENCE))
    assert f"{REFERENCE}: ended." in essex.told("agreement-end", REFERENCE, sent=form)


def test_what_has_not_begun_can_be_given_up_before_it_does() -> None:
    given(State.APPROVED)
    essex = desk("essex")
    form = form_of(essex.get("agreement-end", REFERENCE))
    essex.told("agreement-end", REFERENCE, sent=form)
    assert now().ends_on == now().starts_on


# --- leaving --------------------------------------------------------------------------------------


def test_each_body_leaves_for_itself_or_is_taken_out_by_those_who_oversee_it() -> None:
    given(State.IN_FORCE, terms(REFERENCE, THREE))
    kent = desk("kent")
    form = {**form_of(kent.get("agreement-leave", REFERENCE)), "because": "Money"}
    assert "There is a problem" in kent.told(
        "agreement-leave", REFERENCE, sent={**form, "body": "suffolk"}
    )
    commissioner = desk("essex-pfcc", Role.SIGNATORY)
    form = {**form_of(commissioner.get("agreement-leave", REFERENCE)), "because": "Money"}
    assert form["body"] == ["essex"]
    commissioner.told("agreement-leave", REFERENCE, sent=form)
    detail = now()
    assert detail.left == {desk("essex").actor.organisation_id: today()}
    assert "leaves: first day outside" in kent.read("agreement", REFERENCE)


def test_whoever_has_left_decides_for_none_of_the_others() -> None:
    given(State.IN_FORCE, terms(REFERENCE, THREE))
    leave(SERVICE, reference=REFERENCE, body="essex", because="Money")
    essex = desk("essex")
    assert "Essex Police decides for no party that is still in it." in essex.told(
        "agreement-leave", REFERENCE, sent={"body": "kent", "because": "x"}
    )
    assert "/leave" not in essex.get("agreement", REFERENCE).content.decode()


def test_a_fire_service_does_not_take_its_police_force_out() -> None:
    parties = ["essex", "kent", "essex-fire"]
    given(State.IN_FORCE, terms(REFERENCE, parties, form=AgreementKind.INFORMATION_SHARING))
    fire = desk("essex-fire")
    assert form_of(fire.get("agreement-leave", REFERENCE))["body"] == ["essex-fire"]
    with pytest.raises(NotAllowedToTake, match="Only Essex Police itself decides"):
        leave(fire.actor, reference=REFERENCE, body="essex", because="x")
