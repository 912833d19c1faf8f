"""Runs are found by their recipe: a row's place in its experiment may change, what was trained does not."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("study", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("studyrun", "one_run_a_row"),
        migrations.AlterModelOptions(
            "studyrun",
            {"ordering": ["pk"], "verbose_name": "run of the study", "verbose_name_plural": "runs of the study"},
        ),
        *(migrations.RemoveField("studyrun", name) for name in ("experiment", "row", "scale", "seed")),
    ]
