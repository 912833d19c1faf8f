"""An upload whose form has an error elsewhere: kept, and named by a signed word, so that it need not be sent again."""

from pathlib import Path
from typing import Any

from django.core import signing
from django.core.files.uploadedfile import UploadedFile

from training.datasets.imports import uploads

_SALT = "datasets.kept-upload"
LASTS_SECONDS = uploads.OLD_SECONDS


def keep(upload: "UploadedFile[Any]") -> str:
    """Keep an upload and return the word by which a form names it."""
    return signing.dumps(str(uploads.keep(upload)), salt=_SALT)


def kept(word: str) -> Path | None:
    """The file of a word; None where it is none of ours, too old, or gone."""
    try:
        path = Path(signing.loads(word, salt=_SALT, max_age=LASTS_SECONDS))
    except signing.BadSignature:
        return None
    return path if path.is_file() else None
