"""Tags as people type them: words with commas between."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from training.runs.models import Run, Tag

MOST = 10


class TagError(ValueError):
    """Words that cannot be tags; the message is a sentence."""


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


def set_tags(run: Run, names: Iterable[str]) -> None:
    """Give a run these tags and no others; a tag that no run has any more is forgotten."""
    run.tags.set([Tag.objects.get_or_create(name=name)[0] for name in names])
    Tag.objects.filter(runs__isnull=True).delete()


def as_text(run: Run) -> str:
    """Write the tags of a run as `parse` reads them."""
    return ", ".join(tag.name for tag in run.tags.all())
