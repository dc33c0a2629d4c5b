#include "alembic/type_uses.h"

#include <algorithm>
#include <set>

namespace limbeck {

std::vector<std::string> TypeUses::take(const std::vector<TypeEvent>& events) {
  std::vector<std::string> staying;
  std::set<std::string> gone;
  for (const TypeEvent& event : events) {
    if (event.size() == 2 && event[0] == "type_gone") gone.insert(event[1]);
    if (event.size() == 5 && event[0] == "used")
      types_of_columns_[{event[1], event[2]}][event[3]] = event[4];
    if (event.size() < 3 || event[0] != "gone") continue;
    const auto table = types_of_columns_.find({event[1], event[2]});
    if (table == types_of_columns_.end()) continue;
    std::set<std::string> types;
    for (const auto& [column, type] : table->second)
      if (event.size() == 3 || event[3] == column) types.insert(type);
    for (const std::string& type : types)
      if (std::find(staying.begin(), staying.end(), type) == staying.end()) staying.push_back(type);
  }
  std::vector<std::string> notes;
  for (const std::string& type : staying)
    if (!gone.contains(type)) notes.push_back("the type " + type + " stays");
  return notes;
}

}  // namespace limbeck
