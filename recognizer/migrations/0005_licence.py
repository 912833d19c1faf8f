"""Under which licence a donor lets others use a drawing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recognizer", "0004_drawing_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="drawing",
            name="licence",
            field=models.CharField(
                blank=True,
                choices=[("", "not to be published"), ("CC0-1.0", "CC0 1.0")],
                db_default="",
                default="",
                editable=False,
                max_length=20,
                verbose_name="licence",
            ),
        ),
    ]
