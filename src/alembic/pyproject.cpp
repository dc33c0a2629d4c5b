#include "alembic/pyproject.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include "base/source.h"

namespace limbeck::alembic {
namespace {

class Reader {
 public:
  Reader(std::string_view text, std::string file, const std::string& here)
      : text_(text), tokens_{{"here", here}} {
    result_.file = std::move(file);
  }

  PyProject read(const toml::table& table) && {
    for (const auto& [name, node] : table) add(std::string(name.str()), node);
    return std::move(result_);
  }

 private:
  Place place_of(const toml::node& node) const {
    const toml::source_position& at = node.source().begin;
    const int line = static_cast<int>(at.line);
    return safe_place(result_.file, line, static_cast<int>(at.column), source_line(text_, line));
  }
  [[noreturn]] void fail(const toml::node& node, std::string message) const {
    throw Error({.code = ExitCode::invalid_project,
                 .message = std::move(message),
                 .place = place_of(node),
                 .hint = "correct it here; Alembic reads the same key"});
  }
  Option text(const std::string& name, const toml::node& node) const {
    Option option;
    option.place = place_of(node);
    if (const auto* value = node.as_string()) {
      option.value = format_tokens(value->get(), tokens_, option.place);
    } else if (const auto* number = node.as_integer()) {
      option.value = std::to_string(number->get());
    } else if (const auto* truth = node.as_boolean()) {
      option.value = truth->get() ? "true" : "false";
    } else {
      fail(node, fmt::format("the key {} must be a string, a whole number or true or false", name));
    }
    return option;
  }
  Options table(const std::string& name, const toml::table& table) const {
    Options options;
    for (const auto& [key, node] : table) {
      options.emplace(std::string(key.str()), text(fmt::format("{}.{}", name, key.str()), node));
    }
    return options;
  }
  void add(const std::string& name, const toml::node& node) {
    const auto* array = node.as_array();
    if (array == nullptr) {
      if (const auto* inner = node.as_table()) {
        for (auto& [key, option] : table(name, *inner)) {
          result_.options.emplace(fmt::format("{}.{}", name, key), option);
        }
      } else {
        result_.options.emplace(name, text(name, node));
      }
    } else if (array->is_array_of_tables()) {
      for (const toml::node& element : *array) {
        result_.tables[name].push_back(table(name, *element.as_table()));
      }
    } else {
      auto& list = result_.lists[name];
      for (const toml::node& element : *array) list.push_back(text(name, element));
    }
  }

  std::string_view text_;
  std::map<std::string, std::string, std::less<>> tokens_;
  PyProject result_;
};

}  // namespace

std::optional<PyProject> read_pyproject(std::string_view text, const std::filesystem::path& file,
                                        const std::string& here) {
  if (text.find("alembic") == std::string_view::npos) return std::nullopt;
  try {
    const toml::table all = toml::parse(text, file.string());
    const toml::node_view<const toml::node> found = all["tool"]["alembic"];
    if (!found) return std::nullopt;
    if (const toml::table* table = found.as_table()) {
      return Reader(text, file.string(), here).read(*table);
    }
    throw Error({.code = ExitCode::invalid_project,
                 .message = "tool.alembic must be a table, written [tool.alembic]",
                 .place = Place{file.string(),
                                static_cast<int>(found.node()->source().begin.line),
                                static_cast<int>(found.node()->source().begin.column),
                                {}},
                 .hint = "write its keys under a line [tool.alembic]"});
  } catch (const toml::parse_error& error) {
    const int line = static_cast<int>(error.source().begin.line);
    const int column = static_cast<int>(error.source().begin.column);
    throw Error({.code = ExitCode::invalid_project,
                 .message = "this file is not valid TOML",
                 .place = safe_place(file.string(), line, column, source_line(text, line)),
                 .detail = std::string(error.description()),
                 .hint = "mend this line: a text stands in quotes (key = \"text\")"});
  }
}

}  // namespace limbeck::alembic
