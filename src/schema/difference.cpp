#include "schema/difference.h"

#include <type_traits>

namespace limbeck {

std::vector<std::string_view> differing_fields(const Object& from, const Object& to) {
  std::vector<std::string_view> names;
  std::visit(
      [&](const auto& left) {
        using T = std::decay_t<decltype(left)>;
        const T& right = std::get<T>(to.definition);
        for_each_field<T>([&](const auto& field) {
          if (field.role == FieldRole::compared && !(left.*field.member == right.*field.member))
            names.push_back(field.name);
        });
      },
      from.definition);
  if (from.comment != to.comment) names.push_back("comment");
  if (from.owner != to.owner) names.push_back("owner");
  if (from.privileges != to.privileges) names.push_back("privileges");
  return names;
}

}  // namespace limbeck
