"""Lines of the log: of which request and which job each is, and tracebacks that it leaves out."""

import logging
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

from training.jobs import log_context

request_id: ContextVar[str] = ContextVar("propis_request", default="")
"""Of the request that this thread answers; empty between two."""


class RefusalFilter(logging.Filter):
    """A refused request is a line, not a traceback: nothing in the code is wrong."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, a refusal without its traceback."""
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return True


class OriginFilter(logging.Filter):
    """Says of which request and of which job a line is."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass, and write it down."""
        record.request_id, record.job = request_id.get(), log_context.current.get()
        return True


class LineFormatter(logging.Formatter):
    """A line for people: the request or the job at its end, where it is of one."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """Add the origin."""
        origin = " ".join(filter(None, (getattr(record, "job", ""), getattr(record, "request_id", ""))))
        return super().formatMessage(record) + (f"  [{origin}]" if origin else "")


class ObjectFormatter(JsonFormatter):
    """A line for programs: one JSON object, with a traceback as one of its texts."""

    def __init__(self) -> None:
        """Name the members that every line has."""
        super().__init__(
            ["levelname", "name", "message", "process", "request_id", "job"],
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback"},
            timestamp="at",
            json_ensure_ascii=False,
            reserved_attrs=[*vars(logging.makeLogRecord({})), "message", "asctime", "request", "server_time"],
        )
