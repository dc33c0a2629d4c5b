"""The schema that the comparison of schemas is measured with: tables of ten columns, two indexes and a foreign key each.

Every function takes whether the declaration is meant, which differs from the database in three places: one column more, one column NOT NULL, one
index less.
"""
COLUMNS = [("c1", "INTEGER", "sa.Integer()"), ("c2", "VARCHAR(100)", "sa.String(100)"), ("c3", "TEXT", "sa.Text()"),
           ("c4", "BOOLEAN", "sa.Boolean()"), ("c5", "TIMESTAMP", "sa.DateTime()"),
           ("c6", "NUMERIC(10,2)", "sa.Numeric(10, 2)"), ("c7", "BIGINT", "sa.BigInteger()"), ("c8", "DATE", "sa.Date()")]
DIFFERENCES = 3


def name(number):
    return f"t_{number:05d}"


def parent_of(number):
    """A tree: a chain of a thousand foreign keys is too deep for Alembic."""
    return name(max(1, number // 2))


def not_null(number, column, declared):
    return column == "c2" or (declared and number == 5 and column == "c5")


def indexed(number, declared):
    return ["c1"] if declared and number == 7 else ["c1", "c2"]


def table_sql(number, dialect, declared):
    table, parent = name(number), parent_of(number)
    lines = ["id SERIAL PRIMARY KEY" if dialect == "postgresql" else "id INTEGER PRIMARY KEY"]
    lines += [f"{column} {sql}" + (" NOT NULL" if not_null(number, column, declared) else "") for column, sql, _ in COLUMNS]
    if declared and number == 3:
        lines.append("extra VARCHAR(50)")
    lines.append(f"parent_id INTEGER CONSTRAINT fk_{table}_parent REFERENCES {parent} (id)")
    indexes = [f"CREATE INDEX ix_{table}_{column} ON {table} ({column});\n" for column in indexed(number, declared)]
    return f"CREATE TABLE {table} (\n  " + ",\n  ".join(lines) + "\n);\n" + "".join(indexes)


def schema_sql(count, dialect, declared, together=0):
    """together: so many tables in a transaction; the server's table of locks does not hold them all. 0: says nothing of transactions."""
    tables = [table_sql(number, dialect, declared) for number in range(1, count + 1)]
    if not together:
        return "".join(tables)
    return "".join("BEGIN;\n" + "".join(tables[i:i + together]) + "COMMIT;\n" for i in range(0, count, together))


def table_model(number):
    table, parent = name(number), parent_of(number)
    lines = ["sa.Column('id', sa.Integer(), primary_key=True)"]
    lines += [f"sa.Column('{column}', {model}, nullable={not not_null(number, column, True)})" for column, _, model in COLUMNS]
    if number == 3:
        lines.append("sa.Column('extra', sa.String(50))")
    lines.append(f"sa.Column('parent_id', sa.Integer(), sa.ForeignKey('{parent}.id', name='fk_{table}_parent'))")
    lines += [f"sa.Index('ix_{table}_{column}', '{column}')" for column in indexed(number, True)]
    return f"sa.Table('{table}', metadata,\n    " + ",\n    ".join(lines) + ")\n"


def schema_models(count):
    """The declaration for SQLAlchemy."""
    return "import sqlalchemy as sa\nmetadata = sa.MetaData()\n" + "".join(table_model(i) for i in range(1, count + 1))
