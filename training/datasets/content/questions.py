"""Questions about an archive that a person answers before an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from recognizer.messages import gettext as _
from training.datasets.errors import ArchiveError

NUMBERS, ENCODING, SOURCE, LATIN = "numbers_from", "encoding", "labels_from", "latin"
"""Keys: the number of the first letter, the encoding of texts, where letters come from, how Latin ones are meant."""
OPTIONS: Mapping[str, str] = {
    NUMBERS: "--numbers-from",
    ENCODING: "--encoding",
    SOURCE: "--labels-from",
    LATIN: "--latin",
}
"""The option of the command line that answers each."""


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes:
        key: of the question, and of its answer in a `Choice`.
        text: what could not be told, a sentence.
        answers: words for each possible answer.
        answer: what a person has said; empty while it is open.

    """

    key: str
    text: str
    answers: Mapping[str, str]
    answer: str = ""

    def answered(self, answer: str) -> "Question":
        """Return it with an answer, if that is one of the possible ones."""
        return replace(self, answer=answer if answer in self.answers else "")

    def in_words(self) -> str:
        """The sentence, and the option that answers it."""
        options = _(" or ").join(f"{OPTIONS[self.key]} {answer}" for answer in self.answers)
        if not options:
            return self.text
        return _("%(text)s Answer with %(options)s.") % {"text": self.text, "options": options}


def refuse_open(questions: Sequence[Question]) -> None:
    """Refuse to go on while a question is open.

    Raises:
        ArchiveError: one is; the message is its text and the option that answers it.

    """
    for question in questions:
        if not question.answer:
            raise ArchiveError(question.in_words())
