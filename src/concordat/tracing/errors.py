"""What can go wrong when tracing."""


class TracingError(Exception):
    """The package refused, with the reason in plain words."""


class NotAllowedToWatch(TracingError):
    """The actor's roles don't work with records, so that nothing could be told to them."""


class NotAllowedToAlert(TracingError):
    """Alerts are raised by the service alone."""


class NotWatchable(TracingError):
    """Records of this kind can't be watched."""


class WrongWatch(TracingError):
    """The watch says too little: a reason, or an end date that can be."""


class AlreadyWatched(TracingError):
    """The actor watches this record already."""


class UnknownWatch(TracingError):
    """There is no such watch of the actor's, or it has ended."""


class UnknownAlert(TracingError):
    """There is no such alert to the actor."""


class AlertsNotRaised(TracingError):
    """Some alerts could not be raised; the fact that called for them is delivered again."""
