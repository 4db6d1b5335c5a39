"""What can go wrong with organisations and people."""


class OrganisationsError(Exception):
    """The package refused, with the reason in plain words."""


class UnknownOrganisation(OrganisationsError):
    """No organisation has this code or name."""


class SignInRefused(OrganisationsError):
    """The name and password don't go together, or the account is closed."""


class SignInLocked(SignInRefused):
    """Too many wrong passwords: the account rests for a while."""


class NotAllowed(OrganisationsError):
    """The actor's roles don't permit this."""


class PersonExists(OrganisationsError):
    """The username or the collar number is taken."""
