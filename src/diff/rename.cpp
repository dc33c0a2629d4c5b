#include "diff/rename.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "limbeck/error.h"

#include "diff/inheritance.h"
#include "diff/new_names.h"
#include "schema/difference.h"

namespace limbeck {
namespace {

[[noreturn]] void refuse(const RenameRequest& request, const std::string& why,
                         const std::string& hint) {
  throw Error(ErrorReport{
      .code = ExitCode::usage,
      .message = fmt::format("cannot rename {} to {}: {}", request.from, request.to, why),
      .hint = hint});
}

// "a.\"b.c\".d" as a, b.c, d.
std::vector<std::string> path_of(const std::string& text) {
  std::vector<std::string> path(1);
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"' && quoted && at + 1 < text.size() && text[at + 1] == '"') {
      path.back() += '"';
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (text[at] == '.' && !quoted) {
      path.emplace_back();
    } else {
      path.back() += text[at];
    }
  }
  return path;
}

// Something that has a name: an object, or one label of an enum.
struct Named {
  ObjectId id = {};
  std::optional<std::string> label = {};
};

bool is_renamable(Kind kind) {
  switch (kind) {
    case Kind::column_default:
    case Kind::default_privileges:
    case Kind::user_mapping:
    case Kind::opaque:
      return false;
    default:
      return true;
  }
}

bool is_nameable_part(Kind kind) {
  return kind == Kind::sequence || kind == Kind::constraint || kind == Kind::index;
}

bool matches(const ObjectId& id, const std::vector<std::string>& path) {
  std::vector<std::string> full;
  if (!id.schema.empty()) full.push_back(id.schema);
  full.push_back(id.name);
  if (is_part(id.kind)) full.push_back(id.part);
  return path.size() <= full.size() && std::equal(path.rbegin(), path.rend(), full.rbegin());
}

// Every object, and every label of an enum, that the path can mean. The fullest names first: with
// them a shorter reading is no ambiguity.
std::vector<Named> find(const Schema& schema, const std::vector<std::string>& path) {
  std::vector<Named> found;
  for (const auto& [id, object] : schema.objects) {
    if (!is_renamable(id.kind)) continue;
    if (matches(id, path)) found.push_back({id});
    if (id.kind != Kind::enumeration || path.size() < 2) continue;
    const std::vector<std::string> type(path.begin(), path.end() - 1);
    const auto& labels = as<Enumeration>(object).labels;
    if (matches(id, type) && std::find(labels.begin(), labels.end(), path.back()) != labels.end())
      found.push_back({id, path.back()});
  }
  return found;
}

std::string text_of(const Named& named) {
  return to_string(named.id) + (named.label ? fmt::format(" label '{}'", *named.label) : "");
}

bool has(const Schema& schema, const Named& named) {
  const Object* object = schema.find(named.id);
  if (!object || !named.label) return object != nullptr;
  const auto& labels = as<Enumeration>(*object).labels;
  return std::find(labels.begin(), labels.end(), *named.label) != labels.end();
}

// The same thing under the last component of the new path.
Named under(Named named, const std::vector<std::string>& path) {
  if (named.label)
    named.label = path.back();
  else if (is_part(named.id.kind))
    named.id.part = path.back();
  else
    named.id.name = path.back();
  return named;
}

Rename rename_of(const Object& from, const Named& old, const Named& now) {
  Object to = from;
  to.id = now.id;
  if (old.label) {
    auto& labels = as<Enumeration>(to).labels;
    std::replace(labels.begin(), labels.end(), *old.label, *now.label);
  }
  return {from, to};
}

struct Renaming {
  std::vector<std::string> path = {};  // under the new name
  std::string old = {};
};

// Whether two paths, one perhaps with a schema and the other without, can mean the same.
bool means(std::span<const std::string> one, std::span<const std::string> other) {
  const std::size_t length = std::min(one.size(), other.size());
  const auto one_end = one.last(length);
  const auto other_end = other.last(length);
  return std::equal(one_end.begin(), one_end.end(), other_end.begin());
}

void apply(Renamed& renamed, const Schema& from, const Rename& operation,
           const sql::LexicalRules& rules) {
  if (operation.from.id != operation.to.id) {
    renamed.schema =
        with_new_name(renamed.schema_or(from), operation.from.id, operation.to.id, rules);
  } else {
    if (!renamed.schema) renamed.schema = from;
    renamed.schema->put(operation.to);
  }
  renamed.operations.emplace_back(operation);
}

// Where a part of the old schema stands after its table was renamed.
Named moved(Named named, const std::vector<Operation>& renames) {
  for (const Operation& operation : renames) {
    const auto& rename = std::get<Rename>(operation);
    if (is_part(rename.from.id.kind) || named.id.schema != rename.from.id.schema ||
        named.id.name != rename.from.id.name)
      continue;
    named.id.schema = rename.to.id.schema;
    named.id.name = rename.to.id.name;
  }
  return named;
}

// Parts by where they stand: only those of one table can be the same under another name.
using Candidates = std::map<std::pair<Kind, RelationName>, std::vector<const Object*>>;

std::pair<Kind, RelationName> place_of(const Object& part) {
  RelationName table{part.id.schema, part.id.name};
  if (part.id.kind == Kind::index) table = as<Index>(part).table;
  if (part.id.kind == Kind::sequence) {
    const auto& owner = as<Sequence>(part).owned_by;
    table = owner ? RelationName{owner->schema, owner->name} : RelationName{};
  }
  return {part.id.kind, std::move(table)};
}

Candidates candidates_of(const std::vector<const Object*>& parts) {
  Candidates candidates;
  for (const Object* part : parts) candidates[place_of(*part)].push_back(part);
  return candidates;
}

// The one that could be the part under another name; nothing when there are several.
const Object* only_match(const Object& part, const Candidates& candidates) {
  if (part.id.kind == Kind::sequence && !as<Sequence>(part).owned_by) return nullptr;
  const auto found = candidates.find(place_of(part));
  if (found == candidates.end()) return nullptr;
  const Object* match = nullptr;
  for (const Object* other : found->second) {
    if (part.id.schema != other->id.schema || part.definition != other->definition) continue;
    if (match != nullptr) return nullptr;
    match = other;
  }
  return match;
}

}  // namespace

std::string in_double_quotes(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text.append(c == '"' ? 2 : 1, c);
  return text + '"';
}

RenameRequest parse_rename(const std::string& text) {
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') quoted = !quoted;
    if (text[at] == '=' && !quoted && at > 0 && at + 1 < text.size())
      return {text.substr(0, at), text.substr(at + 1)};
  }
  throw Error(ErrorReport{.code = ExitCode::usage,
                          .message = fmt::format("\"{}\" is no rename", text),
                          .hint = "write it as old=new: users=people, users.mail=email"});
}

std::vector<RenameRequest> reversed(std::span<const RenameRequest> requests) {
  std::vector<RenameRequest> result;
  std::vector<Renaming> earlier;
  for (const RenameRequest& request : requests) {
    std::vector<std::string> path = path_of(request.from);
    const std::string old = std::exchange(path.back(), path_of(request.to).back());
    Renaming renaming{path, old};
    // A later request names the table as the earlier one left it; on the way back the table has its
    // old name again.
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      for (const Renaming& it : earlier)
        if (means(std::span(path).first(i + 1), it.path)) path[i] = it.old;
    }
    earlier.push_back(std::move(renaming));
    std::string now;
    for (const std::string& name : path) now += (now.empty() ? "" : ".") + in_double_quotes(name);
    result.push_back({now, in_double_quotes(old), request.declared});
  }
  return result;
}

Renamed rename(const Schema& from, const Schema& to, std::span<const RenameRequest> requests,
               const sql::LexicalRules& rules) {
  Renamed renamed;
  for (const RenameRequest& request : requests) {
    const Schema& current = renamed.schema_or(from);
    const auto old_path = path_of(request.from);
    const auto new_path = path_of(request.to);
    std::vector<Named> candidates = find(current, old_path);
    // A column may be named under its table's old name as well as under the new one.
    if (candidates.empty())
      for (Named& named : find(from, old_path))
        if (Named now = moved(std::move(named), renamed.operations); has(current, now))
          candidates.push_back(std::move(now));
    if (request.declared) {
      std::erase_if(candidates, [&](const Named& candidate) {
        return has(to, candidate) || has(current, under(candidate, new_path));
      });
      if (candidates.empty()) continue;
    }
    // Of several, those whose new name is declared are meant.
    std::vector<Named> meant;
    for (const Named& candidate : candidates)
      if (has(to, under(candidate, new_path)) && !has(to, candidate)) meant.push_back(candidate);
    if (meant.size() > 1)
      refuse(request, fmt::format("it can mean {} or {}", text_of(meant[0]), text_of(meant[1])),
             "write the name with its schema and table");
    if (meant.empty() && request.declared) continue;  // on the way back, or of another kind
    if (meant.empty()) {
      if (candidates.empty() && !find(current, new_path).empty()) continue;  // done already
      if (candidates.empty())
        refuse(request, fmt::format("there is no {}", request.from), "check the spelling");
      if (has(to, candidates[0]))
        refuse(request, fmt::format("{} is still declared", text_of(candidates[0])),
               "take the old name out of the declared schema");
      refuse(request, fmt::format("no {} is declared", request.to),
             "declare it under its new name");
    }
    const Named& old = meant[0];
    const Named now = under(old, new_path);
    if (has(current, now))
      refuse(request, fmt::format("{} exists too", text_of(now)),
             "drop or rename one of them first");
    const Rename operation = rename_of(*current.find(old.id), old, now);
    apply(renamed, from, operation, rules);
  }
  return renamed;
}

namespace {

// Parents and heirs: a constraint is renamed in all of them at once, which is not worth it.
std::set<RelationName> related_tables(const Schema& from, const Schema& to) {
  std::set<RelationName> related;
  for (const Schema* schema : {&from, &to}) {
    for (auto at = schema->objects.lower_bound(ObjectId{Kind::table, "", "", ""});
         at != schema->objects.end() && at->first.kind == Kind::table; ++at) {
      const std::vector<RelationName> parents = parents_of(at->second);
      related.insert(parents.begin(), parents.end());
      if (!parents.empty()) related.insert({at->first.schema, at->first.name});
    }
  }
  return related;
}

}  // namespace

Renamed rename_equal_parts(const Schema& from, const Schema& to, const SchemaDialect& dialect,
                           const sql::LexicalRules& rules) {
  Renamed renamed;
  const std::set<RelationName> related = related_tables(from, to);
  std::vector<const Object*> old, now;
  side_by_side(from, to, [&](const Object* before, const Object* after) {
    if (before != nullptr && after != nullptr) return;
    const Object* object = before != nullptr ? before : after;
    if (object->id.kind == Kind::constraint &&
        related.contains({object->id.schema, object->id.name}))
      return;
    if (is_nameable_part(object->id.kind) && dialect.can_rename(object->id.kind))
      (before != nullptr ? old : now).push_back(object);
  });
  if (old.empty() || now.empty()) return renamed;
  const Candidates old_candidates = candidates_of(old);
  const Candidates new_candidates = candidates_of(now);
  std::vector<NewName> names;
  for (const Object* object : old) {
    const Object* match = only_match(*object, new_candidates);
    if (!match || only_match(*match, old_candidates) != object) continue;
    Rename operation{*object, *object};
    operation.to.id = match->id;
    names.push_back({object->id, match->id});
    renamed.operations.emplace_back(std::move(operation));
  }
  if (!names.empty()) renamed.schema = with_new_names(from, names, rules);
  return renamed;
}

}  // namespace limbeck
