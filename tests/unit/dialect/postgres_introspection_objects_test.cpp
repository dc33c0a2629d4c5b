// Types, views, routines and what stands beside the tables, as introspection reads them.
#include <algorithm>
#include <set>

#include "unit/dialect/introspected.h"

namespace limbeck::test {

TEST_CASE("types are read with everything that they can have") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE COLLATION app.phonebook (provider = icu, locale = 'de-u-co-phonebk',
                                    deterministic = false);
    CREATE TYPE app.mood AS ENUM ('sad', 'it''s "ok", {x}');
    ALTER TYPE app.mood ADD VALUE 'angry' BEFORE 'sad';
    CREATE TYPE app.pair AS (a integer, "B b" app.mood[], c text COLLATE "C");
    COMMENT ON COLUMN app.pair."B b" IS 'an attribute';
    CREATE FUNCTION app.small(integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
    CREATE DOMAIN app.age AS integer DEFAULT 5 NOT NULL CONSTRAINT young CHECK (app.small(VALUE));
    COMMENT ON CONSTRAINT young ON DOMAIN app.age IS 'not old';
    CREATE TYPE app.texts AS RANGE (subtype = text, subtype_opclass = text_pattern_ops,
                                    collation = "C", multirange_type_name = app.many_texts);
    CREATE TABLE app.uses (a app.texts, b app.many_texts, c app.age, d app.pair[]);
    CREATE SEQUENCE app.counter AS smallint INCREMENT -5 MAXVALUE 100 MINVALUE -100 START 10
      CACHE 3 CYCLE;
  )");
  CHECK(definition_of<Collation>(schema, {Kind::collation, "app", "phonebook", ""}) ==
        Collation{.provider = "icu", .locale = "de-u-co-phonebk", .deterministic = false});
  CHECK(definition_of<Enumeration>(schema, {Kind::enumeration, "app", "mood", ""}).labels ==
        std::vector<std::string>{"angry", "sad", "it's \"ok\", {x}"});
  const ObjectId pair{Kind::composite, "app", "pair", ""};
  CHECK(definition_of<Composite>(schema, pair).attributes ==
        std::vector<Attribute>{{.name = "a", .type = "integer"},
                               {.name = "B b", .type = "app.mood[]", .comment = "an attribute"},
                               {.name = "c", .type = "text", .collation = "pg_catalog.\"C\""}});
  CHECK(depends(schema, pair, {Kind::enumeration, "app", "mood", ""}));
  CHECK(definition_of<Domain>(schema, {Kind::domain, "app", "age", ""}) ==
        Domain{.type = "integer", .default_expression = "5", .not_null = true});
  const ObjectId young{Kind::domain_constraint, "app", "age", "young"};
  CHECK(definition_of<DomainConstraint>(schema, young).expression == "app.small(VALUE)");
  CHECK(comment_on(schema, young) == "not old");
  CHECK(depends(schema, young, {Kind::routine, "app", "small", "integer"}));
  const ObjectId texts{Kind::range, "app", "texts", ""};
  CHECK(definition_of<Range>(schema, texts) ==
        Range{.subtype = "text",
              .subtype_opclass = "pg_catalog.text_pattern_ops",
              .collation = "pg_catalog.\"C\"",
              .multirange = "many_texts"});
  CHECK(depends(schema, {Kind::column, "app", "uses", "a"}, texts));
  CHECK(depends(schema, {Kind::column, "app", "uses", "b"}, texts));
  CHECK(depends(schema, {Kind::column, "app", "uses", "d"}, pair));
  // What comes with a range type is no object of its own.
  CHECK(parts_of(schema, Kind::routine, "app", "texts").empty());
  for (const auto& object : schema.objects)
    CHECK_MESSAGE(object.first.kind != Kind::opaque, object.first.name);
  CHECK(definition_of<Sequence>(schema, {Kind::sequence, "app", "counter", ""}).options ==
        SequenceOptions{.type = "smallint",
                        .start = 10,
                        .increment = -5,
                        .minimum = -100,
                        .maximum = 100,
                        .cache = 3,
                        .cycle = true});
}

TEST_CASE("views and what hangs on relations are read") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE TABLE app.t (id integer, email text, z integer);
    CREATE VIEW app.v WITH (security_barrier) AS SELECT id, email AS mail FROM app.t WHERE id > 1
      WITH LOCAL CHECK OPTION;
    ALTER VIEW app.v ALTER mail SET DEFAULT 'x';
    COMMENT ON COLUMN app.v.mail IS 'shown';
    CREATE MATERIALIZED VIEW app.m WITH (fillfactor = 90) AS SELECT id FROM app.v WITH NO DATA;
    CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TRIGGER t1 BEFORE UPDATE OF email ON app.t FOR EACH ROW EXECUTE FUNCTION app.f('a');
    ALTER TABLE app.t DISABLE TRIGGER t1;
    COMMENT ON TRIGGER t1 ON app.t IS 'fires never';
    CREATE CONSTRAINT TRIGGER t2 AFTER INSERT ON app.t DEFERRABLE FOR EACH ROW
      EXECUTE FUNCTION app.f();
    CREATE TABLE app.p (k integer) PARTITION BY HASH (k);
    CREATE TABLE app.p_0 PARTITION OF app.p FOR VALUES WITH (MODULUS 1, REMAINDER 0);
    CREATE TRIGGER tp AFTER INSERT ON app.p FOR EACH ROW EXECUTE FUNCTION app.f();
    CREATE RULE r AS ON DELETE TO app.t DO INSTEAD NOTHING;
    CREATE POLICY mine ON app.t AS RESTRICTIVE FOR UPDATE TO pg_monitor, pg_read_all_data
      USING (id > 1) WITH CHECK (id > 2);
    CREATE POLICY everyone ON app.t USING (true);
    CREATE STATISTICS app.st (dependencies) ON id, z FROM app.t;
    ALTER STATISTICS app.st SET STATISTICS 77;
    CREATE FUNCTION app.noted() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
    CREATE EVENT TRIGGER noted ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE')
      EXECUTE FUNCTION app.noted();
    ALTER EVENT TRIGGER noted ENABLE ALWAYS;
  )");
  const ObjectId view{Kind::view, "app", "v", ""};
  CHECK(definition_of<View>(schema, view) ==
        View{.columns = {{.name = "id", .type = "integer"},
                         {.name = "mail",
                          .type = "text",
                          .comment = "shown",
                          .default_expression = "'x'::text"}},
             .query = "SELECT t.id,\n    t.email AS mail\n   FROM app.t\n  WHERE (t.id > 1)",
             .options = {{"check_option", "local"}, {"security_barrier", "true"}}});
  CHECK(depends(schema, view, {Kind::column, "app", "t", "email"}));
  CHECK_FALSE(depends(schema, view, {Kind::column, "app", "t", "z"}));
  const ObjectId materialized{Kind::materialized_view, "app", "m", ""};
  CHECK(definition_of<MaterializedView>(schema, materialized) ==
        MaterializedView{.columns = {{.name = "id", .type = "integer"}},
                         .query = "SELECT v.id\n   FROM app.v",
                         .options = {{"fillfactor", "90"}},
                         .populated = false});
  CHECK(depends(schema, materialized, view));

  const ObjectId t1{Kind::trigger, "app", "t", "t1"};
  CHECK(definition_of<Trigger>(schema, t1) ==
        Trigger{.table = {"app", "t"},
                .definition = "CREATE TRIGGER t1 BEFORE UPDATE OF email ON app.t FOR EACH ROW "
                              "EXECUTE FUNCTION app.f('a')",
                .enabled = Enabled::disabled});
  CHECK(comment_on(schema, t1) == "fires never");
  CHECK(depends(schema, t1, {Kind::routine, "app", "f", ""}));
  CHECK(depends(schema, t1, {Kind::column, "app", "t", "email"}));
  CHECK(definition_of<Trigger>(schema, {Kind::trigger, "app", "t", "t2"}).constraint);
  CHECK(parts_of(schema, Kind::constraint, "app", "t").empty());
  CHECK_FALSE(definition_of<Trigger>(schema, {Kind::trigger, "app", "p", "tp"}).inherited);
  CHECK(definition_of<Trigger>(schema, {Kind::trigger, "app", "p_0", "tp"}).inherited);

  CHECK(definition_of<Rule>(schema, {Kind::rule, "app", "t", "r"}).definition ==
        "CREATE RULE r AS\n    ON DELETE TO app.t DO INSTEAD NOTHING");
  CHECK(parts_of(schema, Kind::rule, "app", "v").empty());
  CHECK(definition_of<Policy>(schema, {Kind::policy, "app", "t", "mine"}) ==
        Policy{.table = {"app", "t"},
               .command = "UPDATE",
               .permissive = false,
               .roles = {"pg_monitor", "pg_read_all_data"},
               .using_expression = "(id > 1)",
               .check_expression = "(id > 2)"});
  CHECK(definition_of<Policy>(schema, {Kind::policy, "app", "t", "everyone"}) ==
        Policy{.table = {"app", "t"}, .using_expression = "true"});
  CHECK(definition_of<Statistics>(schema, {Kind::statistics, "app", "st", ""}) ==
        Statistics{.table = {"app", "t"},
                   .definition = "CREATE STATISTICS app.st (dependencies) ON id, z FROM app.t",
                   .target = 77});
  CHECK(definition_of<EventTrigger>(schema, {Kind::event_trigger, "", "noted", ""}) ==
        EventTrigger{.event = "ddl_command_end",
                     .tags = {"ALTER TABLE", "CREATE TABLE"},
                     .function = "app.noted",
                     .enabled = Enabled::always});
}

TEST_CASE("routines and aggregates are read") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE PROCEDURE app.p(INOUT a integer, b text DEFAULT 'x', VARIADIC c integer[] DEFAULT '{}')
      LANGUAGE plpgsql AS 'BEGIN END';
    CREATE FUNCTION app.rows(n integer) RETURNS TABLE (x integer) LANGUAGE plpgsql AS 'BEGIN END';
    CREATE TABLE app.t (id integer, z integer);
    CREATE FUNCTION app.counted(n integer) RETURNS bigint LANGUAGE sql
      RETURN (SELECT count(*) FROM app.t WHERE id > n);
    CREATE AGGREGATE app.total(integer) (SFUNC = int4pl, STYPE = integer, SSPACE = 12,
      INITCOND = '0', COMBINEFUNC = int4pl, MSFUNC = int4pl, MINVFUNC = int4mi, MSTYPE = integer,
      MINITCOND = '0', PARALLEL = safe);
    CREATE AGGREGATE app.ranked(VARIADIC "any" ORDER BY VARIADIC "any") (
      SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = rank_final,
      FINALFUNC_EXTRA, HYPOTHETICAL);
    CREATE AGGREGATE app.most(integer) (SFUNC = int4larger, STYPE = integer, SORTOP = >);
    COMMENT ON AGGREGATE app.most(integer) IS 'the most';
  )");
  const Routine& procedure =
      definition_of<Routine>(schema, {Kind::routine, "app", "p", "integer, text, integer[]"});
  CHECK(procedure.procedure);
  CHECK(procedure.result.empty());
  CHECK(procedure.arguments ==
        std::vector<Argument>{{.mode = "INOUT", .name = "a", .type = "integer"},
                              {.name = "b", .type = "text", .default_expression = "'x'::text"},
                              {.mode = "VARIADIC",
                               .name = "c",
                               .type = "integer[]",
                               .default_expression = "'{}'::integer[]"}});
  CHECK(procedure.definition.substr(0, 33) == "CREATE OR REPLACE PROCEDURE app.p");
  const Routine& rows = definition_of<Routine>(schema, {Kind::routine, "app", "rows", "integer"});
  CHECK(rows.result == "TABLE(x integer)");
  CHECK(rows.arguments.at(1) == Argument{.mode = "TABLE", .name = "x", .type = "integer"});
  const ObjectId counted{Kind::routine, "app", "counted", "integer"};
  CHECK(depends(schema, counted, {Kind::column, "app", "t", "id"}));
  CHECK_FALSE(depends(schema, counted, {Kind::column, "app", "t", "z"}));

  CHECK(definition_of<Aggregate>(schema, {Kind::aggregate, "app", "total", "integer"}).definition ==
        "CREATE OR REPLACE AGGREGATE app.total(integer) (\n    SFUNC = int4pl,\n    STYPE = "
        "integer,\n    SSPACE = 12,\n    INITCOND = '0',\n    COMBINEFUNC = int4pl,\n    MSFUNC = "
        "int4pl,\n    MINVFUNC = int4mi,\n    MSTYPE = integer,\n    MINITCOND = '0',\n    "
        "PARALLEL = SAFE\n)");
  CHECK(definition_of<Aggregate>(schema, {Kind::aggregate, "app", "ranked", "\"any\""}) ==
        Aggregate{.arguments = "VARIADIC \"any\" ORDER BY VARIADIC \"any\"",
                  .result = "bigint",
                  .definition =
                      "CREATE OR REPLACE AGGREGATE app.ranked(VARIADIC \"any\" ORDER BY VARIADIC "
                      "\"any\") (\n    SFUNC = ordered_set_transition_multi,\n    STYPE = "
                      "internal,\n    FINALFUNC = rank_final,\n    FINALFUNC_EXTRA,\n    "
                      "HYPOTHETICAL\n)"});
  CHECK(comment_on(schema, {Kind::aggregate, "app", "most", "integer"}) == "the most");
}

TEST_CASE("foreign servers, publications and subscriptions are read") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE EXTENSION postgres_fdw;
    CREATE FOREIGN DATA WRAPPER w OPTIONS (x '1');
    CREATE SERVER s TYPE 't' VERSION '1' FOREIGN DATA WRAPPER postgres_fdw
      OPTIONS (host 'h', dbname 'a=b, "c"');
    CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (user 'u', password 'p');
    CREATE FOREIGN TABLE app.ft (a integer OPTIONS (column_name 'A')) SERVER s
      OPTIONS (table_name 'T');
    CREATE TABLE app.t (id integer, x integer);
    CREATE PUBLICATION columns FOR TABLE app.t (id, x) WHERE (x > 1)
      WITH (publish = 'insert, update', publish_via_partition_root);
    CREATE PUBLICATION schemas FOR TABLES IN SCHEMA public, app;
    CREATE PUBLICATION everything FOR ALL TABLES;
  )");
  CHECK(definition_of<ForeignDataWrapper>(schema, {Kind::foreign_data_wrapper, "", "w", ""}) ==
        ForeignDataWrapper{.options = {{"x", "1"}}});
  const ObjectId foreign_server{Kind::server, "", "s", ""};
  CHECK(definition_of<Server>(schema, foreign_server) ==
        Server{.wrapper = "postgres_fdw",
               .type = "t",
               .version = "1",
               .options = {{"dbname", "a=b, \"c\""}, {"host", "h"}}});
  CHECK(depends(schema, foreign_server, {Kind::extension, "", "postgres_fdw", ""}));
  const ObjectId mapping{Kind::user_mapping, "", "s", "PUBLIC"};
  CHECK(
      definition_of<UserMapping>(schema, mapping) ==
      UserMapping{.server = "s", .user = "PUBLIC", .options = {{"password", "p"}, {"user", "u"}}});
  CHECK(depends(schema, mapping, foreign_server));
  CHECK(definition_of<Table>(schema, {Kind::table, "app", "ft", ""}) ==
        Table{.foreign = ForeignTable{.server = "s", .options = {{"table_name", "T"}}}});
  CHECK(definition_of<Column>(schema, {Kind::column, "app", "ft", "a"}).foreign_options ==
        std::vector<Option>{{"column_name", "A"}});

  const ObjectId columns{Kind::publication, "", "columns", ""};
  CHECK(
      definition_of<Publication>(schema, columns) ==
      Publication{.tables = {{.table = {"app", "t"}, .columns = {"id", "x"}, .filter = "(x > 1)"}},
                  .publish = "insert, update",
                  .via_partition_root = true});
  CHECK(depends(schema, columns, {Kind::column, "app", "t", "x"}));
  const ObjectId schemas{Kind::publication, "", "schemas", ""};
  CHECK(definition_of<Publication>(schema, schemas).schemas ==
        std::vector<std::string>{"app", "public"});
  CHECK(depends(schema, schemas, {Kind::schema, "", "public", ""}));
  CHECK(depends(schema, schemas, {Kind::schema, "", "app", ""}));
  CHECK(definition_of<Publication>(schema, {Kind::publication, "", "everything", ""}).all_tables);
}

TEST_CASE("a subscription of this database is read, not one of another") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const ScratchDatabase other(*server);
  // Subscriptions belong to the whole server: their names must not meet those of another test.
  const std::string name = database.name() + "_sub";
  const ObjectId id{Kind::subscription, "", name, ""};
  const Schema schema = introspected(
      database,
      fmt::format("CREATE SUBSCRIPTION {} CONNECTION 'dbname=nowhere' PUBLICATION b, a WITH "
                  "(connect = false, slot_name = NONE, binary)",
                  name));
  CHECK(definition_of<Subscription>(schema, id) ==
        Subscription{
            .connection = "dbname=nowhere",
            .publications = {"a", "b"},
            .options = {{"binary", "true"}, {"slot_name", "NONE"}, {"synchronous_commit", "off"}}});
  CHECK(introspected(other, "").find(id) == nullptr);
  load(*database.connect(), "DROP SUBSCRIPTION " + name);
}

// Each opaque object, dropped and made again from its own statements, is what it was.
TEST_CASE("what is kept as statements can be made from them") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema before = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE TYPE app.mood AS ENUM ('sad');
    CREATE TYPE app.pair AS (a integer);
    CREATE TYPE app.shell;
    CREATE FUNCTION app.to_int(app.mood) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE CAST (app.mood AS integer) WITH FUNCTION app.to_int(app.mood) AS ASSIGNMENT;
    CREATE CAST (app.pair AS text) WITH INOUT AS IMPLICIT;
    CREATE FUNCTION app.eq(app.pair, app.pair) RETURNS boolean LANGUAGE sql IMMUTABLE
      AS 'SELECT true';
    CREATE FUNCTION app.cmp(app.pair, app.pair) RETURNS integer LANGUAGE sql IMMUTABLE
      AS 'SELECT 1';
    CREATE OPERATOR app.!!! (FUNCTION = int4um, RIGHTARG = integer);
    CREATE OPERATOR app.=== (FUNCTION = app.eq, LEFTARG = app.pair, RIGHTARG = app.pair,
      COMMUTATOR = OPERATOR(app.===), RESTRICT = eqsel, JOIN = eqjoinsel, HASHES, MERGES);
    CREATE OPERATOR FAMILY app.family USING hash;
    ALTER OPERATOR FAMILY app.family USING hash ADD OPERATOR 1 =(int4, int8),
      FUNCTION 1 (int4, int4) hashint4(int4);
    CREATE OPERATOR CLASS app.ordered DEFAULT FOR TYPE app.pair USING btree AS
      OPERATOR 3 app.===, FUNCTION 1 app.cmp(app.pair, app.pair);
    CREATE CONVERSION app.latin FOR 'LATIN1' TO 'UTF8' FROM iso8859_1_to_utf8;
    CREATE ACCESS METHOD again TYPE INDEX HANDLER bthandler;
    CREATE LANGUAGE other HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler
      VALIDATOR plpgsql_validator;
    CREATE TEXT SEARCH PARSER app.reader (START = prsd_start, GETTOKEN = prsd_nexttoken,
      END = prsd_end, LEXTYPES = prsd_lextype, HEADLINE = prsd_headline);
    CREATE TEXT SEARCH TEMPLATE app.template (INIT = dsimple_init, LEXIZE = dsimple_lexize);
    CREATE TEXT SEARCH DICTIONARY app.words (TEMPLATE = snowball, language = 'german',
      stopwords = 'german');
    CREATE TEXT SEARCH CONFIGURATION app.search (PARSER = app.reader);
    ALTER TEXT SEARCH CONFIGURATION app.search ADD MAPPING FOR word, "int" WITH app.words, simple;
  )");
  const std::set<std::string> kinds{"access method",
                                    "cast",
                                    "conversion",
                                    "language",
                                    "operator",
                                    "operator class",
                                    "operator family",
                                    "text search configuration",
                                    "text search dictionary",
                                    "text search parser",
                                    "text search template",
                                    "type"};
  std::set<std::string> seen;
  const auto connection = database.connect();
  std::vector<const Object*> left;
  for (const auto& [id, object] : before.objects) {
    if (id.kind != Kind::opaque) continue;
    seen.insert(id.part);
    left.push_back(&object);
  }
  CHECK(seen == kinds);
  CHECK(depends(before, {Kind::opaque, "app", "ordered USING btree", "operator class"},
                {Kind::opaque, "app", "===(app.pair, app.pair)", "operator"}));
  CHECK(depends(before, {Kind::opaque, "app", "search", "text search configuration"},
                {Kind::opaque, "app", "words", "text search dictionary"}));

  // Each when nothing that is still there depends on it; made again in the opposite order.
  std::vector<const Object*> dropped;
  while (!left.empty()) {
    const auto free = std::find_if(left.begin(), left.end(), [&](const Object* object) {
      return std::none_of(left.begin(), left.end(), [&](const Object* other) {
        return other != object && depends(before, other->id, object->id);
      });
    });
    REQUIRE(free != left.end());
    load(*connection, as<Opaque>(**free).drop);
    dropped.push_back(*free);
    left.erase(free);
  }
  for (const auto& object : postgres::introspect(*connection, {}).objects)
    CHECK_MESSAGE(object.first.kind != Kind::opaque, to_string(object.first));
  for (auto object = dropped.rbegin(); object != dropped.rend(); ++object)
    load(*connection, as<Opaque>(**object).create);
  CHECK(postgres::introspect(*connection, {}) == before);
}

}  // namespace limbeck::test
