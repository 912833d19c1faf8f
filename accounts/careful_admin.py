"""The base of every page of the admin: nobody overwrites what somebody else did meanwhile, and nothing odd is a fault.

A page that was open while somebody saved the same row is told so, a list saves the rows that are still there, a name is
one line, and an action on what is no row says that in words.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.admin import ModelAdmin

SEEN = "seen"
"""Of what a form is sent with: a digest of the row as its page showed it."""
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody else has changed this since you opened it. Nothing was saved: open it again in another tab and "
    "make your changes there."
)
ROW_FIELD = re.compile(r"(?P<kind>(?:initial-)?form)-(?P<number>[0-9]{1,6})-(?P<field>.+)")
"""Of a list: a value of a row, or what it was when the list was shown."""
RowSent = dict[tuple[str, str], str]
"""A row of a list as it was sent: (kind, field) → value."""


def one_line(text: str) -> None:
    """Refuse what no name may have, by the rule of model cards and of runs."""
    if not text.isprintable():
        raise ValidationError(_("This must be one line."))


class SeenForm(forms.ModelForm):  # type: ignore[type-arg]  # what the admin asks for
    """A form that knows what its page showed, and saves nothing where the row is another one now."""

    @property
    def seen(self) -> str:
        """What the page sends along: the digest of what it shows, or was first opened with."""
        return str(self.data.get(SEEN, "")) if self.is_bound else self._digest()

    def clean(self) -> Any:
        """Refuse to overwrite what somebody else has saved."""
        values = super().clean()
        if self.instance.pk is not None and self.seen and self.seen != self._digest():
            raise ValidationError(CHANGED_MEANWHILE)
        return values

    def _digest(self) -> str:
        """Of the row's values in the fields that can be changed."""
        shown = {
            name: sorted(str(getattr(each, "pk", each)) for each in value) if isinstance(value, list) else str(value)
            for name, value in self.initial.items()
            if name in self.fields and not self.fields[name].disabled
        }
        return hashlib.sha256(json.dumps(shown, sort_keys=True).encode()).hexdigest()


def careful(form: type[Any]) -> type[Any]:
    """The form of an existing row that refuses to overwrite what somebody else has saved."""
    return type(form.__name__, (SeenForm, form), {})


class CarefulAdmin(ModelAdmin):  # type: ignore[misc]  # the theme has no types
    """What each admin of the product is."""

    change_form_before_template = "admin/seen.html"

    def get_form(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        """The form, which refuses to overwrite what somebody else has saved."""
        form = super().get_form(request, obj, **options)
        return form if obj is None else careful(form)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **options: Any) -> Any:
        """The field; names are one line, whatever is sent."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if isinstance(db_field, models.CharField) and field is not None:
            field.validators = [*field.validators, one_line]
        return field

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; what is saved in it is saved of the rows that are still there."""
        if request.method == "POST" and "_save" in request.POST and self.list_editable:
            request.POST = self._without_deleted(request)  # type: ignore[assignment]  # as mutable as it comes
        answer: HttpResponse = super().changelist_view(request, extra_context)
        return answer

    def response_action(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Do what was chosen; an id that is none is said to be so."""
        if not all(map(self._is_id, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            self.message_user(request, _("What was chosen is no row of this list."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        answer: HttpResponse | None = super().response_action(request, queryset)
        return answer

    def _is_id(self, text: str) -> bool:
        try:
            return self.model._meta.pk.clean(text, None) is not None
        except ValidationError:
            return False

    def _without_deleted(self, request: HttpRequest) -> QueryDict:
        """What was sent of a list, without rows that were deleted meanwhile, which are named in a message."""
        key = ("form", self.model._meta.pk.name)
        rows = list(_rows_sent(request.POST))
        ids = [row.get(key, "") for row in rows]
        found = self.model._default_manager.filter(pk__in=filter(self._is_id, ids)).values_list("pk", flat=True)
        there = set(map(str, found))
        gone = [each for each in ids if each not in there]
        if not gone:
            return request.POST
        words = ngettext("%(rows)s was deleted meanwhile.", "%(rows)s were deleted meanwhile.", len(gone))
        self.message_user(request, words % {"rows": ", ".join(gone)}, messages.WARNING)
        return _sent_with(request.POST, [row for row in rows if row.get(key) in there])


def _rows_sent(post: QueryDict) -> Iterator[RowSent]:
    """The rows of a list that were sent, in their order."""
    rows: dict[int, RowSent] = {}
    for name, value in post.items():
        if found := ROW_FIELD.fullmatch(name):
            rows.setdefault(int(found["number"]), {})[found["kind"], found["field"]] = str(value)
    for _number, row in sorted(rows.items()):
        yield row


def _sent_with(post: QueryDict, rows: Sequence[RowSent]) -> QueryDict:
    """The same with these rows."""
    changed = QueryDict(mutable=True)
    for name, values in post.lists():
        if not ROW_FIELD.fullmatch(name):
            changed.setlist(name, values)
    for number, row in enumerate(rows):
        for (kind, name), value in row.items():
            changed[f"{kind}-{number}-{name}"] = value
    changed["form-TOTAL_FORMS"] = changed["form-INITIAL_FORMS"] = str(len(rows))
    return changed
