"""A schema that somebody else has filled: everything of pg_catalog stands in it again, and is found first.

Its operators and functions fail when they are called, its tables are empty, its types take no value. Whatever Limbeck
asks or writes for itself has to come out as if the schema were not there.
"""
import json
import pathlib
import unittest

from alembic_harness import make_project
from harness import Case, Postgres, Sqlite, chain, current, limbeck

# What cannot be made again (arguments of internal types) cannot be called by a name in SQL either, or needs no attack.
EVIL = r"""
CREATE SCHEMA app;
CREATE SCHEMA evil;
SET client_min_messages = error;
DO $do$
DECLARE
  o record;
  made integer := 0;
BEGIN
  FOR o IN SELECT p.proname, pg_get_function_identity_arguments(p.oid) AS arguments, pg_get_function_result(p.oid) AS result
           FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.prokind = 'f' LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.%I(%s) RETURNS %s LANGUAGE plpgsql AS %L', o.proname, o.arguments, o.result,
                     format('BEGIN RAISE EXCEPTION ''hostile function %s''; END', o.proname));
      made := made + 1;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  IF made < 1500 THEN RAISE EXCEPTION 'only % functions', made; END IF;
  made := 0;
  FOR o IN SELECT p.oid, p.oprname, p.oprleft, p.oprright, p.oprresult::regtype AS result FROM pg_catalog.pg_operator p
           WHERE p.oprnamespace = 'pg_catalog'::regnamespace LOOP
    BEGIN
      EXECUTE format('CREATE FUNCTION evil.operator_%s(%s) RETURNS %s LANGUAGE plpgsql AS %L', o.oid,
                     concat_ws(', ', nullif(o.oprleft, 0)::regtype, nullif(o.oprright, 0)::regtype), o.result,
                     format('BEGIN RAISE EXCEPTION ''hostile operator %s''; END', o.oprname));
      EXECUTE format('CREATE OPERATOR evil.%s (FUNCTION = evil.operator_%s, %s)', o.oprname, o.oid,
                     concat_ws(', ', 'LEFTARG = ' || nullif(o.oprleft, 0)::regtype, 'RIGHTARG = ' || nullif(o.oprright, 0)::regtype));
      made := made + 1;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  IF made < 600 THEN RAISE EXCEPTION 'only % operators', made; END IF;
  -- pg_catalog has no operators of its own for varchar: this one fits better than those of text.
  CREATE FUNCTION evil.compare(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS
    $f$BEGIN RAISE EXCEPTION 'hostile operator of varchar'; END$f$;
  FOR o IN SELECT unnest(ARRAY['=', '<>', '<', '>', '<=', '>=', '~', '!~']) AS name LOOP
    EXECUTE format('CREATE OPERATOR evil.%s (FUNCTION = evil.compare, LEFTARG = varchar, RIGHTARG = varchar)', o.name);
    EXECUTE format('CREATE OPERATOR public.%s (FUNCTION = evil.compare, LEFTARG = varchar, RIGHTARG = varchar)', o.name);
  END LOOP;
  CREATE FUNCTION evil.fails(bigint) RETURNS bigint LANGUAGE plpgsql AS
    $f$BEGIN RAISE EXCEPTION 'hostile aggregate'; END$f$;
  CREATE AGGREGATE evil.count(*) (SFUNC = evil.fails, STYPE = bigint, INITCOND = '0');
  made := 0;
  FOR o IN SELECT c.relname FROM pg_catalog.pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind IN ('r', 'v') LOOP
    BEGIN
      EXECUTE format('CREATE TABLE evil.%I (LIKE pg_catalog.%I)', o.relname, o.relname);
      made := made + 1;
    EXCEPTION WHEN OTHERS THEN NULL;
    END;
  END LOOP;
  IF made < 80 THEN RAISE EXCEPTION 'only % tables', made; END IF;
  FOR o IN SELECT unnest(ARRAY['text', 'name', 'oid', 'regclass', 'regtype', 'timestamptz', 'int4', 'int8', 'bool', 'jsonb',
                               'char', 'int2vector', 'varchar', 'bpchar', 'date', 'uuid', 'inet']) AS name LOOP
    EXECUTE format('CREATE DOMAIN evil.%I AS pg_catalog.%I CHECK (pg_catalog.length(VALUE::pg_catalog.text) OPERATOR(pg_catalog.<) 0)',
                   o.name, o.name);
  END LOOP;
END
$do$;
"""

# Names of types that are keywords mean pg_catalog's, whatever the path: what the author wrote is not attacked here.
REVISIONS = chain(
    """-- limbeck:upgrade
CREATE TABLE app.people (code varchar(40) NOT NULL PRIMARY KEY, n integer, m integer);
-- limbeck:downgrade
DROP TABLE app.people;""",
    """-- limbeck:upgrade
INSERT INTO app.people (code, n) SELECT 'p' OPERATOR(pg_catalog.||) i, i FROM pg_catalog.generate_series(1, 35) i;
-- limbeck:backfill table=app.people batch=10
UPDATE app.people SET m = n;
-- limbeck:downgrade
DELETE FROM app.people;""",
    """-- limbeck:upgrade no-transaction
CREATE INDEX CONCURRENTLY ix_people_n ON app.people (n);
-- limbeck:downgrade no-transaction
DROP INDEX CONCURRENTLY app.ix_people_n;""")


class Hostile(Case):
    def hostile(self):
        database = self.database(Postgres)
        database.script(EVIL)
        database.script(f"ALTER DATABASE {database.database} SET search_path = app, evil, public, pg_catalog")
        # Who is attacked notices: nothing of this can be passed over.
        for attack in ("SELECT 1 WHERE 'a'::pg_catalog.name = 'a'", "SELECT lower('A')", "SELECT count(*)",
                       "SELECT 'x'::text"):
            with self.assertRaises(AssertionError):
                database.query("SET client_min_messages = error; " + attack)
        self.assertEqual([], database.query("SELECT relname FROM pg_class"))
        return database

    def run_at(self, database, folder, *arguments, check=0):
        result = limbeck(*arguments, "--url", database.url, folder=folder, check=check)
        self.assertNotIn("hostile", result.stdout + result.stderr)
        return result


class HostileSchema(Hostile):
    def test_every_command_goes_on_as_ever(self):
        database = self.hostile()
        folder = self.project(REVISIONS, "superuser_warning = false\n")
        run = lambda *arguments, check=0: self.run_at(database, folder, *arguments, check=check)
        run("current")
        run("status", check=3)
        run("upgrade", "head")
        self.assertEqual(["r3"], current(database, folder))
        self.assertEqual([("35", "35")], database.query("SET search_path = pg_catalog; SELECT count(*), count(m) FROM app.people"))
        self.assertEqual([("app",)], database.query(
            "SET search_path = pg_catalog; SELECT relnamespace::regnamespace FROM pg_class WHERE relname = 'limbeck_version' AND relkind = 'r'"))
        run("upgrade", "head")
        run("status")
        run("current", "-v")
        run("history", "-i")
        run("repair")
        run("health")
        run("backup")
        run("lint", "--database", "r1:r3", check=None)
        run("audit", check=None)
        snapshot = json.loads(run("inspect", "--schema", "app", "--format", "json").stdout)
        names = {(o["kind"], o["name"], o.get("part", "")) for o in snapshot["objects"]}
        self.assertIn(("column", "people", "code"), names)
        self.assertIn(("index", "ix_people_n", ""), names)
        run("stamp", "r2")
        run("stamp", "head")
        run("downgrade", "base")
        self.assertEqual([], current(database, folder))

    def test_what_was_interrupted_is_found_and_resumed(self):
        """The journal and the probes of the catalog, which only a resumed run asks."""
        database = self.hostile()
        folder = self.project(chain("""-- limbeck:upgrade no-transaction
CREATE TABLE app.t (code varchar(40) NOT NULL PRIMARY KEY);
INSERT INTO app.t VALUES ('a'), ('b');
CREATE UNIQUE INDEX CONCURRENTLY ix_t ON app.t ((1));
-- limbeck:downgrade
DROP TABLE app.t;"""), "superuser_warning = false\n")
        result = limbeck("upgrade", "head", "--url", database.url, folder=folder, check=7)
        self.assertIn("ix_t", result.stdout + result.stderr)
        self.assertNotIn("hostile", result.stdout + result.stderr)
        database.script("DELETE FROM app.t WHERE code OPERATOR(pg_catalog.=) 'b'")
        self.run_at(database, folder, "upgrade", "head")
        self.assertEqual(["r1"], current(database, folder))

    def test_a_plan_is_made_and_applied(self):
        database = self.hostile()
        folder = self.project({}, "superuser_warning = false\n")
        schema = pathlib.Path(folder, "schema.sql")
        schema.write_text("CREATE SCHEMA app;\nCREATE TABLE app.goods (id integer PRIMARY KEY, code varchar(20) NOT NULL);\n")
        self.run_at(database, folder, "apply", "--to", "schema.sql", "--schema", "app", "--yes")
        self.assertEqual([("goods",)], database.query(
            "SET search_path = pg_catalog; SELECT relname FROM pg_class WHERE relname = 'goods' AND relkind = 'r'"))


# Everything that the inspector can be asked, and a type that is made where there is none yet.
INSPECTING = """
    code = postgresql.ENUM("a", "b", name="code", schema="app")
    code.create(op.get_bind(), checkfirst=True)
    code.create(op.get_bind(), checkfirst=True)
    op.create_table("goods", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(20), unique=True),
                    sa.CheckConstraint("id IS NOT NULL", name="some_id"), schema="app")
    op.create_table("parts", sa.Column("id", sa.Integer, sa.ForeignKey("app.goods.id", name="fk_parts"), index=True), schema="app")
    inspector = sa.inspect(op.get_bind())
    assert inspector.default_schema_name == "app" and "evil" in inspector.get_schema_names()
    assert {"goods", "parts"} <= set(inspector.get_table_names()) and inspector.has_table("goods") and not inspector.has_table("g")
    assert inspector.get_view_names() == [] and inspector.get_materialized_view_names() == []
    assert inspector.get_temp_table_names() == [] and "goods_id_seq" in inspector.get_sequence_names()
    for schema in (None, "app"):
        assert [it["name"] for it in inspector.get_columns("goods", schema=schema)] == ["id", "code"]
        assert inspector.get_pk_constraint("goods", schema=schema)["constrained_columns"] == ["id"]
        assert inspector.get_unique_constraints("goods", schema=schema)[0]["column_names"] == ["code"]
        assert [it["name"] for it in inspector.get_check_constraints("goods", schema=schema)] == ["some_id"]
        assert inspector.get_foreign_keys("parts", schema=schema)[0]["name"] == "fk_parts"
        assert inspector.get_indexes("parts", schema=schema)[0]["column_names"] == ["id"]
        assert inspector.get_table_comment("goods", schema=schema) == {"text": None}
    assert [(it["name"], it["labels"]) for it in inspector.get_enums()] == [("code", ["a", "b"])]
"""


class HostileToScripts(Hostile):
    """The same, for what the scripts of an Alembic project ask."""

    def test_the_inspector_asks_the_catalog(self):
        database = self.hostile()
        folder = pathlib.Path(self.folder, "alembic")
        script = ("import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\n\n"
                  'revision = "a1"\ndown_revision = None\n\n\ndef upgrade():' + INSPECTING + "\n\ndef downgrade():\n    pass\n")
        make_project(folder, {"a1.py": script}, database)
        self.run_at(database, folder, "upgrade", "head")
        self.run_at(database, folder, "current")
        self.assertEqual([("goods",), ("parts",)], database.query(
            "SET search_path = pg_catalog; SELECT relname FROM pg_class WHERE relname IN ('goods', 'parts') AND relkind = 'r' ORDER BY 1"))


    def test_an_enumeration_gets_other_labels(self):
        database = self.hostile()
        folder = pathlib.Path(self.folder, "alembic")
        script = """from alembic import op
from alembic_postgresql_enum import ColumnType, TableReference

revision = "a1"
down_revision = None


def upgrade():
    op.execute("CREATE TYPE app.mood AS ENUM ('a', 'b')")
    op.execute("CREATE TABLE app.t (one app.mood, many app.mood[])")
    op.execute("INSERT INTO app.t VALUES ('b', '{a,b}')")
    op.sync_enum_values(enum_schema="app", enum_name="mood", new_values=["a", "c"], enum_values_to_rename=[("b", "c")],
                        affected_columns=[TableReference(table_schema="app", table_name="t", column_name="one"),
                                          TableReference(table_schema="app", table_name="t", column_name="many",
                                                         column_type=ColumnType.ARRAY)])


def downgrade():
    pass
"""
        make_project(folder, {"a1.py": script}, database)
        self.run_at(database, folder, "upgrade", "head")
        self.assertEqual([("c", "{a,c}")], database.query("SET search_path = pg_catalog; SELECT one, many FROM app.t"))


class TemporaryObjects(Case):
    """Temporary tables are found before all others: those of a session that Limbeck goes on using."""

    SCHEMA = "CREATE TABLE people (id integer PRIMARY KEY, name varchar(40));\n"
    SHADOWS = "".join(f"CREATE TEMP TABLE {name} (LIKE pg_catalog.{name});\n" for name in (
        "pg_class", "pg_namespace", "pg_constraint", "pg_index", "pg_type", "pg_proc", "pg_depend", "pg_description"))

    def test_a_declared_schema_is_read_from_the_catalog(self):
        """Without this, everything would look dropped."""
        database = self.database(Postgres)
        folder = self.project({})
        pathlib.Path(folder, "plain.sql").write_text(self.SCHEMA)
        pathlib.Path(folder, "shadowed.sql").write_text(self.SCHEMA + self.SHADOWS)
        read = lambda file: json.loads(limbeck("inspect", file, "--format", "json", "--dialect", "postgresql", "--url", database.url,
                                               "--no-cache", folder=folder, check=0).stdout)
        plain, shadowed = read("plain.sql"), read("shadowed.sql")
        self.assertEqual(plain["objects"], shadowed["objects"])
        self.assertIn("people", [o["name"] for o in plain["objects"]])

    def test_a_revision_cannot_write_its_own_history(self):
        """A temporary version table or journal is not the one that is meant."""
        body = """-- limbeck:upgrade
CREATE TEMP TABLE limbeck_version (version_num varchar(255) NOT NULL);
CREATE TEMP TABLE limbeck_journal (id integer);
INSERT INTO limbeck_version VALUES ('forged');
CREATE TABLE t (id integer);
-- limbeck:downgrade
DROP TABLE t;"""
        for kind in (Sqlite, Postgres):
            with self.subTest(kind=kind.name):
                database = self.database(kind)
                folder = self.project(chain(body, "-- limbeck:upgrade\nCREATE TABLE u (id integer);\n-- limbeck:downgrade\nDROP TABLE u;"))
                limbeck("upgrade", "head", "--url", database.url, folder=folder, check=0)
                self.assertEqual(["r2"], current(database, folder))
                self.assertEqual([("r1",), ("r2",)], database.query("SELECT revision FROM limbeck_journal WHERE kind = 'revision' ORDER BY id"))
                limbeck("downgrade", "base", "--url", database.url, folder=folder, check=0)


if __name__ == "__main__":
    unittest.main()
