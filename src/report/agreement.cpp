#include "report/agreement.h"

#include <algorithm>
#include <fmt/format.h>

#include "base/counted.h"
#include "base/json_writer.h"
#include "base/terminal.h"
#include "dialect/dialect.h"
#include "diff/diff.h"
#include "operation/json.h"

namespace limbeck {
namespace {

bool differs(const Disagreement& pair) {
  return !pair.operations.empty();
}

}  // namespace

bool Agreement::agrees() const {
  return pending.empty() && std::none_of(pairs.begin(), pairs.end(), differs);
}

Agreement agreement_of(const AgreementSides& sides, const std::string& dialect) {
  DiffOptions options;
  options.rules = dialect_named(dialect).lexical_rules();
  Agreement result;
  const auto compare = [&](const std::optional<NamedSchema>& from,
                           const std::optional<NamedSchema>& to) {
    if (!from || !to) return;
    result.pairs.push_back(
        {from->name, to->name,
         diff(from->schema, to->schema, schema_dialect_named(dialect), options)});
  };
  compare(sides.here, sides.database);
  compare(sides.later ? sides.later : sides.here, sides.declared);
  compare(sides.database, sides.declared);
  return result;
}

ExitCode exit_code_of(const Agreement& agreement) {
  if (std::any_of(agreement.pairs.begin(), agreement.pairs.end(), differs)) {
    // A database that is behind differs from the declared schema by what is pending.
    const bool only_behind =
        !agreement.pending.empty() &&
        std::all_of(agreement.pairs.begin(), agreement.pairs.end(), [](const Disagreement& pair) {
          return !differs(pair) || pair.from == "database";
        });
    return only_behind ? ExitCode::pending : ExitCode::findings;
  }
  return agreement.pending.empty() ? ExitCode::ok : ExitCode::pending;
}

std::string agreement_text(const Agreement& agreement) {
  std::string text;
  for (const Disagreement& pair : agreement.pairs) {
    if (!differs(pair)) {
      text += fmt::format("{} and {} agree\n", printable(pair.from), printable(pair.to));
      continue;
    }
    text += fmt::format("{} and {} differ; from {} to {} it takes {}:\n", printable(pair.from),
                        printable(pair.to), printable(pair.from), printable(pair.to),
                        counted(pair.operations.size(), "change"));
    for (const Operation& operation : pair.operations)
      text += fmt::format("  {}\n", printable(describe(operation)));
  }
  if (agreement.pending.empty()) return text;
  text += fmt::format("the database lacks {}:\n", counted(agreement.pending.size(), "revision"));
  for (const std::string& id : agreement.pending) text += fmt::format("  {}\n", printable(id));
  return text;
}

std::string agreement_json(const Agreement& agreement) {
  JsonWriter json;
  json.begin_object().member("agree", agreement.agrees()).member("pending", agreement.pending);
  json.key("pairs").begin_array();
  for (const Disagreement& pair : agreement.pairs) {
    json.begin_object().member("from", pair.from).member("to", pair.to);
    json.member("agree", !differs(pair)).key("operations").begin_array();
    for (const Operation& operation : pair.operations) {
      json.begin_object();
      write_members(operation, json);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
  json.member("not_compared", std::vector<std::string>(agreement.not_compared.begin(),
                                                       agreement.not_compared.end()));
  json.end_object();
  return json.text() + "\n";
}

}  // namespace limbeck
