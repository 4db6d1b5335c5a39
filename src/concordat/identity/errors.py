"""What can go wrong with identities."""


class IdentityError(Exception):
    """The package refused, with the reason in plain words."""


class UnknownPerson(IdentityError):
    """There is no such record, or the actor may not know of it: the two are never told apart."""


class UnknownJudgement(IdentityError):
    """There is no such judgement, it is retired, or the actor may not know of it."""


class NotAllowedToObserve(IdentityError):
    """The actor may not write the features of this owner's records."""


class NotAllowedToJudge(IdentityError):
    """The actor's roles don't permit deciding who is who."""


class NotAllowedToResolve(IdentityError):
    """Resolving the whole register is for the service alone."""


class TooLittleToGoOn(IdentityError):
    """The question names nothing by which persons could be looked up."""


class TooManyPointers(IdentityError):
    """The actor asked for more pointers in an hour than anyone needs."""
