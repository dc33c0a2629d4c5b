"""Attributes of declared classes that are called otherwise than their columns."""
from .columns import Column


class Attribute(Column):
    """nm = Column("name", ...): Model.nm is this, and Model.__table__.c has the column. They are one and the same but for what a
    session calls it in its rows."""
    __slots__ = ("mapped",)

    @classmethod
    def of(cls, column):
        made = cls.__new__(cls)
        made.__dict__ = column.__dict__
        made.mapped = column
        return made

    @property
    def attribute(self):
        return self.key

    def copy(self, **unused):
        return self.mapped.copy()
