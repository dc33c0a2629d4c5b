#include "project/new_revision.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <system_error>

#include "alembic/engines.h"
#include "base/file.h"
#include "base/process.h"
#include "base/random_id.h"
#include "base/utf8.h"
#include "plan/script_imports.h"
#include "project/new_script.h"
#include "revision/selector.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using Index = RevisionGraph::Index;

[[noreturn]] void fail(ExitCode code, std::string message, std::string hint = {}) {
  throw Error({.code = code, .message = std::move(message), .hint = std::move(hint)});
}

std::vector<Index> find_parents(const RevisionGraph& graph, const NewRevision& wanted) {
  std::vector<Index> parents;
  for (const std::string& selector : wanted.parents) {
    for (const Index parent : select(graph, selector).revisions) {
      if (std::find(parents.begin(), parents.end(), parent) == parents.end()) {
        parents.push_back(parent);
      }
    }
  }
  for (const Index parent : parents) {
    if (graph.is_head(parent) || wanted.splice) continue;
    fail(ExitCode::usage, fmt::format("revision {} is not a head", graph.id(parent)),
         "--splice begins a new branch there");
  }
  return parents;
}

std::vector<std::string> find_dependencies(const RevisionGraph& graph,
                                           const std::vector<std::string>& selectors) {
  std::vector<std::string> result;
  result.reserve(selectors.size());
  for (const std::string& selector : selectors) {
    // A label stays a label: it goes on to mean the same when its revision is written anew.
    result.push_back(graph.labelled(selector) ? selector : graph.id(select_one(graph, selector)));
  }
  return result;
}

void check_names(const Project& project, const RevisionGraph& graph, const Revision& revision) {
  if (const auto taken = graph.find(revision.id)) {
    fail(
        ExitCode::usage, fmt::format("there is a revision {} already", revision.id),
        fmt::format("it is in {}: give the new one another --rev-id", graph.at(*taken).place.file));
  }
  // Files that are there may have such ids; a new one is to be a plain file name.
  if (revision.id.find_first_of("/\\") != std::string::npos || revision.id.front() == '.') {
    fail(ExitCode::usage, fmt::format("the id '{}' cannot be the name of a file", revision.id),
         "an id holds letters, digits and _");
  }
  const auto width = static_cast<std::size_t>(project.database.version_width);
  if (code_points(revision.id) > width) {
    fail(ExitCode::usage,
         fmt::format("the id {} is longer than the {} characters of the version table", revision.id,
                     width),
         "choose a shorter one, or set version_width in limbeck.toml");
  }
  for (const std::string& label : revision.labels) {
    if (graph.labelled(label) || graph.find(label)) {
      fail(ExitCode::usage, fmt::format("the label {} is taken", label));
    }
  }
}

// The graph with the new revision in it: whatever it would refuse tomorrow, it refuses now.
void check_graph(const RevisionGraph& graph, const Revision& revision) {
  std::vector<Revision> all(graph.revisions().begin(), graph.revisions().end());
  all.push_back(revision);
  try {
    RevisionGraph{std::move(all)};
  } catch (Error& error) {
    error.report().code = ExitCode::usage;
    error.report().context.emplace_back("while checking the new revision; nothing was written");
    throw;
  }
}

bool is_within(const fs::path& file, const fs::path& folder) {
  const fs::path relative = fs::absolute(file).lexically_normal().lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

fs::path same_folder(const fs::path& folder) {
  std::error_code error;
  const fs::path canonical = fs::weakly_canonical(folder, error);
  return error ? folder : canonical;
}

fs::path choose_folder(const Project& project, const Chain& chain, const NewRevision& wanted,
                       const std::vector<Index>& parents) {
  if (!wanted.folder.empty()) {
    for (const fs::path& folder : project.migrations) {
      if (same_folder(folder) == same_folder(fs::absolute(wanted.folder)) ||
          same_folder(folder) == same_folder(project.folder / wanted.folder)) {
        return folder;
      }
    }
    fail(ExitCode::usage,
         fmt::format("{} is not one of the project's migrations folders", wanted.folder),
         fmt::format("they are listed under \"migrations\" in {}", project.file.string()));
  }
  for (const Index parent : parents) {
    for (const fs::path& folder : project.migrations) {
      if (is_within(chain.path(parent), folder)) return folder;
    }
  }
  const bool is_open = project.alembic && project.migrations.size() > 1;
  if (!is_open) return project.migrations.front();
  std::vector<std::string> folders;
  for (const fs::path& folder : project.migrations)
    folders.push_back(folder.lexically_proximate(project.folder).string());
  fail(ExitCode::usage,
       "there are several version_locations, and it is not said which one the new revision is for",
       fmt::format("name it with --version-path: {}", fmt::join(folders, ", ")));
}

std::string render(const Project& project, const Revision& revision, const RevisionBody& body) {
  constexpr std::size_t max_template_size = std::size_t{1024} * 1024;
  if (project.revision_template.empty()) {
    return render_revision(default_revision_template, revision, body);
  }
  try {
    return render_revision(read_file(project.revision_template, max_template_size), revision, body);
  } catch (Error& error) {
    if (error.report().place) error.report().place->file = project.revision_template.string();
    error.report().context.emplace_back("while filling in the template of new revisions");
    throw;
  }
}

// A template of the project's own may leave out what the graph needs.
void check_rendered(const Project& project, const Revision& wanted, const std::string& text) {
  const Revision read = parse_revision_file(text, "the new revision").revision;
  std::vector<std::string_view> missing;
  if (read.id != wanted.id) missing.emplace_back("${revision}");
  if (read.down_revisions != wanted.down_revisions) missing.emplace_back("${revises}");
  if (read.labels != wanted.labels) missing.emplace_back("${labels}");
  if (read.depends_on != wanted.depends_on) missing.emplace_back("${depends_on}");
  if (missing.empty()) return;
  fail(ExitCode::invalid_project,
       fmt::format("the template {} leaves out a part of the header",
                   project.revision_template.string()),
       fmt::format("it needs the header with {}", fmt::join(missing, ", ")));
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw file_error(folder.string(), "the folder cannot be made", error.value());
}

fs::path choose_file(const Project& project, const Revision& revision, const fs::path& folder,
                     const ZoneTime& now) {
  const std::string name = revision_file_name(
      project.file_template, revision, static_cast<std::size_t>(project.slug_length), now,
      holds_scripts(project, folder) ? ".py" : ".sql", project.file_template_place);
  fs::path file = folder / name;
  if (file.parent_path() == folder) return file;
  if (!project.recursive) {
    fail(
        ExitCode::invalid_project,
        "file_template leads into a folder below the migrations folder, where no revision is found",
        fmt::format("set {} = true in {}",
                    project.alembic ? "recursive_version_locations" : "recursive",
                    project.file.string()));
  }
  make_folder(file.parent_path());
  return file;
}

// What one of several databases needs must not run on the others.
void check_runs_on_no_other(const AlembicProject& alembic) {
  if (!alembic.engine || listed_engines(alembic).size() == 1) return;
  fail(ExitCode::invalid_project,
       fmt::format("what is generated for the engine {} would run on every other database, too",
                   shown_engine(*alembic.engine)),
       "a script's upgrade() has to take the engine, as script.py.mako of Alembic's template "
       "multidb has it");
}

// A template gives each engine that it knows functions, and those of one take what is generated.
[[noreturn]] void fail_without_place(const AlembicProject& alembic) {
  if (!alembic.engine)
    fail(ExitCode::invalid_project,
         "script.py.mako is for several databases, and it is not said for which one this is "
         "generated",
         how_to_name_engine(shown_engines(alembic)));
  fail(ExitCode::invalid_project,
       fmt::format("what is generated for the engine {} has no place in the new script",
                   shown_engine(*alembic.engine)),
       fmt::format("script.py.mako has to have it, as ${{context.get(\"%s_upgrades\" % db_name)}} "
                   "for each name; as a rule these are those of the option databases, and {} has "
                   "to be one",
                   shown_engine(*alembic.engine)));
}

void check_engine(const Project& project, const NewRevision& wanted,
                  const RenderedScript& rendered) {
  if (wanted.body.upgrade.empty() || !project.alembic) return;
  if (!takes_argument(rendered.text, Direction::upgrade))
    check_runs_on_no_other(*project.alembic);
  else if (!rendered.holds_upgrade)
    fail_without_place(*project.alembic);
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

ZoneTime now_in(const Project& project) {
  const auto now = zone_time(std::chrono::system_clock::now(), project.timezone);
  if (now) return *now;
  const Place& place = project.timezone_place;
  throw Error(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("the time zone {} is not known here", project.timezone),
       .place = place.file.empty() ? std::nullopt : std::optional(place),
       .hint = "\"UTC\", \"local\" and names such as \"Europe/Berlin\" are known, the names where "
               "the system has its table of time zones"});
}

WrittenRevision write_revision(const Project& project, const Chain& chain,
                               const NewRevision& wanted) {
  const RevisionGraph& graph = chain.graph();
  const std::vector<Index> parents = find_parents(graph, wanted);
  const ZoneTime now = now_in(project);
  Revision revision{.id = wanted.id.empty() ? random_hex(revision_id_digits) : wanted.id,
                    .depends_on = find_dependencies(graph, wanted.depends_on),
                    .labels = wanted.labels,
                    .message = first_line(wanted.message),
                    .description = wanted.message,
                    .created = iso8601(now)};
  for (const Index parent : parents) revision.down_revisions.push_back(graph.id(parent));
  check_names(project, graph, revision);
  const fs::path folder = choose_folder(project, chain, wanted, parents);
  check_graph(graph, revision);
  RenderedScript rendered;
  if (holds_scripts(project, folder)) {
    rendered = render_script(project, revision, wanted.body, now);
    make_folder(folder);  // Alembic makes it with its first revision, too
  } else {
    rendered.text = render(project, revision, wanted.body);
    check_rendered(project, revision, rendered.text);
  }
  check_engine(project, wanted, rendered);
  const fs::path file = choose_file(project, revision, folder, now);
  write_new_file(file, rendered.text);
  return {std::move(revision), file, std::move(rendered.warning)};
}

void run_hooks(const Project& project, const fs::path& file) {
  constexpr std::string_view variable = "${file}";
  for (const Hook& hook : project.hooks) {
    std::vector<std::string> command = hook.command;
    for (std::string& word : command) {
      const std::size_t at = word.find(variable);
      if (at != std::string::npos) word.replace(at, variable.size(), file.string());
    }
    const ProcessResult result =
        run_process(command, ProcessOutput::to_standard_error,
                    (hook.folder.empty() ? project.folder : hook.folder).string());
    if (result.ok()) continue;
    throw Error(
        {.code = ExitCode::invalid_project,
         .message = fmt::format("the hook {} failed: {}", hook.name, describe(result)),
         .state = fmt::format("the revision was written and stays: {}", file.string()),
         .hint = project.alembic
                     ? "run the hook again by hand, or change it under post_write_hooks"
                     : "run the hook again by hand, or change it under [[hooks]] in limbeck.toml"});
  }
}

}  // namespace limbeck
