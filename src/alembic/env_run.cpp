#include "alembic/env_run.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "alembic/application_text.h"
#include "alembic/env_machine.h"
#include "alembic/python_tree.h"

namespace limbeck::alembic {
namespace {

// The same database for every driver: "postgresql+asyncpg://" is "postgresql://".
std::string without_driver(const std::string& url) {
  const std::size_t end = url.find("://");
  const std::size_t plus = url.find('+');
  if (end == std::string::npos || plus > end) return url;
  return url.substr(0, plus) + url.substr(end);
}

// What comes together of one answer.
class Answers {
 public:
  void add(const EnvValue* value, int line) {
    const bool is_text = value->is(EnvValue::Kind::text);
    if (is_text || value->is(EnvValue::Kind::none)) {
      add_known(value->text, line);
    } else {
      add_unknown(line);
    }
  }
  void add_unknown(int line) {
    is_known_ = false;
    if (line_of_unknown_ == 0) line_of_unknown_ = line;
  }

  EnvAnswer take() && {
    EnvAnswer answer;
    answer.is_known = is_known_ && known_.size() < 2;
    answer.line = line_of_unknown_ > 0 ? line_of_unknown_ : line_;
    if (answer.is_known && !known_.empty()) answer.text = std::move(known_.front());
    if (!answer.is_known) answer.candidates = std::move(known_);
    return answer;
  }

 private:
  void add_known(const std::string& text, int line) {
    const bool is_there = std::any_of(known_.begin(), known_.end(), [&](const std::string& it) {
      return without_driver(it) == without_driver(text);
    });
    if (is_there) return;
    known_.push_back(text);
    line_ = line_ == 0 ? line : std::min(line_, line);
  }

  bool is_known_ = true;
  int line_ = 0;
  int line_of_unknown_ = 0;
  std::vector<std::string> known_;
};

// What the application gives, and is known to be the default: asked once, for it takes reading.
class Defaults {
 public:
  explicit Defaults(const AlembicProject& project) : project_(project) {}

  const EnvValue* known(const EnvValue* value) {
    if (!value->is(EnvValue::Kind::unknown)) return value;
    const auto [asked, is_new] = asked_.emplace(value->text, false);
    if (is_new) asked->second = says_nothing_of_version_table(project_, value->text);
    return asked->second ? &none_ : value;
  }

 private:
  const AlembicProject& project_;
  const EnvValue none_ = {.kind = EnvValue::Kind::none};
  std::map<std::string, bool> asked_;
};

}  // namespace

EnvRun follow_env(const AlembicProject& project, const std::string& text) {
  EnvRun run;
  const PythonTree tree = parse_python(text);
  if (!tree.is_whole) return run;
  Answers url;
  Answers table;
  Answers schema;
  Defaults defaults(project);
  const auto follow = [&](EnvMachine& machine, const EnvError* unset) {
    std::optional<EnvError> error;
    bool ends = true;
    while (machine.next_way()) {
      machine.run();
      ends = ends && machine.targets().empty() && machine.error() && machine.error()->is_meant;
      if (ends && run.ends_in == 0) run.ends_in = machine.error()->line;
      for (const EnvTarget& target : machine.targets()) {
        run.is_followed = true;
        if (unset == nullptr) {
          url.add(target.url, target.url_line);
        } else {
          url.add_unknown(unset->line);
        }
        table.add(defaults.known(target.table), target.table_line);
        schema.add(defaults.known(target.schema), target.schema_line);
        run.executed.push_back(target.executed);
        run.may_be_configured = run.may_be_configured || target.url->is_configured;
      }
      if (machine.targets().empty() && machine.error() && machine.error()->is_of_environment) {
        run.is_followed = true;
        url.add_unknown(machine.error()->line);
        error = machine.error();
      }
    }
    if (!ends) run.ends_in = 0;
    run.reached.insert(machine.reached().begin(), machine.reached().end());
    return error;
  };
  EnvMachine machine(project, tree);
  EnvMachine behind(project, tree, EnvMachine::Unset::is_unknown);
  try {
    const auto unset = follow(machine, nullptr);
    // The rest is known all the same, for a url that is given in another way.
    if (unset && run.executed.empty()) follow(behind, &*unset);
  } catch (const EnvTooLong&) {
    if (text.find("configure(") == std::string::npos) return run;
    run.is_followed = true;
    run.ends_in = 0;
    const int line = behind.line() > 0 ? behind.line() : machine.line();
    for (Answers* answers : {&url, &table, &schema}) answers->add_unknown(line);
  }
  run.url = std::move(url).take();
  run.version_table = std::move(table).take();
  run.version_table_schema = std::move(schema).take();
  return run;
}

EnvRun env_run_of(const AlembicProject& project, const std::string& text) {
  return project.env_run ? *project.env_run : follow_env(project, text);
}

}  // namespace limbeck::alembic
