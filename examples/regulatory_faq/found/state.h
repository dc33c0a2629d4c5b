// How the audit found the models: they declare a user's id as a UUID, and two tables under names
// that are taken. mended/state.h is what became of it; everything else is the same in both.
#pragma once

#include "limbeck/model.h"

#include "sqlmodel.h"

namespace state {

using UserId = limbeck::Uuid;

// A column with the id of a user. It has no foreign key: one from a Uuid to the integer
// sqlmodel::User::id does not compile.
template <auto Member, class... Options>
consteval auto user_column(Options... options) {
  return limbeck::model::column<Member>(options...);
}

// sqlmodel.h has tables of these names, with other columns.
inline constexpr const char* document_analyses = "document_analyses";
inline constexpr const char* tax_calculations = "tax_calculations";

}  // namespace state
