"""One use of each action on agreements: what is journalled, and what fails without a trace."""

from dataclasses import replace

from concordat.agreements.actions import (
    draft_agreement,
    drop,
    end_agreement,
    give_notice,
    leave,
    meet_conditions,
    propose,
    publish_notice,
    recommend,
    refuse,
    renew,
    reopen,
    revise,
    save_draft,
    sign,
    start_agreement,
    succeed,
    vary,
)
from concordat.agreements.errors import (
    AgreementExists,
    AgreementsError,
    IncompleteAgreement,
    NotAllowedToTake,
    WrongState,
)
from concordat.agreements.queries import agreement
from concordat.base.acting import acting
from concordat.base.clock import now, today
from concordat.organisations.models import Organisation
from concordat.organisations.queries import organisation
from tests.architecture.examples import Example, Failure, Scene
from tests.world import SERVICE, terms


def _proposed(scene: Scene) -> str:
    if agreement(SERVICE, reference=scene.draft).digest == "":
        propose(SERVICE, reference=scene.draft)
    return scene.draft


def _digest(scene: Scene) -> str:
    return agreement(SERVICE, reference=scene.draft).digest


def _ended(scene: Scene) -> str:
    end_agreement(SERVICE, reference=scene.agreement_in_force)
    return scene.agreement_in_force


def _dropped(scene: Scene) -> str:
    drop(SERVICE, reference=scene.draft)
    return scene.draft


def _conditional(scene: Scene) -> None:
    _proposed(scene)
    sign(scene.signatory, reference=scene.draft, digest=_digest(scene), conditions="A budget line")


def _succeeded(scene: Scene) -> None:
    assert scene.agreement_in_force
    with acting(SERVICE):
        Organisation.objects.filter(code="kent").update(
            successor=organisation("surrey").id, valid_until=today()
        )


EXAMPLES_OF_AGREEMENTS = {
    "agreements.actions.draft_agreement": Example(lambda s: s.draft),
    "agreements.actions.save_draft": Example(
        lambda s: save_draft(
            SERVICE,
            reference=s.draft,
            revision=1,
            terms=replace(terms(s.draft, ["essex", "kent"]), title="Another title"),
        ),
        given=lambda s: s.draft,
    ),
    "agreements.actions.drop": Example(
        lambda s: drop(SERVICE, reference=s.draft), given=lambda s: s.draft
    ),
    "agreements.actions.reopen": Example(
        lambda s: reopen(SERVICE, reference=s.draft), given=_dropped
    ),
    "agreements.actions.propose": Example(
        lambda s: propose(SERVICE, reference=s.draft), given=lambda s: s.draft
    ),
    "agreements.actions.revise": Example(
        lambda s: revise(SERVICE, reference=s.draft, because="A slip"), given=_proposed
    ),
    "agreements.actions.recommend": Example(
        lambda s: recommend(SERVICE, reference=s.draft, board="Summit", text="Sign it"),
        given=_proposed,
    ),
    "agreements.actions.sign": Example(
        lambda s: sign(s.signatory, reference=s.draft, digest=_digest(s)), given=_proposed
    ),
    "agreements.actions.meet_conditions": Example(
        lambda s: meet_conditions(s.signatory, reference=s.draft, because="It is in the budget"),
        given=_conditional,
    ),
    "agreements.actions.refuse": Example(
        lambda s: refuse(s.signatory, reference=s.draft, reasons="Too dear"), given=_proposed
    ),
    "agreements.actions.start_agreement": Example(
        lambda s: start_agreement(SERVICE, reference=s.draft), given=lambda s: s.draft
    ),
    "agreements.actions.vary": Example(
        lambda s: vary(SERVICE, reference=s.agreement_in_force),
        given=lambda s: s.agreement_in_force,
    ),
    "agreements.actions.renew": Example(
        lambda s: renew(SERVICE, reference=s.agreement_in_force), given=_ended
    ),
    "agreements.actions.give_notice": Example(
        lambda s: give_notice(SERVICE, reference=s.agreement_in_force, because="Too dear"),
        given=lambda s: s.agreement_in_force,
    ),
    "agreements.actions.end_agreement": Example(
        lambda s: end_agreement(SERVICE, reference=s.agreement_in_force),
        given=lambda s: s.agreement_in_force,
    ),
    "agreements.actions.leave": Example(
        lambda s: leave(SERVICE, reference=s.agreement_in_force, body="kent", because="Too dear"),
        given=lambda s: s.agreement_in_force,
    ),
    "agreements.actions.succeed": Example(
        lambda s: succeed(SERVICE, reference=s.agreement_in_force, old="kent", new="surrey"),
        given=_succeeded,
    ),
    "agreements.actions.publish_notice": Example(
        lambda s: publish_notice(
            s.signatory, reference=s.agreement_in_force, title="Decision 1", text="We share."
        ),
        given=lambda s: s.agreement_in_force,
    ),
}

FAILURES_OF_AGREEMENTS = {
    "drafting an agreement whose reference is taken": Failure(
        AgreementExists,
        lambda s: draft_agreement(SERVICE, terms=terms(s.draft, ["essex", "norfolk"])),
        given=lambda s: s.draft,
    ),
    "starting an agreement that ends before it starts": Failure(
        AgreementsError,
        lambda s: start_agreement(SERVICE, reference=s.draft, ends_on=now().date().replace(2000)),
        given=lambda s: s.draft,
    ),
    "proposing an agreement that lacks its exit terms": Failure(
        IncompleteAgreement,
        lambda s: propose(SERVICE, reference=s.incomplete_draft),
        given=lambda s: s.incomplete_draft,
    ),
    "starting an agreement twice": Failure(
        WrongState,
        lambda s: start_agreement(SERVICE, reference=s.agreement_in_force),
        given=lambda s: s.agreement_in_force,
    ),
    "ending an agreement without the role": Failure(
        NotAllowedToTake,
        lambda s: end_agreement(s.officer, reference=s.agreement_in_force),
        given=lambda s: (s.officer, s.agreement_in_force),
    ),
    "signing a text that one hasn’t read": Failure(
        AgreementsError,
        lambda s: sign(s.signatory, reference=s.draft, digest="another"),
        given=lambda s: (s.signatory, _proposed(s)),
    ),
    "ending a draft": Failure(
        WrongState,
        lambda s: end_agreement(SERVICE, reference=s.draft),
        given=lambda s: s.draft,
    ),
}
