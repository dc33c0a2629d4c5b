#include "schema/json.h"

#include <doctest/doctest.h>

#include "limbeck/error.h"

using namespace limbeck;

namespace {

Object object(Kind kind, std::string schema, std::string name, std::string part,
              Definition definition) {
  return {.id = {kind, std::move(schema), std::move(name), std::move(part)},
          .definition = std::move(definition)};
}

// Every kind, and in it every type of member.
Schema sample() {
  Schema schema;
  Table table;
  table.persistence = Persistence::unlogged;
  table.partition_of = PartitionOf{{"public", "p"}, "DEFAULT"};
  table.inherits = {{"a", "b"}, {"", "c"}};
  table.options = {{"fillfactor", "70"}};
  table.replica_identity = ReplicaIdentity::full;
  table.foreign = ForeignTable{"server", {}};
  Object with_source = object(Kind::table, "public", "t", "", table);
  with_source.source.text = "CREATE TABLE t";
  schema.put(with_source);
  Column column;
  column.position = 3;
  column.type = "integer";
  Identity identity;
  identity.always = true;
  identity.options.minimum = INT64_MIN;
  identity.options.maximum = INT64_MAX;
  identity.sequence = "t_id_seq";
  column.identity = identity;
  column.statistics = -1;
  column.local = false;
  Object with_access = object(Kind::column, "public", "t", "id", column);
  with_access.comment = "a \"comment\"\n\x01 \xE2\x80\xAE größer";
  with_access.owner = "me";
  with_access.privileges = std::vector<Privilege>{{"PUBLIC", "SELECT", true, "id"}};
  schema.put(with_access);
  Object nobody = object(Kind::view, "public", "v", "", View{});
  nobody.privileges.emplace();
  schema.put(nobody);
  Sequence sequence;
  sequence.owned_by = ObjectId{Kind::column, "public", "t", "id"};
  schema.put(object(Kind::sequence, "public", "s", "", sequence));
  Constraint constraint;
  constraint.type = ConstraintType::exclusion;
  constraint.foreign_key = ForeignKey{.table = {"public", "t"}, .columns = {"a", "b"}};
  schema.put(object(Kind::constraint, "public", "t", "c", constraint));
  Index index;
  index.keys = {{.column = "a", .descending = true}, {.expression = "lower(b)"}};
  index.valid = false;
  schema.put(object(Kind::index, "public", "i", "", index));
  Trigger trigger;
  trigger.enabled = Enabled::replica;
  schema.put(object(Kind::trigger, "public", "t", "tr", trigger));
  schema.put(object(Kind::schema, "", "public", "", Namespace{}));
  schema.put(object(Kind::enumeration, "public", "e", "", Enumeration{{"", "it's", "\U0001F642"}}));
  schema.put(object(Kind::opaque, "", "text AS integer", "cast", Opaque{"CREATE", "DROP"}));
  schema.dependencies.insert(
      Dependency{{Kind::column, "public", "t", "id"}, {Kind::table, "public", "t", ""}});
  schema.dependencies.insert(
      Dependency{{Kind::view, "public", "v", ""}, {Kind::table, "not", "here", ""}});
  schema.unmodelled.insert({"transform for x"});
  return schema;
}

std::string refusal(const std::string& text) {
  try {
    read_snapshot(text, "file.json");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::invalid_project);
    return to_string(error.report().place.value_or(Place{})) + " " + error.report().message;
  }
  return "none";
}

std::string snapshot_of(const std::string& object) {
  return R"({"limbeck_schema":1,"dialect":"sqlite","objects":[)" + object + "]}";
}

}  // namespace

TEST_CASE("a schema is read back as it was written") {
  const Snapshot snapshot{"postgresql", "PostgreSQL 15.18", sample()};
  const std::string text = snapshot_json(snapshot);
  const Snapshot read = read_snapshot(text, "file");
  CHECK(read == snapshot);
  CHECK(read.schema.find({Kind::table, "public", "t", ""})->source.text == "CREATE TABLE t");
  CHECK(snapshot_json(read) == text);
}

TEST_CASE("every kind is read back, with nothing but its defaults") {
  for (int kind = 0; kind <= static_cast<int>(Kind::opaque); ++kind) {
    const std::string text =
        snapshot_of(R"({"kind":")" + std::string(to_string(static_cast<Kind>(kind))) +
                    R"(","name":"x","definition":{}})");
    const Schema schema = read_snapshot(text, "file").schema;
    REQUIRE(schema.objects.size() == 1);
    CHECK(schema.objects.begin()->second.definition.index() == static_cast<std::size_t>(kind));
    CHECK(read_snapshot(snapshot_json({"sqlite", "", schema}), "file").schema == schema);
  }
}

TEST_CASE("a snapshot holds no secret") {
  Schema schema;
  schema.put(object(Kind::user_mapping, "", "srv", "me",
                    UserMapping{"srv", "me", {{"user", "joe"}, {"password", "geheim"}}}));
  schema.put(object(Kind::subscription, "", "sub", "",
                    Subscription{"host=x password=geheim", {"p"}, {}, true}));
  const std::string text = snapshot_json({"postgresql", "", schema});
  CHECK(text.find("geheim") == std::string::npos);
  CHECK(text.find("joe") != std::string::npos);
  CHECK(read_snapshot(text, "file").schema == without_secrets(schema));
  CHECK(without_secrets(schema) != schema);
}

TEST_CASE("every beginning of a snapshot is refused at the place where it ends") {
  const std::string text = snapshot_json({"postgresql", "", sample()});
  for (std::size_t length = 0; length + 2 < text.size(); length += 7) {
    const std::string said = refusal(text.substr(0, length));
    CHECK(said.starts_with("file.json:"));
  }
}

TEST_CASE("what is wrong in a snapshot is named") {
  CHECK(refusal("[1]").find("no schema of Limbeck's") != std::string::npos);
  CHECK(refusal("{}").find("no schema of Limbeck's") != std::string::npos);
  CHECK(refusal("nonsense").starts_with("file.json:1:"));
  CHECK(refusal(R"({"limbeck_schema":2})").find("format 2") != std::string::npos);
  CHECK(refusal(R"({"limbeck_schema":1})").find("\"dialect\"") != std::string::npos);
  CHECK(refusal(snapshot_of("5")).find("objects[0]") != std::string::npos);
  CHECK(refusal(snapshot_of(R"({"kind":"tabel"})")).find("\"tabel\"") != std::string::npos);
  const auto definition = [](const std::string& members) {
    return refusal(
        snapshot_of(R"({"kind":"column","name":"t","part":"c","definition":{)" + members + "}}"));
  };
  CHECK(definition(R"("tpye":"x")").find("objects[0].definition.tpye") != std::string::npos);
  CHECK(definition(R"("type":5)").find("a text belongs here") != std::string::npos);
  CHECK(definition(R"("type":"a\u0000b")").find("NUL") != std::string::npos);
  CHECK(definition(R"("position":"1")").find("a whole number") != std::string::npos);
  CHECK(definition(R"("position":99999999999)").find("too large") != std::string::npos);
  CHECK(definition(R"("position":1.5)").find("a whole number") != std::string::npos);
  CHECK(definition(R"("not_null":1)").find("true or false") != std::string::npos);
  CHECK(definition(R"("options":{})").find("a list") != std::string::npos);
  CHECK(definition(R"("options":[1])").find("definition.options[0]") != std::string::npos);
  const std::string twice = R"({"kind":"view","name":"v","definition":{}})";
  CHECK(refusal(snapshot_of(twice + "," + twice)).find("twice") != std::string::npos);
  std::string edges = snapshot_of(twice);
  edges.insert(edges.size() - 1, R"(,"dependencies":[[0,1]])");
  CHECK(refusal(edges).find("no object 1") != std::string::npos);
}
