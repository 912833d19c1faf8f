from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("cleaning", "0002_pauses"),
    ]

    operations = [
        migrations.RenameField(
            model_name="cleaning", old_name="fruitless_attempts", new_name="attempts_without_progress"
        ),
        migrations.RenameField(model_name="cleaning", old_name="needs_code", new_name="min_code_version"),
        migrations.RenameField(
            model_name="newversion", old_name="fruitless_attempts", new_name="attempts_without_progress"
        ),
        migrations.RenameField(model_name="newversion", old_name="needs_code", new_name="min_code_version"),
    ]
