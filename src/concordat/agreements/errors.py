"""What can go wrong with agreements."""


class AgreementsError(Exception):
    """The package refused, with the reason in plain words."""


class UnknownAgreement(AgreementsError):
    """No agreement has this reference."""


class AgreementExists(AgreementsError):
    """The reference is taken."""


class IncompleteAgreement(AgreementsError):
    """The terms lack something that an agreement must say."""


class WrongState(AgreementsError):
    """The agreement is not in a state from which this can be done."""


class CannotShare(AgreementsError):
    """A sum can't be shared as asked: a figure is missing, or limits contradict the sum."""
