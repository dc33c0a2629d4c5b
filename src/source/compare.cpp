#include "source/compare.h"

#include <fmt/format.h>
#include <future>
#include <utility>

#include "limbeck/error.h"

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
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("a schema of {} cannot be compared with one of {}", dialect,
                                        *own)});
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

bool is_database(const PreparedSource& source) {
  return std::holds_alternative<DatabaseUrl>(source.content);
}

bool decide(Include wish, bool automatic) {
  return wish == Include::on || (wish == Include::automatic && automatic);
}

bool holds_owners(const SourceContent& content) {
  const auto* snapshot = std::get_if<Snapshot>(&content);
  if (snapshot == nullptr) return false;
  for (const auto& [id, object] : snapshot->schema.objects) {
    if (!object.owner.empty()) return true;
  }
  return false;
}

bool holds_privileges(const SourceContent& content) {
  const auto* snapshot = std::get_if<Snapshot>(&content);
  if (snapshot == nullptr) return false;
  for (const auto& [id, object] : snapshot->schema.objects) {
    if (object.privileges) return true;
  }
  return false;
}

// What is read of access has to be the same on both sides.
void without_access(Schema& schema, const LoadOptions& options) {
  for (auto& [id, object] : schema.objects) {
    if (!options.owners) object.owner.clear();
    if (!options.privileges) object.privileges.reset();
  }
}

}  // namespace

std::optional<Include> parse_include(std::string_view text) {
  if (text == "auto") return Include::automatic;
  if (text == "on") return Include::on;
  if (text == "off") return Include::off;
  return std::nullopt;
}

LoadedSource load_one(const Source& source, const CompareOptions& options, LoadContext context) {
  SourceContent content = read_source(source, context);
  LoadedSource loaded;
  loaded.dialect = common_dialect({&content}, options);
  context.server = scratch_server({&content}, loaded.dialect, options);
  const PreparedSource prepared = prepare(std::move(content), loaded.dialect);
  LoadOptions reading{.dialect = loaded.dialect};
  reading.owners = decide(options.owners, prepared.stated.owners || holds_owners(prepared.content));
  reading.privileges =
      decide(options.privileges, prepared.stated.privileges || holds_privileges(prepared.content));
  loaded.schema = load_schema(prepared, reading, context);
  loaded.empty = schema_dialect_named(loaded.dialect).new_database();
  for (Schema* schema : {&loaded.schema, &loaded.empty}) {
    without_access(*schema, reading);
    *schema = filtered(std::move(*schema), options.filter);
  }
  return loaded;
}

Comparison load_both(const Source& from, const Source& to, const CompareOptions& options,
                     LoadContext context) {
  SourceContent from_content = read_source(from, context);
  SourceContent to_content = read_source(to, context);
  Comparison result;
  result.dialect = common_dialect({&from_content, &to_content}, options);
  context.server = scratch_server({&from_content, &to_content}, result.dialect, options);
  const PreparedSource before = prepare(std::move(from_content), result.dialect);
  const PreparedSource after = prepare(std::move(to_content), result.dialect);
  LoadOptions reading{.dialect = result.dialect};
  reading.owners = decide(options.owners, before.stated.owners || after.stated.owners);
  reading.privileges =
      decide(options.privileges, before.stated.privileges || after.stated.privileges ||
                                     (is_database(before) && is_database(after)));
  // Most of the time is spent waiting for a server.
  auto other = std::async(std::launch::async, [&] { return load_schema(after, reading, context); });
  result.from = load_schema(before, reading, context);
  result.to = other.get();
  for (Schema* schema : {&result.from, &result.to}) {
    without_access(*schema, reading);
    for (const Unmodelled& it : schema->unmodelled) result.not_compared.insert(it.what);
    *schema = filtered(std::move(*schema), options.filter);
  }
  // A snapshot knows no secret, so that none can be compared with it.
  if (std::holds_alternative<Snapshot>(before.content) ||
      std::holds_alternative<Snapshot>(after.content)) {
    result.from = without_secrets(std::move(result.from));
    result.to = without_secrets(std::move(result.to));
  }
  return result;
}

}  // namespace limbeck
