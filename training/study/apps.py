"""The app of the study."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StudyConfig(AppConfig):
    """The study."""

    name = "training.study"
    label = "study"
    verbose_name = _("Study")
