// What introspection reads and leaves out, and what it says of the rest.
#include "unit/dialect/introspected.h"

namespace limbeck::test {
namespace {

constexpr std::string_view application = R"(
  CREATE SCHEMA app;
  COMMENT ON SCHEMA app IS 'the application';
  CREATE TABLE app.users (id serial PRIMARY KEY, email text UNIQUE, CHECK (id > 0));
  CREATE TABLE app.orders (id bigint GENERATED ALWAYS AS IDENTITY, buyer integer REFERENCES app.users,
                           price numeric, twice numeric GENERATED ALWAYS AS (price * 2) STORED);
  CREATE INDEX ON app.orders (buyer, (price + 1));
  CREATE VIEW app.v AS SELECT * FROM app.users;
  CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER t BEFORE INSERT ON app.users FOR EACH ROW EXECUTE FUNCTION app.f();
)";

}  // namespace

TEST_CASE("the same SQL gives the same schema in another database and session") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase one(*server);
  const ScratchDatabase two(*server);
  const Schema first = introspected(one, std::string(application));
  CHECK(first.unmodelled.empty());
  CHECK(comment_on(first, {Kind::schema, "", "app", ""}) == "the application");

  const auto connection = two.connect();
  load(*connection, "CREATE TABLE gone (a serial PRIMARY KEY); DROP TABLE gone;");
  load(*connection, std::string(application));
  load(*connection,
       "SET search_path = app, public; SET quote_all_identifiers = on; SET datestyle = 'German';");
  CHECK(postgres::introspect(*connection, {}) == first);
  CHECK(ask_text(*connection, "SHOW search_path") == "app, public");
  CHECK(ask_text(*connection, "SHOW datestyle") == "German, DMY");
  // No transaction is left open, and none may be.
  connection->begin();
  CHECK_THROWS_AS(postgres::introspect(*connection, {}), Error);
}

TEST_CASE("an empty database has the schema public") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  Schema expected;
  expected.put({.id = {Kind::schema, "", "public", ""}, .definition = Namespace{}});
  CHECK(introspected(database, "") == expected);
}

TEST_CASE("what belongs to an extension is the extension's") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA ext;
    CREATE EXTENSION hstore SCHEMA ext;
    CREATE EXTENSION pg_stat_statements SCHEMA ext;
    CREATE TABLE t (h ext.hstore, many ext.hstore[]);
    CREATE INDEX i ON t USING gin (h);
    CREATE VIEW v AS SELECT h OPERATOR(ext.->) 'a' AS a FROM t;
    CREATE FUNCTION f(ext.hstore) RETURNS integer LANGUAGE sql AS 'SELECT 1';
    ALTER FUNCTION f(ext.hstore) DEPENDS ON EXTENSION pg_stat_statements;
  )");
  const ObjectId hstore{Kind::extension, "", "hstore", ""};
  CHECK(definition_of<Extension>(schema, hstore).schema == "ext");
  CHECK(depends(schema, hstore, {Kind::schema, "", "ext", ""}));
  for (const auto& object : schema.objects)
    CHECK_MESSAGE(object.first.schema != "ext", to_string(object.first));
  CHECK(depends(schema, {Kind::column, "public", "t", "h"}, hstore));
  CHECK(depends(schema, {Kind::column, "public", "t", "many"}, hstore));
  CHECK(depends(schema, {Kind::index, "public", "i", ""}, hstore));
  CHECK(depends(schema, {Kind::view, "public", "v", ""}, hstore));
  CHECK(depends(schema, {Kind::routine, "public", "f", "ext.hstore"}, hstore));
  CHECK(unmodelled_in(schema) ==
        "routine public.f(ext.hstore) DEPENDS ON extension pg_stat_statements\n");
}

TEST_CASE("only the schemas asked for are read, and not the tables to leave out") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema one = introspected(database, R"(
    CREATE SCHEMA one;
    CREATE SCHEMA two;
    CREATE TABLE two.there (id integer PRIMARY KEY);
    CREATE TABLE one.here (id integer REFERENCES two.there);
    CREATE TABLE one.limbeck_version (id serial PRIMARY KEY, name text);
    CREATE INDEX by_name ON one.limbeck_version (name);
    CREATE STATISTICS one.both ON id, name FROM one.limbeck_version;
  )",
                                  {.schemas = {"one"}, .without = {{"one", "limbeck_version"}}});
  std::vector<std::string> read;
  for (const auto& [id, object] : one.objects) read.push_back(to_string(id));
  CHECK(read == std::vector<std::string>{"schema one", "table one.here", "column one.here.id",
                                         "constraint one.here.here_id_fkey"});
  const auto& key =
      definition_of<Constraint>(one, {Kind::constraint, "one", "here", "here_id_fkey"});
  CHECK(key.foreign_key->table == RelationName{"two", "there"});
  CHECK(key.foreign_key->columns == std::vector<std::string>{"id"});
  for (const Dependency& edge : one.dependencies) {
    CHECK_MESSAGE(one.find(edge.dependent) != nullptr, to_string(edge.dependent));
    CHECK_MESSAGE(one.find(edge.on) != nullptr, to_string(edge.on));
  }
}

TEST_CASE("owners and privileges are read when they are asked for") {
  const auto server = server_url();
  if (!server) return;
  ScratchDatabase database(*server);
  const std::string role = database.name() + "_role";
  load(database.server(), "CREATE ROLE " + role);
  const std::string text = fmt::format(R"(
    CREATE SCHEMA app;
    CREATE TABLE app.t (id integer, name text);
    CREATE FUNCTION app.f() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION app.closed() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    CREATE TYPE app.mood AS ENUM ('sad');
    GRANT SELECT (name), UPDATE ON app.t TO {0} WITH GRANT OPTION;
    REVOKE INSERT, DELETE, TRUNCATE, REFERENCES, TRIGGER ON app.t FROM current_user;
    REVOKE ALL ON FUNCTION app.closed() FROM PUBLIC;
    ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO {0};
    ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
    CREATE TABLE app.given (id integer);
    ALTER TABLE app.given OWNER TO {0};
  )",
                                       role);
  const Schema schema = introspected(database, text, {.owners = true, .privileges = true});
  const auto privileges = [&](const ObjectId& id) { return schema.find(id)->privileges.value(); };
  CHECK(
      privileges({Kind::table, "app", "t", ""}) ==
      std::vector<Privilege>{
          {"", "SELECT"}, {"", "UPDATE"}, {role, "SELECT", true, "name"}, {role, "UPDATE", true}});
  CHECK(privileges({Kind::routine, "app", "f", ""}) ==
        std::vector<Privilege>{{"", "EXECUTE"}, {"PUBLIC", "EXECUTE"}});
  CHECK(privileges({Kind::routine, "app", "closed", ""}) ==
        std::vector<Privilege>{{"", "EXECUTE"}});
  CHECK(privileges({Kind::enumeration, "app", "mood", ""}) ==
        std::vector<Privilege>{{"", "USAGE"}, {"PUBLIC", "USAGE"}});
  CHECK(privileges({Kind::schema, "", "app", ""}) ==
        std::vector<Privilege>{{"", "CREATE"}, {"", "USAGE"}});
  CHECK(schema.find({Kind::table, "app", "given", ""})->owner == role);
  CHECK(schema.find({Kind::column, "app", "given", "id"})->owner.empty());
  const std::string owner = schema.find({Kind::table, "app", "t", ""})->owner;
  CHECK(owner == database.server().database_user());
  CHECK(definition_of<DefaultPrivileges>(schema,
                                         {Kind::default_privileges, "app", "TABLES", owner}) ==
        DefaultPrivileges{
            .role = owner, .schema = "app", .objects = "TABLES", .privileges = {{role, "SELECT"}}});
  CHECK(definition_of<DefaultPrivileges>(schema, {Kind::default_privileges, "", "FUNCTIONS", owner})
            .privileges == std::vector<Privilege>{{"", "EXECUTE"}});

  const Schema plain = introspected(database, "");
  for (const auto& [id, object] : plain.objects) {
    CHECK(object.owner.empty());
    CHECK_FALSE(object.privileges.has_value());
    CHECK(id.kind != Kind::default_privileges);
  }
  load(*database.connect(), fmt::format("DROP OWNED BY {0}; DROP ROLE {0};", role));
}

TEST_CASE("what is not modelled, or may not be read, is named") {
  const auto server = server_url();
  if (!server) return;
  ScratchDatabase database(*server);
  const std::string role = database.name() + "_role";
  const std::string subscription = database.name() + "_sub";
  load(database.server(), "CREATE ROLE " + role);
  const Schema schema = introspected(database, fmt::format(R"(
    CREATE EXTENSION postgres_fdw;
    CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw;
    CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', password 'secret');
    CREATE SUBSCRIPTION {} CONNECTION 'password=secret' PUBLICATION a
      WITH (connect = false, slot_name = NONE);
    CREATE FUNCTION pg_catalog.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1';
    SELECT lo_create(0);
    CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY);
    COMMENT ON SEQUENCE t_id_seq IS 'of the column';
    COMMENT ON TABLE t IS 'of the table';
    COMMENT ON TYPE t IS 'of its row type';
    CREATE TYPE complete;
    CREATE FUNCTION complete_in(cstring) RETURNS complete LANGUAGE internal IMMUTABLE STRICT
      AS 'int4in';
    CREATE FUNCTION complete_out(complete) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT
      AS 'int4out';
    CREATE TYPE complete (INPUT = complete_in, OUTPUT = complete_out, LIKE = integer);
  )",
                                                           subscription));
  CHECK(unmodelled_in(schema) ==
        "base type public.complete\n"
        "comment on the sequence of column public.t.id\n"
        "comment on the type of table public.t\n"
        "function mine() in pg_catalog\n"
        "large objects (1)\n");

  CHECK(comment_on(schema, {Kind::table, "public", "t", ""}) == "of the table");

  const auto connection = database.connect();
  load(*connection, "SET ROLE " + role);
  const Schema restricted = postgres::introspect(*connection, {});
  CHECK(restricted.find({Kind::subscription, "", subscription, ""}) == nullptr);
  const std::string unmodelled = unmodelled_in(restricted);
  CHECK(unmodelled.find("subscription " + subscription + ": only a superuser") !=
        std::string::npos);
  CHECK(unmodelled.find("options of user mapping s") != std::string::npos);
  load(*connection,
       fmt::format("RESET ROLE; DROP SUBSCRIPTION {}; DROP ROLE {}", subscription, role));
}

}  // namespace limbeck::test
