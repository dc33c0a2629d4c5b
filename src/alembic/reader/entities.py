"""alembic_utils: functions, views, triggers and the like as entities that op creates, drops and replaces."""
import enum


def _plain(text):
    """Definitions stand in scripts as text() wants them; here they are no text()."""
    return text.strip().rstrip(";").strip().replace("\\:", ":")


def _quoted(name):
    return '"%s"' % name.strip().strip('"')


def _dotted(name):
    schema, dot, rest = name.rpartition(".")
    return _quoted(schema) + dot + _quoted(rest) if dot else _quoted(name)


class ReplaceableEntity:
    kind = ""

    def __init__(self, schema=None, signature=None, definition="", **more):
        self.schema, self.signature, self.definition = schema, signature, _plain(definition)
        self.__dict__.update(more)

    @property
    def full_name(self):
        return "%s.%s" % (_quoted(self.schema), _quoted(self.signature))

    def create(self):
        return ["CREATE %s %s AS %s" % (self.kind, self.full_name, self.definition)]

    def drop(self, cascade=False):
        return ["DROP %s %s%s" % (self.kind, self.full_name, " CASCADE" if cascade else "")]

    def replace(self):
        return ["DROP %s IF EXISTS %s" % (self.kind, self.full_name)] + self.create()

    # What scripts execute themselves.
    def to_sql_statement_create(self):
        from .text_clause import text
        return text(";\n".join(self.create()).replace(":", "\\:"))

    def to_sql_statement_drop(self, cascade=False):
        from .text_clause import text
        return text(";\n".join(self.drop(cascade)).replace(":", "\\:"))

    def to_sql_statement_create_or_replace(self):
        from .text_clause import text
        for one in self.replace():
            yield text(one.replace(":", "\\:"))


class PGView(ReplaceableEntity):
    kind = "VIEW"

    def replace(self):
        """In place when its columns allow it, else anew."""
        create = self.create()[0]
        return ["DO $limbeck$\nBEGIN\n    BEGIN\n        %s;\n    EXCEPTION WHEN others THEN\n        DROP VIEW IF EXISTS %s;\n"
                "        %s;\n    END;\nEND\n$limbeck$" % (create.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1), self.full_name,
                                                          create)]


class PGMaterializedView(ReplaceableEntity):
    kind = "MATERIALIZED VIEW"
    with_data = True

    def create(self):
        return ["%s WITH%s DATA" % (super().create()[0], "" if self.with_data else " NO")]


class PGFunction(ReplaceableEntity):
    kind = "FUNCTION"

    def _split(self):
        name, _, rest = self.signature.partition("(")
        return "%s.%s" % (_quoted(self.schema), _quoted(name)), "(" + rest

    def create(self):
        name, rest = self._split()
        return ["CREATE FUNCTION %s%s %s" % (name, rest, self.definition)]

    def drop(self, cascade=False):
        name, rest = self._split()
        parameters = [one.lower().partition(" default")[0] and one[:len(one.lower().partition(" default")[0])].strip()
                      for one in rest.strip()[1:].rstrip(")").split(",")] if rest.strip() != "()" else []
        return ["DROP FUNCTION %s(%s)%s" % (name, ", ".join(one for one in parameters if one), " CASCADE" if cascade else "")]

    def replace(self):
        return [self.create()[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1)]


class PGTrigger(ReplaceableEntity):
    kind = "TRIGGER"
    is_constraint = False

    def create(self):
        return ["CREATE %sTRIGGER %s %s" % ("CONSTRAINT " if self.is_constraint else "", _quoted(self.signature), self.definition)]

    def drop(self, cascade=False, if_exists=False):
        return ["DROP TRIGGER %s%s ON %s%s" % ("IF EXISTS " if if_exists else "", _quoted(self.signature), self.on_entity,
                                               " CASCADE" if cascade else "")]

    def replace(self):
        return self.drop(if_exists=True) + self.create()


class PGPolicy(ReplaceableEntity):
    def create(self):
        return ["CREATE POLICY %s ON %s %s" % (self.signature, self.on_entity, self.definition)]

    def drop(self, cascade=False, if_exists=False):
        return ["DROP POLICY %s%s ON %s%s" % ("IF EXISTS " if if_exists else "", self.signature, self.on_entity,
                                              " CASCADE" if cascade else "")]

    def replace(self):
        return self.drop(if_exists=True) + self.create()


class PGExtension(ReplaceableEntity):
    def create(self):
        return ["CREATE EXTENSION %s WITH SCHEMA %s" % (_quoted(self.signature), _quoted(self.schema))]

    def drop(self, cascade=False):
        return ["DROP EXTENSION %s%s" % (_quoted(self.signature), " CASCADE" if cascade else "")]

    def replace(self):
        raise NotImplementedError("an extension cannot be replaced")


class PGGrantTableChoice(str, enum.Enum):
    ALL = "ALL"
    SELECT = "SELECT"
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    TRUNCATE = "TRUNCATE"
    REFERENCES = "REFERENCES"
    TRIGGER = "TRIGGER"

    def __str__(self):
        return self.value


class PGGrantTable(ReplaceableEntity):
    columns = None
    with_grant_option = False

    def create(self):
        columns = " (%s)" % ", ".join(_quoted(one) for one in self.columns) if self.columns else ""
        return ["GRANT %s%s ON %s TO %s%s" % (self._grant(), columns, self._table(), _quoted(self.role),
                                              " WITH GRANT OPTION" if self.with_grant_option else "")]

    def drop(self, cascade=False):
        return ["REVOKE %s ON %s FROM %s" % (self._grant(), self._table(), _quoted(self.role))]

    def replace(self):
        return self.drop() + self.create()

    def _grant(self):
        return getattr(self.grant, "value", self.grant)

    def _table(self):
        return "%s.%s" % (_quoted(self.schema), _dotted(self.table))


def create_entity(operations, target, **unused):
    for one in target.create():
        operations.run.execute_sql(one)


def drop_entity(operations, target, cascade=False, **unused):
    for one in target.drop(cascade):
        operations.run.execute_sql(one)


def replace_entity(operations, target, **unused):
    for one in target.replace():
        operations.run.execute_sql(one)


def members():
    return {one.__name__: one for one in (ReplaceableEntity, PGView, PGMaterializedView, PGFunction, PGTrigger, PGPolicy,
                                          PGExtension, PGGrantTable, PGGrantTableChoice)}
