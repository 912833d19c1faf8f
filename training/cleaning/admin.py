"""Label checks and new versions in the admin."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from recognizer.templatetags.recognizer_format import percent
from training.cleaning.models import Cleaning, NewVersion
from training.datasets.errors import DatasetError
from training.datasets.naming import check_name
from training.jobs.admin import JobAdmin


class CleaningForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new label check."""

    prefix = "cleaning"  # unfold takes a posted field that is named "dataset" for one of its own

    class Meta:
        model = Cleaning
        fields = ("dataset", "folds", "seed")


@admin.register(Cleaning)
class CleaningAdmin(JobAdmin):
    """Label checks. A new one is queued at once; its page shows the progress."""

    form = CleaningForm
    start_label = _("Look for errors")
    add_fields = ("dataset", "folds", "seed")
    detail_fields = ("dataset", "folds", "seed", "shown_progress", "counts", "shown_accuracy")
    list_display = ("__str__", "shown_state", "shown_progress", "shown_accuracy", "created_at")
    list_filter = ("state",)
    list_select_related = ("dataset",)

    @display(description=_("cross-validated accuracy"), ordering="accuracy")
    def shown_accuracy(self, job: Cleaning) -> str:
        """The accuracy in per cent."""
        return percent(job.accuracy, 2)

    def response_add(self, request: HttpRequest, obj: Cleaning, post_url_continue: Any = None) -> HttpResponse:
        """Show its progress."""
        return redirect("cleaning:cleaning", pk=obj.pk)


class NewVersionForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A new version of the decisions so far."""

    class Meta:
        model = NewVersion
        fields = ("parent", "name", "comment")

    def clean_name(self) -> str:
        """Refuse a name that is taken."""
        name = str(self.cleaned_data["name"])
        try:
            check_name(name)
        except DatasetError as error:
            raise forms.ValidationError(str(error)) from error
        return name


@admin.register(NewVersion)
class NewVersionAdmin(JobAdmin):
    """New versions."""

    form = NewVersionForm
    start_label = _("Make the version")
    add_fields = ("parent", "name", "comment")
    detail_fields = ("parent", "name", "comment", "shown_progress", "dataset")
    list_display = ("name", "parent", "shown_state", "shown_progress", "created_at")
    list_filter = ("state",)
    list_select_related = ("parent",)

    def response_add(self, request: HttpRequest, obj: NewVersion, post_url_continue: Any = None) -> HttpResponse:
        """Show its progress."""
        return redirect("cleaning:version", pk=obj.pk)
