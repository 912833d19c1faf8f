"""Readings of pages in the admin: looked at, cancelled, deleted; they begin on the page of paper."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from training.jobs.admin import JobAdmin
from training.paper.models import PaperReading


@admin.register(PaperReading)
class PaperReadingAdmin(JobAdmin):
    """The readings; deleting one deletes its files."""

    start_label = _("Read them")
    add_fields = ()
    detail_fields = ("name", "purpose", "shown_progress", "page")
    list_display = ("name", "purpose", "shown_state", "shown_progress", "created_at", "page")
    list_filter = ("state", "purpose")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Scans are sent on their own page."""
        return False

    @display(description=_("page"))
    def page(self, reading: PaperReading) -> Any:
        """Link to its page."""
        return format_html('<a href="{}">{}</a>', reading.get_absolute_url(), reading.get_absolute_url())
