from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="jobevent",
            name="name",
            field=models.CharField(
                choices=[
                    ("queued", "queued"),
                    ("started", "started"),
                    ("goes on", "goes on"),
                    ("cancel requested", "cancel requested"),
                    ("pause requested", "pause requested"),
                    ("prune requested", "prune requested"),
                    ("resumed", "resumed"),
                    ("tried again", "tried again"),
                    ("given back", "given back"),
                    ("attempt failed", "attempt failed"),
                    ("worker lost", "worker lost"),
                    ("code too old", "code too old"),
                    ("checkpoint refused", "checkpoint refused"),
                    ("disk full", "disk full"),
                    ("succeeded", "succeeded"),
                    ("failed", "failed"),
                    ("cancelled", "cancelled"),
                    ("paused", "paused"),
                    ("pruned", "pruned"),
                ],
                max_length=30,
            ),
        ),
    ]
