#include "project/lint_configuration.h"

#include <fmt/format.h>
#include <system_error>
#include <toml++/toml.h>

#include "base/file.h"
#include "base/source.h"

namespace limbeck {
namespace {

constexpr std::size_t largest_file = std::size_t{1024} * 1024;

class Reader {
 public:
  Reader(const Project& project, std::string_view text) : project_(project), text_(text) {}

  void read(const toml::table& table, LintConfiguration& to) const {
    to.place = at(table.source().begin);
    for (const auto& [name, node] : table) {
      const std::string key(name.str());
      if (key == "fail_on") {
        to.fail_on = string(node, "lint.fail_on");
      } else if (key == "baseline") {
        to.baseline = (project_.folder / string(node, "lint.baseline")).lexically_normal();
      } else if (key == "show") {
        to.show = node.value_or(true);
      } else if (key == "rules" && node.as_table() != nullptr) {
        for (const auto& [rule, severity] : *node.as_table())
          to.severities[std::string(rule.str())] =
              string(severity, fmt::format("lint.rules.{}", rule.str()));
      } else {
        fail(name.source().begin, fmt::format("unknown key lint.{}", key),
             "the keys are fail_on, baseline, show and the table rules");
      }
    }
  }

  [[noreturn]] void fail(const toml::source_position& position, std::string message,
                         std::string hint) const {
    throw Error({.code = ExitCode::invalid_project,
                 .message = std::move(message),
                 .place = at(position),
                 .hint = std::move(hint)});
  }

 private:
  Place at(const toml::source_position& position) const {
    const int line = static_cast<int>(position.line);
    return {project_.file.string(), line, static_cast<int>(position.column),
            source_line(text_, line)};
  }

  std::string string(const toml::node& node, const std::string& key) const {
    const auto value = node.value<std::string>();
    if (!node.is_string() || !value || value->empty())
      fail(node.source().begin, fmt::format("{} must be a string", key), "");
    return *value;
  }

  const Project& project_;
  std::string_view text_;
};

}  // namespace

LintConfiguration read_lint_configuration(const Project& project) {
  LintConfiguration result;
  std::error_code ignored;
  const bool own = project.file.extension() == ".toml" &&
                   project.file.filename() != "pyproject.toml" &&
                   std::filesystem::is_regular_file(project.file, ignored);
  if (!own) return result;
  const std::string text = read_file(project.file, largest_file);
  const toml::table table = toml::parse(text, project.file.string());
  const Reader reader(project, text);
  const toml::node* lint = table.get("lint");
  if (lint == nullptr) return result;
  if (lint->as_table() == nullptr)
    reader.fail(lint->source().begin, "lint must be a table", "write [lint]");
  reader.read(*lint->as_table(), result);
  return result;
}

}  // namespace limbeck
