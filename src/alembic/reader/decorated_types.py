"""TypeDecorator: types that the project makes of others."""
from . import column_types as types


class TypeDecorator(types.TypeEngine):
    impl = None
    cache_ok = None
    coerce_to_is_types = (type(None),)

    def __init__(self, *arguments, **named):
        impl = type(self).impl
        if impl is None:
            raise AttributeError("the type %s has no impl" % type(self).__name__)
        self.impl = self._made(impl, arguments, named)

    @staticmethod
    def _made(impl, arguments, named):
        if not isinstance(impl, type):
            return types.to_instance(impl)
        try:
            return impl(*arguments, **named)
        except TypeError as error:
            if "unexpected keyword argument" in str(error):
                raise
            return impl()

    @property
    def impl_instance(self):
        return self.impl

    def load_dialect_impl(self, dialect):
        return getattr(self, "impl", None) or type(self).impl

    def type_engine(self, dialect):
        return self.resolved(dialect)

    def process_bind_param(self, value, dialect):
        return value

    def process_literal_param(self, value, dialect):
        return self.process_bind_param(value, dialect)

    def process_result_value(self, value, dialect):
        return value

    def copy(self, **unused):
        return types.TypeEngine.copy(self)

    def resolved(self, dialect):
        if self.variants and dialect.name in self.variants:
            return self.variants[dialect.name].resolved(dialect)
        mapped = _mapping_of(self)
        return mapped if mapped is not None else _Decorated(self, dialect)

    def sql(self, dialect):
        return self.resolved(dialect).sql(dialect)

    def literal(self, value, dialect):
        return self.resolved(dialect).literal(value, dialect)

    def result(self, value, dialect):
        return self.resolved(dialect).result(value, dialect)

    @property
    def affinity(self):
        return types.to_instance(type(self).impl).affinity

    def _implementation(self):
        return types.to_instance(getattr(self, "impl", None) or type(self).impl)

    def constraint_for(self, column, dialect):
        return self._implementation().constraint_for(column, dialect)


def _mapping_of(type_):
    from .mapped_types import mapping_for_class
    return mapping_for_class(type(type_))


def _Decorated(decorator, dialect):
    """The type below, with the decorator's conversion of values around it."""
    inner = types.to_instance(decorator.load_dialect_impl(dialect)).resolved(dialect)
    made = inner.copy()
    base = inner.__class__

    def literal(value, dialect):
        return base.literal(inner, decorator.process_bind_param(value, dialect), dialect)

    def bound(value, dialect):
        return base.bound(inner, decorator.process_bind_param(value, dialect), dialect)

    def result(value, dialect):
        return decorator.process_result_value(base.result(inner, value, dialect), dialect)
    made.literal, made.bound, made.result = literal, bound, result
    return made
