"""Models in the admin: upload, put in service, roll back, download, delete."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accounts.careful_admin import CarefulAdmin
from recognizer import services
from recognizer.donations.admin import DrawingAdmin
from recognizer.loading import CatalogueError
from recognizer.models import Activation, ModelOrigin, StoredModel
from recognizer.web.presentation import cut

__all__ = ["ActivationAdmin", "DrawingAdmin", "StoredModelAdmin"]

PUT_IN_SERVICE = {
    "title": _("Put this model in service?"),
    "description": _("The next letter that is drawn will be read by it, in every process."),
    "form_class": None,
    "form_submit_text": _("Put in service"),
}


def _in_service() -> int | None:
    return StoredModel.objects.filter(is_active=True).values_list("pk", flat=True).first()


class RollBackForm(BaseDialogForm):
    """Knows which model was in service when it was shown."""

    leaving = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=_in_service)


ROLL_BACK = {
    "title": _("Roll back?"),
    "description": _("The model that was in service before the present one will read letters again."),
    "form_class": RollBackForm,
    "form_submit_text": _("Roll back"),
}


class UploadForm(forms.ModelForm):  # type: ignore[type-arg]  # no generic at run time
    """A model file from outside."""

    file = forms.FileField(
        label=_("Model file"), widget=UnfoldAdminFileFieldWidget, help_text=_("An .npz file that Propis has written.")
    )
    wanted_name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=90,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("Empty: the name on its card."),
    )

    class Meta:
        model = StoredModel
        fields = ("note",)
        widgets = {"note": UnfoldAdminTextareaWidget}

    def clean_file(self) -> bytes:
        """Read the file and check all of it.

        Raises:
            ValidationError: too large, damaged, hostile, or there already.

        """
        file = self.cleaned_data["file"]
        limit = settings.PROPIS_LIMITS["model_bytes"]
        if file.size > limit:
            raise ValidationError(gettext("The file is larger than %(limit)d MB.") % {"limit": limit // 2**20})
        data: bytes = file.read()
        try:
            services.check_file(data)
        except CatalogueError as error:
            raise ValidationError(str(error)) from error
        return data


@admin.register(StoredModel)
class StoredModelAdmin(CarefulAdmin):
    """The catalogue of models."""

    list_display = (
        "name",
        "in_service",
        "architecture",
        "precision",
        "shown_accuracy",
        "parameters",
        "source",
        "created_at",
        "page",
    )
    list_filter = ("source", "precision", "ink_specification")
    search_fields = ("name", "note", "file_sha256", "weights_sha256")
    fields = (
        "name",
        "note",
        "in_service",
        "page",
        "architecture",
        "activation",
        "precision",
        "ink_specification",
        "parameters",
        "shown_accuracy",
        "source",
        "parent",
        "file_sha256",
        "weights_sha256",
        "created_at",
    )
    readonly_fields = fields[2:]
    actions_list = ("roll_back",)
    actions_detail = ("put_in_service", "evaluate", "download")

    def __init__(self, *args: Any) -> None:
        """Begin without actions of other apps."""
        super().__init__(*args)
        self.actions: tuple[Any, ...] = ()
        self._needed: dict[str, str] = {}

    def offer(self, offered: Callable[..., Any], *, needs: str) -> None:
        """Add an action of an app that this one does not know, for those who have a permission of that app."""
        self.actions = (*self.actions, offered)
        self._needed[offered.__name__] = needs

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Those that this person may use."""
        actions: dict[str, Any] = super().get_actions(request)
        refused = [name for name, needed in self._needed.items() if not request.user.has_perm(needed)]
        return {name: offered for name, offered in actions.items() if name not in refused}

    def get_form(self, request: HttpRequest, obj: StoredModel | None = None, **kwargs: Any) -> Any:
        """A new model is a file that is uploaded."""
        return UploadForm if obj is None else super().get_form(request, obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: StoredModel | None = None) -> Any:
        """Ask for the file, or show what is known."""
        return ("file", "wanted_name", "note") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: StoredModel | None = None) -> Any:
        """Only name and note are changed by hand."""
        return () if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: StoredModel, form: Any, change: bool) -> None:
        """Put an uploaded file in the catalogue, or save name and note."""
        if change:
            obj.save(update_fields=["name", "note"])
            return
        cleaned = form.cleaned_data
        stored = services.add_file(cleaned["file"], source=ModelOrigin.UPLOADED, name=cleaned["wanted_name"])
        StoredModel.objects.filter(pk=stored.pk).update(note=cleaned["note"])
        obj.pk = stored.pk
        obj.refresh_from_db()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take a file; if another puts the same one there meanwhile, a message says so."""
        try:
            buttons = {"show_save_and_add_another": False, "show_save_and_continue": False}
            words = {"start_label": gettext("Add to catalogue"), **buttons, **(extra_context or {})}
            response: HttpResponse = super().add_view(request, form_url, words)
        except CatalogueError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:recognizer_storedmodel_changelist")
        return response

    # --- Deleting ---

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Ask before deleting; the model in service stays, and a message says so."""
        model = self.get_object(request, object_id)
        if model is not None and model.is_active and self.has_delete_permission(request, model):
            self.message_user(request, services.in_service_message(model), messages.ERROR)
            return redirect("admin:recognizer_storedmodel_change", object_id)
        response: HttpResponse = super().delete_view(request, object_id, extra_context)
        return response

    def delete_model(self, request: HttpRequest, obj: StoredModel) -> None:
        """Delete it with its file."""
        services.remove(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[StoredModel]) -> None:
        """Delete them with their files; the one in service stays, and a message says so."""
        for model in queryset:
            try:
                services.remove(model)
            except CatalogueError as error:
                self.message_user(request, str(error), messages.ERROR)

    # --- Buttons ---

    @action(
        description=_("Put in service"),
        icon="check_circle",
        permissions=["change"],
        dialog=PUT_IN_SERVICE,
    )
    def put_in_service(self, request: HttpRequest, form: Any, object_id: int) -> HttpResponse:
        """Let this model read letters from now on."""
        model = get_object_or_404(StoredModel, pk=object_id)
        try:
            services.activate(model, by=request.user)
            self.message_user(request, gettext("“%(name)s” is in service.") % {"name": model.name}, messages.SUCCESS)
        except CatalogueError as error:
            self.message_user(request, str(error), messages.ERROR)
        return HttpResponseClientRedirect(reverse("admin:recognizer_storedmodel_changelist"))

    @action(
        description=_("Roll back to the one before"),
        icon="undo",
        permissions=["change"],
        dialog=ROLL_BACK,
    )
    def roll_back(self, request: HttpRequest, form: Any) -> HttpResponse:
        """Put the model before the present one in service again."""
        try:
            model = services.roll_back(by=request.user, leaving=form.cleaned_data["leaving"])
            self.message_user(request, gettext("“%(name)s” is in service.") % {"name": model.name}, messages.SUCCESS)
        except CatalogueError as error:
            self.message_user(request, str(error), messages.ERROR)
        return HttpResponseClientRedirect(reverse("admin:recognizer_storedmodel_changelist"))

    @action(description=_("Download"), icon="download", permissions=["view"])
    def download(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Send its file."""
        return redirect("recognizer:download", pk=object_id)

    def has_evaluate_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether this person may queue what the form does."""
        return request.user.has_perm("runs.add_evaluation")

    @action(description=_("Evaluate on a data set"), icon="fact_check", permissions=["evaluate"])
    def evaluate(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Go to the form that scores it, where the site has one."""
        try:
            return redirect(f"{reverse('admin:runs_evaluation_add')}?model={int(object_id)}")
        except NoReverseMatch:
            self.message_user(request, gettext("This site has no data sets."), messages.ERROR)
            return redirect("admin:recognizer_storedmodel_changelist")

    # --- Columns ---

    @display(description=_("in service"), boolean=True, ordering="is_active")
    def in_service(self, model: StoredModel) -> bool:
        """Whether it reads letters now."""
        return model.is_active

    @display(description=_("layers"))
    def architecture(self, model: StoredModel) -> str:
        """Layer sizes."""
        return model.architecture

    @display(description=_("test accuracy"))
    def shown_accuracy(self, model: StoredModel) -> str:
        """By data set, as the card has it."""
        return cut(", ".join(f"{name} {share:.2%}" for name, share in model.accuracy.items()) or "—", 100)

    @display(description=_("page"))
    def page(self, model: StoredModel) -> SafeString:
        """Link to the public page."""
        return format_html('<a href="{}">{}</a>', model.get_absolute_url(), _("card"))


@admin.register(Activation)
class ActivationAdmin(CarefulAdmin):
    """When which model was put in service, by whom."""

    list_display = ("at", "model", "by")
    list_select_related = ("model", "by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Written by putting a model in service."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Activation | None = None) -> bool:
        """History is not changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Activation | None = None) -> bool:
        """History is not deleted, except with its model."""
        page = request.resolver_match.url_name if request.resolver_match else None
        with_its_model = str(page).startswith("recognizer_storedmodel_")
        return with_its_model and super().has_delete_permission(request, obj)
