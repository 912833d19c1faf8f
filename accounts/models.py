"""People who sign in, the forms that they have sent lately, and what they did."""

from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who signs in. Django's fields for now; a table of our own so that more can be added."""

    class Meta(AbstractUser.Meta):
        abstract = False
        permissions = [("see_work", _("may see runs, sweeps, models and data"))]


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
