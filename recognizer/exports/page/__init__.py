"""A self-contained HTML page that reads letters offline."""

from recognizer.exports.page.page import INKS, to_page

__all__ = ["INKS", "to_page"]
