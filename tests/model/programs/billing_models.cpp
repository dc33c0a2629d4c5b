// A program of its own beside shop_models: it shares an enum with it, and refers to its users.
#include "limbeck/models_main.h"

#include "shop.h"

namespace billing {

struct Invoice {
  std::int64_t id;
  std::int64_t payer;
  shop::Role seen_by;
};

}  // namespace billing

template <>
inline constexpr auto limbeck::mapping<billing::Invoice> = limbeck::model::table<billing::Invoice>(
    "invoices",
    limbeck::model::column<&billing::Invoice::id>(limbeck::model::primary_key,
                                                  limbeck::model::identity),
    limbeck::model::column<&billing::Invoice::payer>(
        limbeck::model::references<&shop::User::id>.of_another_set()),
    limbeck::model::column<&billing::Invoice::seen_by>());

int main(int argc, char** argv) {
  return limbeck::models_main(argc, argv, limbeck::metadata<billing::Invoice>("billing"));
}
