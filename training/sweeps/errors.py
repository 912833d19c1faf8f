"""Errors of sweeps."""


class SpaceError(ValueError):
    """A space that cannot be searched: at which hyperparameter, if it is one alone, and why."""

    def __init__(self, message: str, name: str = "") -> None:
        """Keep the hyperparameter's name and the sentence."""
        super().__init__(message)
        self.name = name


class OptionError(ValueError):
    """An option of a sweep that cannot be used: which one, and why."""

    def __init__(self, option: str, message: str) -> None:
        """Keep the option's name and the sentence."""
        super().__init__(message)
        self.option = option


class ControlError(ValueError):
    """Something that cannot be done with a sweep in its present state; the message says why."""
