#include "project/config_reader.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <span>
#include <toml++/toml.h>

#include "alembic/engines.h"
#include "base/edit_distance.h"
#include "base/redact.h"
#include "base/source.h"
#include "base/zone_time.h"
#include "dialect/dialect.h"
#include "project/environment.h"

namespace limbeck {
namespace {

// What a key's reader is given: the value, and the project that it fills in.
class ConfigValue {
 public:
  // key: with the tables that it is in, "timeouts.lock".
  ConfigValue(const toml::node& node, std::string key, std::string_view text, Project& to,
              Configured& found)
      : project(to), configured(found), node_(node), key_(std::move(key)), text_(text) {}

  Project& project;
  Configured& configured;

  // Of a value within this one.
  ConfigValue inner(const toml::node& node, std::string key) const {
    return {node, std::move(key), text_, project, configured};
  }

  Place place() const { return place_of(node_); }

  std::string string() const {
    if (const auto* value = node_.as_string()) {
      if (value->get().find('\0') != std::string::npos)
        fail("a text without a NUL character", "take it out: no name, path or url has one");
      return value->get();
    }
    fail("a string", "write it in quotes");
  }
  std::string non_empty_string() const {
    std::string value = string();
    if (value.empty()) fail("a string that is not empty", "leave the key out for its default");
    return value;
  }
  bool boolean() const {
    if (const auto* value = node_.as_boolean()) return value->get();
    fail("true or false", "write the word without quotes");
  }
  int integer(int least, int most) const {
    const auto* value = node_.as_integer();
    if (value == nullptr || value->get() < least || value->get() > most) {
      fail(fmt::format("a whole number from {} to {}", least, most),
           value == nullptr ? "write it without quotes" : "leave the key out for its default");
    }
    return static_cast<int>(value->get());
  }
  int duration() const {
    const auto* text = node_.as_string();
    const auto value = text == nullptr ? std::nullopt : parse_duration(text->get());
    if (!value)
      fail("a duration such as \"250ms\", \"2s\", \"10m\", \"1h\" or \"0\"",
           "write it in quotes, as a number with its unit");
    return *value;
  }
  // A string alone is a list of one.
  std::vector<std::string> strings(bool string_alone) const {
    if (string_alone && node_.is_string()) return {non_empty_string()};
    const auto* array = node_.as_array();
    if (array == nullptr || array->empty()) {
      fail(string_alone ? "a string or an array of strings" : "an array of strings",
           R"(an array is written ["one", "two"], and holds one at least)");
    }
    std::vector<std::string> result;
    for (const toml::node& element : *array) {
      result.push_back(inner(element, key_).non_empty_string());
    }
    return result;
  }
  bool is_table() const { return node_.is_table(); }
  std::string_view key() const { return key_; }
  const toml::table& table() const {
    if (const auto* value = node_.as_table()) return *value;
    fail(fmt::format("a table, written [{}]", key_),
         fmt::format("write its keys under a line [{}]", key_));
  }
  const toml::array& tables() const {
    const auto* array = node_.as_array();
    if (array == nullptr || !array->is_array_of_tables()) {
      fail(fmt::format("an array of tables, each written [[{}]]", key_),
           fmt::format("write the keys of each under a line [[{}]]", key_));
    }
    return *array;
  }

  [[noreturn]] void fail(const std::string& expected, std::string hint) const {
    fail_at(place(), fmt::format("the key {} must be {}", key_, expected), std::move(hint));
  }
  [[noreturn]] static void fail_at(Place place, std::string message, std::string hint) {
    throw Error({.code = ExitCode::invalid_project,
                 .message = std::move(message),
                 .place = std::move(place),
                 .hint = std::move(hint)});
  }
  Place place_of(const toml::node& node) const { return at(node.source().begin); }
  Place at(const toml::source_position& position) const {
    const int line = static_cast<int>(position.line);
    return {project.file.string(), line, static_cast<int>(position.column),
            redact(source_line(text_, line))};
  }
  std::string_view text() const { return text_; }

 private:
  const toml::node& node_;
  std::string key_;
  std::string_view text_;
};

// One row for each key: docs/configuration.md has a row for each as well.
struct Key {
  std::string_view name;
  void (*read)(const ConfigValue&);
};

void read_table(const ConfigValue& value, const toml::table& table, std::span<const Key> keys,
                std::string_view where) {
  for (const auto& [name, node] : table) {
    const auto key = std::find_if(keys.begin(), keys.end(),
                                  [found = name.str()](const Key& k) { return k.name == found; });
    if (key == keys.end()) {
      std::vector<std::string_view> known;
      for (const Key& k : keys) known.push_back(k.name);
      std::string hint = did_you_mean(closest_names(name.str(), known));
      if (hint.empty()) hint = fmt::format("the keys here are {}", fmt::join(known, ", "));
      ConfigValue::fail_at(value.at(name.source().begin),
                           fmt::format("unknown key {}{}", where, name.str()), std::move(hint));
    }
    key->read(value.inner(node, fmt::format("{}{}", where, key->name)));
  }
}

void read_version_table(const ConfigValue& value) {
  value.configured.names_version_table = true;
  std::string name = value.non_empty_string();
  if (name == "limbeck_journal")
    value.fail("another name than limbeck_journal", "the journal has that name, beside it");
  value.project.database.version_table.object.name = std::move(name);
}

void read_version_table_schema(const ConfigValue& value) {
  value.configured.names_version_schema = true;
  value.project.database.version_table.schema.name = value.non_empty_string();
}

void read_version_width(const ConfigValue& value) {
  value.project.database.version_width = value.integer(12, 10'000);
}

void read_timezone(const ConfigValue& value) {
  const std::string zone = value.non_empty_string();
  if (!zone_time(std::chrono::system_clock::now(), zone)) {
    value.fail("\"UTC\", \"local\" or the name of a time zone, such as \"Europe/Berlin\"",
               "the system's time zones have such names: /usr/share/zoneinfo");
  }
  value.project.timezone = zone;
}

std::string canonical_dialect(const std::string& name, const Place& place) {
  try {
    return std::string(dialect_named(name).name());
  } catch (const Error& error) {
    ConfigValue::fail_at(place, error.report().message, error.report().hint);
  }
}

// The same sources for every dialect, or a table with the sources of each.
void read_schema(const ConfigValue& value) {
  if (!value.is_table()) {
    value.project.schema[""] = value.strings(true);
    return;
  }
  for (const auto& [name, node] : value.table()) {
    const std::string dialect(name.str());
    value.project.schema[canonical_dialect(dialect, value.at(name.source().begin))] =
        value.inner(node, "schema." + dialect).strings(true);
  }
}

void read_models(const ConfigValue& value) {
  value.project.models = value.strings(true);
  for (const std::string& program : value.project.models) {
    if (!program.starts_with("cmd:") || program.size() == 4)
      value.fail("\"cmd:\" and a program, such as \"cmd:./build/app-models\"",
                 "SQL files are named by the key schema");
  }
}

constexpr std::array timeout_keys{
    Key{"lock", [](const ConfigValue& v) { v.project.run.lock_timeout_ms = v.duration(); }},
    Key{"lock_retry", [](const ConfigValue& v) { v.project.run.lock_retry_ms = v.duration(); }},
    Key{"statement",
        [](const ConfigValue& v) { v.project.run.statement_timeout_ms = v.duration(); }},
    Key{"runner_lock",
        [](const ConfigValue& v) { v.project.run.runner_lock_wait_ms = v.duration(); }},
};

constexpr std::array backup_keys{
    Key{"sqlite",
        [](const ConfigValue& v) {
          v.project.run.backup.sqlite = v.boolean() ? BackupScope::full : BackupScope::off;
        }},
    Key{"postgresql",
        [](const ConfigValue& v) {
          const auto scope = backup_scope_named(v.string());
          if (!scope)
            v.fail("\"off\", \"touched\" or \"full\"",
                   "touched saves the tables that a run touches, full the whole database");
          v.project.run.backup.postgresql = *scope;
        }},
    Key{"folder",
        [](const ConfigValue& v) {
          v.project.run.backup.folder = v.project.folder / v.non_empty_string();
        }},
    Key{"keep", [](const ConfigValue& v) { v.project.run.backup.keep = v.integer(0, 100'000); }},
    Key{"keep_days",
        [](const ConfigValue& v) { v.project.run.backup.keep_days = v.integer(0, 100'000); }},
};

bool accepts_loss(const ConfigValue& value) {
  const std::string text = value.string();
  if (text != "accept" && text != "refuse")
    value.fail("\"refuse\" or \"accept\"",
               "refuse asks for approval of each statement that takes rows, accept runs them all");
  return text == "accept";
}

constexpr std::array data_loss_keys{
    Key{"upgrade",
        [](const ConfigValue& v) { v.project.run.data_loss.accept_in_upgrade = accepts_loss(v); }},
    Key{"downgrade",
        [](const ConfigValue& v) {
          v.project.run.data_loss.accept_in_downgrade = accepts_loss(v);
        }},
};

constexpr std::array hook_keys{
    Key{"name", [](const ConfigValue& v) { v.project.hooks.back().name = v.non_empty_string(); }},
    Key{"command", [](const ConfigValue& v) { v.project.hooks.back().command = v.strings(false); }},
};

void read_hooks(const ConfigValue& value) {
  for (const toml::node& node : value.tables()) {
    const ConfigValue hook = value.inner(node, "hooks");
    value.project.hooks.emplace_back();
    read_table(hook, hook.table(), hook_keys, "hooks.");
    Hook& read = value.project.hooks.back();
    if (read.command.empty())
      ConfigValue::fail_at(hook.place(), "a hook needs a command",
                           "write command = [\"PROGRAM\", \"${file}\"] under its line [[hooks]]");
    if (read.name.empty()) read.name = read.command.front();
  }
}

// "ix" = "ix_%(column_0_label)s": names of any kind, each with a string.
void read_strings(const ConfigValue& value, std::map<std::string, std::string>& strings) {
  for (const auto& [name, node] : value.table()) {
    const std::string key = fmt::format("{}.{}", value.key(), name.str());
    strings[std::string(name.str())] = value.inner(node, key).non_empty_string();
  }
}

// The line of a url is not shown: it may hold a password that is written so that nothing recognises
// it.
ConfiguredUrl read_url(const ConfigValue& value) {
  ConfiguredUrl read{.place = value.place()};
  read.place.source_line.clear();
  try {
    read.url = value.non_empty_string();
  } catch (Error& error) {
    error.report().place = read.place;
    throw;
  }
  check_environment(read.url, read.place);
  return read;
}

void read_engine_urls(const ConfigValue& value) {
  for (const auto& [name, node] : value.table()) {
    const std::string key = fmt::format("{}.{}", value.key(), name.str());
    const std::string engine = engine_named(name.str());
    const ConfiguredUrl read = read_url(value.inner(node, key));
    if (!value.project.alembic->engine_urls.try_emplace(engine, read).second)
      ConfigValue::fail_at(read.place,
                           fmt::format("the engine {} stands here twice", shown_engine(engine)),
                           "\"\" and \"<default>\" name the same one");
  }
}

constexpr std::array alembic_keys{
    Key{"engine",
        [](const ConfigValue& v) {
          v.project.alembic->configured_engine = engine_named(v.string());
          v.project.alembic->engine_place = v.place();
        }},
    Key{"engines", read_engine_urls},
    Key{"config",
        [](const ConfigValue& v) {
          v.configured.alembic_config =
              (v.project.folder / v.non_empty_string()).lexically_normal();
        }},
    Key{"name", [](const ConfigValue& v) { v.configured.alembic_section = v.non_empty_string(); }},
    Key{"version_table", read_version_table},
    Key{"version_table_schema", read_version_table_schema},
    Key{"include_schemas",
        [](const ConfigValue& v) { v.project.alembic->include_schemas = v.boolean(); }},
    Key{"naming_convention",
        [](const ConfigValue& v) {
          read_strings(v, v.project.alembic->naming_convention.emplace());
        }},
    Key{"transaction_per_migration",
        [](const ConfigValue& v) { v.project.alembic->transaction_per_migration = v.boolean(); }},
    Key{"types", [](const ConfigValue& v) { read_strings(v, v.project.alembic->types); }},
    Key{"script_timeout",
        [](const ConfigValue& v) { v.project.alembic->script_timeout_ms = v.duration(); }},
    Key{"delegate", [](const ConfigValue& v) { v.project.alembic->delegate = v.boolean(); }},
    Key{"python",
        [](const ConfigValue& v) {
          const std::filesystem::path python = v.non_empty_string();
          // A bare name is looked up in PATH.
          v.project.alembic->python = python.has_parent_path() ? v.project.folder / python : python;
        }},
};

// Whether there is an Alembic project that this can be about, the caller knows.
void read_alembic(const ConfigValue& value) {
  value.project.alembic.emplace();
  read_table(value, value.table(), alembic_keys, "alembic.");
}

constexpr std::array lint_keys{
    Key{"fail_on", [](const ConfigValue& v) { v.project.lint.fail_on = v.non_empty_string(); }},
    Key{"baseline",
        [](const ConfigValue& v) {
          v.project.lint.baseline = (v.project.folder / v.non_empty_string()).lexically_normal();
        }},
    Key{"show", [](const ConfigValue& v) { v.project.lint.show = v.boolean(); }},
    Key{"rules", [](const ConfigValue& v) { read_strings(v, v.project.lint.severities); }},
    Key{"names", [](const ConfigValue& v) { read_strings(v, v.project.lint.names); }},
};

void read_lint(const ConfigValue& value) {
  value.project.lint.place = value.place();
  read_table(value, value.table(), lint_keys, "lint.");
}

constexpr std::array project_keys{
    Key{"migrations",
        [](const ConfigValue& v) {
          v.project.migrations.clear();
          for (const std::string& folder : v.strings(true)) {
            v.project.migrations.push_back(v.project.folder / folder);
          }
        }},
    Key{"schema", read_schema},
    Key{"models", read_models},
    Key{"recursive", [](const ConfigValue& v) { v.project.recursive = v.boolean(); }},
    Key{"url",
        [](const ConfigValue& v) {
          ConfiguredUrl read = read_url(v);
          v.project.url = std::move(read.url);
          v.project.url_place = std::move(read.place);
        }},
    Key{"version_table", read_version_table},
    Key{"version_table_schema", read_version_table_schema},
    Key{"version_width", read_version_width},
    Key{"superuser_warning",
        [](const ConfigValue& v) { v.project.superuser_warning = v.boolean(); }},
    Key{"file_template",
        [](const ConfigValue& v) {
          v.project.file_template = v.non_empty_string();
          v.project.file_template_place = v.place();
        }},
    Key{"slug_length", [](const ConfigValue& v) { v.project.slug_length = v.integer(1, 200); }},
    Key{"timezone", read_timezone},
    Key{"revision_template",
        [](const ConfigValue& v) {
          v.project.revision_template = v.project.folder / v.non_empty_string();
        }},
    Key{"timeouts",
        [](const ConfigValue& v) { read_table(v, v.table(), timeout_keys, "timeouts."); }},
    Key{"backup", [](const ConfigValue& v) { read_table(v, v.table(), backup_keys, "backup."); }},
    Key{"data_loss",
        [](const ConfigValue& v) { read_table(v, v.table(), data_loss_keys, "data_loss."); }},
    Key{"hooks", read_hooks},
    Key{"alembic", read_alembic},
    Key{"lint", read_lint},
};

// Of a line that is not even TOML, no more is known than what stands in it.
bool may_hold_secret(std::string_view line) {
  constexpr std::array<std::string_view, 3> signs{"url", "://", "password"};
  return std::any_of(signs.begin(), signs.end(), [&](std::string_view sign) {
    return line.find(sign) != std::string_view::npos;
  });
}

std::string way_out_of(std::string_view fault) {
  if (fault.find("redefine") != std::string_view::npos)
    return "a table is written once: either as keys with its name before them (timeouts.lock), or "
           "all of it under one line with its name ([timeouts])";
  return "mend this line: a text stands in quotes (key = \"text\"), a list in brackets (key = "
         "[\"a\", \"b\"])";
}

}  // namespace

Configured read_config(std::string_view text, Project& project) {
  try {
    Configured configured;
    const toml::table table = toml::parse(text, project.file.string());
    for (const auto& [name, node] : table) configured.keys.emplace(name.str());
    read_table(ConfigValue(table, "", text, project, configured), table, project_keys, "");
    return configured;
  } catch (const toml::parse_error& error) {
    const int line = static_cast<int>(error.source().begin.line);
    const int column = static_cast<int>(error.source().begin.column);
    ErrorReport report{.code = ExitCode::invalid_project,
                       .message = "the configuration is not valid TOML",
                       .place = Place{project.file.string(), line, column, source_line(text, line)},
                       .detail = std::string(error.description()),
                       .hint = way_out_of(error.description())};
    if (may_hold_secret(report.place->source_line)) {
      report.place->source_line.clear();
      report.detail.clear();
    }
    throw Error(std::move(report));
  }
}

}  // namespace limbeck
