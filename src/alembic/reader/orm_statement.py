"""Objects from a statement that was given, as text or otherwise: select(Model).from_statement(text("SELECT ..."))."""
from .expressions import Element
from .orm_objects import Entity
from .text_clause import as_text


class FromStatement(Element):
    is_statement = True

    def __init__(self, elements, statement):
        self.elements = elements
        self.statement = as_text(statement)

    def sql(self, context):
        return self.statement.sql(context)

    def output(self):
        return [("", None)]

    def with_objects(self, objects, rows):
        """What the statement gives by name; what it does not give, an object asks for later."""
        return [tuple(self._cell(objects, element, row) for element in self.elements) for row in rows]

    @staticmethod
    def _cell(objects, element, row):
        if not isinstance(element, Entity):
            return row._mapping[element.name]
        given = row._mapping
        columns = [one for one in element.c if one.name in given]
        return objects.load(element.model, columns, [objects.read(one, given[one.name]) for one in columns])

    def names(self):
        return tuple(one.model.__name__ if isinstance(one, Entity) else one.name for one in self.elements)
