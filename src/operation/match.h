// Calls the handler for the alternative that a variant holds. A handler that is missing is a
// compile error which names the alternative.
#pragma once

#include <type_traits>
#include <variant>

namespace limbeck {

template <class... Handlers>
struct Overloaded : Handlers... {
  using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

template <class... Alternatives, class... Handlers>
decltype(auto) match(const std::variant<Alternatives...>& variant, Handlers&&... handlers) {
  const Overloaded overloaded{std::forward<Handlers>(handlers)...};
  static_assert((std::is_invocable_v<const decltype(overloaded)&, const Alternatives&> && ...),
                "a handler is missing for one of the Alternatives");
  return std::visit(overloaded, variant);
}

}  // namespace limbeck
