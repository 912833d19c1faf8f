"""What can be wrong with a sweep."""


class SpaceError(ValueError):
    """A space that cannot be searched: which hyperparameter, if it is one's fault, and why."""

    def __init__(self, message: str, name: str = "") -> None:
        """Keep the hyperparameter's name and the sentence."""
        super().__init__(message)
        self.name = name


class OptionError(ValueError):
    """A limit or another choice of a sweep that cannot be: which one, and why."""

    def __init__(self, option: str, message: str) -> None:
        """Keep the option's name and the sentence."""
        super().__init__(message)
        self.option = option


class ControlError(ValueError):
    """Something that cannot be done with a sweep as it stands; the message says why."""
