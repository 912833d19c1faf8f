"""People who sign in, the forms that they have sent lately, and what they did."""

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who signs in."""

    joined_by = models.ForeignKey(
        "JoinCode", models.SET_NULL, null=True, editable=False, related_name="members", verbose_name=_("joined by")
    )
    """The code by which he made his account himself."""
    member_until = models.DateTimeField(_("member until"), null=True, editable=False)
    """Then a trainer who joined by a code becomes a viewer."""
    session_epoch = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    """Every session is held to it: raised, it ends them all."""

    class Meta(AbstractUser.Meta):
        abstract = False
        permissions = [("see_work", _("may see runs, sweeps, models and data"))]

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """What a session is held to: the password, and the epoch of all sessions."""
        held: str = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        return f"{held}.{self.session_epoch}" if self.session_epoch else held


class JoinCode(models.Model):
    """A code by which people make accounts themselves, up to a number and until an end (see `accounts.joining`)."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    role = models.CharField(_("role"), max_length=20)
    places = models.PositiveSmallIntegerField(_("places"))
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    ends_at = models.DateTimeField(_("end"))
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("join code")
        verbose_name_plural = _("join codes")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Give the code."""
        return self.code

    def get_absolute_url(self) -> str:
        """The address that people open."""
        return reverse("account:join_code", args=[self.code])

    @property
    def is_open(self) -> bool:
        """Whether people may still join, if there is a place."""
        return self.closed_at is None and self.ends_at > timezone.now()


class SignIn(models.Model):
    """A session that somebody signed in by (see `accounts.sign_ins`)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("sign-in")
        verbose_name_plural = _("sign-ins")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        """Name the browser."""
        return self.browser


class TokenScope(models.TextChoices):
    """What a program with a token may do."""

    READ = "read", _("look, and have letters read")
    TRAIN = "train", _("also start and control trainings")


class ApiToken(models.Model):
    """A token by which programs act for somebody (see `accounts.tokens`)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    scope = models.CharField(_("scope"), max_length=10, choices=TokenScope, default=TokenScope.READ)
    token_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        """Name it."""
        return self.name


class Quota(models.Model):
    """How much each member of a group may have waiting and running; without one the settings' numbers hold."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="quota", verbose_name=_("group"))
    runs = models.PositiveIntegerField(_("trainings"), help_text=_("Waiting, running and paused, trials included."))
    samples = models.PositiveBigIntegerField(_("epochs × samples"), help_text=_("Of all of these together."))

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")

    def __str__(self) -> str:
        """Name whose it is."""
        return str(self.group)


class SentForm(models.Model):
    """A form that somebody has sent lately (see `accounts.sent_forms`)."""

    key = models.CharField(max_length=64, unique=True)
    """What is the same if it is sent twice, as a digest."""
    location = models.TextField(blank=True)
    """Where its answer led; empty while it is worked on."""
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("sent form")
        verbose_name_plural = _("sent forms")

    def __str__(self) -> str:
        """Name it."""
        return self.key[:8]


class AuditEntry(models.Model):
    """That somebody did something (see `accounts.audit`). Entries are added and grow old, and nobody changes one."""

    at = models.DateTimeField(_("at"), default=timezone.now, db_index=True)
    person = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("person"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    """Of the person then; it stays when the person is deleted. Of a lock-out: what was typed."""
    what = models.CharField(_("what"), max_length=100)
    """The name of the address that was sent to, or `log-in`, `log-out`, `lock-out`."""
    path = models.CharField(_("address of the page"), max_length=200, blank=True)
    details = models.CharField(_("details"), max_length=300, blank=True)
    status = models.PositiveSmallIntegerField(_("answer"), null=True)
    """Of the answer: below 400 it was done or shown again to be mended."""
    address = models.CharField(_("sent from"), max_length=45, blank=True)

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("audit log")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        """Name it by who, when and what."""
        return f"{self.name or '—'} · {self.at:%Y-%m-%d %H:%M:%S} · {self.what}"
