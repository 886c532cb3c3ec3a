"""Tables of the library."""

from gongkai.domains.library.models.beside import (
    Counter,
    DocumentName,
    DocumentOrgan,
    DocumentTheme,
    FacetChunk,
    LegalEvent,
    OldAddress,
    Relation,
    Remark,
    Rendition,
)
from gongkai.domains.library.models.drafts import Draft
from gongkai.domains.library.models.exchange import (
    Harvest,
    Harvested,
    Source,
)
from gongkai.domains.library.models.imports import (
    ImportItem,
    ImportRun,
    Upload,
)
from gongkai.domains.library.models.papers import (
    Body,
    Document,
    DocumentQuerySet,
    Original,
    Revision,
    Theme,
    Work,
)
from gongkai.domains.library.models.statuses import (
    Attribute,
    Editorial,
    Kind,
    Legal,
)

__all__ = [
    "Attribute",
    "Body",
    "Counter",
    "Document",
    "DocumentName",
    "DocumentOrgan",
    "DocumentQuerySet",
    "DocumentTheme",
    "Draft",
    "Editorial",
    "FacetChunk",
    "Harvest",
    "Harvested",
    "ImportItem",
    "ImportRun",
    "Kind",
    "Legal",
    "LegalEvent",
    "OldAddress",
    "Original",
    "Relation",
    "Remark",
    "Rendition",
    "Revision",
    "Source",
    "Theme",
    "Upload",
    "Work",
]
