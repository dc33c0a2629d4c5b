#include "dialect/postgres/rendering.h"

#include "limbeck/error.h"

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_attributes.h"
#include "dialect/postgres/render_definition.h"
#include "operation/match.h"

namespace limbeck::postgres {
namespace {

void render_create(Script& script, const Create& create) {
  std::visit(
      [&](const auto& definition) {
        if constexpr (requires { create_definition(script, create, definition); })
          create_definition(script, create, definition);
        else
          create_definition(script, create.object, definition);
      },
      create.object.definition);
  set_attributes(script, create.object);
}

void render_drop(Script& script, const Drop& drop) {
  const Object& object = drop.object;
  // The keys of partitions that belong to the index go with it, and would be in its way.
  if (object.id.kind == Kind::index && !drop.parts.empty()) {
    script.add("DROP " + address_of(object) + " CASCADE");
    return;
  }
  std::visit(
      [&](const auto& definition) {
        if constexpr (requires { drop_definition(script, object, definition); })
          drop_definition(script, object, definition);
        else
          script.add("DROP " + address_of(object));
      },
      object.definition);
}

void render_alter(Script& script, const Alter& alter) {
  std::visit(
      [&](const auto& from) {
        const auto& to = std::get<std::decay_t<decltype(from)>>(alter.to.definition);
        if constexpr (requires { alter_definition(script, alter.to, from, to); }) {
          if (!(from == to)) alter_definition(script, alter.to, from, to);
        }
      },
      alter.from.definition);
  change_attributes(script, alter.from, alter.to);
}

}  // namespace

std::vector<SqlStatement> render(const Operation& operation, const Schema& from, const Schema& to) {
  Script script{from, to};
  match(
      operation, [&](const Create& create) { render_create(script, create); },
      [&](const Drop& drop) { render_drop(script, drop); },
      [&](const Alter& alter) { render_alter(script, alter); },
      [&](const Rename& operation_) { rename(script, operation_); },
      [&](const ReplaceTypes& replacement) { replace_types(script, replacement); },
      [&](const RebuildTable& /*rebuild*/) {
        throw Error({.code = ExitCode::usage,
                     .message = "PostgreSQL alters tables in place; a rebuild of a whole table is "
                                "an operation of SQLite"});
      });
  return std::move(script.statements);
}

}  // namespace limbeck::postgres
