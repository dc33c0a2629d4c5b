#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/terminal.h"
#include "report/schema_sql.h"

namespace limbeck {
namespace {

std::string joined(const std::vector<std::string>& texts, std::string_view between = ", ") {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : std::string(between)) + text;
  return all;
}

std::string in_parentheses(const std::string& text) {
  return text.empty() ? "" : " (" + text + ")";
}

// What a column is, behind its name.
std::string column_text(const Schema& schema, const Object& object) {
  const auto& column = as<Column>(object);
  std::string text = column.type;
  if (column.not_null) text += " not null";
  const Object* preset =
      schema.find({Kind::column_default, object.id.schema, object.id.name, object.id.part});
  if (preset != nullptr) text += " default " + as<ColumnDefault>(*preset).expression;
  if (column.identity) text += column.identity->always ? " identity always" : " identity";
  if (column.generated) text += " generated" + in_parentheses(column.generated->expression);
  return text;
}

std::string constraint_text(const Constraint& constraint) {
  switch (constraint.type) {
    case ConstraintType::primary_key:
      return "primary key" + in_parentheses(joined(constraint.columns));
    case ConstraintType::unique:
      return "unique" + in_parentheses(joined(constraint.columns));
    case ConstraintType::foreign_key:
      if (!constraint.foreign_key) break;
      return fmt::format("foreign key ({}) to {}.{}{}", joined(constraint.columns),
                         constraint.foreign_key->table.schema, constraint.foreign_key->table.name,
                         in_parentheses(joined(constraint.foreign_key->columns)));
    case ConstraintType::check:
      return "check" + in_parentheses(constraint.expression);
    case ConstraintType::exclusion:
      return "exclude " + constraint.exclusion;
  }
  return "constraint";
}

std::string index_text(const Index& index) {
  std::vector<std::string> keys;
  for (const IndexKey& key : index.keys)
    keys.push_back((key.column.empty() ? key.expression : key.column) +
                   (key.descending ? " desc" : ""));
  std::string text = index.unique ? "unique index" : "index";
  if (index.method != "btree" && !index.method.empty()) text += " using " + index.method;
  text += in_parentheses(joined(keys));
  if (!index.predicate.empty()) text += " where " + index.predicate;
  return text;
}

// What is worth a word of an object that stands on its own.
std::string own_text(const Object& object) {
  if (const auto* it = std::get_if<Enumeration>(&object.definition))
    return in_parentheses(joined(it->labels));
  if (const auto* it = std::get_if<Domain>(&object.definition))
    return " " + it->type + (it->not_null ? " not null" : "");
  if (const auto* it = std::get_if<Range>(&object.definition)) return " of " + it->subtype;
  if (const auto* it = std::get_if<Extension>(&object.definition)) return " " + it->version;
  if (const auto* it = std::get_if<Sequence>(&object.definition)) return " " + it->options.type;
  if (const auto* it = std::get_if<Routine>(&object.definition))
    return it->result.empty() ? "" : " returns " + it->result;
  if (const auto* it = std::get_if<Aggregate>(&object.definition)) return " returns " + it->result;
  if (const auto* it = std::get_if<Table>(&object.definition)) {
    if (!it->partition_key.empty()) return " partitioned by " + it->partition_key;
    if (it->partition_of)
      return fmt::format(" partition of {}.{} {}", it->partition_of->parent.schema,
                         it->partition_of->parent.name, it->partition_of->bound);
  }
  return {};
}

class Tree {
 public:
  explicit Tree(const Schema& schema) : schema_(schema) {
    for (const auto& [id, object] : schema.objects) {
      if (const auto* index = std::get_if<Index>(&object.definition)) {
        below_[{index->table.schema, index->table.name}].push_back(&object);
      } else if (is_part(id.kind) && id.kind != Kind::column && id.kind != Kind::column_default) {
        below_[{id.schema, id.name}].push_back(&object);
      }
    }
  }

  std::string text() {
    for (const auto& [id, object] : schema_.objects) {
      if (is_part(id.kind) || id.kind == Kind::index) continue;
      line(0, to_string(id) + own_text(object));
      add_parts(object);
    }
    return std::move(text_);
  }

 private:
  void line(std::size_t depth, const std::string& content) {
    text_ += std::string(2 * depth, ' ') + printable(content) + "\n";
  }

  void add_parts(const Object& object) {
    const ObjectId& id = object.id;
    if (const auto* composite = std::get_if<Composite>(&object.definition)) {
      for (const Attribute& it : composite->attributes) line(1, it.name + " " + it.type);
      return;
    }
    if (const auto* view = std::get_if<View>(&object.definition)) add_columns(view->columns);
    if (const auto* view = std::get_if<MaterializedView>(&object.definition))
      add_columns(view->columns);
    const bool has_parts = id.kind == Kind::table || id.kind == Kind::view ||
                           id.kind == Kind::materialized_view || id.kind == Kind::domain;
    if (!has_parts) return;
    for (const Object* column : columns_of(schema_, id.schema, id.name))
      line(1, column->id.part + " " + column_text(schema_, *column));
    for (const Object* part : below_[{id.schema, id.name}]) line(1, part_text(*part));
  }

  void add_columns(const std::vector<ViewColumn>& columns) {
    for (const ViewColumn& it : columns) line(1, it.name + " " + it.type);
  }

  static std::string part_text(const Object& part) {
    if (const auto* it = std::get_if<Constraint>(&part.definition))
      return fmt::format("{}: {}", part.id.part, constraint_text(*it));
    if (const auto* it = std::get_if<Index>(&part.definition))
      return fmt::format("{}: {}", part.id.name, index_text(*it));
    if (const auto* it = std::get_if<DomainConstraint>(&part.definition))
      return fmt::format("{}: check{}", part.id.part, in_parentheses(it->expression));
    return fmt::format("{}: {}", part.id.part, to_string(part.id.kind));
  }

  const Schema& schema_;
  std::map<RelationName, std::vector<const Object*>> below_;
  std::string text_;
};

}  // namespace

std::string schema_tree(const Schema& schema) {
  return Tree(schema).text();
}

}  // namespace limbeck
