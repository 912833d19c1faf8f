"""From the HTML page to a PDF: Chromium prints it.

The page is laid out for browsers, and what Chromium prints is that page with the same fonts and vector figures, tags
for screen readers and an outline; a second engine for paper would need a second layout (docs/study.md).
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from recognizer.messages import gettext as _

CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
SECONDS = 300
"""Longer than any report takes, on a machine that has much else to do."""
_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
)


class PrintingError(RuntimeError):
    """There is no PDF; the message is a sentence for whoever asked for it."""


def print_to_pdf(page: Path, pdf: Path) -> None:
    """Print a page of HTML.

    Raises:
        PrintingError: there is no browser, or it wrote no PDF.

    """
    browser = os.environ.get("PROPIS_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if browser is None:
        raise PrintingError(
            _("A PDF needs Chromium or Chrome (PROPIS_CHROMIUM names it); the HTML page can be printed too.")
        )
    pdf.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses root otherwise
        command = [browser, *_OPTIONS, *sandbox, f"--user-data-dir={profile}", f"--print-to-pdf={pdf}", page.as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            raise PrintingError(
                _("%(browser)s printed no PDF: %(error)s") % {"browser": browser, "error": error}
            ) from error
    if not pdf.is_file():
        raise PrintingError(_("%(browser)s printed no PDF.") % {"browser": browser})
