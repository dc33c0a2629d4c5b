#include "alembic/env_machine.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <utility>

namespace limbeck::alembic {
namespace {

constexpr int most_steps = 300'000;  // of all ways
constexpr int most_ways = 500;
constexpr std::size_t text_of_a_step = 64;
constexpr std::size_t longest_text = std::size_t{64} * 1024;

}  // namespace

EnvMachine::EnvMachine(const AlembicProject& project, const PythonTree& tree, Needs needs)
    : project_(project), tree_(tree), needs_(needs), application_(project) {
  read_sections();
}

EnvMachine::~EnvMachine() = default;

// Ways --------------------------------------------------------------------------------------------

bool EnvMachine::next_way() {
  if (has_begun_) {
    while (!decisions_.empty() && decisions_.back()) decisions_.pop_back();
    if (decisions_.empty()) return false;
    decisions_.back() = true;
  }
  has_begun_ = true;
  if (++ways_ > most_ways) throw EnvTooLong();
  decision_ = 0;
  values_.clear();
  frames_.clear();
  attempts_.clear();
  handled_.clear();
  decided_.clear();
  environment_.clear();
  environment_is_open_ = false;
  reads_dotenv_ = false;
  dotenv_is_unknown_ = false;
  dotenv_overrides_ = false;
  dotenv_files_.clear();
  imports_application_ = false;
  connects_otherwise_ = false;
  folder_ = project_.working_folder;
  folder_is_unknown_ = false;
  folder_is_lost_ = false;
  added_sections_.clear();
  options_.clear();
  removed_.clear();
  options_are_open_ = false;
  section_ = project_.section;
  patched_.clear();
  configured_lines_.clear();
  executed_.clear();
  targets_.clear();
  has_run_ = false;
  may_run_ = false;
  left_to_others_in_ = 0;
  error_.reset();
  returned_ = nullptr;
  configured_line_ = 0;
  depth_ = 0;
  line_ = 0;
  module_ = frame_ = &frames_.emplace_back();
  attributes_ = make(Kind::dictionary);
  configured_ = make(Kind::dictionary);
  return true;
}

void EnvMachine::run() {
  module_->names["__file__"] = text((project_.script_location / "env.py").string());
  module_->names["__name__"] = text("env_py");
  try {
    run_all(tree_.body);
    // What is not followed may run the migrations.
    if (!has_run_ && configured_line_ > 0) add_target(may_run_, {});
  } catch (const EnvError& error) {
    error_ = error;
  }
}

bool EnvMachine::decide(std::string_view about) {
  const auto [known, is_new] = decided_.emplace(about, false);
  if (!is_new && !about.empty()) return known->second;
  if (decision_ == decisions_.size()) decisions_.push_back(false);
  return known->second = decisions_[decision_++];
}

bool EnvMachine::is_true(const Value* value) {
  see_x_arguments(value);
  const auto known = known_truth(value);
  return known ? *known : decide(fmt::format("{}", static_cast<const void*>(value)));
}

// Within "try" it is followed both ways.
void EnvMachine::may_fail(std::string_view about, std::string type) {
  if (attempts_.empty() || attempts_.back()) return;
  attempts_.back() = true;
  if (decide(fmt::format("{}: {} fails", line_, about)))
    throw EnvError{std::move(type), line_, false};
}

EnvValue* EnvMachine::without(std::string type, const std::string& variable) {
  if (needs_ == Needs::are_met) return unknown();
  throw EnvError{std::move(type), line_, true, false, variable};
}

// "raise" and exit().
void EnvMachine::end_itself(std::string type) {
  if (!passed_.contains(line_)) throw EnvError{std::move(type), line_, false, true};
}

void EnvMachine::leave_to_others() {
  left_to_others_in_ = line_;
  may_run_ = true;
}

void EnvMachine::count_step(std::size_t work) {
  if (work > most_steps || (steps_ += static_cast<int>(work)) > most_steps) throw EnvTooLong();
}

// Values ------------------------------------------------------------------------------------------

EnvValue* EnvMachine::make(Kind kind) {
  count_step();
  Value& value = values_.emplace_back();
  value.kind = kind;
  return &value;
}

EnvValue* EnvMachine::unknown(bool is_configured) {
  Value* value = make(Kind::unknown);
  value->is_configured = is_configured;
  return value;
}

EnvValue* EnvMachine::truth_value(bool value) {
  Value* result = make(Kind::truth);
  result->text = value ? "True" : "False";
  return result;
}

EnvValue* EnvMachine::text(std::string value) {
  if (value.size() > longest_text) return unknown();
  count_step(value.size() / text_of_a_step);
  Value* result = make(Kind::text);
  result->text = std::move(value);
  return result;
}

EnvValue* EnvMachine::number(long long value) {
  Value* result = make(Kind::number);
  result->text = std::to_string(value);
  return result;
}

EnvValue* EnvMachine::library(std::string path) {
  Value* result = make(Kind::library);
  result->text = std::move(path);
  return result;
}

EnvValue* EnvMachine::dictionary(const std::map<std::string, std::string>& values) {
  Value* result = make(Kind::dictionary);
  for (const auto& [key, value] : values) result->set(key, text(value));
  return result;
}

void EnvMachine::extend(Value* list, const Value* more) {
  const std::vector<Value*> items = more->items;  // it may be the list itself
  count_step(items.size());
  list->items.insert(list->items.end(), items.begin(), items.end());
  list->is_open = list->is_open || !more->is(Kind::list) || more->is_open;
}

EnvValue* EnvMachine::list_of(std::vector<Value*> items) {
  count_step(items.size());
  Value* result = make(Kind::list);
  result->items = std::move(items);
  return result;
}

EnvValue* EnvMachine::copied(const Value* value) {
  count_step(value->items.size() + value->text.size() / text_of_a_step);
  Value* result = make(value->kind);
  *result = *value;
  return result;
}

std::string EnvMachine::origin_of(const Value* value) const {
  const bool has_one = value->is(Kind::unknown) || value->is(Kind::dictionary);
  return has_one ? value->text : std::string();
}

bool EnvMachine::may_hold_configuration(const Value* value, int depth) const {
  if (value == nullptr || depth > 3) return false;
  if (value->is(Kind::unknown)) return value->is_configured;
  if (value->is(Kind::library)) return value->text == "alembic.context.config";
  if (value->is(Kind::text)) return !project_.url.empty() && value->text == project_.url;
  if (value->is(Kind::engine) || value->is(Kind::url))
    return may_hold_configuration(value->self, depth + 1) ||
           (!project_.url.empty() && value->text == project_.url);
  return std::any_of(value->items.begin(), value->items.end(),
                     [&](const Value* it) { return may_hold_configuration(it, depth + 1); });
}

std::string EnvMachine::variable_of(const Value* value) const {
  const bool has_url = value->is(Kind::engine) || value->is(Kind::url);
  return has_url && value->self != nullptr ? value->self->variable : value->variable;
}

// Whether what is not known of it came out of the application, which was given the configuration.
bool EnvMachine::is_configured(const Value* value) const {
  if (value == nullptr) return false;
  if (value->is(Kind::engine) || value->is(Kind::url)) return is_configured(value->self);
  return value->is_configured;
}

void EnvMachine::derive(Value* value, const Value* from) {
  if (from == nullptr) return;
  value->is_configured = value->is_configured || is_configured(from);
  if (!value->variable.empty()) return;
  value->variable = variable_of(from);
  const bool has_url = from->is(Kind::engine) || from->is(Kind::url);
  const Value* source = has_url && from->self != nullptr ? from->self : from;
  const bool is_changed = source->is(Kind::text) && value->is(Kind::unknown);
  value->changes_variable = !value->variable.empty() && (is_changed || source->changes_variable);
}

EnvValue* EnvMachine::unknown_of(std::initializer_list<const Value*> values) {
  Value* result = unknown();
  for (const Value* value : values) derive(result, value);
  return result;
}

EnvValue* EnvMachine::unknown_of(const EnvArguments& arguments) {
  Value* result = unknown();
  for (const Value* value : arguments.values) derive(result, value);
  for (const auto& [name, value] : arguments.named) derive(result, value);
  return result;
}

// Nothing when it is not known.
std::optional<bool> EnvMachine::same(const Value* a, const Value* b) const {
  if (a == b && !a->is(Kind::unknown)) return true;
  if (a->is(Kind::unknown) || b->is(Kind::unknown)) return std::nullopt;
  const auto is_plain = [](const Value* it) {
    return it->is(Kind::none) || it->is(Kind::truth) || it->is(Kind::number) || it->is(Kind::text);
  };
  const auto number_of = [](const Value* it) -> std::optional<double> {
    if (it->is(Kind::truth)) return it->text == "True" ? 1 : 0;
    return it->is(Kind::number) ? std::optional(std::strtod(it->text.c_str(), nullptr))
                                : std::nullopt;
  };
  if (number_of(a) && number_of(b)) return *number_of(a) == *number_of(b);
  if (is_plain(a) && is_plain(b)) return a->kind == b->kind && a->text == b->text;
  if (is_plain(a) != is_plain(b) && (a->is(Kind::none) || b->is(Kind::none))) return false;
  return std::nullopt;
}

std::optional<bool> EnvMachine::known_truth(const Value* value) const {
  switch (value->kind) {
    case Kind::none:
      return false;
    case Kind::truth:
      return value->text == "True";
    case Kind::number:
      return value->text.find_first_not_of("0.") != std::string::npos;
    case Kind::text:
      return !value->text.empty();
    case Kind::list:
    case Kind::dictionary:
      if (!value->items.empty()) return true;
      return value->is_open ? std::nullopt : std::optional(false);
    case Kind::function:
    case Kind::class_type:
    case Kind::method:
    case Kind::partial:
    case Kind::engine:
    case Kind::url:
    case Kind::path:
    case Kind::metadata:
    case Kind::section:
    case Kind::generator:
    case Kind::super:
      return true;
    case Kind::library:
      return value->text == "alembic.context.config" ? std::optional(true) : std::nullopt;
    case Kind::unknown:
    case Kind::object:
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::string> EnvMachine::text_of_value(const Value* value) const {
  switch (value->kind) {
    case Kind::text:
    case Kind::number:
    case Kind::truth:
    case Kind::path:
      return value->text;
    case Kind::none:
      return "None";
    case Kind::url:
      return value->self == nullptr ? std::optional(value->text) : std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace limbeck::alembic
