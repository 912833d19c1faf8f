"""People who sign in, and the forms that they have sent lately."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who signs in. Django's fields for now; a table of our own so that more can be added."""


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
