// The configuration of an Alembic project, whichever of its two files an option stands in: what
// alembic.ini says comes before what pyproject.toml says. Internal to src/alembic.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "alembic/pyproject.h"

namespace limbeck::alembic {

class ConfigFile {
 public:
  // Either may be missing. section: of the ini file. Throws when it has no such section.
  ConfigFile(std::optional<IniFile> ini, std::optional<PyProject> toml, std::string section);

  // Of the first file that there is.
  Place place() const;
  std::optional<Option> option(std::string_view name) const;
  // As it is written in the ini file, its names not replaced.
  std::optional<Option> raw_option(std::string_view name) const;
  // Of another section of the ini file.
  std::optional<Option> option_of(std::string_view section, std::string_view name) const;
  std::optional<Option> raw_option_of(std::string_view section, std::string_view name) const;
  // The sections of the ini file that have this option of their own, in the order of the alphabet.
  std::vector<std::string> sections_with(std::string_view name) const;
  // In alembic.ini only the word "true" is true.
  bool boolean(std::string_view name) const;
  // Throws when it is no number from least to most.
  std::optional<int> integer(std::string_view name, int least, int most) const;
  // Several paths in one option, separated as path_separator says. Without it, by commas and
  // blanks; and with legacy_colons, by colons too.
  std::vector<Option> paths(std::string_view name, bool legacy_colons) const;
  // Several names in one option, separated by commas.
  std::vector<Option> names(std::string_view name) const;
  // [post_write_hooks] or [[tool.alembic.post_write_hooks]]; each has its name as "name".
  std::vector<Options> hooks() const;
  // All of the main section, without those whose names cannot be replaced.
  std::map<std::string, std::string> main_options() const;

 private:
  std::optional<char> separator(bool legacy_name) const;

  std::optional<IniFile> ini_;
  std::optional<PyProject> toml_;
  std::string section_;
};

}  // namespace limbeck::alembic
