#include <algorithm>
#include <array>
#include <utility>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

constexpr std::size_t most_rounds_within = 20'000;

}  // namespace

EnvValue* EnvMachine::comprehension(const Expression& expression, Value* iterated) {
  EnvFrame& frame = frames_.emplace_back();
  frame.parent = frame_;
  frame.is_comprehension = true;
  const EnvFrameSwitch within(frame_, &frame);
  Value* result = make(expression.text == "{" ? Kind::dictionary : Kind::list);
  const std::vector<Value*> items = items_of(iterated);
  result->is_open =
      (!iterated->is(Kind::list) && !iterated->is(Kind::dictionary)) || iterated->is_open;
  result->is_configured = result->is_open && is_configured(iterated);
  if (items.size() > most_rounds_within) throw EnvTooLong();
  for (Value* item : items) {
    assign(expression.parts[1], item);
    bool is_taken = true;
    for (std::size_t at = 3; at < expression.parts.size() && is_taken; ++at) {
      const auto known = known_truth(evaluate(expression.parts[at]));
      result->is_open = result->is_open || !known;
      is_taken = known.value_or(false);
    }
    if (!is_taken) continue;
    const Expression& element = expression.parts.front();
    if (result->is(Kind::list)) {
      result->items.push_back(evaluate(element));
      continue;
    }
    const Value* key = evaluate(element.parts[0]);
    Value* value = evaluate(element.parts[1]);
    if (key->is(Kind::text)) result->set(key->text, value);
    if (key->is(Kind::unknown)) result->is_open = true;
  }
  return expression.text == "set" ? set_of(result) : result;
}

std::vector<EnvValue*> EnvMachine::items_of(Value* value) {
  force(value);
  see_x_arguments(value);
  count_step(value->items.size());
  if (value->is(Kind::list))
    return value->is_iterator ? std::exchange(value->items, {}) : value->items;
  std::vector<Value*> result;
  value = as_dictionary(value);
  if (value->is(Kind::dictionary))
    for (const std::string& key : value->keys) result.push_back(text(key));
  return result;
}

EnvValue* EnvMachine::item(Value* of, const Expression& key, const Expression& whole) {
  if (key.kind == Expression::Kind::slice) return slice(of, key);
  return item_of(of, evaluate(key), whole.source);
}

EnvValue* EnvMachine::item_of(Value* of, Value* key, std::string_view source) {
  if (of->is(Kind::dictionary) && key->is(Kind::text)) {
    if (Value* found = of->find(key->text)) return found;
    if (!of->is_open) throw EnvError{"KeyError", line_, false};
    may_fail(source, "KeyError");
    return unknown(of->is_configured);
  }
  if (of->is(Kind::text) && key->is(Kind::number)) {
    std::vector<Value*> characters;
    for (std::string& one : characters_of(of->text)) characters.push_back(text(std::move(one)));
    of = list_of(std::move(characters));
  }
  if (of->is(Kind::list) && key->is(Kind::number) && !of->is_open && !of->is_set) {
    auto at = whole_number(key->text);
    if (at && *at < 0) *at += static_cast<long long>(of->items.size());
    if (!at) return unknown_of({of});
    const bool is_there = *at >= 0 && *at < static_cast<long long>(of->items.size());
    if (!is_there) throw EnvError{"IndexError", line_, false};
    return of->items[static_cast<std::size_t>(*at)];
  }
  if (of->is(Kind::library) && of->text == "os.environ" && key->is(Kind::text)) {
    if (Value* value = environment_variable(key->text)) {
      if (value->is(Kind::unknown)) may_fail(source, "KeyError");
      return value;
    }
    return without("KeyError", key->text);
  }
  if (of->is(Kind::section)) return section_item(of, key);
  if (of->is(Kind::library) && of->text == "alembic.context.config.file_config" &&
      key->is(Kind::text)) {
    if (!has_section(key->text)) throw EnvError{"KeyError", line_, false};
    Value* section = make(Kind::section);
    section->text = key->text;
    return section;
  }
  if (of->is(Kind::library) && of->text == "builtins.globals()" && key->is(Kind::text))
    if (const auto own = module_->names.find(key->text); own != module_->names.end())
      return own->second;
  if (of->is(Kind::unknown)) may_fail(source, "");
  Value* result = unknown_of({of});
  if (of->is(Kind::unknown) && !of->text.empty()) result->text = of->text + "[]";
  if (key->is(Kind::text) && !url_variable(key->text).empty())
    result->variable = url_variable(key->text);
  return result;
}

// text[:7], list[1:]
EnvValue* EnvMachine::slice(Value* of, const Expression& key) {
  const bool is_sequence = of->is(Kind::text) || (of->is(Kind::list) && !of->is_open);
  if (!is_sequence || key.parts.size() != 2) return unknown_of({of});
  const std::vector<std::string> characters = characters_of(of->text);
  const auto size =
      static_cast<long long>(of->is(Kind::text) ? characters.size() : of->items.size());
  std::array<long long, 2> ends{0, size};
  for (std::size_t i = 0; i < 2; ++i) {
    const Value* value = evaluate(key.parts[i]);
    if (value->is(Kind::none)) continue;
    auto end = value->is(Kind::number) ? whole_number(value->text) : std::nullopt;
    if (!end) return unknown_of({of});
    if (*end < 0) *end += size;
    ends[i] = std::clamp(*end, 0LL, size);
  }
  const auto begin = static_cast<std::size_t>(ends[0]);
  const auto count = static_cast<std::size_t>(std::max(ends[1] - ends[0], 0LL));
  if (of->is(Kind::text)) {
    std::string piece;
    for (std::size_t at = begin; at < begin + count; ++at) piece += characters[at];
    return text(std::move(piece));
  }
  Value* result = make(Kind::list);
  result->items.assign(of->items.begin() + ends[0],
                       of->items.begin() + ends[0] + static_cast<long long>(count));
  return result;
}

}  // namespace limbeck::alembic
