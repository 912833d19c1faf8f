from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("datasets", "0007_pauses"),
    ]

    operations = [
        migrations.RenameField(
            model_name="datasetimport", old_name="fruitless_attempts", new_name="attempts_without_progress"
        ),
        migrations.RenameField(model_name="datasetimport", old_name="needs_code", new_name="min_code_version"),
    ]
