// What the reader of effects says of a statement against what a server did when it ran it: random
// schemas with a random change of each, and the cases of tests/cases/predictions.txt.
//
// LIMBECK_PREDICTIONS says how many random ones are to be compared (what the server refuses does
// not count), LIMBECK_PREDICTION_SEED where to begin: each has a seed of its own, so that one that
// fails can be run alone. From 500 on it is told how often each form was compared.
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "base/file.h"
#include "dialect/effect.h"
#include "dialect/trace.h"
#include "unit/dialect/scratch_database.h"
#include "unit/lint/change_generator.h"

namespace limbeck {
namespace {

constexpr int enough_for_all_forms = 2000;
constexpr std::size_t largest_cases = 1 << 20;
constexpr int worth_counting = 500;
constexpr int most_refused = 3;  // for each one that is compared

int number_from(const char* variable, int otherwise) {
  const char* value = std::getenv(variable);
  return value == nullptr ? otherwise : std::atoi(value);
}

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

struct Comparison {
  std::string refusal;  // by the server: there is nothing to compare
  std::string predicted;
  std::string observed;
};

class Predictions {
 public:
  explicit Predictions(const std::string& server)
      : tracer_(make_tracer("postgresql", DatabaseUrl::parse(server), {})) {
    REQUIRE(tracer_);
  }

  Comparison compare(const std::string& schema, const std::string& change,
                     const std::string& time_zone) {
    Connection& connection = tracer_->scratch().connection();
    const auto reader = make_effect_reader("postgresql", {.time_zone = time_zone});
    const std::vector<sql::Statement> statements = split(schema);
    std::vector<Command> commands{
        {.sql = "DROP SCHEMA IF EXISTS public, elsewhere CASCADE"},
        {.sql = "DROP PUBLICATION IF EXISTS sent"},
        {.sql = "CREATE SCHEMA public"},
        {.sql = fmt::format("SET timezone = '{}'", time_zone)},
    };
    for (const sql::Statement& statement : statements) commands.push_back({.sql = statement.text});
    const sql::Statement statement = split(change).at(0);
    Comparison result;
    try {
      connection.run(commands, Wrap::own_transaction);
      result.observed = text_of_impacts(tracer_->observe(statement, false));
    } catch (const DatabaseError& error) {
      connection.rollback();
      result.refusal = error.failure().message;
      return result;
    }
    for (const sql::Statement& each : statements) reader->apply(each);
    result.predicted = text_of_impacts(reader->effects(statement).impacts);
    return result;
  }

 private:
  static std::vector<sql::Statement> split(const std::string& text) {
    return sql::split(text, test::ScratchDatabase::dialect().lexical_rules(), {});
  }

  std::unique_ptr<Tracer> tracer_;
};

std::string time_zone_of(unsigned seed) {
  return seed / 2 % 2 == 0 ? "UTC" : "Europe/Berlin";
}

// How often each form was compared.
class Histogram {
 public:
  Histogram() {
    for (const test::ChangeForm& form : test::alter_table_forms()) counts_[form.text] = 0;
    for (const test::ChangeForm& form : test::statement_forms()) counts_[form.text] = 0;
  }
  void add(const test::Change& change) {
    for (const std::string_view form : change.forms) ++counts_[form];
  }
  std::string text() const {
    std::string text;
    for (const auto& [form, count] : counts_) text += fmt::format("{:6} {}\n", count, form);
    return text;
  }
  std::string never() const {
    std::string text;
    for (const auto& [form, count] : counts_)
      if (count == 0) text += fmt::format("{}\n", form);
    return text;
  }

 private:
  std::map<std::string_view, int> counts_;
};

TEST_CASE("what a statement will do is what a server does") {
  const auto server = test::server_url();
  if (!server) return;
  Predictions predictions(*server);
  const int wanted = number_from("LIMBECK_PREDICTIONS", 60);
  const int first = number_from("LIMBECK_PREDICTION_SEED", 1);
  Histogram histogram;
  int compared = 0;
  int refused = 0;
  int wrong = 0;
  while (compared < wanted && refused <= most_refused * wanted) {
    const auto seed = static_cast<unsigned>(first + compared + refused);
    const test::Change change = test::ChangeGenerator(seed).next();
    const Comparison found = predictions.compare(change.schema, change.sql, time_zone_of(seed));
    if (!found.refusal.empty()) {
      ++refused;
      if (wanted == 1) MESSAGE(change.schema, change.sql, "\nrefused: ", found.refusal);
      continue;
    }
    ++compared;
    histogram.add(change);
    if (found.predicted == found.observed) continue;
    ++wrong;
    MESSAGE("seed ", seed, "\n", change.schema, change.sql, "\npredicted:\n", found.predicted,
            "observed:\n", found.observed);
  }
  MESSAGE("seeds ", first, " to ", first + compared + refused - 1, ": ", compared, " compared, ",
          refused, " refused by the server, ", wrong, " wrong");
  if (compared >= worth_counting) MESSAGE("how often each form was compared:\n", histogram.text());
  CHECK(wrong == 0);
  CHECK(compared == wanted);
  if (compared >= enough_for_all_forms) CHECK(histogram.never() == "");
}

// A case: its name behind "==== ", the schema, "---- " and the change, "---- " and the impacts.
struct PredictionCase {
  std::string name;
  std::vector<std::string> parts;
};

std::vector<PredictionCase> read_cases() {
  std::vector<PredictionCase> cases;
  std::istringstream lines(read_file(
      std::filesystem::path(LIMBECK_TESTS_FOLDER) / "cases/predictions.txt", largest_cases));
  std::string line;
  while (std::getline(lines, line)) {
    if (line.starts_with("==== ")) {
      cases.push_back({line.substr(5), {""}});
    } else if (cases.empty()) {
      continue;  // what stands above them is for people
    } else if (line == "----") {
      cases.back().parts.emplace_back();
    } else if (!line.empty()) {
      cases.back().parts.back() += line + "\n";
    }
  }
  return cases;
}

TEST_CASE("predictions that were wrong once are right") {
  const auto server = test::server_url();
  if (!server) return;
  Predictions predictions(*server);
  const std::vector<PredictionCase> cases = read_cases();
  CHECK(cases.size() > 5);
  for (const PredictionCase& each : cases) {
    CAPTURE(each.name);
    REQUIRE(each.parts.size() == 3);
    const Comparison found = predictions.compare(each.parts[0], each.parts[1], "UTC");
    CHECK(found.refusal == "");
    CHECK(found.predicted == each.parts[2]);
    CHECK(found.observed == each.parts[2]);
  }
}

}  // namespace
}  // namespace limbeck
