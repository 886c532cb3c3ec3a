"""All before 0012 in one step, for empty databases: quicker than to walk through what was changed since."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("library", "0001_first_tables"),
        ("library", "0002_relations_have_days"),
        ("library", "0003_changes_have_moments"),
        ("library", "0004_facet_sets"),
        ("library", "0005_old_addresses"),
        ("library", "0006_sources"),
        ("library", "0007_organs_have_an_order"),
        ("library", "0008_lists_have_whole_orders"),
        ("library", "0009_uploads_in_the_browser"),
        ("library", "0010_what_the_desk_asks"),
        ("library", "0011_what_the_desk_filters_by"),
    ]

    dependencies = [
        ("agencies", "0002_own_colours"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
            name="Work",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("title", models.CharField(max_length=500)),
            ],
        ),
        migrations.CreateModel(
            name="Theme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("words", models.JSONField(default=list)),
                ("order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ("order", "id"),
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("html", models.TextField()),
                ("clauses", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("key", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
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
            options={
                "indexes": [models.Index(fields=["source", "set_spec", "finished_at"], name="library_harvest_last")],
            },
        ),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("request", models.CharField(max_length=64)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                ("arguments", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="Original",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.PositiveBigIntegerField()),
                ("name", models.CharField(max_length=255)),
                ("format", models.CharField(max_length=10)),
                ("received_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("salt", models.CharField(max_length=32)),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Document",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveIntegerField(default=0)),
                (
                    "editorial",
                    models.CharField(
                        choices=[
                            ("draft", "待发布"),
                            ("questioned", "需人工核对"),
                            ("published", "已发布"),
                            ("withdrawn", "已撤下"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "attribute",
                    models.CharField(
                        choices=[("proactive", "主动公开"), ("on_request", "依申请公开"), ("withheld", "不予公开")], max_length=12
                    ),
                ),
                ("questions", models.JSONField(default=list)),
                ("index_number", models.CharField(max_length=80, unique=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("filed_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("title", models.CharField(max_length=500)),
                ("document_number", models.CharField(blank=True, max_length=120)),
                ("issued_on", models.DateField(null=True)),
                ("year", models.PositiveSmallIntegerField(null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("regulation", "法律法规规章"),
                            ("normative", "行政规范性文件"),
                            ("policy", "其他政策文件"),
                            ("announcement", "公告公示"),
                            ("interpretation", "政策解读"),
                            ("guide", "服务指南"),
                        ],
                        max_length=16,
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=60)),
                ("subtopic", models.CharField(blank=True, max_length=60)),
                ("audience", models.JSONField(default=list)),
                ("organs_label", models.CharField(blank=True, max_length=500)),
                ("summary", models.CharField(blank=True, max_length=300)),
                ("registration_number", models.CharField(blank=True, max_length=40)),
                (
                    "legal",
                    models.CharField(
                        choices=[
                            ("not_yet", "尚未施行"),
                            ("in_force", "有效"),
                            ("amended", "已修改"),
                            ("superseded", "旧文本"),
                            ("repealed", "已废止"),
                            ("expired", "已失效"),
                            ("none", "不适用"),
                        ],
                        max_length=12,
                    ),
                ),
                ("legal_as_of", models.DateField()),
                ("in_force_from", models.DateField(null=True)),
                ("in_force_until", models.DateField(null=True)),
                ("term_ends_on", models.DateField(null=True)),
                ("number_key", models.CharField(blank=True, max_length=120)),
                ("text_digest", models.CharField(max_length=64)),
                ("facets", models.JSONField(default=list)),
                ("author", models.CharField(blank=True, max_length=128)),
                ("waiting", models.BooleanField(default=False)),
                ("asks", models.PositiveSmallIntegerField(default=0)),
                ("overridden", models.BooleanField(default=False)),
                ("sealed", models.JSONField(default=list)),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="agencies.agency"
                    ),
                ),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="replaces", to="library.document"
                    ),
                ),
                (
                    "work",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="library.work"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["editorial", "attribute", "-issued_on", "-id"], name="library_public_by_date"),
                    models.Index(fields=["editorial", "attribute", "-published_at", "-id"], name="library_public_by_moment"),
                    models.Index(fields=["editorial", "attribute", "year", "-issued_on", "-id"], name="library_public_year"),
                    models.Index(fields=["editorial", "attribute", "kind", "-issued_on", "-id"], name="library_public_kind"),
                    models.Index(fields=["editorial", "attribute", "topic", "-issued_on", "-id"], name="library_public_topic"),
                    models.Index(fields=["editorial", "attribute", "legal", "-issued_on", "-id"], name="library_public_legal"),
                    models.Index(fields=["in_force_from", "in_force_until"], name="library_in_force"),
                    models.Index(fields=["term_ends_on", "editorial", "legal", "agency"], name="library_term_ends"),
                    models.Index(fields=["number_key"], name="library_number_key"),
                    models.Index(fields=["text_digest"], name="library_text_digest"),
                    models.Index(fields=["changed_at", "id"], name="library_changed"),
                    models.Index(
                        fields=[
                            "agency",
                            "editorial",
                            "attribute",
                            "legal",
                            "kind",
                            "year",
                            "asks",
                            "waiting",
                            "overridden",
                            "author",
                            "issued_on",
                            "term_ends_on",
                            "number_key",
                            "title",
                        ],
                        name="library_desk",
                    ),
                    models.Index(fields=["issued_on", "id"], name="library_desk_by_date"),
                    models.Index(fields=["author", "editorial"], name="library_desk_author"),
                    models.Index(fields=["editorial", "attribute", "author", "issued_on"], name="library_desk_ready"),
                    models.Index(condition=models.Q(("waiting", True)), fields=["agency", "id"], name="library_desk_waiting"),
                    models.Index(condition=models.Q(("asks__gt", 0)), fields=["agency", "id"], name="library_desk_asking"),
                    models.Index(
                        condition=models.Q(("overridden", True)), fields=["agency", "id"], name="library_desk_overridden"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentOrgan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                ("issued_on", models.DateField(null=True)),
                ("authority", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="agencies.authority")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="document_organs", to="library.document"
                    ),
                ),
            ],
            options={
                "ordering": ("order",),
                "indexes": [models.Index(fields=["authority", "-issued_on", "-document"], name="library_organ_by_date")],
                "constraints": [models.UniqueConstraint(fields=("document", "authority"), name="organ_once_per_document")],
            },
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("base", models.PositiveIntegerField()),
                ("typed", models.JSONField()),
                ("saved_at", models.DateTimeField()),
                (
                    "document",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to="library.document"),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="drafts", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("person", "document"), name="one_draft_per_person")],
            },
        ),
        migrations.CreateModel(
            name="FacetChunk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100)),
                ("chunk", models.PositiveIntegerField()),
                ("bits", models.BinaryField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("name", "chunk"), name="one_chunk_per_facet_value")],
            },
        ),
        migrations.CreateModel(
            name="ImportItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("path", models.TextField()),
                ("sha256", models.CharField(blank=True, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("filed", "已归档"), ("needs_person", "需要人工"), ("duplicate", "重复"), ("failed", "失败")],
                        max_length=12,
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=40)),
                ("reason", models.TextField(blank=True)),
                ("document", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="library.document")),
                (
                    "run",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="items", to="library.importrun"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "path"), name="one_item_per_path")],
            },
        ),
        migrations.CreateModel(
            name="LegalEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("kind", models.CharField(max_length=12)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="legal_effects",
                        to="library.document",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="legal_events", to="library.document"
                    ),
                ),
            ],
            options={
                "ordering": ("on", "id"),
            },
        ),
        migrations.CreateModel(
            name="OldAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("host", models.CharField(max_length=255)),
                ("path", models.CharField(max_length=700)),
                (
                    "origin",
                    models.CharField(
                        choices=[("revision", "文件自带"), ("file", "另一格式自带"), ("listed", "清单导入")], max_length=8
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="old_addresses", to="library.document"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("path", "host", "origin", "document"), name="old_address_once")],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("act", models.CharField(blank=True, max_length=20)),
                ("on", models.DateField(null=True)),
                ("title", models.CharField(blank=True, max_length=500)),
                ("document_number", models.CharField(blank=True, max_length=120)),
                ("title_key", models.CharField(blank=True, max_length=500)),
                ("number_key", models.CharField(blank=True, max_length=120)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="relations", to="library.document"
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="related_from",
                        to="library.document",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["number_key"], name="library_relation_number"),
                    models.Index(fields=["title_key"], name="library_relation_title"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("main", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="renditions", to="library.document"
                    ),
                ),
                ("original", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="library.original")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("document", "original"), name="rendition_once")],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("imported", "导入"),
                            ("revised", "新版文件"),
                            ("corrected", "人工更正"),
                            ("reinstated", "恢复旧版"),
                        ],
                        max_length=12,
                    ),
                ),
                ("metadata", models.JSONField()),
                ("readings", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("text_digest", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("body", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="library.body")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="revisions", to="library.document"
                    ),
                ),
                ("original", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="library.original")),
            ],
            options={
                "ordering": ("number",),
                "constraints": [models.UniqueConstraint(fields=("document", "number"), name="one_revision_per_number")],
            },
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
        migrations.CreateModel(
            name="DocumentTheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="library.document")),
                ("theme", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to="library.theme")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("document", "theme"), name="theme_once_per_document")],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.CharField(max_length=32, unique=True)),
                ("actor", models.CharField(max_length=128)),
                ("uploaded_at", models.DateTimeField()),
                ("names", models.JSONField()),
                ("job", models.PositiveBigIntegerField(null=True)),
                (
                    "agency",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="uploads", to="agencies.agency"),
                ),
                (
                    "run",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="upload", to="library.importrun"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "-id"], name="library_uploads_of_agency"),
                    models.Index(fields=["actor", "-id"], name="library_uploads_of_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DocumentName",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=500)),
                ("main", models.BooleanField(default=False)),
                (
                    "document",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="names", to="library.document"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["key"], name="library_name_key")],
            },
        ),
        migrations.AddField(
            model_name="document",
            name="organs",
            field=models.ManyToManyField(related_name="documents", through="library.DocumentOrgan", to="agencies.authority"),
        ),
        migrations.AddField(
            model_name="document",
            name="current",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="library.revision"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="published",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="library.revision"
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="themes",
            field=models.ManyToManyField(related_name="documents", through="library.DocumentTheme", to="library.theme"),
        ),
    ]
