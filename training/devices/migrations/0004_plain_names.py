from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("devices", "0003_pauses"),
    ]

    operations = [
        migrations.RenameField(
            model_name="benchmark", old_name="fruitless_attempts", new_name="attempts_without_progress"
        ),
        migrations.RenameField(model_name="benchmark", old_name="needs_code", new_name="min_code_version"),
        migrations.RenameField(
            model_name="compression", old_name="fruitless_attempts", new_name="attempts_without_progress"
        ),
        migrations.RenameField(model_name="compression", old_name="needs_code", new_name="min_code_version"),
    ]
