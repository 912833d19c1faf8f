import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    """The letters of a drawing get the field's names: what its donor claims, what the network predicted."""

    dependencies = [("recognizer", "0002_drawings")]

    operations = [
        migrations.RenameField(model_name="drawing", old_name="said", new_name="claimed"),
        migrations.RenameField(model_name="drawing", old_name="read", new_name="predicted"),
        migrations.AlterField(
            "drawing", "claimed", models.CharField(editable=False, max_length=1, verbose_name="claimed")
        ),
        migrations.AlterField(
            "drawing",
            "letter",
            models.CharField(help_text="What it is: at first the claimed letter.", max_length=1, verbose_name="letter"),
        ),
        migrations.AlterField(
            "drawing", "predicted", models.CharField(editable=False, max_length=1, verbose_name="predicted")
        ),
        migrations.AlterField(
            "drawing",
            "consented_at",
            models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="donated, with consent"
            ),
        ),
    ]
