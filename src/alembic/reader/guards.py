"""Whether what fails is expected to fail: what stands in a try with a handler for it."""

_tries = {}


def expects(frame, errors):
    """errors: the names of exceptions; a handler without a name takes any when "BaseException" is one of them."""
    path = frame.f_code.co_filename
    if (path, errors) not in _tries:
        _tries[path, errors] = _guarded_lines(path, errors)
    return any(first <= frame.f_lineno <= last for first, last in _tries[path, errors])


def _guarded_lines(path, errors):
    import ast
    try:
        with open(path, "rb") as file:
            tree = ast.parse(file.read())
    except (OSError, SyntaxError, ValueError):
        return []
    return [(node.body[0].lineno, max(getattr(one, "end_lineno", one.lineno) for one in node.body))
            for node in ast.walk(tree) if isinstance(node, ast.Try) and any(_is_for(one, errors) for one in node.handlers)]


def _is_for(handler, errors):
    import ast
    if handler.type is None:
        return "BaseException" in errors
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(getattr(one, "id", getattr(one, "attr", "")) in errors for one in names)
