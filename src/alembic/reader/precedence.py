"""How tightly operators bind, what their opposites are, which of them give a truth value."""

# How tightly operators bind; one that binds no tighter than what it stands in is put into parentheses.
PRECEDENCE = {"[]": 15, "->": 15, "->>": 15, "#>": 15, "#>>": 15, "*": 8, "/": 8, "%": 8, "-x": 8, "+": 7, "-": 7, "&": 7, "|": 7, "#": 7, "<<": 7, ">>": 7, "||": 6,
              "=": 5, "!=": 5, "<": 5, ">": 5, "<=": 5, ">=": 5, "IS": 5, "IS NOT": 5, "LIKE": 5, "NOT LIKE": 5, "ILIKE": 5,
              "NOT ILIKE": 5, "IN": 5, "NOT IN": 5, "BETWEEN": 5, "NOT BETWEEN": 5, "IS DISTINCT FROM": 5, "~": 5, "!~": 5,
              "~*": 5, "!~*": 5, "@@": 5, "@>": 5, "<@": 5, "&&": 5, "@?": 5, "?": 5, "?|": 5, "?&": 5, "&<": 5, "&>": 5, "-|-": 5,
              "IS NOT DISTINCT FROM": 5, "NOT": 5, "AND": 3, "OR": 2, ",": -1}
ASSOCIATIVE = {"AND", "OR", "+", "*", "||", ","}
NEGATED = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "IS": "IS NOT", "IS NOT": "IS", "LIKE": "NOT LIKE",
            "NOT LIKE": "LIKE", "ILIKE": "NOT ILIKE", "NOT ILIKE": "ILIKE", "IN": "NOT IN", "NOT IN": "IN", "~": "!~",
            "!~": "~", "~*": "!~*", "!~*": "~*", "BETWEEN": "NOT BETWEEN", "NOT BETWEEN": "BETWEEN",
            "IS DISTINCT FROM": "IS NOT DISTINCT FROM", "IS NOT DISTINCT FROM": "IS DISTINCT FROM"}
COMPARES = set(NEGATED) | {"AND", "OR", "NOT", "@>", "<@", "?", "?|", "?&", "&&", "@@"}
