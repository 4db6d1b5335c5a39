"""What can go wrong with access."""


class AccessError(Exception):
    """The package refused, with the reason in plain words."""


class NotAllowedToGrant(AccessError):
    """The actor's roles don't permit changing what is shared."""


class NotAllowedToExplain(AccessError):
    """The actor may not ask what this person can see."""
