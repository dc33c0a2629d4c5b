"""Statements that execute themselves, as those of a MetaData with a bind do before SQLAlchemy 2.0."""


class Bound:
    def execute(self, *parameters, **named):
        from .connection import Connection
        return Connection().execute(self, *parameters, **named)

    def scalar(self, *parameters, **named):
        return self.execute(*parameters, **named).scalar()
