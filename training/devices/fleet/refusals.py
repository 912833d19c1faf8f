"""Why an agent is refused: the HTTP status and a sentence for whoever looks at the device's terminal."""


class AgentRefusedError(Exception):
    """A request of an agent that is not fulfilled.

    Attributes:
        status: 401 the token, 403 the code, 404 no job of this device, 409 a job that is no longer this attempt's,
            422 what was sent makes no sense, 426 the agent is too old.

    """

    def __init__(self, status: int, message: str) -> None:
        """Keep the status and the sentence."""
        super().__init__(message)
        self.status = status
