"""Tags as people type them: words with commas between."""

from recognizer.messages import gettext as _
from training.runs.models import Run, Tag

MOST = 10


class TagError(ValueError):
    """A text that cannot be tags; the message is a sentence."""


def parse(text: str) -> list[str]:
    """Read tags, each once, in their order.

    Raises:
        TagError: too many, or one that is too long or more than a line.

    """
    names = list(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    longest = Tag._meta.get_field("name").max_length or 0
    if len(names) > MOST:
        raise TagError(_("At most %(most)d tags.") % {"most": MOST})
    if any(len(name) > longest or not name.isprintable() for name in names):
        raise TagError(_("A tag is one line of at most %(longest)d characters.") % {"longest": longest})
    return names


def as_text(run: Run) -> str:
    """Write the tags of a run as `parse` reads them."""
    return ", ".join(tag.name for tag in run.tags.all())
