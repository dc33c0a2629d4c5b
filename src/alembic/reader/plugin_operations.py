"""Operations that a project adds to alembic.op: Operations.register_operation and Operations.implementation_for."""

_directives = {}
_of_batches = {}
_implementations = {}

NOT_KNOWN = "Alembic has no such operation, and neither env.py nor what it imports registers one here"


def has_any():
    return bool(_directives or _of_batches or _implementations)


def register_operation(name, sourcename=None):
    """Decorates the operation's class: op.name(...) calls its class method of the name, which makes and invokes one."""
    def take(kind):
        _directives[name] = getattr(kind, sourcename or name)
        return kind
    return take


def register_batch_operation(name, sourcename=None):
    """The same for what is called in a block of batch_alter_table."""
    def take(kind):
        _of_batches[name] = getattr(kind, sourcename or name)
        return kind
    return take


def batch_directive(name):
    return _known(_of_batches, name)


def _known(directives, name):
    if name not in directives:
        from .env_operations import look_for_modules, look_for_operations
        look_for_modules()
        look_for_operations()
    return directives.get(name)


def implementation_for(kind, replace=False):
    def take(function):
        _implementations[kind] = function
        return function
    return take


def directive(name):
    """op.name for a registered one; None for any other."""
    made = _known(_directives, name)
    if made is None:
        return None

    def call(*arguments, **named):
        from .current_operations import operations
        return made(operations(), *arguments, **named)
    return call


def implementation_of(operation):
    """That of its class, or of one above it; None for Alembic's own operations."""
    return next((_implementations[kind] for kind in type(operation).__mro__ if kind in _implementations), None)


def invoke(operations, operation):
    """Alembic's own operations know what they do."""
    implementation = implementation_of(operation)
    return operation.apply(operations) if implementation is None else implementation(operations, operation)
