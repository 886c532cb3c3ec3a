"""On PostgreSQL, where a missing value is the largest unless told otherwise, indexes in the order of lists.

SQLite has that order of itself, and cannot be told.
"""

from django.db import migrations

_NEWEST = "issued_on DESC NULLS LAST, id DESC"
_INDEXES = {
    "library_public_by_date": f"library_document (editorial, attribute, {_NEWEST})",
    "library_public_year": f"library_document (editorial, attribute, year, {_NEWEST})",
    "library_public_kind": f"library_document (editorial, attribute, kind, {_NEWEST})",
    "library_public_topic": f"library_document (editorial, attribute, topic, {_NEWEST})",
    "library_public_legal": f"library_document (editorial, attribute, legal, {_NEWEST})",
    "library_desk_by_date": "library_document (issued_on NULLS FIRST, id)",
    "library_organ_by_date": "library_documentorgan (authority_id, issued_on DESC NULLS LAST, document_id DESC)",
}


def order(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, columns in _INDEXES.items():
            schema_editor.execute(f"DROP INDEX {name}")
            schema_editor.execute(f"CREATE INDEX {name} ON {columns}")


class Migration(migrations.Migration):
    dependencies = [("library", "0011_what_the_desk_filters_by")]
    operations = [migrations.RunPython(order, migrations.RunPython.noop)]
