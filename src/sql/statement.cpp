#include "sql/statement.h"

namespace limbeck::sql {

bool starts_with(const Statement& statement, std::string_view words) {
  if (words.empty()) return true;
  for (const std::string& word : statement.words) {
    if (!words.starts_with(word)) return false;
    words.remove_prefix(word.size());
    if (words.empty()) return true;
    if (words.front() != ' ') return false;
    words.remove_prefix(1);
  }
  return false;
}

}  // namespace limbeck::sql
