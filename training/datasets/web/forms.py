"""The form by which the admin imports an archive."""

from pathlib import Path
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from training.datasets import synthesis
from training.datasets.archives import is_archive
from training.datasets.errors import ArchiveError
from training.datasets.imports import kept_uploads, uploads
from training.datasets.models import Dataset, DatasetImport, Origin, valid_name
from training.datasets.naming import proposed_name
from training.jobs.models import FINISHED

SHOWN_FILES = 10
ACCEPTED = ".zip,.tar,.tgz,.gz,.bz2,.xz,.npz,.npy,.csv"
"""What a browser offers to choose; what the file is, is looked at when it has come."""


class ImportForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A name, a seed, and an archive: uploaded, by its path in the import folder, or of synthetic letters."""

    archive = forms.FileField(
        label=_("Archive"),
        required=False,
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ACCEPTED}),
        help_text=_(
            "zip, tar or tar.gz with one of these: a folder of pictures for each letter; pictures and a CSV table; "
            "arrays (npz or npy); IDX files, as MNIST has them; a CSV of pixels. An npz file is taken as it is."
        ),
    )
    folder_path = forms.CharField(
        label=_("or path in the import folder"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget
    )
    per_letter = forms.IntegerField(
        label=_("or synthetic letters: pictures of each letter"),
        required=False,
        min_value=1,
        max_value=synthesis.MAX_PER_LETTER,
        widget=UnfoldAdminIntegerFieldWidget,
        help_text=_(
            "Written along skeletons and drawn from fonts, without any data; a thousand of each take a minute."
        ),
    )

    kept = forms.CharField(required=False, label="", widget=forms.HiddenInput)
    """An archive that was sent before, when something else was wrong."""

    class Meta:
        model = DatasetImport
        fields = ("name", "seed")
        widgets = {"name": UnfoldAdminTextInputWidget, "seed": UnfoldAdminIntegerFieldWidget}

    class Media:
        js = (forms.Script("js/import_form.js", type="module"),)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what lies in the import folder."""
        super().__init__(*args, **kwargs)
        self.fields["folder_path"].help_text = _in_import_folder()
        self.fields["name"].required = False
        self.fields["name"].help_text = gettext("Empty: by the name of the archive.")
        self._say_what_is_kept(str(self.data.get("kept", "")))

    def _say_what_is_kept(self, word: str) -> None:
        if (path := kept_uploads.kept(word)) is not None:
            words = gettext("%(name)s is here already; choose a file only to take another one.")
            self.fields["archive"].help_text = words % {"name": path.name}

    def clean_name(self) -> str:
        """Refuse a name that a data set has or will have."""
        name = str(self.cleaned_data["name"])
        if name:
            refuse_taken(name)
        return name

    def clean_archive(self) -> "UploadedFile[Any] | None":
        """Refuse a file that is too large or no archive."""
        upload = cast("UploadedFile[Any] | None", self.cleaned_data["archive"])
        limit = settings.PROPIS_LIMITS["archive_bytes"]
        if upload and (upload.size or 0) > limit:
            raise ValidationError(gettext("The archive is larger than %(limit)s.") % {"limit": filesizeformat(limit)})
        if upload and not is_archive(upload.open(), upload.name or ""):
            raise ValidationError(gettext("%(name)s is not a zip or tar archive.") % {"name": upload.name})
        return upload

    def clean_folder_path(self) -> str:
        """Refuse a path that leads out of the import folder, or to nothing."""
        text = str(self.cleaned_data["folder_path"])
        try:
            if text:
                uploads.under_import_root(text)
        except ArchiveError as error:
            raise ValidationError(str(error)) from error
        return text

    def clean(self) -> dict[str, Any]:
        """Ask for one of the three."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["kept_path"] = None if cleaned.get("archive") else kept_uploads.kept(cleaned.get("kept", ""))
        chosen = [name for name in ("archive", "kept_path", "folder_path", "per_letter") if cleaned.get(name)]
        if not self.errors and len(chosen) != 1:
            words = gettext(
                "Upload a file, name a path in the import folder, or ask for synthetic letters: one of the three."
            )
            self.add_error(None, words)
        if self.errors:
            self._keep_upload(cleaned.get("archive"))
        else:
            cleaned["name"] = cleaned["name"] or self._proposed_name(cleaned)
        return cleaned

    def _keep_upload(self, upload: "UploadedFile[Any] | None") -> None:
        """Keep an archive that is one, since a browser forgets it when the form comes back."""
        if upload is None:
            return
        word = kept_uploads.keep(upload)
        self.data = cast("QueryDict", self.data).copy()
        self.data["kept"] = word
        self._say_what_is_kept(word)

    @staticmethod
    def _proposed_name(cleaned: dict[str, Any]) -> str:
        if upload := cleaned.get("archive"):
            return proposed_name(upload.name or "")
        source = cleaned["kept_path"] or Path(cleaned.get("folder_path") or "synthetic")
        return proposed_name(source.name)

    def save(self, commit: bool = True) -> DatasetImport:
        """Keep the upload and return the import, not saved yet: queueing or the confirmation saves it."""
        job: DatasetImport = super().save(commit=False)
        if upload := self.cleaned_data["archive"]:
            job.origin, job.path = Origin.UPLOAD, str(uploads.keep(upload))
        elif kept_path := self.cleaned_data["kept_path"]:
            job.origin, job.path = Origin.UPLOAD, str(kept_path)
        elif per_letter := self.cleaned_data["per_letter"]:
            job.origin, job.per_letter = Origin.SYNTHETIC, per_letter
        else:
            job.origin, job.path = Origin.FOLDER, self.cleaned_data["folder_path"]
        return job


class VersionForm(BaseDialogForm):  # type: ignore[misc]  # unfold ships no types
    """The name of a new version."""

    name = forms.CharField(label=_("Name of the new version"), max_length=100, widget=UnfoldAdminTextInputWidget)

    def clean_name(self) -> str:
        """Refuse a name that no data set can have, or that one has or will have."""
        name = str(self.cleaned_data["name"])
        valid_name(name)
        refuse_taken(name)
        return name


def refuse_taken(name: str) -> None:
    """Refuse a name that a data set has or will have.

    Raises:
        ValidationError: the name is taken.

    """
    waiting = DatasetImport.objects.filter(name=name).exclude(state__in=FINISHED)
    if Dataset.objects.filter(name=name).exists() or waiting.exists():
        raise ValidationError(gettext("There is a data set of this name already, or one is being imported."))


def _in_import_folder() -> str:
    root: Path = settings.PROPIS_IMPORT_ROOT
    found = sorted(path.name for path in root.iterdir())[:SHOWN_FILES] if root.is_dir() else []
    listed = ", ".join(found) or gettext("nothing")
    return gettext("The import folder is %(root)s; it holds: %(files)s.") % {"root": root, "files": listed}
