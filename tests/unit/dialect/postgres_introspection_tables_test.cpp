// Tables and their parts, sequences, indexes, as introspection reads them.
#include "unit/dialect/introspected.h"

namespace limbeck::test {
namespace {

ObjectId table(const std::string& name) {
  return {Kind::table, "app", name, ""};
}
ObjectId column(const std::string& of, const std::string& name) {
  return {Kind::column, "app", of, name};
}
ObjectId constraint(const std::string& of, const std::string& name) {
  return {Kind::constraint, "app", of, name};
}
ObjectId index(const std::string& name) {
  return {Kind::index, "app", name, ""};
}

}  // namespace

TEST_CASE("columns are read with everything that they can have") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE TYPE app.mood AS ENUM ('sad');
    CREATE TABLE app.users (
      gone integer,
      id bigint GENERATED ALWAYS AS IDENTITY (START 100 INCREMENT 2),
      email varchar(255) NOT NULL,
      name text COLLATE "C" DEFAULT 'it''s',
      moods app.mood[],
      price numeric(10,2),
      twice numeric GENERATED ALWAYS AS (price * 2) STORED,
      number serial,
      "We""ird, {" timestamptz DEFAULT '2020-01-01 00:00:00+02'
    );
    ALTER TABLE app.users DROP COLUMN gone;
    ALTER TABLE app.users ALTER name SET STORAGE external, ALTER name SET COMPRESSION pglz,
      ALTER name SET STATISTICS 500, ALTER email SET (n_distinct = -0.5);
    COMMENT ON COLUMN app.users.email IS 'where to write';
  )");
  Column id{.position = 1, .type = "bigint", .not_null = true};
  id.identity.emplace();
  id.identity->always = true;
  id.identity->options.start = 100;
  id.identity->options.increment = 2;
  id.identity->sequence = "users_id_seq";
  CHECK(definition_of<Column>(schema, column("users", "id")) == id);
  CHECK(schema.find({Kind::sequence, "app", "users_id_seq", ""}) == nullptr);
  CHECK(definition_of<Column>(schema, column("users", "email")) ==
        Column{.position = 2,
               .type = "character varying(255)",
               .not_null = true,
               .options = {{"n_distinct", "-0.5"}}});
  CHECK(comment_on(schema, column("users", "email")) == "where to write");
  CHECK(definition_of<Column>(schema, column("users", "name")) ==
        Column{.position = 3,
               .type = "text",
               .collation = "pg_catalog.\"C\"",
               .storage = "external",
               .compression = "pglz",
               .statistics = 500});
  CHECK(definition_of<Column>(schema, column("users", "moods")) ==
        Column{.position = 4, .type = "app.mood[]"});
  CHECK(depends(schema, column("users", "moods"), {Kind::enumeration, "app", "mood", ""}));
  CHECK(definition_of<Column>(schema, column("users", "twice")) ==
        Column{.position = 6,
               .type = "numeric",
               .generated = Generated{.expression = "(price * (2)::numeric)"}});
  CHECK(depends(schema, column("users", "twice"), column("users", "price")));
  CHECK(schema.find({Kind::column_default, "app", "users", "twice"}) == nullptr);

  const ObjectId sequence{Kind::sequence, "app", "users_number_seq", ""};
  Sequence number;
  number.options.type = "integer";
  number.options.maximum = 2147483647;
  number.owned_by = column("users", "number");
  CHECK(definition_of<Sequence>(schema, sequence) == number);
  const ObjectId number_default{Kind::column_default, "app", "users", "number"};
  CHECK(definition_of<ColumnDefault>(schema, number_default).expression ==
        "nextval('app.users_number_seq'::regclass)");
  CHECK(depends(schema, number_default, sequence));
  CHECK(depends(schema, number_default, column("users", "number")));
  CHECK(depends(schema, sequence, column("users", "number")));
  // The time zone of a session is not that of another.
  CHECK(definition_of<ColumnDefault>(schema, {Kind::column_default, "app", "users", "We\"ird, {"})
            .expression == "'2019-12-31 22:00:00+00'::timestamp with time zone");
  CHECK(depends(schema, column("users", "id"), table("users")));
  CHECK(depends(schema, table("users"), {Kind::schema, "", "app", ""}));
}

TEST_CASE("tables are read with everything that they can have") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE TYPE app.pair AS (a integer, b text);
    CREATE UNLOGGED TABLE app.stored (id integer NOT NULL, t text)
      WITH (fillfactor = 80, toast.autovacuum_enabled = false);
    CREATE UNIQUE INDEX by_id ON app.stored (id);
    ALTER TABLE app.stored REPLICA IDENTITY USING INDEX by_id;
    ALTER TABLE app.stored CLUSTER ON by_id;
    ALTER TABLE app.stored ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
    COMMENT ON TABLE app.stored IS 'kept';
    CREATE TABLE app.typed OF app.pair (a WITH OPTIONS NOT NULL);
    CREATE TABLE app.base (a integer CHECK (a > 0));
    CREATE TABLE app.other (b text);
    CREATE TABLE app.child (c integer) INHERITS (app.other, app.base);
    CREATE TABLE app.parts (k integer PRIMARY KEY, v text) PARTITION BY RANGE (k);
    CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES FROM (1) TO (10);
    CREATE TABLE app.parts_d PARTITION OF app.parts DEFAULT;
    CREATE INDEX parts_v ON app.parts (v);
    CREATE INDEX parts_only ON ONLY app.parts (k, v);
    CREATE TABLE app.points_there (k integer REFERENCES app.parts (k));
  )");
  CHECK(definition_of<Table>(schema, table("stored")) ==
        Table{.persistence = Persistence::unlogged,
              .options = {{"fillfactor", "80"}, {"toast.autovacuum_enabled", "false"}},
              .row_security = true,
              .force_row_security = true,
              .replica_identity = ReplicaIdentity::index,
              .replica_identity_index = "by_id",
              .cluster_index = "by_id"});
  CHECK(comment_on(schema, table("stored")) == "kept");
  CHECK(definition_of<Table>(schema, table("typed")).of_type == "app.pair");
  CHECK(depends(schema, table("typed"), {Kind::composite, "app", "pair", ""}));
  CHECK(definition_of<Table>(schema, table("child")).inherits ==
        std::vector<RelationName>{{"app", "other"}, {"app", "base"}});
  CHECK(depends(schema, table("child"), table("base")));
  CHECK(definition_of<Column>(schema, column("child", "a")) ==
        Column{.position = 2, .type = "integer", .inherited = true, .local = false});
  CHECK(definition_of<Constraint>(schema, constraint("child", "base_a_check")).inherited);

  CHECK(definition_of<Table>(schema, table("parts")).partition_key == "RANGE (k)");
  CHECK(definition_of<Table>(schema, table("parts_1")).partition_of ==
        PartitionOf{{"app", "parts"}, "FOR VALUES FROM (1) TO (10)"});
  CHECK(definition_of<Table>(schema, table("parts_d")).partition_of ==
        PartitionOf{{"app", "parts"}, "DEFAULT"});
  CHECK(depends(schema, table("parts_1"), table("parts")));
  CHECK(definition_of<Constraint>(schema, constraint("parts_1", "parts_1_pkey")).inherited);
  CHECK(definition_of<Index>(schema, index("parts_1_v_idx")).partition_of ==
        RelationName{"app", "parts_v"});
  CHECK(depends(schema, index("parts_1_v_idx"), index("parts_v")));
  CHECK_FALSE(definition_of<Index>(schema, index("parts_v")).only);
  CHECK(definition_of<Index>(schema, index("parts_only")).only);
  CHECK(definition_of<Index>(schema, index("parts_only")).valid);

  // The server keeps a copy of the foreign key for each partition.
  CHECK(parts_of(schema, Kind::constraint, "app", "points_there").size() == 1);
  const ObjectId key = constraint("points_there", "points_there_k_fkey");
  CHECK(depends(schema, key, constraint("parts", "parts_pkey")));
  CHECK_FALSE(depends(schema, key, constraint("parts_1", "parts_1_pkey")));
}

TEST_CASE("constraints are read with everything that they can have") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE EXTENSION btree_gist;
    CREATE TABLE app.rooms (
      id integer PRIMARY KEY WITH (fillfactor = 70),
      a integer, b integer, c integer,
      CONSTRAINT twice UNIQUE NULLS NOT DISTINCT (b, a) INCLUDE (c) DEFERRABLE INITIALLY DEFERRED,
      CONSTRAINT positive CHECK (a > 0) NO INHERIT
    );
    COMMENT ON CONSTRAINT positive ON app.rooms IS 'above zero';
    COMMENT ON INDEX app.twice IS 'nobody sees it';
    CREATE TABLE app.visits (
      room integer, x integer, during tsrange,
      CONSTRAINT apart EXCLUDE USING gist (x WITH =, during WITH &&) WHERE (x > 3)
        DEFERRABLE INITIALLY DEFERRED
    );
    ALTER TABLE app.visits ADD CONSTRAINT here FOREIGN KEY (room) REFERENCES app.rooms (id)
      MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (room) DEFERRABLE NOT VALID;
    CREATE DOMAIN app.age AS integer CONSTRAINT young CHECK (VALUE < 100);
  )");
  CHECK(definition_of<Constraint>(schema, constraint("rooms", "rooms_pkey")) ==
        Constraint{.type = ConstraintType::primary_key,
                   .columns = {"id"},
                   .options = {{"fillfactor", "70"}}});
  CHECK(definition_of<Constraint>(schema, constraint("rooms", "twice")) ==
        Constraint{.type = ConstraintType::unique,
                   .columns = {"b", "a"},
                   .include = {"c"},
                   .nulls_not_distinct = true,
                   .deferrable = true,
                   .initially_deferred = true});
  CHECK(definition_of<Constraint>(schema, constraint("rooms", "positive")) ==
        Constraint{.type = ConstraintType::check,
                   .columns = {"a"},
                   .expression = "(a > 0)",
                   .no_inherit = true});
  CHECK(comment_on(schema, constraint("rooms", "positive")) == "above zero");
  CHECK(unmodelled_in(schema) == "comment on the index of constraint app.rooms.twice\n");

  const ObjectId here = constraint("visits", "here");
  CHECK(definition_of<Constraint>(schema, here) ==
        Constraint{.type = ConstraintType::foreign_key,
                   .columns = {"room"},
                   .foreign_key = ForeignKey{.table = {"app", "rooms"},
                                             .columns = {"id"},
                                             .on_update = "CASCADE",
                                             .on_delete = "SET NULL",
                                             .on_delete_columns = {"room"},
                                             .match = "FULL"},
                   .deferrable = true,
                   .validated = false});
  CHECK(depends(schema, here, column("visits", "room")));
  CHECK(depends(schema, here, column("rooms", "id")));
  CHECK(depends(schema, here, constraint("rooms", "rooms_pkey")));
  CHECK(definition_of<Constraint>(schema, constraint("visits", "apart")) ==
        Constraint{.type = ConstraintType::exclusion,
                   .columns = {"x", "during"},
                   .exclusion = "USING gist (x WITH =, during WITH &&) WHERE ((x > 3))",
                   .deferrable = true,
                   .initially_deferred = true});
  // Through the operator class that it brought.
  CHECK(depends(schema, constraint("visits", "apart"), {Kind::extension, "", "btree_gist", ""}));
  CHECK(definition_of<DomainConstraint>(schema, {Kind::domain_constraint, "app", "age", "young"})
            .expression == "(VALUE < 100)");
}

TEST_CASE("indexes are read with everything that they can have") {
  const auto server = server_url();
  if (!server) return;
  const ScratchDatabase database(*server);
  const Schema schema = introspected(database, R"(
    CREATE SCHEMA app;
    CREATE EXTENSION hstore SCHEMA app;
    CREATE TYPE app.mood AS ENUM ('sad');
    CREATE DOMAIN app.name AS varchar(10);
    CREATE TABLE app.t (a varchar(20), b text COLLATE "C", c integer, m app.mood, ms app.mood[],
                        h app.hstore, d app.name, r int4range, i inet);
    CREATE INDEX defaults ON app.t (a, b, c, m, ms, d, r, i);
    CREATE UNIQUE INDEX everything ON app.t USING btree
      (lower(a) COLLATE "POSIX" text_pattern_ops DESC, (c + 1), lower(a || ', '::text),
       b COLLATE "POSIX" DESC NULLS LAST, a varchar_pattern_ops, c NULLS FIRST)
      INCLUDE (m) NULLS NOT DISTINCT WITH (fillfactor = 60) WHERE c > 10;
    ALTER INDEX app.everything ALTER COLUMN 2 SET STATISTICS 300;
    COMMENT ON INDEX app.everything IS 'all of it';
    CREATE INDEX signed ON app.t USING gist (h app.gist_hstore_ops (siglen = 32));
    CREATE INDEX inside ON app.t USING gin (ms);
    CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) AS n FROM app.t;
    CREATE UNIQUE INDEX counted ON app.counts (n);
  )");
  const Index& defaults = definition_of<Index>(schema, index("defaults"));
  REQUIRE(defaults.keys.size() == 8);
  for (const IndexKey& key : defaults.keys) CHECK_MESSAGE(key == IndexKey{key.column}, key.column);

  const Index everything{
      .table = {"app", "t"},
      .unique = true,
      .nulls_not_distinct = true,
      .keys = {{.expression = "lower((a)::text)",
                .collation = "pg_catalog.\"POSIX\"",
                .opclass = "text_pattern_ops",
                .descending = true,
                .nulls_first = true},
               {.expression = "((c + 1))"},
               {.expression = "lower(((a)::text || ', '::text))"},
               {.column = "b", .collation = "pg_catalog.\"POSIX\"", .descending = true},
               {.column = "a", .opclass = "varchar_pattern_ops"},
               {.column = "c", .nulls_first = true}},
      .include = {"m"},
      .predicate = "(c > 10)",
      .options = {{"fillfactor", "60"}},
      .statistics = {{"2", "300"}}};
  const Index& read = definition_of<Index>(schema, index("everything"));
  REQUIRE(read.keys.size() == everything.keys.size());
  for (std::size_t i = 0; i < read.keys.size(); ++i)
    CHECK_MESSAGE(read.keys[i] == everything.keys[i], i);
  CHECK(read == everything);
  CHECK(comment_on(schema, index("everything")) == "all of it");
  CHECK(depends(schema, index("everything"), table("t")));
  CHECK(depends(schema, index("everything"), column("t", "c")));

  const Index& with_class = definition_of<Index>(schema, index("signed"));
  CHECK(with_class.method == "gist");
  CHECK(with_class.keys.at(0).opclass == "app.gist_hstore_ops (siglen='32')");
  CHECK(definition_of<Index>(schema, index("inside")).keys.at(0) == IndexKey{"ms"});
  CHECK(depends(schema, index("counted"), {Kind::materialized_view, "app", "counts", ""}));
}

}  // namespace limbeck::test
