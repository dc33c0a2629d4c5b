#include "run/chain.h"

#include <fmt/format.h>
#include <system_error>
#include <utility>

#include "plan/plan.h"
#include "plan/plan_script.h"
#include "plan/script.h"
#include "plan/script_imports.h"

namespace limbeck {
namespace {

constexpr std::string_view code_mark = ";code:";

// Gives the host what was recorded, as the script would.
Recording replay(const Recording& recording, ScriptHost& host) {
  struct Visitor {
    ScriptHost& host;
    void operator()(const ScriptStatement& it) const { host.execute(it); }
    void operator()(const ScriptAutocommit& it) const { host.autocommit(it); }
    void operator()(const ScriptCommit& it) const { host.commit(it); }
    void operator()(const ScriptTableChanges& it) const { host.change_table(it); }
  };
  for (const ScriptItem& item : recording.items) std::visit(Visitor{host}, item);
  return {};
}

[[noreturn]] void refuse_application(const RevisionFile& file, const ScriptNeed& need,
                                     std::shared_ptr<const ScriptDelegation> delegation = nullptr) {
  throw ApplicationNeeded(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("revision {} needs the application: {}", file.revision.id, need.text),
       .place = place_of_line(file, need.line),
       .state = "nothing of this revision was run",
       .hint = "run it with the project's own Alembic: --delegate, or \"delegate = true\" in "
               "the table [alembic] of limbeck.toml"},
      std::move(delegation));
}

std::shared_ptr<const ScriptDelegation> shared(std::optional<ScriptDelegation> delegation) {
  if (!delegation) return nullptr;
  return std::make_shared<const ScriptDelegation>(*std::move(delegation));
}

bool is_missing(const std::filesystem::path& folder) {
  std::error_code error;
  return std::filesystem::status(folder, error).type() == std::filesystem::file_type::not_found;
}

Error changed_meanwhile(const Revision& known, const Place& place) {
  return Error(
      {.code = ExitCode::invalid_project,
       .message = fmt::format("the file of revision {} changed while it was read", known.id),
       .place = place,
       .state = "nothing of this revision was run",
       .hint = "run the command again"});
}

}  // namespace

Chain Chain::load(std::span<const std::filesystem::path> folders, bool recursive,
                  const ScriptFormat* scripts, const std::filesystem::path& cache) {
  std::vector<std::filesystem::path> there(folders.begin(), folders.end());
  if (scripts != nullptr) std::erase_if(there, is_missing);
  Chain chain = of(read_revision_headers(there, recursive, PendingSquash::refuse, scripts, cache));
  chain.folders_ = std::move(there);
  chain.recursive_ = recursive;
  if (scripts != nullptr) chain.script_format_ = *scripts;
  return chain;
}

Chain Chain::of(std::vector<RevisionSource> sources, std::vector<RevisionSource> squashed) {
  std::vector<Revision> revisions;
  Chain chain;
  revisions.reserve(sources.size());
  for (RevisionSource& source : sources) revisions.push_back(std::move(source.revision));
  chain.sources_ = std::move(sources);
  chain.squashed_ = std::move(squashed);
  chain.graph_ = RevisionGraph(std::move(revisions));
  return chain;
}

std::vector<RevisionSource> Chain::sources() const {
  std::vector<RevisionSource> result = sources_;
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i].revision = graph_.at(static_cast<RevisionGraph::Index>(i));
  }
  return result;
}

std::vector<RevisionSource> Chain::read_squashed() const {
  std::vector<RevisionSource> result = read_squashed_headers(folders_, recursive_);
  result.insert(result.end(), squashed_.begin(), squashed_.end());
  return result;
}

RevisionFile Chain::read(RevisionGraph::Index index) const {
  const Revision& known = graph_.at(index);
  if (sources_[index].is_cpp || !path(index).ends_with(".sql")) return read_script(index);
  RevisionFile file = parse_revision_file(read_revision_bytes(sources_[index]), path(index));
  if (file.revision != known) throw changed_meanwhile(known, file.revision.place);
  return file;
}

RevisionFile Chain::read_script(RevisionGraph::Index index) const {
  const Revision& known = graph_.at(index);
  RevisionFile file;
  file.revision = known;
  file.is_script = true;
  file.is_cpp = sources_[index].is_cpp;
  const std::string bytes = read_revision_bytes(sources_[index]);
  file.text = canonical(bytes);
  file.hash = hash_of(index, bytes);
  if (!script_format_) return file;
  const auto header = script_format_->read_header(file.text, path(index), true);
  if (!header->computed && header->revision != known) {
    throw changed_meanwhile(known, header->revision.place);
  }
  return file;
}

PlannedRevision Chain::plan(RevisionGraph::Index index, Direction direction, const Dialect& dialect,
                            PlanUse use, const std::atomic<bool>* stop) const {
  PlannedRevision planned{.file = read(index)};
  if (!planned.file.is_script) {
    planned.steps = plan_revision(planned.file, direction, dialect);
    return planned;
  }
  const auto call = [request = script_request(index, planned.file, direction, use),
                     &dialect](const RevisionFile& file) {
    return ScriptCall{.file = file, .dialect = dialect, .request = request};
  };
  if (scripts_ == nullptr) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = fmt::format("revision {} is a Python script, which only a project of "
                                        "Alembic's can run",
                                        planned.file.revision.id),
                 .place = planned.file.revision.place,
                 .hint = "run it where its alembic.ini is, or name that with --config"});
  }
  ScriptCall waited_for = call(planned.file);
  waited_for.stop = stop;
  waited_for.request.only_load = runs_live_at_once(planned.file, direction, use);
  Recording recording = scripts_->record(waited_for);
  if (waited_for.request.only_load && !recording.needs) {
    recording.needs = ScriptNeed{.text = "it looks at what the database answers",
                                 .line = planned.file.revision.place.line};
  }
  planned.notes = recording.notes;
  if (!recording.output.empty()) planned.notes.push_back(recording.output);
  if (recording.needs && recording.needs->what == ScriptNeed::What::application) {
    if (use == PlanUse::run) planned.delegation = shared(scripts_->delegation(call(planned.file)));
    if (!planned.delegation) refuse_application(planned.file, *recording.needs);
    planned.notes.push_back("run by the project's own Alembic: it needs " + recording.needs->text);
    return planned;
  }
  if (use == PlanUse::run && !recording.needs && handles_errors(planned.file.text)) {
    recording.needs = ScriptNeed{.what = ScriptNeed::What::query,
                                 .text = "it handles errors of the database",
                                 .line = planned.file.revision.place.line};
    planned.notes.clear();
  }
  if (auto steps = plan_script(planned.file, recording, dialect)) {
    planned.steps = *std::move(steps);
    return planned;
  }
  if (recording.needs) {
    planned.live_because = recording.needs->text;
    planned.live_place = place_of_line(planned.file, recording.needs->line);
    planned.live = [scripts = scripts_, call, file = planned.file](ScriptHost& host) {
      Recording done = scripts->run(call(file), host);
      if (done.needs) {
        refuse_application(file, *done.needs, shared(scripts->delegation(call(file))));
      }
      return done;
    };
  } else {
    planned.live_because = "the change of a table that has to be looked at first";
    planned.live_place = planned.file.revision.place;
    planned.live_is_table_change = true;
    planned.live = [recording = std::move(recording)](ScriptHost& host) {
      return replay(recording, host);
    };
  }
  return planned;
}

void Chain::check_delegation() const {
  scripts_->check_delegation();
}

// What only Alembic can run has to be known before anything runs, and what has to be told which
// database is meant.
bool Chain::runs_live_at_once(const RevisionFile& file, Direction direction, PlanUse use) const {
  return use == PlanUse::run && !file.is_cpp && !scripts_->delegates() &&
         !misses_engine(file.text, direction) && asks_and_acts(file.text, direction);
}

bool Chain::misses_engine(std::string_view source, Direction direction) const {
  return !scripts_->names_engine() && takes_argument(source, direction);
}

ScriptRequest Chain::script_request(RevisionGraph::Index index, const RevisionFile& file,
                                    Direction direction, PlanUse use) const {
  return {.id = graph_.at(index).id,
          .path = std::filesystem::absolute(path(index)),
          .direction = direction,
          .offline = use == PlanUse::offline,
          .source = file.text,
          .hash = file.hash.substr(0, file.hash.find(code_mark))};
}

std::vector<bool> Chain::announce(std::span<const RevisionGraph::Index> revisions,
                                  Direction direction, const Dialect& dialect, PlanUse use) const {
  std::vector<bool> may_be_planned_late(revisions.size(), false);
  if (scripts_ == nullptr) return may_be_planned_late;
  std::vector<ScriptRequest> requests;
  for (std::size_t i = 0; i < revisions.size(); ++i) {
    const RevisionGraph::Index index = revisions[i];
    if (!path(index).ends_with(".py")) continue;
    const std::string bytes = read_revision_bytes(sources_[index]);
    may_be_planned_late[i] = uses_only_migration_modules(bytes) && !misses_engine(bytes, direction);
    RevisionFile file;
    file.text = canonical(bytes);
    file.hash = revision_hash(bytes);
    requests.push_back(script_request(index, file, direction, use));
    requests.back().only_load = runs_live_at_once(file, direction, use);
  }
  if (!requests.empty()) scripts_->announce(requests, dialect);
  return may_be_planned_late;
}

void Chain::set_scripts(std::shared_ptr<Scripts> scripts) {
  scripts_ = std::move(scripts);
}

// Of a script, the hash of its bytes and that of its code.
std::string Chain::hash_of(RevisionGraph::Index index, std::string_view bytes) const {
  std::string hash = revision_hash(bytes);
  if (path(index).ends_with(".sql") || !script_format_ || script_format_->code_hash == nullptr)
    return hash;
  const std::string code = script_format_->code_hash(canonical(bytes));
  return code.empty() ? hash : hash.append(code_mark) + code;
}

std::string Chain::hash(RevisionGraph::Index index) const {
  return hash_of(index, read_revision_bytes(sources_[index]));
}

bool Chain::is_known_hash(RevisionGraph::Index index, std::string_view hash) const {
  const std::string& known = sources_[index].hash;
  return !known.empty() && known == hash.substr(0, hash.find(code_mark));
}

bool Chain::has_hash(RevisionGraph::Index index, const std::string& hash) const {
  if (is_known_hash(index, hash)) return true;
  const std::size_t code = hash.find(code_mark);
  const std::string_view of_bytes = std::string_view(hash).substr(0, code);
  const std::string bytes = read_revision_bytes(sources_[index]);
  if (of_bytes == revision_hash(bytes)) return true;
  if (code == std::string::npos) return false;
  const std::string now = hash_of(index, bytes);
  const std::size_t code_now = now.find(code_mark);
  return code_now != std::string::npos && now.substr(code_now) == hash.substr(code);
}

}  // namespace limbeck
