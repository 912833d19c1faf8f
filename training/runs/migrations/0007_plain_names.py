from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("runs", "0006_judged_data_sets"),
    ]

    operations = [
        migrations.RenameField(model_name="run", old_name="fruitless_attempts", new_name="attempts_without_progress"),
        migrations.RenameField(model_name="run", old_name="needs_code", new_name="min_code_version"),
        migrations.RenameField(
            model_name="evaluation", old_name="fruitless_attempts", new_name="attempts_without_progress"
        ),
        migrations.RenameField(model_name="evaluation", old_name="needs_code", new_name="min_code_version"),
        migrations.RenameField(model_name="rundataset", old_name="is_judged", new_name="counts_in_metrics"),
        migrations.RenameField(model_name="evaluation", old_name="part", new_name="split"),
        migrations.AlterField(
            model_name="evaluation",
            name="split",
            field=models.CharField(
                choices=[("test", "test"), ("validation", "validation"), ("train", "train")],
                default="test",
                max_length=10,
                verbose_name="split",
            ),
        ),
    ]
