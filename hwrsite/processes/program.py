"""What the supervisor is told of a process that it keeps."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Program:
    """A Python module that the supervisor keeps running in a process of its own.

    Attributes:
        name: what the process is called; `ps` shows it.
        words: the module, and the words of its command line.
        nice: how much of the processor it leaves to others (`politeness`).
        descriptors: open files that the process gets from its supervisor, who keeps them open.

    """

    name: str
    words: Sequence[str]
    nice: int = 0
    descriptors: Sequence[int] = ()

    def to_json(self) -> str:
        """As `from_json` reads it in another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Program":
        """Read what `to_json` wrote."""
        return cls(**json.loads(text))
