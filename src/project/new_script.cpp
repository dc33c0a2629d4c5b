#include "project/new_script.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <system_error>

#include "alembic/engines.h"
#include "alembic/header.h"
#include "alembic/mako.h"
#include "alembic/python_body.h"
#include "base/file.h"
#include "plan/script_imports.h"

namespace limbeck {
namespace {

namespace fs = std::filesystem;
using alembic::MakoValues;
using alembic::PythonConstant;

constexpr std::size_t max_template_size = std::size_t{1024} * 1024;

PythonConstant text_constant(std::string text) {
  PythonConstant constant;
  constant.kind = PythonConstant::Kind::text;
  constant.text = std::move(text);
  return constant;
}

// As Alembic hands them to a template: None, one as it is, several as a tuple.
PythonConstant names_constant(const std::vector<std::string>& names, bool always_tuple) {
  if (names.empty()) return {};
  if (names.size() == 1 && !always_tuple) return text_constant(names.front());
  PythonConstant tuple;
  tuple.kind = PythonConstant::Kind::collection;
  for (const std::string& name : names) tuple.items.push_back(text_constant(name));
  return tuple;
}

MakoValues values_of(const Project& project, const Revision& revision,
                     const alembic::PythonBody& body, const ZoneTime& now) {
  using namespace std::chrono;
  MakoValues values;
  values.created = now;
  values.microseconds = static_cast<int>(
      duration_cast<microseconds>(system_clock::now().time_since_epoch()).count() % 1'000'000);
  values.show_offset = project.timezone != "local";  // a time of no zone is the local one
  auto& names = values.names;
  names["message"] =
      text_constant(revision.message.empty() ? "empty message" : revision.description);
  names["up_revision"] = text_constant(revision.id);
  names["down_revision"] = names_constant(revision.down_revisions, false);
  names["branch_labels"] = names_constant(revision.labels, true);
  names["depends_on"] = names_constant(revision.depends_on, false);
  names["upgrades"] = text_constant(body.upgrade);
  names["downgrades"] = text_constant(body.downgrade);
  names["imports"] = text_constant("");
  values.options = project.alembic->options;
  if (const std::vector<std::string> engines = listed_engines(*project.alembic); !engines.empty()) {
    values.flask_engines = engines;
    names["db_names"] = names_constant(engines, true);  // of the standard template
  }
  // As Alembic hands them over where env.py goes through several databases.
  if (project.alembic->engine) {
    const std::string& engine = *project.alembic->engine;
    if (!body.upgrade.empty()) names[engine + "_upgrades"] = text_constant(body.upgrade);
    if (!body.downgrade.empty()) names[engine + "_downgrades"] = text_constant(body.downgrade);
  }
  return values;
}

// Whether a docstring that holds the message is what it is meant to be.
bool is_harmless(std::string_view message) {
  return message.find('\\') == std::string_view::npos && !message.ends_with('"') &&
         message.find("\"\"\"") == std::string_view::npos;
}

// The same in a string of Python.
std::string harmless(std::string_view message) {
  std::string escaped;
  for (const char c : message) {
    if (c == '"' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

struct Template {
  std::string file = {};
  std::string text = {};
};

// Whether its scripts are told which database is meant.
bool is_for_engines(std::string_view text) {
  return takes_argument(text, Direction::upgrade);
}

Template template_of(const Project& project) {
  Template result;
  const fs::path file = project.revision_template.empty()
                            ? project.alembic->script_location / "script.py.mako"
                            : project.revision_template;
  result.file = file.string();
  std::error_code error;
  if (!project.revision_template.empty() || fs::exists(file, error)) {
    result.text = read_file(file, max_template_size);
  } else {
    const bool several = listed_engines(*project.alembic).size() > 1;
    result.text = several ? alembic::standard_engines_template : alembic::standard_mako_template;
  }
  return result;
}

bool same_header(const Revision& read, const Revision& wanted) {
  return read.id == wanted.id && read.down_revisions == wanted.down_revisions &&
         read.labels == wanted.labels && read.depends_on == wanted.depends_on;
}

// Whether Alembic, too, would read from the script what it is to say.
bool says(const std::string& text, const Revision& wanted) {
  try {
    const auto header = alembic::read_script_header(text, "the new revision", true);
    return !header->computed && same_header(header->revision, wanted);
  } catch (const Error&) {
    return false;
  }
}

std::string render(const Template& used, MakoValues values, const Revision& wanted) {
  const std::string text = alembic::render_mako(used.text, used.file, values);
  if (says(text, wanted) && is_harmless(wanted.description)) return text;
  // What a message has broken, the same message with its quotes escaped does not break.
  values.names["message"].text = harmless(values.names["message"].text);
  std::string again = alembic::render_mako(used.text, used.file, values);
  if (says(again, wanted)) return again;
  throw Error({.code = ExitCode::invalid_project,
               .message = fmt::format("the template {} leaves out a part of the header", used.file),
               .hint = "it needs revision, down_revision, branch_labels and depends_on: revision = "
                       "${repr(up_revision)}, ..."});
}

}  // namespace

bool holds_scripts(const Project& project, const fs::path& folder) {
  if (!project.alembic) return false;
  const auto& folders = project.alembic->version_locations;
  return std::any_of(folders.begin(), folders.end(), [&](const fs::path& each) {
    return each.lexically_normal() == folder.lexically_normal();
  });
}

RenderedScript render_script(const Project& project, const Revision& revision,
                             const RevisionBody& body, const ZoneTime& now) {
  const alembic::PythonBody python = alembic::python_body(body);
  const MakoValues values = values_of(project, revision, python, now);
  RenderedScript result;
  const Template own = template_of(project);
  try {
    result.text = render(own, values, revision);
  } catch (Error& error) {
    if (!error.report().place || error.report().place->file != own.file) throw;
    result.warning = fmt::format("{}: {}; a standard template was used",
                                 to_string(*error.report().place), error.report().message);
    Template standard;
    standard.file = "the standard template";
    standard.text = alembic::standard_mako_template;
    if (is_for_engines(own.text)) {
      // A script for one database would not run, and which functions it needs has to be known.
      if (!values.flask_engines) {
        error.report().hint =
            "its scripts are for several databases: list these in the table [alembic.engines] of "
            "limbeck.toml, name = \"url\"";
        throw;
      }
      standard.text = alembic::standard_engines_template;
    }
    result.text = render(standard, values, revision);
  }
  const std::string_view begin =
      std::string_view(python.upgrade).substr(0, python.upgrade.find('\n'));
  result.holds_upgrade = result.text.find(begin) != std::string::npos;
  return result;
}

}  // namespace limbeck
