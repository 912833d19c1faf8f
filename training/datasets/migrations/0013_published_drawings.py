"""The archive of donated drawings that visitors download."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("datasets", "0012_stored_messages"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublishedDrawings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "content_sha256",
                    models.CharField(editable=False, max_length=64, unique=True, verbose_name="SHA-256 of the content"),
                ),
                ("drawings", models.PositiveIntegerField(editable=False, verbose_name="drawings")),
                ("letters", models.TextField(editable=False, verbose_name="letters")),
                ("file_bytes", models.PositiveBigIntegerField(editable=False, verbose_name="file size")),
                (
                    "published_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="published"),
                ),
            ],
            options={
                "verbose_name": "published drawings",
                "verbose_name_plural": "published drawings",
            },
        ),
    ]
