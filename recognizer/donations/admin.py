"""Donated drawings in the admin: looked at, relabelled, accepted or rejected in bulk, exported."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from accounts.careful_admin import CarefulAdmin
from recognizer.core.alphabet import RUSSIAN
from recognizer.core.ink.specifications import SPECIFICATIONS
from recognizer.donations import services
from recognizer.donations.export import json_lines, svg_zip
from recognizer.models import Drawing, Review
from recognizer.stroke_pictures import to_svg


class AgreementFilter(admin.SimpleListFilter):
    """Claimed and predicted letter differ: that is where a mistake is likeliest."""

    title = _("claimed and predicted letter")
    parameter_name = "agree"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The same, or different."""
        return [("yes", _("the same")), ("no", _("different"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Drawing]) -> QuerySet[Drawing]:
        """The drawings of that choice."""
        if self.value() == "yes":
            return queryset.filter(claimed=F("predicted"))
        return queryset.exclude(claimed=F("predicted")) if self.value() == "no" else queryset


class KnownValuesFilter(admin.SimpleListFilter):
    """A field's values that are known without a look at the table: asking it for them would read all of it."""

    values: tuple[str, ...]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """All of them."""
        return [(value, value) for value in self.values]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Drawing]) -> QuerySet[Drawing]:
        """The drawings with the chosen one."""
        return queryset.filter(**{str(self.parameter_name): self.value()}) if self.value() else queryset


class LetterFilter(KnownValuesFilter):
    """What the drawing is."""

    title, parameter_name, values = _("letter"), "letter", tuple(RUSSIAN)


class InkFilter(KnownValuesFilter):
    """By which specification it was read."""

    title, parameter_name, values = _("ink specification"), "ink_specification", tuple(SPECIFICATIONS)


class LetterForm(forms.ModelForm):  # type: ignore[type-arg]  # what the admin asks for
    """A letter in the list, which stands in a column and so has no label of its own."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """Name it for who does not see the column."""
        super().__init__(*args, **options)
        name = gettext("Letter of drawing %(number)s") % {"number": self.instance.pk}
        self.fields["letter"].widget.attrs["aria-label"] = name
        self.fields["letter"].show_hidden_initial = True  # a list saves what was changed in it, not all that it shows

    def clean_letter(self) -> str:
        """Refuse to overwrite a letter that somebody else has changed."""
        letter: str = self.cleaned_data["letter"]
        shown = self.data.get(self.add_initial_prefix("letter"), self.initial["letter"])
        if "letter" in self.changed_data and shown != self.initial["letter"]:
            words = gettext("Somebody else has changed this letter to %(letter)s meanwhile.")
            raise forms.ValidationError(words % {"letter": self.initial["letter"]})
        return letter


@admin.register(Drawing)
class DrawingAdmin(CarefulAdmin):
    """The list to review. A wrong letter is mended in the list itself; marked ones are decided together."""

    list_display = ("picture", "letter", "claimed", "predicted", "certainty", "state", "consented_at")
    list_display_links = ("picture",)
    list_editable = ("letter",)
    list_filter = ("state", AgreementFilter, LetterFilter, InkFilter)
    show_facets = admin.ShowFacets.NEVER  # each choice of each filter would count all drawings
    search_fields = ("letter__exact", "claimed__exact", "predicted__exact")
    actions = ("accept", "accept_as_predicted", "reject", "wait_again", "export_json_lines", "export_svg")
    actions_list = ("review",)
    fields = ("large_picture", "letter", "state", "claimed", "predicted", "shown_best", "model_name",
              "ink_specification", "consented_at", "licence", "versions")  # fmt: skip
    readonly_fields = tuple(name for name in fields if name not in ("letter", "state"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Drawings come from the draw page."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Drawing], search_term: str
    ) -> tuple[QuerySet[Drawing], bool]:
        """Find by letters, which are all large."""
        found: tuple[QuerySet[Drawing], bool] = super().get_search_results(request, queryset, search_term.upper())
        return found

    def get_changelist_form(self, request: HttpRequest, **options: Any) -> Any:
        """The letters of the list."""
        return super().get_changelist_form(request, form=LetterForm, **options)

    # --- Decisions ---

    @action(description=_("Review one by one"), icon="rate_review", permissions=["change"])
    def review(self, request: HttpRequest) -> HttpResponse:
        """Go to the page on which drawings are decided on by buttons and keys."""
        return redirect("recognizer:review_drawings")

    @admin.action(description=_("Accept"), permissions=["change"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Drawing]) -> None:
        """They are what their letter says."""
        self._decide(request, queryset, state=Review.ACCEPTED)

    @admin.action(description=_("Accept as the predicted letter"), permissions=["change"])
    def accept_as_predicted(self, request: HttpRequest, queryset: QuerySet[Drawing]) -> None:
        """The prediction is right and the claim was not."""
        self._decide(request, queryset, state=Review.ACCEPTED, letter=F("predicted"))

    @admin.action(description=_("Reject"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Drawing]) -> None:
        """They are not letters, or it is unclear which."""
        self._decide(request, queryset, state=Review.REJECTED)

    @admin.action(description=_("Decide later"), permissions=["change"])
    def wait_again(self, request: HttpRequest, queryset: QuerySet[Drawing]) -> None:
        """Undo a decision."""
        self._decide(request, queryset, state=Review.PENDING)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Drawing], **changed: Any) -> None:
        count = services.decide(queryset, **changed)
        words = ngettext("%(count)d drawing decided.", "%(count)d drawings decided.", count) % {"count": count}
        self.message_user(request, words, messages.SUCCESS)

    # --- Exports ---

    @admin.action(description=_("Export as JSON lines"), permissions=["view"])
    def export_json_lines(self, request: HttpRequest, queryset: QuerySet[Drawing]) -> StreamingHttpResponse:
        """Every point of the marked ones."""
        response = StreamingHttpResponse(json_lines(queryset.iterator(500)), content_type="application/jsonl")
        response["Content-Disposition"] = 'attachment; filename="drawings.jsonl"'
        return response

    @admin.action(description=_("Export as SVG (zip)"), permissions=["view"])
    def export_svg(self, request: HttpRequest, queryset: QuerySet[Drawing]) -> HttpResponse:
        """Pictures of the marked ones."""
        response = HttpResponse(svg_zip(queryset.iterator(500)), content_type="application/zip")
        response["Content-Disposition"] = 'attachment; filename="drawings.zip"'
        return response

    # --- Columns ---

    @display(description=_("drawing"))
    def picture(self, drawing: Drawing) -> SafeString:
        """The strokes."""
        return _drawn(drawing, "drawing-small")

    @display(description=_("drawing"))
    def large_picture(self, drawing: Drawing) -> SafeString:
        """The strokes, larger."""
        return _drawn(drawing, "drawing-large")

    @display(description=_("certainty"))
    def certainty(self, drawing: Drawing) -> str:
        """Of the best letter."""
        return f"{drawing.best[0][1]:.0%}"

    @display(description=_("best letters"))
    def shown_best(self, drawing: Drawing) -> str:
        """All that were kept."""
        return ", ".join(f"{letter} {share:.1%}" for letter, share in drawing.best) or gettext("none")


def _drawn(drawing: Drawing, look: str) -> SafeString:
    name = gettext("Drawing %(number)s") % {"number": drawing.pk}
    picture = mark_safe(to_svg(drawing.strokes))  # noqa: S308  (it writes nothing but numbers)
    return format_html('<span class="{}" role="img" aria-label="{}">{}</span>', look, name, picture)
