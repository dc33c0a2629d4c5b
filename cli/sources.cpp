#include "cli/sources.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/user_cache.h"

namespace limbeck::cli {
namespace {

namespace fs = std::filesystem;

Include include_value(const Arguments& arguments, std::string_view option) {
  if (!arguments.has(option)) return Include::automatic;
  if (const auto include = parse_include(arguments.value(option))) return *include;
  throw Error(
      {.code = ExitCode::usage,
       .message =
           fmt::format("{} takes auto, on or off, not \"{}\"", option, arguments.value(option)),
       .hint = "auto compares owners where the declared SQL states them, and privileges there or "
               "between two databases"});
}

// In the project, or else where the system keeps what can be made again.
fs::path cache_folder(const Project* project) {
  return project != nullptr ? project->folder / ".limbeck" / "cache" : user_cache_folder();
}

}  // namespace

CompareOptions compare_options(Session& session, const Arguments& arguments) {
  CompareOptions options;
  options.dialect = arguments.value("--dialect");
  if (!options.dialect.empty()) dialect_named(options.dialect);
  options.owners = include_value(arguments, "--owners");
  options.privileges = include_value(arguments, "--privileges");
  options.filter.schemas = arguments.values("--schema");
  options.filter.include = arguments.values("--include");
  options.filter.exclude = arguments.values("--exclude");
  options.project_database = session.url_if_any();
  return options;
}

LoadContext load_context(Session& session, const Arguments& arguments) {
  LoadContext context;
  context.chain = [&session]() -> const Chain& { return session.chain(); };
  const Project* project = session.project_if_any();
  if (project != nullptr) context.database = project->database;
  if (arguments.has("--program-timeout"))
    context.program_timeout_ms = duration_option(arguments, "--program-timeout");
  context.offline = arguments.has("--offline");
  if (!arguments.has("--no-cache")) context.cache = cache_folder(project);
  context.connect = session.connect_options(Access::read);
  return context;
}

LoadContext project_load_context(Session& session, const Arguments& arguments) {
  LoadContext context = load_context(session, arguments);
  context.folder = session.project().folder;
  return context;
}

Source named_source(Session& session, const std::string& text) {
  if (text != "database") return parse_source(text);
  DatabaseUrl url = session.url();
  // A file that is not there yet is an empty database, and is not made by looking.
  if (is_missing_file(url)) url = DatabaseUrl::parse("sqlite://");
  return DatabaseSource{url};
}

Sources named_sources(Session& session, const std::vector<std::string>& texts) {
  Sources sources;
  for (const std::string& text : texts) sources.push_back(named_source(session, text));
  return sources;
}

namespace {

bool is_path(std::string_view text) {
  return !text.starts_with("cmd:") && !text.starts_with("revisions") &&
         text.find("://") == std::string_view::npos && text.find('=') == std::string_view::npos;
}

}  // namespace

Sources declared_sources(Session& session, const Arguments& arguments, const std::string& dialect) {
  if (arguments.has("--to")) return named_sources(session, arguments.values("--to"));
  const Project* project = session.project_if_any();
  if (project == nullptr) return {};
  auto configured = project->schema.find(dialect);
  if (configured == project->schema.end()) configured = project->schema.find("");
  Sources sources;
  if (configured != project->schema.end()) {
    for (const std::string& text : configured->second) {
      sources.push_back(
          named_source(session, is_path(text) ? (project->folder / text).string() : text));
    }
  }
  for (const std::string& program : project->models) sources.push_back(parse_source(program));
  return sources;
}

Sources required_declared_sources(Session& session, const Arguments& arguments,
                                  const std::string& dialect) {
  Sources sources = declared_sources(session, arguments, dialect);
  if (!sources.empty()) return sources;
  throw Error(
      {.code = ExitCode::usage,
       .message = "no declared schema is known",
       .hint = "say --to SOURCE, or write schema = \"schema.sql\" (or models) in limbeck.toml"});
}

std::vector<RenameRequest> stated_renames(const Arguments& arguments,
                                          const std::vector<RenameRequest>& declared) {
  std::vector<RenameRequest> renames;
  for (const std::string& text : arguments.values("--rename"))
    renames.push_back(parse_rename(text));
  renames.insert(renames.end(), declared.begin(), declared.end());
  return renames;
}

SchemaChange stated_change(Comparison sides, const Arguments& arguments) {
  SchemaChange change;
  change.dialect = std::move(sides.dialect);
  change.from = std::move(sides.from);
  change.to = std::move(sides.to);
  change.renames = stated_renames(arguments, sides.renames);
  return change;
}

void say_not_compared(Session& session, const std::set<std::string>& not_compared) {
  for (const std::string& what : not_compared)
    session.log().line("not compared: " + printable(what));
}

std::string output_format(Session& session, const Arguments& arguments,
                          const std::vector<std::string>& known) {
  if (!arguments.has("--format")) return session.json() ? "json" : known.front();
  std::string format = arguments.value("--format");
  if (std::find(known.begin(), known.end(), format) == known.end()) {
    throw Error(
        {.code = ExitCode::usage,
         .message = fmt::format("--format takes {}, not \"{}\"", fmt::join(known, ", "), format)});
  }
  // Whoever says --json reads JSON; sarif is JSON, too.
  if (session.json() && format != "json" && format != "sarif") {
    throw Error({.code = ExitCode::usage,
                 .message = fmt::format("--json and --format {} contradict each other", format),
                 .hint = "leave out one of them"});
  }
  return format;
}

}  // namespace limbeck::cli
