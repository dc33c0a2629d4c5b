#include "diff/advice.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>

#include "operation/match.h"

namespace limbeck {
namespace {

std::string table_name(const ObjectId& id) {
  return id.schema.empty() || id.schema == "public" ? id.name : id.schema + '.' + id.name;
}

// The default, identity or expression that gives the rows of a table a value for a new column.
bool has_value_for_rows(const Object& column, const std::vector<Object>& parts) {
  const auto& facts = as<Column>(column);
  if (facts.identity || facts.generated) return true;
  return std::any_of(parts.begin(), parts.end(),
                     [](const Object& part) { return part.id.kind == Kind::column_default; });
}

bool same_shape(const Object& left, const Object& right) {
  return as<Column>(left).type == as<Column>(right).type;
}

class Adviser {
 public:
  Adviser(const std::vector<Operation>& operations, const Schema& from)
      : operations_(operations), from_(from) {}

  std::vector<Advice> run() {
    for (at_ = 0; at_ < operations_.size(); ++at_)
      match(
          operations_[at_], [&](const Create& create) { created(create); },
          [&](const Drop& drop) { dropped(drop); }, [&](const Alter& change) { altered(change); },
          [&](const Rename&) {}, [&](const ReplaceTypes& types) { replaced(types); },
          [&](const RebuildTable& rebuild) { rebuilt(rebuild); });
    return std::move(advice_);
  }

 private:
  void say(AdviceKind kind, std::string text) {
    advice_.push_back({at_, kind, {}, std::move(text)});
  }

  void created(const Create& create) {
    const Object& object = create.object;
    if (object.id.kind == Kind::column) {
      if (as<Column>(object).not_null && !has_value_for_rows(object, create.parts))
        say(AdviceKind::decide,
            fmt::format("{} is NOT NULL and has no default: this fails when {} holds rows; add it "
                        "without NOT NULL, fill it, then set NOT NULL",
                        object.id.part, table_name(object.id)));
    } else if (object.id.kind == Kind::constraint && from_.find(table_of(object.id))) {
      say(AdviceKind::note,
          fmt::format("all rows of {} are looked at; one that breaks {} makes this fail",
                      table_name(object.id), object.id.part));
    }
  }

  void dropped(const Drop& drop) {
    const ObjectId& id = drop.object.id;
    if (id.kind == Kind::table) {
      say(AdviceKind::loses_data, fmt::format("the rows of {} are lost", table_name(id)));
      if (const auto other = renamed_table(drop)) offer(id.name, *other, id);
    } else if (id.kind == Kind::column) {
      if (as<Column>(drop.object).generated) return;
      say(AdviceKind::loses_data,
          fmt::format("the values of {} in {} are lost", id.part, table_name(id)));
      if (const auto other = renamed_column(drop.object))
        offer(id.name + '.' + id.part, *other, id);
    }
  }

  void offer(const std::string& old, const std::string& now, const ObjectId& id) {
    say(AdviceKind::rename,
        fmt::format("if {} is to become {}, its values kept: --rename {}={}", old, now, old, now));
    std::string path = id.schema.empty() ? "" : in_double_quotes(id.schema) + '.';
    path += in_double_quotes(id.name);
    if (!id.part.empty()) path += '.' + in_double_quotes(id.part);
    advice_.back().rename = RenameRequest{path, in_double_quotes(now)};
  }

  void altered(const Alter& change) {
    const ObjectId& id = change.from.id;
    if (id.kind != Kind::column) return;
    const auto& from = as<Column>(change.from);
    const auto& to = as<Column>(change.to);
    if (!from.not_null && to.not_null)
      say(AdviceKind::decide,
          fmt::format("a row of {} whose {} is NULL makes this fail: fill them first",
                      table_name(id), id.part));
    if (from.type != to.type)
      say(AdviceKind::decide,
          fmt::format("{} goes from {} to {}: a value that cannot be converted makes this fail; "
                      "look at the conversion",
                      id.part, from.type, to.type));
  }

  void replaced(const ReplaceTypes& types) {
    for (const TypePair& pair : types.types) {
      if (pair.from.id.kind != Kind::enumeration) continue;
      const auto& now = as<Enumeration>(pair.to).labels;
      for (const std::string& label : as<Enumeration>(pair.from).labels)
        if (std::find(now.begin(), now.end(), label) == now.end())
          say(AdviceKind::decide,
              fmt::format(
                  "a row that holds '{}' of {} makes this fail: give it another value first", label,
                  pair.from.id.name));
    }
  }

  void rebuilt(const RebuildTable& rebuild) {
    std::set<std::string> kept;
    for (const auto& [old, now] : rebuild.copied) kept.insert(old);
    for (const Object& object : rebuild.to)
      if (object.id.kind == Kind::column && as<Column>(object).not_null && !from_.find(object.id) &&
          !is_copied(rebuild, object.id.part) &&
          !has_value_for_rows(object, default_of(rebuild.to, object.id.part)))
        say(AdviceKind::decide,
            fmt::format("{} is NOT NULL and has no default: this fails when {} holds rows; declare "
                        "a default",
                        object.id.part, table_name(object.id)));
    for (const Object& object : rebuild.from)
      if (object.id.kind == Kind::column && !kept.contains(object.id.part) &&
          !as<Column>(object).generated) {
        say(AdviceKind::loses_data,
            fmt::format("the values of {} in {} are lost", object.id.part, table_name(object.id)));
        if (const auto other = renamed_column(rebuild, object))
          offer(object.id.name + '.' + object.id.part, *other, object.id);
      }
  }

  // The one column of the table built anew that has the type of the lost one and no values yet.
  static std::optional<std::string> renamed_column(const RebuildTable& rebuild, const Object& old) {
    std::optional<std::string> found;
    for (const Object& object : rebuild.to) {
      if (object.id.kind != Kind::column || object.id.part == old.id.part ||
          is_copied(rebuild, object.id.part) || !same_shape(object, old))
        continue;
      if (found) return std::nullopt;
      found = object.id.part;
    }
    return found;
  }

  static bool is_copied(const RebuildTable& rebuild, const std::string& column) {
    return std::any_of(rebuild.copied.begin(), rebuild.copied.end(),
                       [&](const auto& pair) { return pair.second == column; });
  }

  static std::vector<Object> default_of(const std::vector<Object>& objects,
                                        const std::string& column) {
    std::vector<Object> found;
    for (const Object& object : objects)
      if (object.id.kind == Kind::column_default && object.id.part == column)
        found.push_back(object);
    return found;
  }

  static ObjectId table_of(const ObjectId& id) { return {Kind::table, id.schema, id.name, ""}; }

  // The one new column of the table with the type of the dropped one.
  std::optional<std::string> renamed_column(const Object& old) const {
    std::optional<std::string> found;
    for (const Operation& operation : operations_) {
      const auto* create = std::get_if<Create>(&operation);
      if (!create || create->object.id.kind != Kind::column) continue;
      const ObjectId& id = create->object.id;
      if (table_of(id) != table_of(old.id) || id == old.id || !same_shape(create->object, old))
        continue;
      if (found) return std::nullopt;
      found = id.part;
    }
    return found;
  }

  // The one new table with columns of the same names and types.
  std::optional<std::string> renamed_table(const Drop& drop) const {
    const auto columns = [](const std::vector<Object>& parts) {
      std::set<std::pair<std::string, std::string>> set;
      for (const Object& part : parts)
        if (part.id.kind == Kind::column) set.emplace(part.id.part, as<Column>(part).type);
      return set;
    };
    const auto old = columns(drop.parts);
    std::optional<std::string> found;
    for (const Operation& operation : operations_) {
      const auto* create = std::get_if<Create>(&operation);
      if (!create || create->object.id.kind != Kind::table || create->object.id == drop.object.id)
        continue;
      if (old.empty() || columns(create->parts) != old) continue;
      if (found) return std::nullopt;
      found = create->object.id.name;
    }
    return found;
  }

  const std::vector<Operation>& operations_;
  const Schema& from_;
  std::size_t at_ = 0;
  std::vector<Advice> advice_;
};

}  // namespace

std::vector<Advice> advise(const std::vector<Operation>& operations, const Schema& from) {
  return Adviser(operations, from).run();
}

}  // namespace limbeck
