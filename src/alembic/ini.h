// An ini file as Python's configparser reads it: sections, a DEFAULT section, values of several
// lines, "=" or ":", no comments behind a value, and %(name)s within values.
//
// It never writes, and it does not know what the options mean. Errors are
// ExitCode::invalid_project with file, line and column; a line that may hold a password is not
// shown.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

namespace limbeck::alembic {

// A value that was configured, and where.
struct Option {
  std::string value = {};
  Place place = {};
};

class IniFile {
 public:
  // Throws for a line that is neither, a second section or option of the same name, an option
  // before the first section. file: for places.
  static IniFile parse(std::string_view text, const std::string& file);

  const std::string& file() const { return file_; }
  bool has_section(std::string_view section) const;
  std::vector<std::string> sections() const;
  // What %(name)s stands for in every section, unless the file says otherwise.
  void set_default(const std::string& name, const std::string& value);
  // The value, the names in it replaced; nothing when neither the section nor DEFAULT has it.
  // Throws when it names what is not there, itself, or holds a single percent sign.
  std::optional<Option> get(std::string_view section, std::string_view name) const;
  // As it is written.
  std::optional<Option> raw(std::string_view section, std::string_view name) const;
  // The names of a section's options, those of DEFAULT among them, in the order of the alphabet.
  std::vector<std::string> names(std::string_view section) const;

 private:
  using Section = std::map<std::string, Option, std::less<>>;

  const Option* find(std::string_view section, std::string_view name) const;
  std::string interpolate(const std::string& text, std::string_view section, const Option& option,
                          int depth, int& names) const;

  std::string file_;
  std::map<std::string, Section, std::less<>> sections_;
  Section defaults_;
};

// Replaces %(name)s by values[name] and %% by a percent sign, as Python's formatting does. Throws
// for whatever else a percent sign begins, and a name that is not there.
std::string format_tokens(const std::string& text,
                          const std::map<std::string, std::string, std::less<>>& values,
                          const Place& place);

// The place of a line to be shown, without the line when it may hold a password.
Place safe_place(const std::string& file, int line, int column, std::string_view source_line);

}  // namespace limbeck::alembic
