#include "source/compare.h"

#include <algorithm>
#include <fmt/format.h>
#include <future>
#include <utility>

#include "limbeck/error.h"

#include "dialect/interpreter.h"
#include "diff/uncertain.h"

namespace limbeck {
namespace {

std::string common_dialect(const std::vector<const SourceContent*>& sides,
                           const CompareOptions& options) {
  std::string dialect = options.dialect;
  for (const SourceContent* side : sides) {
    const auto own = dialect_of(*side);
    if (!own) continue;
    if (dialect.empty()) dialect = *own;
    if (dialect == *own) continue;
    throw Error(
        {.code = ExitCode::usage,
         .message = fmt::format("a schema of {} cannot be compared with one of {}", dialect, *own),
         .hint = "name two sources of one kind of database; --dialect says of which kind SQL files "
                 "are"});
  }
  if (dialect.empty() && options.project_database)
    dialect = std::string(options.project_database->dialect());
  if (dialect.empty()) {
    throw Error({.code = ExitCode::usage,
                 .message = "it is not known which database this SQL is for",
                 .hint = "say it with --dialect postgresql or --dialect sqlite"});
  }
  dialect_named(dialect);  // or an error that names those that are known
  return dialect;
}

// Where scratch databases may be made: beside what is compared, or else beside the project's own
// database.
std::optional<DatabaseUrl> scratch_server(const std::vector<const SourceContent*>& sides,
                                          const std::string& dialect,
                                          const CompareOptions& options) {
  for (const SourceContent* side : sides) {
    if (const auto* url = std::get_if<DatabaseUrl>(side)) return *url;
  }
  if (options.project_database && options.project_database->dialect() == dialect)
    return options.project_database;
  return std::nullopt;
}

template <class T>
bool holds(const PreparedSources& sources) {
  return std::any_of(sources.others.begin(), sources.others.end(),
                     [](const SourceContent& it) { return std::holds_alternative<T>(it); });
}

bool decide(Include wish, bool automatic) {
  return wish == Include::on || (wish == Include::automatic && automatic);
}

// Whether any object of a snapshot among them is as asked.
template <class Test>
bool snapshot_holds(const PreparedSources& sources, const Test& test) {
  for (const SourceContent& content : sources.others) {
    const auto* snapshot = std::get_if<Snapshot>(&content);
    if (snapshot == nullptr) continue;
    for (const auto& [id, object] : snapshot->schema.objects) {
      if (test(object)) return true;
    }
  }
  return false;
}

bool holds_owners(const PreparedSources& sources) {
  return snapshot_holds(sources, [](const Object& object) { return !object.owner.empty(); });
}

bool holds_privileges(const PreparedSources& sources) {
  return snapshot_holds(sources,
                        [](const Object& object) { return object.privileges.has_value(); });
}

std::vector<SourceContent> read_all(const Sources& sources, const LoadContext& context) {
  std::vector<SourceContent> contents;
  for (const Source& source : sources) contents.push_back(read_source(source, context));
  return contents;
}

using Contents = std::vector<const SourceContent*>;

void append(Contents& all, const std::vector<SourceContent>& contents) {
  for (const SourceContent& content : contents) all.push_back(&content);
}

// What is read of access has to be the same on both sides.
void without_access(Schema& schema, const LoadOptions& options) {
  for (auto& [id, object] : schema.objects) {
    if (!options.owners) object.owner.clear();
    if (!options.privileges) object.privileges.reset();
  }
}

// What is interpreted in memory has neither owners nor privileges: they are left out of both sides.
// Returns what is left out although it was wanted, for people.
std::set<std::string> leave_out_access(LoadOptions& reading, const LoadContext& context,
                                       bool any_sql) {
  std::set<std::string> left_out;
  if (!context.offline || !any_sql || !has_interpreter(reading.dialect)) return left_out;
  if (reading.owners) left_out.insert("owners: --offline does not follow them");
  if (reading.privileges) left_out.insert("privileges: --offline does not follow them");
  reading.owners = reading.privileges = false;
  return left_out;
}

bool holds_sql(const PreparedSources& sources) {
  return sources.has_sql || holds<ChainContent>(sources);
}

std::string uncertainty(const ObjectId& id, const std::string& why) {
  return fmt::format("the text of {}: {}", to_string(id), why);
}

// What cannot be compared for certain is said, and is no difference.
void set_uncertain_equal(LoadedSides& sides, std::vector<LoadedSchema>& loaded) {
  for (std::size_t to = 1; to < loaded.size(); ++to) {
    for (std::size_t from = 0; from < to; ++from) {
      for (const auto& [id, why] :
           limbeck::set_uncertain_equal(sides.schemas[from], loaded[from].uncertain,
                                        sides.schemas[to], loaded[to].uncertain))
        sides.not_compared.insert(uncertainty(id, why));
    }
  }
}

}  // namespace

std::optional<Include> parse_include(std::string_view text) {
  if (text == "auto") return Include::automatic;
  if (text == "on") return Include::on;
  if (text == "off") return Include::off;
  return std::nullopt;
}

LoadedSource load_one(const Sources& sources, const CompareOptions& options, LoadContext context) {
  std::vector<SourceContent> contents = read_all(sources, context);
  Contents all;
  append(all, contents);
  LoadedSource loaded;
  loaded.dialect = common_dialect(all, options);
  context.server = scratch_server(all, loaded.dialect, options);
  const PreparedSources prepared = prepare(std::move(contents), loaded.dialect);
  LoadOptions reading{.dialect = loaded.dialect};
  reading.owners = decide(options.owners, prepared.stated.owners || holds_owners(prepared));
  reading.privileges =
      decide(options.privileges, prepared.stated.privileges || holds_privileges(prepared));
  const auto left_out = leave_out_access(reading, context, holds_sql(prepared));
  LoadedSchema read = load_schema(prepared, reading, context);
  loaded.schema = std::move(read.schema);
  loaded.empty = schema_dialect_named(loaded.dialect).new_database();
  for (Schema* schema : {&loaded.schema, &loaded.empty}) {
    without_access(*schema, reading);
    *schema = filtered(std::move(*schema), options.filter);
  }
  for (const std::string& what : left_out) loaded.schema.unmodelled.insert({what});
  for (const auto& [id, why] : read.uncertain) {
    if (loaded.schema.find(id) != nullptr) loaded.schema.unmodelled.insert({uncertainty(id, why)});
  }
  return loaded;
}

LoadedSides load_sides(const std::vector<Sources>& sides, const CompareOptions& options,
                       LoadContext context) {
  std::vector<std::vector<SourceContent>> contents;
  for (const Sources& side : sides) contents.push_back(read_all(side, context));
  Contents all;
  for (const auto& side : contents) append(all, side);
  LoadedSides result;
  result.dialect = common_dialect(all, options);
  context.server = scratch_server(all, result.dialect, options);

  std::vector<PreparedSources> prepared;
  bool states_owners = false;
  bool states_privileges = false;
  bool only_databases = true;
  bool any_snapshot = false;
  bool any_sql = false;
  for (auto& side : contents) {
    const PreparedSources& it = prepared.emplace_back(prepare(std::move(side), result.dialect));
    result.renames.push_back(it.renames);
    states_owners = states_owners || it.stated.owners;
    states_privileges = states_privileges || it.stated.privileges;
    only_databases = only_databases && holds<DatabaseUrl>(it);
    any_snapshot = any_snapshot || holds<Snapshot>(it);
    any_sql = any_sql || holds_sql(it);
  }
  LoadOptions reading{.dialect = result.dialect};
  reading.owners = decide(options.owners, states_owners);
  reading.privileges = decide(options.privileges, states_privileges || only_databases);

  result.not_compared = leave_out_access(reading, context, any_sql);
  result.owners = reading.owners;
  result.privileges = reading.privileges;
  // Most of the time is spent waiting for a server.
  std::vector<std::future<LoadedSchema>> others;
  for (std::size_t i = 1; i < prepared.size(); ++i) {
    others.push_back(std::async(std::launch::async,
                                [&, i] { return load_schema(prepared[i], reading, context); }));
  }
  std::vector<LoadedSchema> loaded;
  loaded.push_back(load_schema(prepared.front(), reading, context));
  for (std::future<LoadedSchema>& other : others) loaded.push_back(other.get());
  for (LoadedSchema& side : loaded) {
    Schema& schema = result.schemas.emplace_back(std::move(side.schema));
    without_access(schema, reading);
    for (const Unmodelled& it : schema.unmodelled) result.not_compared.insert(it.what);
    schema = filtered(std::move(schema), options.filter);
    // A snapshot knows no secret, so that none can be compared with it.
    if (any_snapshot) schema = without_secrets(std::move(schema));
  }
  set_uncertain_equal(result, loaded);
  return result;
}

Comparison load_both(const Sources& from, const Sources& to, const CompareOptions& options,
                     LoadContext context) {
  LoadedSides sides = load_sides({from, to}, options, std::move(context));
  Comparison result;
  result.dialect = std::move(sides.dialect);
  result.owners = sides.owners;
  result.privileges = sides.privileges;
  result.renames = std::move(sides.renames[1]);
  result.from = std::move(sides.schemas[0]);
  result.to = std::move(sides.schemas[1]);
  result.not_compared = std::move(sides.not_compared);
  return result;
}

}  // namespace limbeck
