// How the models are mended: a user's id is the integer that the database has, with a foreign key,
// and the two tables in conflict have names of their own. found/state.h is how they were.
#pragma once

#include "limbeck/model.h"

#include "sqlmodel.h"

namespace state {

using UserId = std::int32_t;

// A column with the id of a user: with the user goes what is the user's own; where another user is
// only named, the name goes.
template <auto Member, class... Options>
consteval auto user_column(Options... options) {
  namespace model = limbeck::model;
  constexpr bool can_be_null = model::is_optional<model::MemberType<Member>>;
  return model::column<Member>(model::references<&sqlmodel::User::id>.of_another_set().on_delete(
                                   can_be_null ? model::set_null : model::cascade),
                               options...);
}

inline constexpr const char* document_analyses = "exported_document_analyses";
inline constexpr const char* tax_calculations = "exported_tax_calculations";

}  // namespace state
