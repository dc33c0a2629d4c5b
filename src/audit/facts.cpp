#include "audit/facts.h"

#include <algorithm>

namespace limbeck {

std::string_view to_string(HowRun how) {
  switch (how) {
    case HowRun::sql:
      return "sql";
    case HowRun::recorded:
      return "recorded";
    case HowRun::live:
      return "live";
    case HowRun::delegated:
      return "delegated";
    case HowRun::cannot:
      break;
  }
  return "cannot";
}

bool has_statements(const DirectionFacts& way) {
  return way.how == HowRun::live || way.how == HowRun::delegated ||
         std::any_of(way.steps.begin(), way.steps.end(),
                     [](const Step& step) { return !step.statements.empty(); });
}

std::string shown_name(const RelationName& table) {
  if (table.schema.empty() || table.schema == "public") return table.name;
  return table.schema + "." + table.name;
}

}  // namespace limbeck
