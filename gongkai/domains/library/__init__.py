"""政府文件库: documents, their revisions, their legal life, and what is public of them."""
