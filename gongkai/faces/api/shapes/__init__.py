"""What the answers look like, for the OpenAPI document; tests hold the answers to it.

Answers are not passed through these schemas: that would cost more than making them.
"""

from gongkai.faces.api.shapes.directory import Organ, OrganList, Root, ThemeList, TopicList
from gongkai.faces.api.shapes.documents import Clauses, Document, Timeline
from gongkai.faces.api.shapes.lists import DocumentList
from gongkai.faces.api.shapes.problem import Problem

__all__ = ["Clauses", "Document", "DocumentList", "Organ", "OrganList", "Problem", "Root", "ThemeList", "Timeline", "TopicList"]
