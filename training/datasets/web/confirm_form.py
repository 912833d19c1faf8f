"""The form below what was found in an archive: what is taken for the letters, the class set, the split."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from recognizer.templatetags.recognizer_format import grouped
from training.datasets.content.questions import OPTIONS, Question
from training.datasets.content.splitting import Split, size_of
from training.datasets.content.writers import NO_WRITERS
from training.datasets.errors import DatasetError
from training.datasets.imports.inspection import LISTED, ArchiveInspection
from training.datasets.models import MAX_COLUMN, valid_name
from training.datasets.web.forms import refuse_taken

KEEP, REDRAW = "keep", "anew"
MOST_SEED = 2**63 - 1


class ConfirmForm(forms.Form):
    """A choice for everything that looking alone may not decide; as it comes, it is what was found."""

    name = forms.CharField(label=_("Name of the data set"), max_length=100, validators=[valid_name])
    letters = forms.ChoiceField(label=_("Class set"))
    numbers_from = forms.ChoiceField(label=_("Numbers of the letters"))
    encoding = forms.ChoiceField(label=_("Encoding"))
    labels_from = forms.ChoiceField(label=_("Letters from"))
    latin = forms.ChoiceField(label=_("Latin letters"))
    labels = forms.ChoiceField(label=_("Column of letters"), required=False)
    writers = forms.ChoiceField(
        label=_("Writers"), required=False, help_text=_("A writer's pictures stay in one split.")
    )
    split = forms.ChoiceField(label=_("Split"))
    test = forms.CharField(
        label=_("Size of the test split"),
        required=False,
        max_length=40,
        help_text=_("A share (25%, 76635:16500) or a number of pictures; a quarter by default."),
    )
    validation = forms.CharField(
        label=_("Size of the validation split"),
        required=False,
        max_length=40,
        help_text=_("Likewise, or 0 for none; a tenth by default."),
    )
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=MOST_SEED, help_text=_("Splits that are drawn depend on it.")
    )

    def __init__(self, found: ArchiveInspection, *args: Any, **kwargs: Any) -> None:
        """Offer what was found."""
        super().__init__(*args, **kwargs)
        self.found = found
        self._offer("letters", [(key, _class_set(key, count)) for key, count in found.class_sets.items()])
        for key in OPTIONS:
            self._ask(key, next((question for question in found.questions if question.key == key), None))
        self._offer("labels", [(name, name) for name in _label_columns(found)])
        self._offer("writers", _writers(found))
        kept = [(KEEP, gettext("keep the publisher's splits"))] if found.splits else []
        self._offer("split", [*kept, (REDRAW, gettext("draw all splits") if kept else gettext("draw the splits"))])
        for name, field in self.fields.items():
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"

    def _ask(self, name: str, question: Question | None) -> None:
        """Ask a question about the archive; nothing is chosen while it is open."""
        if question is None or not question.answers:
            del self.fields[name]
            return
        unanswered = [] if question.answer else [("", "—")]
        self._offer(name, [*unanswered, *question.answers.items()])
        self.fields[name].help_text = question.text

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Offer choices; a field with none to choose from is left out."""
        if not choices:
            del self.fields[name]
        else:
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        """Refuse a name that a data set has or will have."""
        name = str(self.cleaned_data["name"])
        refuse_taken(name)
        return name

    def clean_test(self) -> str:
        """Refuse what is not a size, or the size of a split that is kept."""
        return self._size(Split.TEST)

    def clean_validation(self) -> str:
        """Likewise."""
        return self._size(Split.VALIDATION)

    def _size(self, split: Split) -> str:
        text = str(self.cleaned_data[split.key]).strip()
        if not text:
            return ""
        try:
            size = size_of(text, may_be_none=split == Split.VALIDATION)
        except DatasetError as error:
            raise ValidationError(str(error)) from error
        if isinstance(size, int) and size >= self.found.pictures:
            raise ValidationError(gettext("There are only %(count)d pictures.") % {"count": self.found.pictures})
        if self.cleaned_data.get("split") == KEEP and self.found.splits.get(split.key):
            raise ValidationError(gettext("The publisher's own split is kept, with the size that it has."))
        return text

    def answers(self) -> dict[str, str]:
        """The answers to questions about the archive, by their keys."""
        return {key: str(self.cleaned_data[key]) for key in OPTIONS if self.cleaned_data.get(key)}


def _class_set(key: str, count: int) -> str:
    names = {
        "russian": gettext("33 Russian letters"),
        "all": gettext("42 letters (Kazakh alphabet)"),
        LISTED: gettext("the archive's own"),
    }
    pictures = ngettext("%(count)s picture", "%(count)s pictures", count) % {"count": grouped(count)}
    return f"{names.get(key, key)}: {pictures}"


def _label_columns(found: ArchiveInspection) -> list[str]:
    """Columns that could be the labels, the taken one first, then any other."""
    if found.columns is None:
        return []
    likely = [found.columns.labels, *(offer.column for offer in found.offered)]
    rest = [name for name in found.header if name != found.columns.files]
    return [name for name in dict.fromkeys([*likely, *rest]) if 0 < len(name) <= MAX_COLUMN]


def _writers(found: ArchiveInspection) -> list[tuple[str, str]]:
    """What may tell the writers apart: what was found, any other column, nothing."""
    nothing = (NO_WRITERS, gettext("writers are ignored"))
    if found.columns is None:
        return [("", gettext("as the folders name them")), nothing] if found.writers else []
    taken = found.columns.groups
    others = [name for name in found.header if name not in (taken, found.columns.files, found.columns.labels)]
    known = [(name, name) for name in ([taken] if taken else []) + others if 0 < len(name) <= MAX_COLUMN]
    return [*known, nothing] if taken else [nothing, *known]
