"""PostgreSQL's EXCLUDE constraints."""
from . import ddl
from .constraints import Constraint
from .expressions import column_or_text
from .text_clause import as_text, text


class ExcludeConstraint(Constraint):
    """ExcludeConstraint((column or expression, operator), ..., using="gist", where=...)"""
    kind = "exclude"
    convention = "ex"

    def __init__(self, *elements, name=None, using="gist", where=None, ops=None, **named):
        super().__init__(name=name, **named)
        self.elements = [(one if not isinstance(one, str) else text(one) if not one.isidentifier() else column_or_text(one), operator)
                         for one, operator in elements]
        self.using, self.where, self.ops = using, where, ops or {}

    def body(self, dialect):
        parts = []
        for element, operator in self.elements:
            operator_class = self.ops.get(getattr(element, "key", None))
            parts.append("%s%s WITH %s" % (ddl.bare(element, dialect), " " + operator_class if operator_class else "", operator))
        body = "EXCLUDE USING %s (%s)" % (self.using.lower(), ", ".join(parts))
        return body + (" WHERE (%s)" % ddl.bare(as_text(self.where), dialect) if self.where is not None else "")
