"""The form by which the admin imports an archive."""

from pathlib import Path
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminIntegerFieldWidget, UnfoldAdminTextInputWidget

from training.datasets import uploads
from training.datasets.archives import is_archive
from training.datasets.errors import ArchiveError
from training.datasets.models import Dataset, DatasetImport, Origin
from training.jobs.models import FINISHED

SHOWN_FILES = 10


class ImportForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A name, a seed, and an archive: uploaded, or by its path under the import folder."""

    archive = forms.FileField(
        label=_("Archive"),
        required=False,
        widget=UnfoldAdminFileFieldWidget,
        help_text=_("zip, tar or tar.gz: a folder for each letter, or pictures and a CSV table."),
    )
    folder_path = forms.CharField(
        label=_("or path in the import folder"), required=False, max_length=500, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = DatasetImport
        fields = ("name", "seed")
        widgets = {"name": UnfoldAdminTextInputWidget, "seed": UnfoldAdminIntegerFieldWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Say what lies in the import folder."""
        super().__init__(*args, **kwargs)
        self.fields["folder_path"].help_text = _in_import_folder()

    def clean_name(self) -> str:
        """Refuse a name that a data set has or will have."""
        name = str(self.cleaned_data["name"])
        waiting = DatasetImport.objects.filter(name=name).exclude(state__in=FINISHED)
        if Dataset.objects.filter(name=name).exists() or waiting.exists():
            raise ValidationError(gettext("There is a data set of this name already, or one is being imported."))
        return name

    def clean_archive(self) -> "UploadedFile[Any] | None":
        """Refuse a file that is too large or no archive."""
        upload = cast("UploadedFile[Any] | None", self.cleaned_data["archive"])
        limit = settings.PROPIS_LIMITS["archive_bytes"]
        if upload and (upload.size or 0) > limit:
            raise ValidationError(gettext("The archive is larger than %(limit)s.") % {"limit": filesizeformat(limit)})
        if upload and not is_archive(upload.open()):
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
        """Ask for the one or the other."""
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and bool(cleaned.get("archive")) == bool(cleaned.get("folder_path")):
            raise ValidationError(
                gettext("Choose a file to upload, or name a path in the import folder: one of the two.")
            )
        return cleaned

    def save(self, commit: bool = True) -> DatasetImport:
        """Keep the upload and return the import, not saved yet: queueing saves it."""
        job: DatasetImport = super().save(commit=False)
        if upload := self.cleaned_data["archive"]:
            job.origin, job.path = Origin.UPLOAD, str(uploads.keep(upload))
        else:
            job.origin, job.path = Origin.FOLDER, self.cleaned_data["folder_path"]
        return job


def _in_import_folder() -> str:
    root: Path = settings.PROPIS_IMPORT_ROOT
    found = sorted(path.name for path in root.iterdir())[:SHOWN_FILES] if root.is_dir() else []
    listed = ", ".join(found) or gettext("nothing")
    return gettext("The import folder is %(root)s; it holds: %(files)s.") % {"root": root, "files": listed}
