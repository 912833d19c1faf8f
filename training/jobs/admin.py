"""What the admin pages of all kinds of jobs have in common."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from training.jobs import lifecycle
from training.jobs.models import Job, State

STATE_COLOURS = {
    State.QUEUED: "info",
    State.RUNNING: "warning",
    State.SUCCEEDED: "success",
    State.FAILED: "danger",
    State.CANCELLED: "info",
    State.PAUSED: "warning",
    State.PRUNED: "info",
}
HISTORY = ("state", "error", "worker", "created_by", "created_at", "started_at", "finished_at", "shown_events")
"""What every job tells of itself."""


def _moment(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"


class StartedByFormAdmin(ModelAdmin):
    """Something that is started by the form of a new one."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Offer one button: what is queued is not edited further."""
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
        answer: HttpResponse = super().add_view(request, form_url, (extra_context or {}) | buttons)
        return answer


class JobAdmin(StartedByFormAdmin):
    """A kind of job that is started by its form, then only read, cancelled or deleted."""

    actions: tuple[str, ...] = ("pause", "resume", "retry", "cancel")
    asked: tuple[str, ...]
    """What the form of a new one asks for."""
    told: tuple[str, ...]
    """What is shown of one that is there, before its history."""

    def get_fields(self, request: HttpRequest, obj: Job | None = None) -> Any:
        """Ask, or tell."""
        return self.asked if obj is None else (*self.told, *HISTORY)

    def get_readonly_fields(self, request: HttpRequest, obj: Job | None = None) -> Any:
        """A job that is there is only read."""
        return () if obj is None else (*self.told, *HISTORY)

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """A job is not changed by hand; the permission to change means the permission to cancel."""
        return obj is None and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Job, form: Any, change: bool) -> None:
        """Queue a new job."""
        lifecycle.enqueue(obj, by=request.user)

    @display(description=_("state"), label=STATE_COLOURS, ordering="state")
    def shown_state(self, job: Job) -> tuple[str, str]:
        """The state with its colour."""
        return job.state, str(job.get_state_display())

    @display(description=_("progress"))
    def shown_progress(self, job: Job) -> str:
        """How much is done, in words while it runs."""
        return job.progress_text if job.is_running and job.progress_text else f"{job.progress:.0%}"

    @display(description=_("events"))
    def shown_events(self, job: Job) -> SafeString:
        """What happened to it, a line each, oldest first."""
        lines = ((_moment(event.at), gettext(event.name), event.text) for event in job.events)
        return format_html_join(mark_safe("<br>"), "{} · {} {}", lines)

    @admin.action(description=_("Pause the chosen ones"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Let them rest, with what they have achieved, until they are resumed."""
        count = sum(lifecycle.request_pause(job) for job in queryset)
        words = ngettext("%(count)d job is being paused.", "%(count)d jobs are being paused.", count)
        self._say(request, words, count, len(queryset))

    @admin.action(description=_("Resume the chosen ones"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Queue again what was paused."""
        count = sum(lifecycle.resume(job) for job in queryset)
        words = ngettext("%(count)d job is resumed.", "%(count)d jobs are resumed.", count)
        self._say(request, words, count, len(queryset))

    @admin.action(description=_("Try the chosen ones again"), permissions=["change"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Queue anew what failed, or was cancelled or pruned."""
        count = sum(self.tried_again(job) for job in queryset)
        words = ngettext("%(count)d job is queued again.", "%(count)d jobs are queued again.", count)
        self._say(request, words, count, len(queryset))

    def tried_again(self, job: Any) -> bool:
        """Queue one job anew."""
        return lifecycle.retry(job)

    @admin.action(description=_("Cancel the chosen ones"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """End what waits, and ask the workers of what runs to stop."""
        count = sum(lifecycle.request_cancel(job) for job in queryset)
        words = ngettext("%(count)d job is being cancelled.", "%(count)d jobs are being cancelled.", count)
        self._say(request, words, count, len(queryset))

    def _say(self, request: HttpRequest, words: str, count: int, chosen: int) -> None:
        """Tell how many it was done to, and how many of the chosen ones were in no state for it."""
        left = chosen - count
        rest = ngettext("%(left)d was in no state for it.", "%(left)d were in no state for it.", left) % {"left": left}
        text = f"{words % {'count': count}} {rest}" if left else words % {"count": count}
        self.message_user(request, text, messages.WARNING if left else messages.SUCCESS)
