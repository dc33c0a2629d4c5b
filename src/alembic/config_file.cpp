#include "alembic/config_file.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <utility>

#include "alembic/project_error.h"
#include "base/edit_distance.h"
#include "base/source.h"

namespace limbeck::alembic {
namespace {

constexpr std::string_view hooks_section = "post_write_hooks";

// The pieces between the separators, without blanks around them; empty ones are left out.
std::vector<Option> split(const Option& option, std::string_view separators) {
  std::vector<Option> pieces;
  std::string_view rest = option.value;
  for (;;) {
    const std::size_t end = rest.find_first_of(separators);
    const std::string_view piece = trimmed(rest.substr(0, end), " \t\r\n");
    if (!piece.empty()) {
      Option& added = pieces.emplace_back();
      added.value = piece;
      added.place = option.place;
    }
    if (end == std::string_view::npos) return pieces;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace

ConfigFile::ConfigFile(std::optional<IniFile> ini, std::optional<PyProject> toml,
                       std::string section)
    : ini_(std::move(ini)), toml_(std::move(toml)), section_(std::move(section)) {
  if (!ini_ || ini_->has_section(section_)) return;
  if (toml_ && section_ == "alembic") return;  // the ini file may hold the logging alone
  const std::vector<std::string> names = ini_->sections();
  const std::vector<std::string_view> known(names.begin(), names.end());
  fail_project(fmt::format("there is no section [{}] in this file", section_),
               {ini_->file(), 0, 0, {}}, did_you_mean(closest_names(section_, known)));
}

Place ConfigFile::place() const {
  return {ini_ ? ini_->file() : toml_->file, 0, 0, {}};
}

std::optional<Option> ConfigFile::option(std::string_view name) const {
  if (ini_) {
    if (auto found = ini_->get(section_, name)) return found;
  }
  if (toml_) {
    const auto found = toml_->options.find(name);
    if (found != toml_->options.end()) return found->second;
  }
  return std::nullopt;
}

std::optional<Option> ConfigFile::raw_option(std::string_view name) const {
  return ini_ ? ini_->raw(section_, name) : std::nullopt;
}

std::optional<Option> ConfigFile::option_of(std::string_view section, std::string_view name) const {
  return ini_ && ini_->has_section(section) ? ini_->get(section, name) : std::nullopt;
}

std::optional<Option> ConfigFile::raw_option_of(std::string_view section,
                                                std::string_view name) const {
  return ini_ && ini_->has_section(section) ? ini_->raw(section, name) : std::nullopt;
}

std::vector<std::string> ConfigFile::sections_with(std::string_view name) const {
  std::vector<std::string> found;
  if (!ini_) return found;
  for (std::string& section : ini_->sections())
    if (ini_->raw(section, name)) found.push_back(std::move(section));
  return found;
}

bool ConfigFile::boolean(std::string_view name) const {
  const auto found = option(name);
  return found && found->value == "true";
}

std::optional<int> ConfigFile::integer(std::string_view name, int least, int most) const {
  const auto found = option(name);
  if (!found) return std::nullopt;
  int number = 0;
  const char* end = found->value.data() + found->value.size();
  const auto [stop, error] = std::from_chars(found->value.data(), end, number);
  if (error != std::errc{} || stop != end || number < least || number > most) {
    fail_project(fmt::format("{} must be a whole number from {} to {}", name, least, most),
                 found->place);
  }
  return number;
}

std::optional<char> ConfigFile::separator(bool legacy_name) const {
  struct Separator {
    std::string_view name;
    char character;
  };
  constexpr std::array known{Separator{"os", ':'}, Separator{":", ':'}, Separator{";", ';'},
                             Separator{"space", ' '}, Separator{"newline", '\n'}};
  std::string_view name = "path_separator";
  auto found = option(name);
  if (!found && legacy_name) {
    name = "version_path_separator";
    found = option(name);
  }
  if (!found) return std::nullopt;
  for (const Separator& each : known) {
    if (each.name == found->value) return each.character;
  }
  fail_project(fmt::format("{} must be os, :, ;, space or newline, not \"{}\"", name, found->value),
               found->place);
}

std::vector<Option> ConfigFile::paths(std::string_view name, bool legacy_colons) const {
  if (toml_ && (!ini_ || !ini_->raw(section_, name))) {
    const auto found = toml_->lists.find(name);
    if (found != toml_->lists.end()) return found->second;
  }
  const auto found = option(name);
  if (!found) return {};
  // The older name of the separator is for version_locations alone.
  if (const auto character = separator(!legacy_colons)) {
    return split(*found, std::string_view(&*character, 1));
  }
  return split(*found, legacy_colons ? ", :\n" : ", \n");
}

std::vector<Option> ConfigFile::names(std::string_view name) const {
  if (toml_ && (!ini_ || !ini_->raw(section_, name))) {
    const auto found = toml_->lists.find(name);
    if (found != toml_->lists.end()) return found->second;
  }
  const auto found = option(name);
  return found ? split(*found, ",") : std::vector<Option>{};
}

std::vector<Options> ConfigFile::hooks() const {
  std::vector<Options> result;
  if (!ini_ || !ini_->has_section(hooks_section)) {
    if (!toml_) return result;
    const auto tables = toml_->tables.find(hooks_section);
    if (tables == toml_->tables.end()) return result;
    for (const Options& table : tables->second) {
      if (table.contains("name")) {
        result.push_back(table);
      } else {
        fail_project("a post write hook needs a name",
                     table.empty() ? place() : table.begin()->second.place);
      }
    }
    return result;
  }
  const auto names = ini_->get(hooks_section, "hooks");
  if (!names) return result;
  for (const Option& name : split(*names, ", \n")) {
    Options& hook = result.emplace_back();
    hook.emplace("name", name);
    const std::string prefix = name.value + ".";
    for (const std::string& key : ini_->names(hooks_section)) {
      if (!key.starts_with(prefix)) continue;
      hook.insert_or_assign(key.substr(prefix.size()), *ini_->get(hooks_section, key));
    }
  }
  return result;
}

std::map<std::string, std::string> ConfigFile::main_options() const {
  std::map<std::string, std::string> result;
  if (toml_) {
    for (const auto& [name, option] : toml_->options) result[name] = option.value;
  }
  if (!ini_) return result;
  for (const std::string& name : ini_->names(section_)) {
    try {
      if (const auto found = ini_->get(section_, name)) result[name] = found->value;
    } catch (const Error&) {
      // Python would fail only for whoever asks for it.
    }
  }
  return result;
}

}  // namespace limbeck::alembic
