"""What can go wrong in the journal."""


class AuditError(Exception):
    """The journal refused, with the reason in plain words."""


class NotAllowedToReadJournal(AuditError):
    """The actor holds no role that may read who looked at what."""
