// The parts of the table of rules, and what its rows share.
#pragma once

#include <fmt/format.h>
#include <string>
#include <vector>

#include "lint/rule.h"

namespace limbeck {

inline constexpr std::string_view for_postgres = "postgresql";
inline constexpr std::string_view for_sqlite = "sqlite";

std::vector<LintRule> index_rules();
std::vector<LintRule> index_choice_rules();
std::vector<LintRule> constraint_rules();
std::vector<LintRule> column_rules();
std::vector<LintRule> table_rules();
std::vector<LintRule> transaction_rules();
std::vector<LintRule> data_rules();
std::vector<LintRule> style_rules();
std::vector<LintRule> sqlite_rules();

// "orders", "sales.orders": for people.
std::string shown(const RelationName& table);
// "a, b"
std::string listed(const std::vector<std::string>& names);
std::string listed(const std::vector<RelationName>& tables);

template <class... Parts>
Hit hit(fmt::format_string<Parts...> message, Parts&&... parts) {
  return {.message = fmt::format(message, std::forward<Parts>(parts)...)};
}

}  // namespace limbeck
