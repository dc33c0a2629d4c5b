// Declares what shop_models declares too, in another way: a table and, with the argument "enum", an
// enum alone.
#include <string_view>

#include "limbeck/models_main.h"

enum class Role { guest };
template <>
struct limbeck::model::EnumLabels<Role> {
  static constexpr std::string_view name = "role";
  static constexpr std::array<std::string_view, 1> labels{"guest"};
};

struct Account {
  std::int64_t id;
};
struct Guest {
  std::int64_t id;
  Role role;
};

template <>
inline constexpr auto limbeck::mapping<Account> = limbeck::model::table<Account>(
    "users", limbeck::model::column<&Account::id>(limbeck::model::primary_key));
template <>
inline constexpr auto limbeck::mapping<Guest> = limbeck::model::table<Guest>(
    "guests", limbeck::model::column<&Guest::id>(limbeck::model::primary_key),
    limbeck::model::column<&Guest::role>());

int main(int argc, char** argv) {
  if (argc > 1 && argv[1] == std::string_view("enum"))
    return limbeck::models_main(1, argv, limbeck::metadata<Guest>("guests"));
  return limbeck::models_main(argc, argv, limbeck::metadata<Account>("accounts"));
}
