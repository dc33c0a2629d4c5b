#include "unit/lint/change_generator.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <map>

namespace limbeck::test {
namespace {

using Names = std::vector<std::string_view>;

constexpr std::string_view beside =
    "CREATE TABLE parent (id integer PRIMARY KEY, code varchar(20) UNIQUE, n numeric(8,2));\n"
    "CREATE SCHEMA elsewhere;\n"
    "CREATE SEQUENCE numbers;\n"
    "CREATE DOMAIN plain_text AS text;\n"
    "CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 100);\n"
    "CREATE DOMAIN needed_text AS text NOT NULL;\n"
    "CREATE DOMAIN deep_text AS short_text;\n"
    "CREATE DOMAIN late_text AS text;\n"
    "ALTER DOMAIN late_text ADD CONSTRAINT late CHECK (VALUE <> '') NOT VALID;\n"
    "CREATE TYPE mood AS ENUM ('sad', 'happy');\n"
    "CREATE TYPE pair AS (a integer, b varchar(20));\n"
    "CREATE FUNCTION fixed() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 1';\n"
    "CREATE FUNCTION steady() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';\n"
    "CREATE FUNCTION moving() RETURNS integer LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';\n"
    "CREATE FUNCTION trigger_body() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\n";

// Types whose values go into one another, and one group of the others.
const std::vector<Names>& families() {
  static const std::vector<Names> all{
      {"text", "varchar(10)", "varchar(40)", "varchar", "char(5)", "char(9)", "bpchar", "name",
       "\"char\"", "plain_text", "short_text", "needed_text", "deep_text", "late_text"},
      {"integer", "bigint", "smallint", "oid", "regclass", "real", "double precision",
       "numeric(8,2)", "numeric(12,2)", "numeric(12,4)", "numeric(8)", "numeric", "money"},
      {"timestamp", "timestamptz", "timestamp(3)", "timestamptz(3)", "timestamp(0)", "date",
       "timestamptz(0)"},
      {"time", "time(2)", "timetz", "timetz(2)", "time(6)"},
      {"interval", "interval(3)", "interval day to second", "interval day to second(3)",
       "interval year to month"},
      {"bit(5)", "bit(8)", "varbit(8)", "varbit(12)", "varbit"},
      {"inet", "cidr"},
      {"json", "jsonb"},
      {"integer[]", "bigint[]", "text[]", "varchar(10)[]", "varchar(20)[]", "varchar[]",
       "plain_text[]", "mood[]"},
      {"int4range", "int8range", "numrange", "daterange", "int4multirange"},
      {"uuid", "xml", "boolean", "mood", "bytea", "point", "tsvector", "macaddr", "pair", "pg_lsn"},
  };
  return all;
}

constexpr auto integers = std::to_array<std::string_view>(
    {"1", "fixed()", "steady()", "moving()", "(random() * 10)::integer", "NULL",
     "nextval('numbers')", "1 + 1", "length(current_user)"});
constexpr auto moments = std::to_array<std::string_view>(
    {"now()", "clock_timestamp()", "CURRENT_TIMESTAMP", "statement_timestamp()",
     "transaction_timestamp()", "LOCALTIMESTAMP", "'2020-01-01'", "timeofday()::timestamptz",
     "'now'", "now() + interval '1 day'"});
constexpr auto strings = std::to_array<std::string_view>(
    {"'a'", "CURRENT_USER", "session_user", "version()", "gen_random_uuid()::text", "lower('A')",
     "current_setting('work_mem')", "'a' || txid_current()", "md5(random()::text)", "NULL::text",
     "pg_backend_pid()::text", "to_char(now(), 'YYYY')"});
constexpr auto serials = std::to_array<std::string_view>({"serial", "bigserial", "smallserial"});
constexpr auto identities = std::to_array<std::string_view>({"ALWAYS", "BY DEFAULT"});
constexpr auto domains = std::to_array<std::string_view>(
    {"plain_text", "short_text", "needed_text", "deep_text", "late_text"});
constexpr auto text_types =
    std::to_array<std::string_view>({"text", "varchar(5)", "varchar(50)", "plain_text", "name"});

bool is_unindexable(const std::string& type) {
  static const std::vector<std::string> none{"json", "xml", "point"};
  return std::find(none.begin(), none.end(), type) != none.end();
}

}  // namespace

std::string ChangeGenerator::one_of(std::span<const std::string_view> all) {
  return std::string(all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))]);
}

std::string ChangeGenerator::one_of(const std::vector<std::string>& all) {
  return all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
}

std::string_view ChangeGenerator::form_of(std::span<const ChangeForm> forms) {
  int all = 0;
  for (const ChangeForm& form : forms) all += form.weight;
  int at = pick(all);
  for (const ChangeForm& form : forms)
    if ((at -= form.weight) < 0) return form.text;
  return forms.back().text;
}

Change ChangeGenerator::next() {
  Change change;
  // Every other seed has its own form, so that all of them come round.
  const auto forms = alter_table_forms();
  const std::size_t turn = seed_ / 2 % (forms.size() + statement_forms().size());
  const bool alters = seed_ % 2 == 0 ? turn < forms.size() : chance(2);
  do {
    const bool first = change.forms.empty() && seed_ % 2 == 0;
    if (first)
      change.forms.push_back(alters ? forms[turn].text
                                    : statement_forms()[turn - forms.size()].text);
    else
      change.forms.push_back(form_of(alters ? forms : statement_forms()));
    named_ += fmt::format("\n{}\n", change.forms.back());
  } while (alters && chance(4));
  add_tables();
  change.schema = sql_;
  if (alters) change.sql = chance(12) ? "ALTER TABLE ONLY t " : "ALTER TABLE t ";
  for (std::size_t i = 0; i < change.forms.size(); ++i)
    change.sql += (i == 0 ? "" : ", ") + fill(change.forms[i]);
  return change;
}

bool ChangeGenerator::has(std::string_view name, int one_in) {
  return is_named(name) || chance(one_in);
}

// ---- the schema ----

void ChangeGenerator::add_tables() {
  sql_ = beside;
  sql_ += "CREATE TABLE hashed (id integer PRIMARY KEY) PARTITION BY HASH (id);\n";
  for (int i = 0; i < 2; ++i)
    sql_ += fmt::format(
        "CREATE TABLE hashed_{0} PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER "
        "{0});\n",
        i);
  constexpr std::array shapes{Shape::plain,    Shape::plain,    Shape::plain,   Shape::plain,
                              Shape::plain,    Shape::plain,    Shape::plain,   Shape::inherited,
                              Shape::by_range, Shape::by_range, Shape::by_list, Shape::by_hash,
                              Shape::by_two};
  do {
    shape_ = shapes.at(static_cast<std::size_t>(pick(shapes.size())));
  } while (!fits());
  add_table();
  add_partitions();
  if (has("outside", 2)) add_outside();
  add_parts();
  add_constraints();
  add_beside();
}

// Whether the chosen forms can be about a table of this shape.
bool ChangeGenerator::fits() const {
  if (is_named("\nINHERIT above")) return shape_ == Shape::plain;
  if (is_named("above")) return shape_ == Shape::inherited;
  if (is_named("t_child")) return !is_partitioned();
  return is_partitioned() || !(is_named("PARTITION") || is_named("t_1") || is_named("t_2"));
}

void ChangeGenerator::add_table() {
  columns_ = {{"id", "integer"}, {"parent_id", "integer"}, {"code", "varchar(20)"}};
  const int more = 1 + pick(4);
  for (int i = 0; i < more; ++i) {
    const Names& family =
        families()[static_cast<std::size_t>(pick(static_cast<int>(families().size())))];
    columns_.emplace_back(fmt::format("c{}", i), one_of(family));
  }
  std::string list;
  for (const auto& [name, type] : columns_)
    list += fmt::format("{}{} {}{}", list.empty() ? "" : ", ", name, type,
                        chance(4) && name != "parent_id" ? " NOT NULL" : "");
  const auto add = [&](std::string_view name, std::string_view type, std::string_view rest) {
    list += fmt::format(", {} {}{}", name, type, rest);
    columns_.emplace_back(name, type);
  };
  if (has("computed", 6)) add("computed", "integer", " GENERATED ALWAYS AS (id + 1) STORED");
  if (has("counted", 6) && !is_partitioned())
    add("counted", "integer", " GENERATED BY DEFAULT AS IDENTITY");
  if (chance(8)) add("numbered", "serial", "");
  if (has("span", 8)) add("span", "int4range", "");
  const bool keyed = is_partitioned() ? shape_ != Shape::by_two && has("below", 3)
                                      : (is_named("below") || !chance(6)) && !is_named("PRIMARY");
  if (keyed) list += ", PRIMARY KEY (id)";
  if (keyed) constraints_.emplace_back("t_pkey");
  if (keyed) indexes_.emplace_back("t_pkey");
  constexpr std::array keys = std::to_array<std::string_view>(
      {"", "", " PARTITION BY RANGE (id)", " PARTITION BY LIST (id)", " PARTITION BY HASH (id)",
       " PARTITION BY RANGE (id, parent_id)"});
  if (shape_ == Shape::inherited || is_named("above"))
    sql_ += "CREATE TABLE above (id integer, parent_id integer);\n";
  const bool unlogged = !is_partitioned() && chance(10);
  sql_ += fmt::format("CREATE{} TABLE t ({}){}{};\n", unlogged ? " UNLOGGED" : "", list,
                      shape_ == Shape::inherited ? " INHERITS (above)" : "",
                      keys.at(static_cast<std::size_t>(shape_)));
}

std::string ChangeGenerator::bound(int number) const {
  const int low = number * 10;
  switch (shape_) {
    case Shape::by_list:
      return fmt::format("FOR VALUES IN ({}, {})", low, low + 1);
    case Shape::by_hash:
      return fmt::format("FOR VALUES WITH (MODULUS 4, REMAINDER {})", number);
    case Shape::by_two:
      return fmt::format("FOR VALUES FROM ({}, 0) TO ({}, 0)", low, low + 10);
    default:
      return fmt::format("FOR VALUES FROM ({}) TO ({})", low, low + 10);
  }
}

void ChangeGenerator::add_partitions() {
  if (!is_partitioned()) {
    if (!has("t_child", 6)) return;
    sql_ += "CREATE TABLE t_child (extra integer) INHERITS (t);\n";
    if (chance(3)) sql_ += "CREATE TABLE t_grandchild () INHERITS (t_child);\n";
    return;
  }
  sql_ += fmt::format("CREATE TABLE t_1 PARTITION OF t {};\n", bound(0));
  if (chance(4)) {
    sql_ += fmt::format("CREATE TABLE t_2 PARTITION OF t {} PARTITION BY RANGE (id);\n", bound(1));
    sql_ += "CREATE TABLE t_2_a PARTITION OF t_2 FOR VALUES FROM (10) TO (15);\n";
  } else {
    sql_ += fmt::format("CREATE TABLE t_2 PARTITION OF t {};\n", bound(1));
  }
  if (shape_ == Shape::by_hash || !chance(3)) return;
  const bool parted = chance(5);
  sql_ += fmt::format("CREATE TABLE t_default PARTITION OF t DEFAULT{};\n",
                      parted ? " PARTITION BY HASH (id)" : "");
  if (chance(3)) sql_ += "ALTER TABLE t_default ADD CHECK (id IS NOT NULL AND id < 0);\n";
}

// A table that may become a partition.
void ChangeGenerator::add_outside() {
  constexpr auto likes = std::to_array<std::string_view>(
      {"", "", " INCLUDING INDEXES",
       " INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING INDEXES"});
  constexpr auto checks = std::to_array<std::string_view>(
      {"", "", "id >= 20 AND id < 30", "id >= 20", "id > 20 AND id <= 25", "id = 20",
       "id IN (20, 21)", "id = 20 OR id = 21", "id = 22", "id BETWEEN 20 AND 29",
       "id >= 20 AND id < 31", "parent_id > 0"});
  const std::string like = one_of(likes);
  sql_ += fmt::format("CREATE TABLE outside (LIKE t{}){};\n",
                      columns_.back().first == "numbered" ? "" : like,
                      chance(8) ? " PARTITION BY RANGE (id)" : "");
  const std::string check = one_of(checks);
  if (!check.empty()) sql_ += fmt::format("ALTER TABLE outside ADD CHECK ({});\n", check);
  if (chance(2))
    sql_ += chance(2) ? "ALTER TABLE outside ADD CHECK (id IS NOT NULL);\n"
                      : "ALTER TABLE outside ALTER COLUMN id SET NOT NULL;\n";
  if (chance(6)) sql_ += "ALTER TABLE outside ADD FOREIGN KEY (parent_id) REFERENCES parent;\n";
  if (chance(6)) sql_ += "CREATE INDEX outside_code ON outside (code);\n";
}

void ChangeGenerator::add_parts() {
  for (const auto& [name, type] : columns_) {
    if (!chance(3) || is_unindexable(type)) continue;
    const std::string index = "i_" + name;
    const bool unique = chance(4) && !is_partitioned();
    sql_ +=
        fmt::format("CREATE {}INDEX {} ON t ({}{}){}{};\n", unique ? "UNIQUE " : "", index, name,
                    chance(8) && type.find("char") != std::string::npos ? " COLLATE \"C\"" : "",
                    chance(8) ? " INCLUDE (parent_id)" : "",
                    chance(6) ? fmt::format(" WHERE {} IS NOT NULL", name) : "");
    indexes_.push_back(index);
  }
  if (chance(8)) sql_ += "CREATE INDEX i_expression ON t (lower(code));\n";
  if (chance(8)) sql_ += "CREATE INDEX i_pair ON t (parent_id, code);\n";
  if (!is_partitioned() && has("ready", 6)) sql_ += "CREATE UNIQUE INDEX ready ON t (parent_id);\n";
  if (has("on_row", 5))
    sql_ +=
        "CREATE TRIGGER on_row BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION trigger_body();\n";
  if (has("shown", 8)) sql_ += "CREATE POLICY shown ON t USING (parent_id > 0);\n";
  if (has("on_delete", 8)) sql_ += "CREATE RULE on_delete AS ON DELETE TO t DO INSTEAD NOTHING;\n";
  if (has("known", 10)) sql_ += "CREATE STATISTICS known ON parent_id, code FROM t;\n";
}

void ChangeGenerator::add_constraints() {
  const auto add = [&](std::string_view name, std::string_view definition) {
    sql_ += fmt::format("ALTER TABLE t ADD CONSTRAINT {} {};\n", name, definition);
    constraints_.emplace_back(name);
  };
  for (const auto& [name, type] : columns_)
    if (chance(7))
      add("nn_" + name,
          fmt::format("CHECK ({} IS NOT NULL){}", name, chance(3) ? " NOT VALID" : ""));
  if (chance(4)) add("positive", "CHECK (id > 0)");
  if (chance(10)) add("own", "CHECK (parent_id > 0) NO INHERIT NOT VALID");
  if (chance(10)) add("both", "CHECK (id IS NOT NULL AND code IS NOT NULL)");
  const bool may_wait = !is_partitioned();
  if (chance(3))
    add("to_parent", fmt::format("FOREIGN KEY (parent_id) REFERENCES parent{}",
                                 may_wait && chance(3) ? " NOT VALID" : ""));
  if (chance(5)) add("to_code", "FOREIGN KEY (code) REFERENCES parent (code)");
  if (chance(8)) add("to_hashed", "FOREIGN KEY (parent_id) REFERENCES hashed");
  if (chance(10)) add("to_self", "FOREIGN KEY (parent_id) REFERENCES t (id)");
  if (chance(8)) add("together", "UNIQUE (id, code)");
  if (may_wait && chance(12)) add("apart", "EXCLUDE (parent_id WITH =) WHERE (id > 0)");
  if (constraints_.empty()) constraints_.emplace_back("nowhere");
}

void ChangeGenerator::add_beside() {
  const bool keyed = constraints_.front() == "t_pkey";
  if (keyed && has("below", 3))
    sql_ += "CREATE TABLE below (t_id integer REFERENCES t (id), note text);\n";
  if (has("glance", 10)) sql_ += "CREATE VIEW glance AS SELECT id FROM parent;\n";
  if (has("seen", 10)) sql_ += "CREATE MATERIALIZED VIEW seen AS SELECT id FROM parent;\n";
  if (sql_.find("VIEW seen") != std::string::npos && chance(2))
    sql_ += "CREATE UNIQUE INDEX seen_id ON seen (id);\n";
  if (has("typed", 10)) sql_ += "CREATE TABLE typed OF pair;\n";
  if (is_named("outside OF pair"))
    sql_ += "DROP TABLE IF EXISTS outside;\nCREATE TABLE outside (a integer, b varchar(20));\n";
}

// ---- the change ----

std::string ChangeGenerator::fill(std::string_view form) {
  column_ = columns_[static_cast<std::size_t>(pick(static_cast<int>(columns_.size())))];
  std::map<std::string, std::string> known;
  ++numbered_;
  std::string text;
  for (std::size_t at = 0; at < form.size(); ++at) {
    if (form[at] != '$') {
      text += form[at];
      continue;
    }
    std::size_t end = at + 1;
    while (end < form.size() &&
           (std::islower(static_cast<unsigned char>(form[end])) != 0 || form[end] == '_'))
      ++end;
    const std::string word(form.substr(at + 1, end - at - 1));
    if (known.count(word) == 0) known[word] = value_of(word);
    text += known[word];
    at = end - 1;
  }
  return text;
}

std::string ChangeGenerator::near_type() {
  for (const Names& family : families())
    if (std::find(family.begin(), family.end(), column_.second) != family.end())
      return one_of(family);
  return "integer";
}

std::string ChangeGenerator::value_of(const std::string& word) {
  if (word == "n") return std::to_string(numbered_);
  if (word == "column") return column_.first;
  if (word == "near") return near_type();
  if (word == "index") return one_of(indexes_);
  if (word == "constraint") return one_of(constraints_);
  if (word == "bound") return bound(2);
  if (word == "type")
    return one_of(families()[static_cast<std::size_t>(pick(static_cast<int>(families().size())))]);
  static const std::map<std::string, std::span<const std::string_view>> words{
      {"integer", integers},    {"moment", moments}, {"string", strings},       {"serial", serials},
      {"identity", identities}, {"domain", domains}, {"text_type", text_types},
  };
  return one_of(words.at(word));
}

}  // namespace limbeck::test
