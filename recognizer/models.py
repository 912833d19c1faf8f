"""Tables of what reads a letter."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ModelOrigin(models.TextChoices):
    """Where a model came from."""

    SHIPPED = "shipped", _("shipped with Propis")
    TRAINED = "trained", _("trained here")
    UPLOADED = "uploaded", _("uploaded")
    COMPRESSED = "compressed", _("compressed from another")


class StoredModel(models.Model):
    """A network in the catalogue. Its file is named by its SHA-256; its card is in the file and, copied, here."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    source = models.CharField(_("source"), max_length=10, choices=ModelOrigin, editable=False)
    file_sha256 = models.CharField("SHA-256", max_length=64, unique=True, editable=False)
    file_bytes = models.PositiveBigIntegerField(_("file size"), editable=False)
    weights_sha256 = models.CharField(_("SHA-256 of the weights"), max_length=64, db_index=True, editable=False)
    sizes = models.JSONField(_("layer sizes"), editable=False)
    activation = models.CharField(_("activation"), max_length=20, editable=False)
    ink_specification = models.CharField(_("ink specification"), max_length=40, editable=False)
    precision = models.CharField(_("precision"), max_length=20, editable=False)
    parameters = models.PositiveIntegerField(_("parameters"), editable=False)
    card = models.JSONField(_("card"), editable=False)
    parent = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="children",
        verbose_name=_("made from"),
    )
    is_active = models.BooleanField(_("in service"), default=False, editable=False)
    note = models.TextField(_("note"), blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("model")
        verbose_name_plural = _("models")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_active"], condition=models.Q(is_active=True), name="at_most_one_active_model"
            )
        ]

    def __str__(self) -> str:
        """Name it."""
        return self.name

    def get_absolute_url(self) -> str:
        """Address of its public page."""
        return reverse("recognizer:detail", args=[self.pk])

    @property
    def architecture(self) -> str:
        """Layer sizes as a person writes them: `784-256-128-33`."""
        return "-".join(str(size) for size in self.sizes)

    @property
    def accuracy(self) -> dict[str, float]:
        """Accuracy 0…1 by data set, as the card has it."""
        accuracy = self.card.get("accuracy")
        return accuracy if isinstance(accuracy, dict) else {}


class Activation(models.Model):
    """A moment at which a model was put in service. The row before the last is where rolling back goes."""

    model = models.ForeignKey(StoredModel, models.CASCADE, related_name="activations", verbose_name=_("model"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("putting in service")
        verbose_name_plural = _("history of service")
        ordering = ["-pk"]

    def __str__(self) -> str:
        """Say what was put in service and when."""
        return f"{self.model} · {self.at:%Y-%m-%d %H:%M}"


class Review(models.TextChoices):
    """What an administrator has decided of a drawing."""

    PENDING = "pending", _("waits")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")


class Licence(models.TextChoices):
    """Under which a donor lets others use a drawing. Empty: whoever donated it was not asked yet."""

    NONE = "", _("not to be published")
    CC0 = "CC0-1.0", "CC0 1.0"


class Drawing(models.Model):
    """A donated drawing. Nothing tells who drew it: no name, no address; of the deletion code only a hash is kept.

    It arrives as `pending`; an administrator makes it `accepted` or `rejected`, in either order and as often as needed.
    Whoever has the code deletes it in any state.
    """

    strokes = models.JSONField(_("strokes"), editable=False, help_text=_("Lists of points [x, y] or [x, y, t]."))
    claimed = models.CharField(_("claimed"), max_length=1, editable=False)
    letter = models.CharField(_("letter"), max_length=1, help_text=_("What it is: at first the claimed letter."))
    predicted = models.CharField(_("predicted"), max_length=1, editable=False)
    best = models.JSONField(_("best letters"), editable=False, help_text=_("Letters with their probabilities."))
    ink_specification = models.CharField(_("ink specification"), max_length=40, editable=False)
    model_name = models.CharField(_("read by"), max_length=100, editable=False)
    model_sha256 = models.CharField(_("SHA-256 of the weights"), max_length=64, editable=False)
    code_sha256 = models.CharField(_("SHA-256 of the deletion code"), max_length=64, db_index=True, editable=False)
    consented_at = models.DateTimeField(_("donated, with consent"), default=timezone.now, editable=False)
    licence = models.CharField(
        _("licence"), max_length=20, choices=Licence, default="", db_default="", blank=True, editable=False
    )
    state = models.CharField(_("state"), max_length=10, choices=Review, default=Review.PENDING)
    versions = models.JSONField(
        _("in versions"), default=list, editable=False, help_text=_("Names of the data sets that it was added to.")
    )

    class Meta:
        verbose_name = _("drawing")
        verbose_name_plural = _("drawings")
        ordering = ["-consented_at", "-pk"]
        indexes = [
            models.Index(fields=["-consented_at", "-id"], name="drawings_newest"),
            models.Index(fields=["state", "-consented_at", "-id"], name="drawings_of_a_state"),
        ]

    def __str__(self) -> str:
        """Name its letter."""
        return f"{self.letter} {self.pk}"
