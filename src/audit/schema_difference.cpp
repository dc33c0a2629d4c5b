#include "audit/schema_difference.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "schema/difference.h"

namespace limbeck {
namespace {

// The table that an object stands in or belongs to.
RelationName table_of(const Object& object) {
  switch (object.id.kind) {
    case Kind::table:
    case Kind::column:
    case Kind::column_default:
    case Kind::constraint:
    case Kind::trigger:
    case Kind::rule:
    case Kind::policy:
      return {object.id.schema, object.id.name};
    case Kind::index:
      return as<Index>(object).table;
    case Kind::statistics:
      return as<Statistics>(object).table;
    case Kind::sequence:
      if (const auto& owner = as<Sequence>(object).owned_by) return {owner->schema, owner->name};
      return {};
    default:
      return {};
  }
}

bool is_table(const Schema& schema, const RelationName& table) {
  return schema.find({Kind::table, table.schema, table.name, {}}) != nullptr;
}

std::string default_text(const Object* object) {
  return object == nullptr ? "none" : as<ColumnDefault>(*object).expression;
}

class SchemaComparison {
 public:
  SchemaComparison(const Schema& expected, const Schema& found)
      : expected_(expected), found_(found) {}

  std::vector<SchemaDifference> run() && {
    side_by_side(expected_, found_, [&](const Object* expected, const Object* found) {
      if (expected == nullptr || found == nullptr)
        one_side(expected == nullptr ? *found : *expected, expected == nullptr);
      else if (!(*expected == *found))
        both(*expected, *found);
    });
    return std::move(result_);
  }

 private:
  void add(DifferenceKind kind, const Object& object, std::string expected = {},
           std::string found = {}) {
    result_.push_back({kind, object.id, table_of(object), std::move(expected), std::move(found)});
  }

  void one_side(const Object& object, bool more) {
    const RelationName table = table_of(object);
    if (object.id.kind == Kind::table)
      return add(more ? DifferenceKind::more_table : DifferenceKind::no_table, object);
    // What stands in a table that is missing is missing with it.
    if (!table.name.empty() && !(is_table(expected_, table) && is_table(found_, table))) return;
    if (object.id.kind == Kind::column)
      return add(more ? DifferenceKind::more_column : DifferenceKind::no_column, object);
    if (object.id.kind == Kind::column_default) {
      const ObjectId column{Kind::column, object.id.schema, object.id.name, object.id.part};
      if (expected_.find(column) == nullptr || found_.find(column) == nullptr) return;
      return add(DifferenceKind::column_default, object, default_text(more ? nullptr : &object),
                 default_text(more ? &object : nullptr));
    }
    add(more ? DifferenceKind::more_object : DifferenceKind::no_object, object);
  }

  void both(const Object& expected, const Object& found) {
    switch (expected.id.kind) {
      case Kind::column:
        return column(expected, found);
      case Kind::column_default:
        if (default_text(&expected) != default_text(&found))
          add(DifferenceKind::column_default, expected, default_text(&expected),
              default_text(&found));
        return;
      case Kind::enumeration:
        if (as<Enumeration>(expected).labels != as<Enumeration>(found).labels)
          return add(DifferenceKind::enum_labels, expected,
                     fmt::format("{}", fmt::join(as<Enumeration>(expected).labels, ", ")),
                     fmt::format("{}", fmt::join(as<Enumeration>(found).labels, ", ")));
        return;
      default:
        return other(expected, found);
    }
  }

  void column(const Object& expected, const Object& found) {
    const Column& one = as<Column>(expected);
    const Column& two = as<Column>(found);
    if (one.type != two.type) add(DifferenceKind::column_type, expected, one.type, two.type);
    if (one.not_null != two.not_null)
      add(DifferenceKind::column_null, expected, one.not_null ? "NOT NULL" : "NULL",
          two.not_null ? "NOT NULL" : "NULL");
    Object rest = found;
    as<Column>(rest).type = one.type;
    as<Column>(rest).not_null = one.not_null;
    if (one.type == two.type) other(expected, rest);  // with another type, more differs of itself
  }

  // Owners, privileges and comments are not what an audit is about.
  void other(const Object& expected, const Object& found) {
    std::vector<std::string_view> fields = differing_fields(expected, found);
    std::erase_if(fields, [](std::string_view it) {
      return it == "comment" || it == "owner" || it == "privileges";
    });
    if (!fields.empty())
      add(DifferenceKind::other_object, expected, fmt::format("{}", fmt::join(fields, ", ")));
  }

  const Schema& expected_;
  const Schema& found_;
  std::vector<SchemaDifference> result_ = {};
};

}  // namespace

std::vector<SchemaDifference> schema_differences(SchemaFacts expected, SchemaFacts found) {
  set_uncertain_equal(expected.schema, expected.uncertain, found.schema, found.uncertain);
  std::vector<SchemaDifference> result = SchemaComparison(expected.schema, found.schema).run();
  std::erase_if(result, [&](const SchemaDifference& it) {
    if (it.kind != DifferenceKind::column_default && it.kind != DifferenceKind::other_object)
      return false;
    return expected.uncertain.count(it.id) != 0 || found.uncertain.count(it.id) != 0;
  });
  return result;
}

ReferredColumn referred_column(const Schema& schema, const RelationName& table,
                               const std::string& column) {
  for (const Object* object : parts_of(schema, Kind::constraint, table.schema, table.name)) {
    const Constraint& constraint = as<Constraint>(*object);
    if (!constraint.foreign_key) continue;
    const auto at = std::find(constraint.columns.begin(), constraint.columns.end(), column);
    if (at == constraint.columns.end()) continue;
    const ForeignKey& key = *constraint.foreign_key;
    const auto position = static_cast<std::size_t>(at - constraint.columns.begin());
    if (position >= key.columns.size()) continue;
    const std::string& target = key.columns[position];
    const Object* there = schema.find({Kind::column, key.table.schema, key.table.name, target});
    if (there == nullptr) continue;
    return {fmt::format("{}.{}", key.table.name, target), as<Column>(*there).type};
  }
  return {};
}

}  // namespace limbeck
