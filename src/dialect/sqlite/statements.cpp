#include "dialect/sqlite/statements.h"

#include <array>
#include <fmt/format.h>

#include "base/letter_case.h"
#include "dialect/sqlite/cursor.h"

namespace limbeck::sqlite {
namespace {

// "CREATE" and what may stand between it and the kind of the object.
void begin_create(Cursor& at) {
  at.expect("CREATE");
  if (!at.accept("TEMP")) at.accept("TEMPORARY");
}

// The last tokens of a key, when they are an order or a collation, are no part of its expression.
IndexKey read_key(std::span<const SqlToken> tokens, std::span<const std::string> columns) {
  IndexKey key;
  const auto last_is = [&](std::string_view word) {
    return !tokens.empty() && tokens.back().is(word);
  };
  const auto drop = [&](std::size_t count) { tokens = tokens.first(tokens.size() - count); };
  key.descending = last_is("DESC");
  if (key.descending || last_is("ASC")) drop(1);
  key.nulls_first = !key.descending;
  if (tokens.size() > 2 && tokens[tokens.size() - 2].is("COLLATE")) {
    key.collation = upper_case(name_of(tokens.back()));
    drop(2);
  }
  if (tokens.size() == 1 && can_be_name(tokens[0])) {
    for (const std::string& column : columns) {
      if (same_name(column, name_of(tokens[0]))) key.column = column;
    }
  }
  if (key.column.empty()) key.expression = canonical(tokens, columns);
  return key;
}

}  // namespace

Object read_create_index(std::string_view sql, std::span<const std::string> columns) {
  Cursor at(sql);
  at.expect("CREATE");
  Index index{.method = ""};
  index.unique = at.accept("UNIQUE");
  at.expect("INDEX");
  at.accept("IF", "NOT", "EXISTS");
  Object object{.id = {Kind::index, "", at.qualified_name(), ""}};
  at.expect("ON");
  index.table = {"", at.name()};
  at.expect("(");
  constexpr std::array<std::string_view, 2> stops{",", ")"};
  do {
    index.keys.push_back(read_key(at.up_to(stops), columns));
  } while (at.accept(","));
  at.expect(")");
  if (at.accept("WHERE")) index.predicate = canonical(at.rest(), columns);
  object.definition = std::move(index);
  return object;
}

Object read_create_view(std::string_view sql) {
  Cursor at(sql);
  begin_create(at);
  at.expect("VIEW");
  at.accept("IF", "NOT", "EXISTS");
  Object object{.id = {Kind::view, "", at.qualified_name(), ""}};
  View view;
  if (at.next_is("(")) {
    for (std::string& name : at.names()) view.columns.push_back({.name = std::move(name)});
  }
  at.expect("AS");
  view.query = canonical(at.rest());
  object.definition = std::move(view);
  return object;
}

Object read_create_trigger(std::string_view sql) {
  Cursor at(sql);
  begin_create(at);
  at.expect("TRIGGER");
  at.accept("IF", "NOT", "EXISTS");
  const std::string name = at.qualified_name();
  const std::size_t start = at.position();
  constexpr std::array<std::string_view, 1> on{"ON"};
  at.up_to(on);
  const std::string event = canonical(at.text_since(start));
  at.expect("ON");
  const std::string table = at.qualified_name();
  Trigger trigger{.table = {"", table}};
  trigger.definition = fmt::format("CREATE TRIGGER {} {} ON {} {}", name_sql(name), event,
                                   name_sql(table), canonical(at.rest()));
  return {.id = {Kind::trigger, "", table, name}, .definition = std::move(trigger)};
}

Object read_create_virtual_table(std::string_view sql) {
  Cursor at(sql);
  at.expect("CREATE");
  at.expect("VIRTUAL", "TABLE");
  at.accept("IF", "NOT", "EXISTS");
  const std::string name = at.qualified_name();
  at.expect("USING");
  // The module reads its arguments itself, in its own grammar: nothing of them may be changed.
  const std::size_t start = at.position();
  at.rest();
  Opaque opaque{.create = fmt::format("CREATE VIRTUAL TABLE {} USING {}", name_sql(name),
                                      at.text_since(start)),
                .drop = "DROP TABLE " + name_sql(name)};
  return {.id = {Kind::opaque, "", name, "virtual table"}, .definition = std::move(opaque)};
}

std::string view_sql(const Object& view) {
  std::string columns;
  for (const ViewColumn& column : as<View>(view).columns)
    columns += (columns.empty() ? " (" : ", ") + name_sql(column.name);
  if (!columns.empty()) columns += ')';
  return fmt::format("CREATE VIEW {}{} AS {}", name_sql(view.id.name), columns,
                     as<View>(view).query);
}

}  // namespace limbeck::sqlite
