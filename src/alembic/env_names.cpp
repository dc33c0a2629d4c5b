#include <algorithm>
#include <array>

#include "alembic/env_machine.h"
#include "alembic/module_names.h"

namespace limbeck::alembic {
namespace {

// The modules that Limbeck knows something about, or that decide nothing about a database.
bool is_known_module(std::string_view module) {
  constexpr std::array<std::string_view, 70> modules{
      "os",         "sys",         "re",           "logging",     "urllib",
      "pathlib",    "asyncio",     "typing",       "alembic",     "sqlalchemy",
      "contextlib", "collections", "json",         "time",        "warnings",
      "__future__", "dotenv",      "sqlmodel",     "functools",   "itertools",
      "importlib",  "inspect",     "datetime",     "types",       "subprocess",
      "traceback",  "string",      "copy",         "tempfile",    "threading",
      "socket",     "textwrap",    "configparser", "dataclasses", "enum",
      "concurrent", "urllib3",     "random",       "uuid",        "platform",
      "argparse",   "shutil",      "operator",     "abc",         "atexit",
      "signal",     "getpass",     "secrets",      "base64",      "hashlib",
      "math",       "decimal",     "ast",          "pprint",      "locale",
      "gc",         "weakref",     "glob",         "fnmatch",     "pkgutil",
      "ssl",        "csv",         "io",           "numbers",     "html",
      "builtins",   "queue",       "codecs",       "sqlite3",     "typing_extensions"};
  const std::string_view first = module.substr(0, module.find('.'));
  return std::find(modules.begin(), modules.end(), first) != modules.end();
}

}  // namespace

// The frame that a name is one of when it is bound.
EnvFrame* EnvMachine::frame_of(std::string_view name) {
  if (frame_->globals.contains(name)) return module_;
  if (!frame_->outer.contains(name)) return frame_;
  EnvFrame* frame = frame_->parent;
  while (frame != nullptr && (frame->is_class || !frame->names.contains(name)))
    frame = frame->parent;
  return frame == nullptr ? module_ : frame;
}

// Null: there is none.
EnvValue* EnvMachine::look_up(std::string_view name) {
  for (const EnvFrame* frame = frame_; frame != nullptr; frame = frame->parent) {
    if (frame->is_class && frame != frame_) continue;
    if (frame->globals.contains(name)) frame = module_;
    const auto found = frame->names.find(name);
    if (found != frame->names.end()) return found->second;
  }
  return nullptr;
}

void EnvMachine::assign_name(const std::string& name, Value* value) {
  frame_of(name)->names[name] = value;
}

// A name of the function around, where a comprehension gives it: name := value.
void EnvMachine::assign_outside(const std::string& name, Value* value) {
  EnvFrame* frame = frame_;
  while (frame->is_comprehension) frame = frame->parent;
  const EnvFrameSwitch within(frame_, frame);
  assign_name(name, value);
}

// What nobody follows may have given the names of the module other values. What libraries gave
// them is taken to stay: nobody gives "context" another one.
void EnvMachine::forget_names(std::string_view origin) {
  for (auto& [name, value] : module_->names) {
    if (name.starts_with('_') || value->is(Kind::library)) continue;
    value = unknown();
    value->variable = url_variable(name);
    if (!origin.empty()) value->text = std::string(origin) + "." + name;
  }
}

// from module import *
void EnvMachine::import_all(const std::string& module) {
  const auto names = names_of_module(project_, module);
  if (!names) {
    forget_names(module);
    return;
  }
  for (const auto& [name, from] : *names) {
    if (name.starts_with('_')) continue;
    const bool is_library = is_known_module(from);
    if (is_library && look_up(name) != nullptr) continue;  // the same, as a rule
    Value* value = is_library ? imported(from) : unknown();
    if (!is_library) {
      value->text = module + "." + name;
      value->variable = url_variable(name);
    }
    assign_name(name, value);
  }
}

EnvValue* EnvMachine::imported(const std::string& path) {
  const auto patched = patched_.find(path);
  return patched == patched_.end() ? library(path) : patched->second;
}

void EnvMachine::run_import(const Statement& statement) {
  for (const PythonImport& import : statement.imports) {
    const bool is_known = is_known_module(import.module);
    if (!is_known) {
      may_fail(import.module, "ImportError");
      leave_to_others();
      imports_application_ = true;
      if (application_.changes_configuration()) options_are_open_ = true;
    }
    if (import.module == "typing" && import.member == "TYPE_CHECKING") {
      assign_name(import.name, truth_value(false));
      continue;
    }
    if (import.member == "*") {
      if (!is_known) import_all(import.module);
      continue;  // what else it gives is unknown where it is used
    }
    std::string path = import.module;
    if (!import.member.empty()) path += "." + import.member;
    Value* value = is_known ? imported(path) : unknown();
    if (!is_known) {
      value->text = path;
      value->variable = url_variable(import.member);
    }
    assign_name(import.name, value);
  }
}

}  // namespace limbeck::alembic
