"""What can go wrong when tracing."""


class TracingError(Exception):
    """The package refused, with the reason in plain words."""
