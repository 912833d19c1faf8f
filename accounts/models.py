"""The user table."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """Somebody who signs in. Django's fields for now; a table of our own so that more can be added."""
