"""Tracebacks that the log leaves out."""

import logging


class RefusalFilter(logging.Filter):
    """A refused request is a line, not a traceback: nothing in the code is wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, a refusal without its traceback."""
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return True
