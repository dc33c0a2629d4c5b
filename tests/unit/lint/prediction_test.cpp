// What the reader of effects says of a statement against what a server did when it ran it: random
// schemas, and a random change of each.
//
// LIMBECK_PREDICTIONS says how many, LIMBECK_PREDICTION_SEED where to begin; each pair has a seed
// of its own, so that one that fails can be run alone.
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "dialect/effect.h"
#include "dialect/trace.h"
#include "unit/dialect/scratch_database.h"

namespace limbeck {
namespace {

int number_from(const char* variable, int otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : std::atoi(value);
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  // A schema, with a table "t" that the change is about.
  std::string schema() {
    std::string sql =
        "CREATE TABLE parent (id integer PRIMARY KEY, code varchar(20) UNIQUE, n numeric(8,2));\n"
        "CREATE DOMAIN plain_text AS text;\n"
        "CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 100);\n"
        "CREATE TYPE mood AS ENUM ('sad', 'happy');\n"
        "CREATE FUNCTION steady() RETURNS integer LANGUAGE sql STABLE AS 'SELECT 1';\n"
        "CREATE FUNCTION moving() RETURNS integer LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; "
        "END';\n"
        "CREATE FUNCTION trigger_body() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; "
        "END';\n";
    const bool partitioned = chance(5);
    columns_ = {{"id", "integer"}, {"parent_id", "integer"}, {"code", "varchar(20)"}};
    const int more = 2 + pick(3);
    for (int i = 0; i < more; ++i) columns_.emplace_back(fmt::format("c{}", i), one_of(types()));
    std::string list;
    for (const auto& [name, type] : columns_)
      list += fmt::format("{}{} {}{}", list.empty() ? "" : ", ", name, type,
                          chance(4) && name != "parent_id" ? " NOT NULL" : "");
    if (!partitioned) list += ", PRIMARY KEY (id)";
    sql += fmt::format("CREATE{} TABLE t ({}){};\n", !partitioned && chance(10) ? " UNLOGGED" : "",
                       list, partitioned ? " PARTITION BY RANGE (id)" : "");
    partitioned_ = partitioned;
    if (partitioned) {
      sql += "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10);\n";
      sql += "CREATE TABLE t_2 PARTITION OF t FOR VALUES FROM (10) TO (20);\n";
      if (chance(3)) sql += "CREATE TABLE t_default PARTITION OF t DEFAULT;\n";
      sql += fmt::format("CREATE TABLE outside (LIKE t{});\n",
                         chance(2) ? ", CHECK (id >= 20 AND id < 30), CHECK (id IS NOT NULL)" : "");
    } else if (chance(6)) {
      sql += "CREATE TABLE t_child (extra integer) INHERITS (t);\n";
    }
    add_parts(sql);
    return sql;
  }

  std::string change() {
    if (chance(4)) return other_statement();
    std::string commands = command();
    while (chance(5)) commands += ", " + command();
    return fmt::format("ALTER TABLE t {}", commands);
  }

 private:
  static const std::vector<std::string>& types() {
    static const std::vector<std::string> all{"integer",
                                              "bigint",
                                              "smallint",
                                              "text",
                                              "varchar(10)",
                                              "varchar(40)",
                                              "varchar",
                                              "char(5)",
                                              "char(9)",
                                              "bpchar",
                                              "numeric(8,2)",
                                              "numeric(12,2)",
                                              "numeric(12,4)",
                                              "numeric",
                                              "timestamp",
                                              "timestamptz",
                                              "timestamp(3)",
                                              "timestamptz(3)",
                                              "timestamp(0)",
                                              "date",
                                              "time",
                                              "time(2)",
                                              "interval",
                                              "interval(3)",
                                              "interval day to second",
                                              "uuid",
                                              "json",
                                              "jsonb",
                                              "boolean",
                                              "inet",
                                              "cidr",
                                              "bit(5)",
                                              "varbit(8)",
                                              "varbit(12)",
                                              "varbit",
                                              "oid",
                                              "regclass",
                                              "xml",
                                              "integer[]",
                                              "text[]",
                                              "varchar(10)[]",
                                              "varchar(20)[]",
                                              "varchar[]",
                                              "plain_text",
                                              "short_text",
                                              "mood",
                                              "real",
                                              "double precision",
                                              "name",
                                              "bytea",
                                              "money",
                                              "int4range",
                                              "timetz",
                                              "timetz(2)",
                                              "\"char\""};
    return all;
  }

  void add_parts(std::string& sql) {
    for (const auto& [name, type] : columns_) {
      if (chance(3) && !is_unindexable(type))
        sql += fmt::format("CREATE {}INDEX i_{} ON t ({}){};\n",
                           chance(4) && !partitioned_ ? "UNIQUE " : "", name, name,
                           chance(6) ? fmt::format(" WHERE {} IS NOT NULL", name) : "");
      if (chance(7))
        sql += fmt::format("ALTER TABLE t ADD CONSTRAINT nn_{} CHECK ({} IS NOT NULL){};\n", name,
                           name, chance(3) ? " NOT VALID" : "");
    }
    if (chance(4)) sql += "ALTER TABLE t ADD CONSTRAINT positive CHECK (id > 0);\n";
    if (chance(3))
      sql += fmt::format(
          "ALTER TABLE t ADD CONSTRAINT to_parent FOREIGN KEY (parent_id) REFERENCES parent{};\n",
          chance(3) && !partitioned_ ? " NOT VALID" : "");
    if (chance(4))
      sql += "ALTER TABLE t ADD CONSTRAINT to_code FOREIGN KEY (code) REFERENCES parent (code);\n";
    if (!partitioned_ && chance(3))
      sql += "CREATE TABLE below (t_id integer REFERENCES t (id), note text);\n";
    if (chance(8)) sql += "CREATE INDEX i_expression ON t (lower(code));\n";
    if (!partitioned_ && chance(8)) sql += "CREATE UNIQUE INDEX ready ON t (parent_id);\n";
    if (chance(8)) {
      sql +=
          "CREATE TRIGGER on_row BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION "
          "trigger_body();\n";
    }
  }

  static bool is_unindexable(const std::string& type) {
    static const std::set<std::string> none{"json", "xml"};
    return none.count(type) != 0;
  }

  std::string column() {
    return columns_[static_cast<std::size_t>(pick(static_cast<int>(columns_.size())))].first;
  }

  std::string default_value(const std::string& type) {
    if (type == "integer")
      return one_of({"1", "steady()", "moving()", "(random() * 10)::integer", "NULL"});
    if (type == "timestamptz") return one_of({"now()", "clock_timestamp()", "CURRENT_TIMESTAMP"});
    if (type == "uuid") return one_of({"gen_random_uuid()", "NULL"});
    return "NULL";
  }

  std::string new_column() {
    const std::string type = one_of({"integer", "integer", "timestamptz", "uuid", "text", "serial",
                                     "short_text", "plain_text", "jsonb", "varchar(5)"});
    std::string text = fmt::format("n{} {}", ++named_, type);
    if (type != "serial" && chance(2)) {
      const std::string value = default_value(type);
      text += " DEFAULT " + value;
    } else if (type == "integer" && chance(4)) {
      return text + " GENERATED BY DEFAULT AS IDENTITY";
    } else if (type == "integer" && chance(4)) {
      return text + " GENERATED ALWAYS AS (parent_id + 1) STORED";
    }
    if (chance(4)) text += " NOT NULL";
    if (type == "integer" && chance(6)) text += " REFERENCES parent (id)";
    if (type == "integer" && chance(6)) text += fmt::format(" CHECK (n{} > 0)", named_);
    if (!partitioned_ && chance(8)) text += " UNIQUE";
    return text;
  }

  std::string command() {
    const std::string name = column();
    switch (pick(26)) {
      case 0:
      case 1:
      case 2:
        return "ADD COLUMN " + new_column();
      case 3:
        return "DROP COLUMN " + name + (chance(2) ? " CASCADE" : "");
      case 4:
      case 5:
      case 6:
      case 7:
      case 8: {
        const std::string type = one_of(types());
        return fmt::format("ALTER COLUMN {} TYPE {}{}{}", name, type,
                           chance(8) ? " COLLATE \"C\"" : "",
                           chance(3) ? fmt::format(" USING {}::{}", name, type) : "");
      }
      case 9:
      case 10:
        return fmt::format("ALTER COLUMN {} SET NOT NULL", name);
      case 11:
        return fmt::format("ALTER COLUMN {} DROP NOT NULL", name);
      case 12:
        return fmt::format("ALTER COLUMN {} SET DEFAULT NULL", name);
      case 13:
        return fmt::format("ADD CONSTRAINT k{} CHECK (id > 0){}", ++named_,
                           chance(2) ? " NOT VALID" : "");
      case 14:
        return fmt::format("ADD CONSTRAINT k{} FOREIGN KEY (parent_id) REFERENCES parent (id){}",
                           ++named_, chance(2) && !partitioned_ ? " NOT VALID" : "");
      case 15:
        return fmt::format("ADD CONSTRAINT k{} UNIQUE (id, {})", ++named_, name);
      case 16:
        return one_of({"ADD CONSTRAINT k UNIQUE USING INDEX ready",
                       "ADD CONSTRAINT k PRIMARY KEY USING INDEX ready",
                       "ADD PRIMARY KEY (id, code)"});
      case 17:
        return fmt::format("DROP CONSTRAINT {}",
                           one_of({"positive", "to_parent", "to_code", "nn_" + name}));
      case 18:
      case 19:
        return fmt::format("VALIDATE CONSTRAINT {}",
                           one_of({"to_parent", "nn_" + name, "positive"}));
      case 20:
        return one_of({"SET LOGGED", "SET UNLOGGED", "SET (fillfactor = 70)", "RESET (fillfactor)",
                       "SET ACCESS METHOD heap"});
      case 21:
        return fmt::format("ALTER COLUMN {} SET STATISTICS 100", name);
      case 22:
        return fmt::format("ALTER COLUMN {} SET STORAGE EXTERNAL", name);
      case 23:
        return one_of({"ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY",
                       "REPLICA IDENTITY FULL", "OWNER TO CURRENT_USER", "ENABLE TRIGGER ALL",
                       "DISABLE TRIGGER USER", "SET WITHOUT CLUSTER"});
      case 24:
        return one_of({fmt::format("ALTER COLUMN {} SET (n_distinct = 5)", name),
                       fmt::format("ALTER COLUMN {} SET COMPRESSION pglz", name),
                       fmt::format("ALTER COLUMN {} DROP DEFAULT", name)});
      default:
        return fmt::format("ADD CONSTRAINT k{} EXCLUDE (id WITH =)", ++named_);
    }
  }

  std::string other_statement() {
    const std::string name = column();
    switch (pick(25)) {
      case 0:
        return fmt::format("CREATE INDEX ON t ({})", name);
      case 1:
        return fmt::format("CREATE INDEX ON ONLY t ({})", name);
      case 2:
        return fmt::format("DROP INDEX i_{}", name);
      case 3:
        return "DROP TABLE t CASCADE";
      case 4:
        return one_of({"TRUNCATE t CASCADE", "TRUNCATE parent CASCADE"});
      case 5:
        return fmt::format("ALTER TABLE t RENAME COLUMN {} TO renamed", name);
      case 6:
        return "ALTER TABLE t RENAME TO renamed";
      case 7:
        return "CREATE TABLE fresh (id integer REFERENCES parent, other integer REFERENCES below)";
      case 8:
        return "CREATE TABLE fresh (id integer REFERENCES parent)";
      case 9:
        return one_of({"CREATE TABLE t_3 PARTITION OF t FOR VALUES FROM (20) TO (30)",
                       "CREATE TABLE t_3 PARTITION OF t DEFAULT"});
      case 10:
      case 11:
        return "ALTER TABLE t ATTACH PARTITION outside FOR VALUES FROM (20) TO (30)";
      case 12:
        return "ALTER TABLE t DETACH PARTITION t_1";
      case 13:
        return "CREATE TRIGGER another AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION "
               "trigger_body()";
      case 14:
        return "DROP TRIGGER on_row ON t";
      case 15:
        return "CREATE POLICY visible ON t USING (true)";
      case 16:
        return one_of({"CREATE VIEW v AS SELECT id FROM t",
                       "CREATE STATISTICS s ON id, code FROM t", "COMMENT ON TABLE t IS 'x'",
                       "COMMENT ON COLUMN t.id IS 'x'", "GRANT SELECT ON t TO PUBLIC",
                       "LOCK TABLE t IN EXCLUSIVE MODE"});
      case 17:
        return one_of({"UPDATE t SET parent_id = NULL", "DELETE FROM t",
                       "DELETE FROM t WHERE code = 'x'", "INSERT INTO t SELECT * FROM t"});
      case 18:
        return one_of({"REINDEX TABLE t", fmt::format("REINDEX INDEX i_{}", name)});
      case 19:
        return "DROP TABLE parent CASCADE";
      case 20:
        return one_of({"CREATE TABLE another_child (x integer) INHERITS (t)",
                       "ALTER TABLE t RENAME CONSTRAINT positive TO strictly_positive",
                       "CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING"});
      case 21:
        return "DROP TABLE t_1";
      case 22:
        return "DROP TABLE below";
      case 23:
        return "ALTER TABLE parent ALTER COLUMN code TYPE " +
               one_of({"text", "varchar(5)", "varchar(50)"});
      default:
        return "ALTER TABLE parent ALTER COLUMN id TYPE bigint";
    }
  }

  int pick(int count) { return std::uniform_int_distribution<int>(0, count - 1)(random_); }
  bool chance(int one_in) { return pick(one_in) == 0; }
  std::string one_of(const std::vector<std::string>& all) {
    return all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
  }

  std::mt19937 random_;
  std::vector<std::pair<std::string, std::string>> columns_;
  bool partitioned_ = false;
  int named_ = 0;
};

std::string text_of_impact(const TableImpact& it) {
  return fmt::format("{}{}{}{}{}", to_string(it.lock), it.scan ? " scan" : "",
                     it.foreign_key_scan ? " foreign-key-scan" : "",
                     it.index_build ? " index-build" : "", it.rewrite ? " rewrite" : "");
}

// Weak locks are left out; a table that is written again has its indexes built with it.
std::string text_of_impacts(Impacts impacts) {
  std::string text;
  for (auto& [table, it] : impacts) {
    if (it.rewrite) it.scan = it.index_build = false;
    if (it.lock <= LockLevel::access_share && !it.is_long()) continue;
    text += fmt::format("{}: {}\n", table.name, text_of_impact(it));
  }
  return text;
}

std::vector<sql::Statement> split(const std::string& text) {
  return sql::split(text, test::ScratchDatabase::dialect().lexical_rules(), {});
}

struct Tally {
  int compared = 0;
  int refused = 0;  // by the server: nothing to compare
  int wrong = 0;
};

void compare(Tracer& tracer, unsigned seed, Tally& tally) {
  Generator generator(seed);
  const std::string schema = generator.schema();
  const std::string change = generator.change();
  Connection& connection = tracer.scratch().connection();
  connection.run_alone("DROP SCHEMA public CASCADE");
  connection.run_alone("CREATE SCHEMA public");
  const auto reader =
      make_effect_reader("postgresql", {.time_zone = seed % 2 == 0 ? "UTC" : "Europe/Berlin"});
  try {
    for (const sql::Statement& statement : split(schema)) {
      connection.run_alone(statement.text);
      reader->apply(statement);
    }
  } catch (const DatabaseError&) {
    ++tally.refused;
    return;
  }
  connection.run_alone(seed % 2 == 0 ? "SET timezone = 'UTC'" : "SET timezone = 'Europe/Berlin'");
  const sql::Statement statement = split(change).at(0);
  Impacts observed;
  try {
    observed = tracer.observe(statement, false);
  } catch (const DatabaseError&) {
    connection.rollback();
    ++tally.refused;
    return;
  }
  ++tally.compared;
  const std::string predicted = text_of_impacts(reader->effects(statement).impacts);
  const std::string seen = text_of_impacts(observed);
  if (predicted != seen) {
    ++tally.wrong;
    MESSAGE("seed ", seed, "\n", schema, change, "\npredicted:\n", predicted, "observed:\n", seen);
  }
}

TEST_CASE("what a statement will do is what a server does") {
  const auto server = test::server_url();
  if (!server) return;
  const auto tracer = make_tracer("postgresql", DatabaseUrl::parse(*server), {});
  REQUIRE(tracer);
  const int count = number_from("LIMBECK_PREDICTIONS", 60);
  const int first = number_from("LIMBECK_PREDICTION_SEED", 1);
  Tally tally;
  for (int i = 0; i < count; ++i) compare(*tracer, static_cast<unsigned>(first + i), tally);
  MESSAGE(tally.compared, " compared, ", tally.refused, " refused by the server");
  CHECK(tally.wrong == 0);
  CHECK(tally.compared * 2 > count);
}

}  // namespace
}  // namespace limbeck
