"""A user's fault: one clear message and exit code 2, never a traceback."""


class UsageFault(Exception):
    """The command cannot be carried out as given; the message says what to do instead."""
