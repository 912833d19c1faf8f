"""Base classes of the admin pages of all kinds of jobs."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from accounts.careful_admin import CarefulAdmin
from training.jobs import files, lifecycle
from training.jobs.models import CannotStartError, Deployment, Job, State, WorkerProcess

STATE_COLOURS = {
    State.QUEUED: "info",
    State.RUNNING: "warning",
    State.SUCCEEDED: "success",
    State.FAILED: "danger",
    State.CANCELLED: "info",
    State.PAUSED: "warning",
    State.PRUNED: "info",
}
SHOWN_WORKERS = 50
HISTORY = ("state", "error", "worker", "created_by", "created_at", "started_at", "finished_at", "shown_events")
"""Fields of every job, below those of its kind."""


def _moment(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"


class StartedByFormAdmin(CarefulAdmin):
    """The admin of what is started by its add form."""

    start_label: Any
    """What the button of that form does, in its words."""

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Offer one button: what is queued is not edited further."""
        buttons = {"show_save_and_add_another": False, "show_save_and_continue": False, "start_label": self.start_label}
        answer: HttpResponse = super().add_view(request, form_url, (extra_context or {}) | buttons)
        return answer

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What was chosen, by name; the epochs and trials that go with it would fill the page."""
        return [str(each) for each in objs], {str(self.opts.verbose_name_plural): len(objs)}, set(), []


class JobAdmin(StartedByFormAdmin):
    """A kind of job that is started by its form, then only read, cancelled or deleted."""

    actions: tuple[str, ...] = ("pause", "resume", "retry", "cancel")
    add_fields: tuple[str, ...]
    """Fields of the form of a new one."""
    detail_fields: tuple[str, ...]
    """Fields shown of an existing one, before its history."""

    def get_fields(self, request: HttpRequest, obj: Job | None = None) -> Any:
        """Those of the form of a new one, or those of an existing one."""
        return self.add_fields if obj is None else (*self.detail_fields, *HISTORY)

    def get_readonly_fields(self, request: HttpRequest, obj: Job | None = None) -> Any:
        """Everything of an existing one."""
        return () if obj is None else (*self.detail_fields, *HISTORY)

    def has_change_permission(self, request: HttpRequest, obj: Job | None = None) -> bool:
        """A job is not changed by hand; the permission to change means the permission to cancel."""
        return obj is None and super().has_change_permission(request, obj)

    def get_view_on_site_url(self, obj: Job | None = None) -> str | None:
        """Its page outside the admin, where its kind has one."""
        has_own = obj is not None and type(obj).get_absolute_url is not Job.get_absolute_url
        return super().get_view_on_site_url(obj) if has_own else None

    def save_model(self, request: HttpRequest, obj: Job, form: Any, change: bool) -> None:
        """Queue a new job."""
        lifecycle.enqueue(obj, by=request.user)

    @display(description=_("state"), label=STATE_COLOURS, ordering="state")
    def shown_state(self, job: Job) -> tuple[str, str]:
        """The state with its colour."""
        return job.state, str(job.get_state_display())

    @display(description=_("progress"))
    def shown_progress(self, job: Job) -> str:
        """The share done, in words while it runs."""
        return job.progress_text if job.is_running and job.progress_text else f"{job.progress:.0%}"

    @display(description=_("events"))
    def shown_events(self, job: Job) -> SafeString:
        """What happened to it, a line each, oldest first."""
        lines = ((_moment(event.at), event.get_name_display(), event.text) for event in job.events)
        return format_html_join(mark_safe("<br>"), "{} · {} {}", lines)

    @admin.action(description=_("Pause the chosen ones"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Pause them, with their progress kept, until they are resumed."""
        count = sum(lifecycle.request_pause(job) for job in queryset)
        words = ngettext("%(count)d job is being paused.", "%(count)d jobs are being paused.", count)
        self._report(request, words, count, len(queryset))

    @admin.action(description=_("Resume the chosen ones"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Queue paused ones again."""
        count = sum(lifecycle.resume(job) for job in queryset)
        words = ngettext("%(count)d job is resumed.", "%(count)d jobs are resumed.", count)
        self._report(request, words, count, len(queryset))

    @admin.action(description=_("Try the chosen ones again"), permissions=["change"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Queue again those that failed, or were cancelled or pruned."""
        count = refused = 0
        for job in queryset:
            try:
                count += self.retry_job(job)
            except CannotStartError as error:
                refused += 1
                self.message_user(request, f"{job}: {error}", messages.ERROR)
        if refused < len(queryset):
            words = ngettext("%(count)d job is queued again.", "%(count)d jobs are queued again.", count)
            self._report(request, words, count, len(queryset) - refused)

    def retry_job(self, job: Any) -> bool:
        """Queue one job again. Raises CannotStartError."""
        return lifecycle.retry(job)

    @admin.action(description=_("Cancel the chosen ones"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """End queued ones, and request it of running ones."""
        count = sum(lifecycle.request_cancel(job) for job in queryset)
        words = ngettext("%(count)d job is being cancelled.", "%(count)d jobs are being cancelled.", count)
        self._report(request, words, count, len(queryset))

    def _report(self, request: HttpRequest, words: str, count: int, chosen: int) -> None:
        """Tell how many were changed, and how many of the chosen ones were in no state for it."""
        left = chosen - count
        rest = ngettext(
            "%(left)d was skipped: its state does not allow it.",
            "%(left)d were skipped: their states do not allow it.",
            left,
        )
        text = f"{words % {'count': count}} {rest % {'left': left}}" if left else words % {"count": count}
        self.message_user(request, text, messages.WARNING if left else messages.SUCCESS)


@admin.register(Deployment)
class DeploymentAdmin(CarefulAdmin):
    """The folder whose files the rows speak of: which it is, and which workers have another one."""

    list_display = ("identity", "this_folder")
    fields = readonly_fields = ("identity", "this_folder", "workers")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """A migration gives the identity."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Deployment | None = None) -> bool:
        """It is never changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Deployment | None = None) -> bool:
        """Without it no worker would take a job."""
        return False

    @display(description=_("folder of this web server"))
    def this_folder(self, deployment: Deployment) -> str:
        """Its path, and whether it is the one."""
        return f"{settings.PROPIS_VAR} · {_folder_words(is_it=files.are_here())}"

    @display(description=_("workers"))
    def workers(self, deployment: Deployment) -> SafeString | str:
        """The last ones that showed life, those with another folder first."""
        shown = WorkerProcess.objects.order_by("has_files", "-seen_at")[:SHOWN_WORKERS]
        lines = (
            (each.name, ", ".join(each.queues), each.folder, _folder_words(is_it=each.has_files), _moment(each.seen_at))
            for each in shown
        )
        return format_html_join(mark_safe("<br>"), "{} · {} · {} · {} · {}", lines) or "—"


def _folder_words(*, is_it: bool) -> str:
    return gettext("the right one") if is_it else gettext("ANOTHER ONE: it takes no job that needs files")
