"""The API described by OpenAPI 3.1, as a document and in pieces for a page."""
