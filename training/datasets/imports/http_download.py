"""Publishers' archives over HTTP: with a size limit, a SHA-256, and a download that goes on where it broke off."""

import hashlib
import http.client
import json
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat

from recognizer.messages import gettext as _
from training.datasets.errors import DatasetError
from training.jobs.progress import CountProgress, unheard

PIECE = 2**18
TIMEOUT = 30.0
"""Seconds without a byte."""
TRIES = 5
"""Attempts without a byte in between before it is given up."""
PAUSE = 1.0
"""Seconds before the first new attempt; twice as long before each further one."""


@dataclass(frozen=True)
class PublisherArchive:
    """An archive that a publisher offers.

    Attributes:
        name: by which a person asks for it.
        url: where it is.
        file_name: what it is called here; by it the importer knows licence and source.
        licence: what is shown before anything is asked of the publisher.
        most_bytes: above which it is refused.
        content_sha256: of the data set that the figures in docs/ were measured on.

    """

    name: str
    url: str
    file_name: str
    licence: str
    most_bytes: int
    content_sha256: str


PUBLISHER_ARCHIVES = (
    PublisherArchive(
        "comnist",
        "https://github.com/GregVial/CoMNIST/raw/master/images/Cyrillic.zip",
        "comnist-cyrillic.zip",
        "CC BY-SA 4.0, G. Vial, https://github.com/GregVial/CoMNIST",
        100 * 2**20,
        "ce36b0c0d22998145c1e976650235d25b1f2b8d3a1f178152c3d2ac253265d8e",
    ),
    PublisherArchive(
        "cyrillic-mnist",
        "https://github.com/bolattleubayev/cmnist/archive/HEAD.zip",
        "cmnist.zip",
        "published for open use, Tleubayev et al., LREC 2022, https://github.com/bolattleubayev/cmnist",
        400 * 2**20,
        "70f5a4c06a31eb3a463240cc9c8a0983db290a6391d44130d8d20b6257704a43",
    ),
)


def publisher_archive(name: str) -> PublisherArchive:
    """Return the archive of this name.

    Raises:
        DatasetError: there is none.

    """
    for each in PUBLISHER_ARCHIVES:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in PUBLISHER_ARCHIVES)
    raise DatasetError(
        _("There is no archive “%(name)s” to download, only %(known)s.") % {"name": name, "known": known}
    )


def folder() -> Path:
    """Return the folder of downloads."""
    path: Path = settings.PROPIS_VAR / "downloads"
    path.mkdir(parents=True, exist_ok=True)
    return path


def download(wanted: PublisherArchive, *, url: str = "", sha256: str = "", progress: CountProgress = unheard) -> Path:
    """Download an archive, or go on with what is here of it; return the file.

    Args:
        wanted: the archive.
        url: another place to take it from.
        sha256: what the file must have, where somebody knows it.
        progress: told the bytes that are here, and of how many (0 where the server does not say).

    Raises:
        DatasetError: it is not to be had, too large, or not what was expected; what was loaded stays for the next try,
            unless it is wrong.

    """
    if not (url or wanted.url).startswith(("https://", "http://")):
        raise _failed(url or wanted.url, ValueError(_("it is not a web address")))
    part = _Part(folder() / f"{wanted.file_name}.part", url or wanted.url)
    fruitless = 0
    while True:
        before = part.size
        try:
            part.load(wanted.most_bytes, progress)
            break
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, DatasetError):
                raise
            if isinstance(error, ValueError) or (isinstance(error, urllib.error.HTTPError) and error.code < 500):
                raise _failed(part.url, error) from error
            fruitless = 0 if part.size > before else fruitless + 1
            if fruitless >= TRIES:
                raise _failed(part.url, error) from error
            time.sleep(PAUSE * 2**fruitless)
    return part.finished(folder() / wanted.file_name, sha256)


class _Part:
    """What is here of a file, and by which mark of the server's it is known to be of the same version."""

    def __init__(self, path: Path, url: str) -> None:
        self.path = path
        self.url = url
        self._about = path.with_suffix(".json")
        if not self._mark():
            path.unlink(missing_ok=True)

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def load(self, most: int, progress: CountProgress) -> None:
        """Ask for the rest and append it; start again if the server has another version or ignores ranges."""
        request = urllib.request.Request(self.url, headers={"User-Agent": "Propis"})  # noqa: S310  (checked)
        have = self.size
        if have:
            request.add_header("Range", f"bytes={have}-")
            request.add_header("If-Range", self._mark())
        try:
            response = urllib.request.urlopen(request, timeout=TIMEOUT)  # noqa: S310
        except urllib.error.HTTPError as error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
                self.path.unlink()  # what is here is not the beginning of the publisher's file
                raise ConnectionError(str(error)) from error
            raise
        with response:
            goes_on = response.status == http.HTTPStatus.PARTIAL_CONTENT
            total = int(response.headers.get("Content-Length") or 0) + (have if goes_on else 0)
            if total > most:
                raise _too_large(self.url, most)
            self._about.write_text(json.dumps({"url": self.url, "mark": _mark_of(response)}))
            with self.path.open("ab" if goes_on else "wb") as file:
                self._copy(response, file.write, have if goes_on else 0, total, most, progress)

    def _copy(
        self,
        response: http.client.HTTPResponse,
        write: Callable[[bytes], object],
        done: int,
        total: int,
        most: int,
        progress: CountProgress,
    ) -> None:
        while piece := response.read(PIECE):
            done += len(piece)
            if done > most:
                raise _too_large(self.url, most)
            write(piece)
            progress(done, total)
        if total and done < total:
            raise ConnectionError(f"the connection ended after {done} of {total} bytes")

    def finished(self, target: Path, sha256: str) -> Path:
        """Check the file and give it its name."""
        with self.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        self._about.unlink(missing_ok=True)
        if sha256 and found != sha256.lower():
            self.path.unlink()
            raise DatasetError(
                _("The file from %(url)s has the SHA-256 %(found)s, not the expected one; it was deleted.")
                % {"url": self.url, "found": found}
            )
        shutil.move(self.path, target)
        return target

    def _mark(self) -> str:
        """The mark that the server gave with what is here; empty where it gave none, or it is of another address."""
        try:
            about = json.loads(self._about.read_text())
            return str(about["mark"]) if about["url"] == self.url else ""
        except (OSError, ValueError, KeyError, TypeError):
            return ""


def _mark_of(response: http.client.HTTPResponse) -> str:
    """A strong ETag, else the date of the last change: by it a server knows whether it still has the same bytes."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _too_large(url: str, most: int) -> DatasetError:
    return DatasetError(_("%(url)s is larger than %(limit)s.") % {"url": url, "limit": filesizeformat(most)})


def _failed(url: str, error: Exception) -> DatasetError:
    return DatasetError(
        _("%(url)s could not be downloaded: %(reason)s. The next try resumes from there.")
        % {"url": url, "reason": error}
    )
