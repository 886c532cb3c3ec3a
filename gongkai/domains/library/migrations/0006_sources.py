import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("library", "0005_old_addresses"),
    ]

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=500, unique=True)),
                ("name", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Harvest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("set_spec", models.CharField(blank=True, max_length=200)),
                ("asked_from", models.DateField(null=True)),
                ("publish", models.BooleanField(default=False)),
                ("prefix", models.CharField(max_length=20)),
                ("since", models.DateTimeField(null=True)),
                ("by_seconds", models.BooleanField(default=True)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("token", models.TextField(blank=True)),
                ("one_by_one", models.BooleanField(default=False)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                (
                    "source",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="harvests", to="library.source"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Harvested",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("identifier", models.CharField(max_length=500)),
                ("datestamp", models.CharField(max_length=20)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("revision_digest", models.CharField(blank=True, max_length=64)),
                ("turns", models.JSONField(default=list)),
                ("brought", models.BooleanField(default=False)),
                ("deleted", models.BooleanField(default=False)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("filed", "已归档"),
                            ("needs_person", "需要人工"),
                            ("duplicate", "重复"),
                            ("withdrawn", "已撤下"),
                            ("failed", "失败"),
                        ],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
                ("reason", models.TextField(blank=True)),
                (
                    "document",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="harvested", to="library.document"
                    ),
                ),
                (
                    "harvest",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="records", to="library.harvest"),
                ),
                (
                    "source",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="records", to="library.source"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "identifier"), name="one_row_per_record")],
            },
        ),
        migrations.AddIndex(
            model_name="harvest",
            index=models.Index(fields=["source", "set_spec", "finished_at"], name="library_harvest_last"),
        ),
    ]
