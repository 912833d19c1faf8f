"""People in the admin, in the colours of the rest."""

from typing import Any

from axes.admin import AccessAttemptAdmin, AccessFailureLogAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.administrators import LastAdministratorError, check_one_stays
from accounts.audit_words import in_words
from accounts.careful_admin import CarefulAdmin
from accounts.models import AuditEntry, Quota, User

admin.site.unregister((Group, AccessAttempt, AccessLog, AccessFailureLog))  # they are ours below
admin.site.unregister((TOTPDevice, StaticDevice))  # keys of a second factor are shown to nobody
PERMITTED = {"add": _("may add"), "change": _("may change"), "delete": _("may delete"), "view": _("may view")}
RIGHTS = ("is_superuser", "groups", "user_permissions")
"""What only an administrator gives, or else whoever may change people could make himself one."""
MOMENTS = ("last_login", "date_joined")
"""What happens, and nobody enters."""


class PersonForm(UserChangeForm):
    """A person's details and rights."""

    def clean(self) -> dict[str, Any]:
        """Keep the last administrator one."""
        values: dict[str, Any] = super().clean() or {}
        if not all(values.get(name, True) for name in ("is_superuser", "is_staff", "is_active")):
            try:
                check_one_stays([self.instance.pk])
            except LastAdministratorError as error:
                raise ValidationError(str(error)) from error
        return values


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User], CarefulAdmin):
    """People who sign in. An administrator is changed and deleted by administrators only."""

    form = PersonForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Show rights, and let administrators give them."""
        fields = (*super().get_readonly_fields(request, obj), *MOMENTS)
        return fields if _is_administrator(request) else (*fields, *RIGHTS)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Name permissions in the page's language."""
        return named_permissions(super().formfield_for_manytomany(db_field, request, **kwargs))

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """As usual, but only administrators may touch administrators."""
        return _within_reach(request, obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """As usual, but only administrators may touch administrators."""
        return _within_reach(request, obj) and super().has_delete_permission(request, obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Delete a person, unless nobody would be left."""
        return self._unless_last(request, lambda: super(UserAdmin, self).delete_view(request, object_id, extra_context))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """List people; those that are chosen are deleted, unless nobody would be left."""
        return self._unless_last(request, lambda: super(UserAdmin, self).changelist_view(request, extra_context))

    def _unless_last(self, request: HttpRequest, answer: Any) -> HttpResponse:
        try:
            response: HttpResponse = answer()
        except LastAdministratorError as error:
            self.message_user(request, str(error), messages.ERROR)
            return redirect("admin:accounts_user_changelist")
        return response

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete one."""
        check_one_stays([obj.pk])
        obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete all of them or none; who may not delete administrators deletes others only."""
        with transaction.atomic():
            chosen = queryset if _is_administrator(request) else queryset.filter(is_superuser=False)
            check_one_stays(chosen.values_list("pk", flat=True))
            chosen.delete()


def named_permissions(field: Any) -> Any:
    """Give a field of permissions the words of the page's language; any other field as it is."""
    if getattr(field, "queryset", None) is not None and field.queryset.model is Permission:
        field.queryset = field.queryset.exclude(content_type__app_label__startswith="otp_")  # it has no pages there
        field.label_from_instance = _in_words
    return field


def _in_words(permission: Permission) -> str:
    action = PERMITTED.get(permission.codename.partition("_")[0]) or _(permission.name)
    return f"{permission.content_type} | {action}"


def _is_administrator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def _within_reach(request: HttpRequest, person: User | None) -> bool:
    return person is None or not person.is_superuser or _is_administrator(request)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, CarefulAdmin):
    """Groups of people with the same permissions, which administrators give."""

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Name permissions in the page's language."""
        return named_permissions(super().formfield_for_manytomany(db_field, request, **kwargs))

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        """Show permissions, and let administrators give them."""
        fields = super().get_readonly_fields(request, obj)
        return fields if _is_administrator(request) else (*fields, "permissions")


@admin.register(Quota)
class QuotaAdmin(CarefulAdmin):
    """How much each member of a group may have waiting and running."""

    list_display = ("group", "runs", "samples")


@admin.register(AccessAttempt)
class AttemptAdmin(AccessAttemptAdmin, CarefulAdmin):
    """Failed log-ins."""

    @admin.display(description=_("Status"))
    def status(self, obj: AccessAttempt) -> Any:
        """How many more attempts there are before the person is locked out."""
        return super().status(obj)

    @admin.action(description=_("Forget expired ones"), permissions=["delete"])
    def cleanup_expired_attempts(self, request: HttpRequest, queryset: QuerySet[AccessAttempt]) -> None:
        """Forget those that no longer lock anybody out."""
        request.axes_attempt_time = timezone.now()  # type: ignore[attr-defined]  # the library has it of log-ins alone
        super().cleanup_expired_attempts(request, queryset)


@admin.register(AccessLog)
class LogInAdmin(AccessLogAdmin, CarefulAdmin):
    """Log-ins."""


@admin.register(AccessFailureLog)
class FailureAdmin(AccessFailureLogAdmin, CarefulAdmin):
    """Log-ins that were refused."""


@admin.register(AuditEntry)
class AuditAdmin(CarefulAdmin):
    """Who did what. Nobody changes it, and the clock deletes what is old."""

    list_display = ("at", "who", "done", "path", "details", "status", "address")
    search_fields = ("name", "what", "path")
    show_full_result_count = False

    @admin.display(description=_("person"), ordering="name")
    def who(self, entry: AuditEntry) -> str:
        """The name then; that of a visitor is not known."""
        return entry.name or "—"

    @admin.display(description=_("what"), ordering="what")
    def done(self, entry: AuditEntry) -> str:
        """What was done, in words."""
        return in_words(entry.what)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody writes an entry by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Nobody changes an entry."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Nobody deletes an entry."""
        return False
