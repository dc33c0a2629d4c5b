#include "operation/operation.h"

#include "operation/match.h"
#include "schema/difference.h"

namespace limbeck {
namespace {

std::string joined(const std::vector<std::string_view>& items) {
  std::string text;
  for (const std::string_view item : items) {
    if (!text.empty()) text += ", ";
    text += item;
  }
  return text;
}

ReplaceTypes reverse_types(const ReplaceTypes& replacement) {
  ReplaceTypes reversed;
  for (const TypePair& pair : replacement.types) reversed.types.push_back({pair.to, pair.from});
  reversed.old_constraints = replacement.new_constraints;
  reversed.new_constraints = replacement.old_constraints;
  for (const RecastColumn& column : replacement.columns)
    reversed.columns.push_back({column.to, column.from});
  return reversed;
}

RebuildTable reverse_rebuild(const RebuildTable& rebuild) {
  RebuildTable reversed{rebuild.to, rebuild.from, {}};
  for (const auto& [old_name, new_name] : rebuild.copied)
    reversed.copied.emplace_back(new_name, old_name);
  return reversed;
}

std::string describe_types(const ReplaceTypes& replacement) {
  std::string text = "replace";
  for (std::size_t at = 0; at < replacement.types.size(); ++at)
    text += (at == 0 ? " " : ", ") + to_string(replacement.types[at].to.id);
  return text;
}

std::string describe_rename(const Rename& rename) {
  if (rename.from.id != rename.to.id)
    return "rename " + to_string(rename.from.id) + " to " + to_string(rename.to.id);
  return "rename in " + to_string(rename.to.id) + ": " +
         joined(differing_fields(rename.from, rename.to));
}

}  // namespace

const ObjectId& subject(const Operation& operation) {
  return match(
      operation, [](const Create& create) -> const ObjectId& { return create.object.id; },
      [](const Drop& drop) -> const ObjectId& { return drop.object.id; },
      [](const Alter& alter) -> const ObjectId& { return alter.to.id; },
      [](const Rename& rename) -> const ObjectId& { return rename.from.id; },
      [](const ReplaceTypes& replacement) -> const ObjectId& {
        return replacement.types.front().to.id;
      },
      [](const RebuildTable& rebuild) -> const ObjectId& { return rebuild.to.front().id; });
}

Operation reverse(const Operation& operation) {
  return match(
      operation,
      [](const Create& create) -> Operation {
        return Drop{create.object, create.parts};
      },
      [](const Drop& drop) -> Operation {
        return Create{drop.object, drop.parts};
      },
      [](const Alter& alter) -> Operation {
        return Alter{alter.to, alter.from};
      },
      [](const Rename& rename) -> Operation {
        return Rename{rename.to, rename.from};
      },
      [](const ReplaceTypes& replacement) -> Operation { return reverse_types(replacement); },
      [](const RebuildTable& rebuild) -> Operation { return reverse_rebuild(rebuild); });
}

std::string describe(const Operation& operation) {
  return match(
      operation, [](const Create& create) { return "create " + to_string(create.object.id); },
      [](const Drop& drop) { return "drop " + to_string(drop.object.id); },
      [](const Alter& alter) {
        return "alter " + to_string(alter.to.id) + ": " +
               joined(differing_fields(alter.from, alter.to));
      },
      [](const Rename& rename) { return describe_rename(rename); },
      [](const ReplaceTypes& replacement) { return describe_types(replacement); },
      [](const RebuildTable& rebuild) { return "rebuild " + to_string(rebuild.to.front().id); });
}

}  // namespace limbeck
