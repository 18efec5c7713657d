"""The error tree: a fault that the user must fix, as one line that names file, place and remedy.

KgError
├── ReadError, RuleError, OntologyError, QueryError   (ValueError)   where, what, what to change
└── StoreError, ExportError, ServeError               (OSError)      nothing half-written

Faults in the *data* are no errors: they are `kg.model.Issue`s, collected and shown.
"""

from __future__ import annotations


class KgError(Exception):
    """Anything that a user of kg must fix; `str()` of it is one line fit for a terminal."""


class ReadError(KgError, ValueError):
    """A file cannot be read as a document: missing, no text, too large, not what its name says."""


class RuleError(KgError, ValueError):
    """A rule or lexicon file is at fault; names every fault of the file at once."""


class OntologyError(KgError, ValueError):
    """A name is not in the ontology, or a graph breaks its shapes."""


class QueryError(KgError, ValueError):
    """A query or a question is at fault: syntax, unknown name, wrong parameter, an update."""


class StoreError(KgError, OSError):
    """The store cannot be opened, is locked by another process, or cannot be written."""


class ExportError(KgError, OSError):
    """An export cannot be written; no partial file is left."""


class ServeError(KgError, OSError):
    """The server cannot start or was asked for what it does not serve."""
