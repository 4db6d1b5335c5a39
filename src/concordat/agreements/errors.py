"""What can go wrong with agreements."""


class AgreementsError(Exception):
    """The package refused, with the reason in plain words."""


class UnknownAgreement(AgreementsError):
    """No agreement has this reference, or no version of it this number."""


class AgreementExists(AgreementsError):
    """The reference is taken, or a draft of the next version is there already."""


class IncompleteAgreement(AgreementsError):
    """The terms lack something that an agreement must say; `missing` names everything."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__("The agreement still needs " + "; ".join(missing) + ".")
        self.missing = tuple(missing)


class WrongState(AgreementsError):
    """The agreement is not in a state from which this can be done."""


class NotAllowedToTake(AgreementsError):
    """A step that is not the actor’s to take."""


class StaleDraft(AgreementsError):
    """Somebody else saved the draft meanwhile; nothing of either text is lost."""


class CannotShare(AgreementsError):
    """A sum can't be shared as asked: a figure is missing, or limits contradict the sum."""


class UnknownStatement(AgreementsError):
    """There is no such statement, or none that this actor may read."""


class NotAllowedWithCosts(AgreementsError):
    """The costs of this agreement are not the actor’s to read or to state."""
