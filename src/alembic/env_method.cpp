#include <algorithm>

#include "alembic/env_machine.h"
#include "base/letter_case.h"

namespace limbeck::alembic {
namespace {

constexpr std::size_t most_arguments = 1000;  // none is at that position

std::string replaced(std::string text, std::string_view before, std::string_view after) {
  if (before.empty()) return text;
  for (std::size_t at = text.find(before); at != std::string::npos;
       at = text.find(before, at + after.size()))
    text.replace(at, before.size(), after);
  return text;
}

std::string stripped(std::string_view text, std::string_view characters, bool left, bool right) {
  if (left) text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  if (right) text = text.substr(0, text.find_last_not_of(characters) + 1);
  return std::string(text);
}

}  // namespace

EnvValue* EnvMachine::call_method(Value* self, const std::string& name, EnvArguments& arguments,
                                  std::string_view source) {
  switch (self->kind) {
    case Kind::text: {
      Value* result = text_method(self, name, arguments);
      derive(result, self);
      return result;
    }
    case Kind::list:
      return list_method(self, name, arguments);
    case Kind::dictionary:
      return dictionary_method(self, name, arguments);
    case Kind::engine:
      return engine_method(self, name, arguments, source);
    case Kind::url:
      return url_method(self, name, arguments);
    case Kind::path:
      return path_method(self, name, arguments);
    default:
      break;
  }
  Value* result = unknown_of(arguments);
  result->is_configured = result->is_configured || is_configured(self);
  return result;
}

EnvValue* EnvMachine::text_method(Value* self, const std::string& name, EnvArguments& arguments) {
  const std::string& own = self->text;
  Value* otherwise = unknown_of(arguments);
  otherwise->is_configured = otherwise->is_configured || is_configured(self);
  std::vector<std::string> texts;
  for (const Value* value : arguments.values) {
    if (!value->is(Kind::text)) break;
    texts.push_back(value->text);
  }
  const bool are_texts = texts.size() == arguments.values.size();
  const bool has_one = texts.size() == 1 && are_texts;
  if (name == "lower") return text(lower_case(own));
  if (name == "upper") return text(upper_case(own));
  if (name == "encode" || name == "decode") return self;
  if (name == "replace" && texts.size() >= 2) {
    if (arguments.values.size() == 2) return text(replaced(own, texts[0], texts[1]));
    std::string result = own;  // the first one alone
    const bool is_once = arguments.values[2]->is(Kind::number) && arguments.values[2]->text == "1";
    const std::size_t at = result.find(texts[0]);
    if (is_once && at != std::string::npos) result.replace(at, texts[0].size(), texts[1]);
    return is_once ? text(std::move(result)) : otherwise;
  }
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    if (!are_texts) return otherwise;
    return text(
        stripped(own, texts.empty() ? " \t\r\n" : texts[0], name != "rstrip", name != "lstrip"));
  }
  if (name == "removeprefix" && has_one)
    return text(own.starts_with(texts[0]) ? own.substr(texts[0].size()) : own);
  if (name == "removesuffix" && has_one)
    return text(own.ends_with(texts[0]) ? own.substr(0, own.size() - texts[0].size()) : own);
  if ((name == "startswith" || name == "endswith") && arguments.values.size() == 1) {
    const bool is_list = arguments.values[0]->is(Kind::list) && !arguments.values[0]->is_open;
    if (!has_one && !is_list) return otherwise;
    const std::vector<Value*> ends =
        is_list ? arguments.values[0]->items : std::vector<Value*>{arguments.values[0]};
    for (const Value* end : ends) {
      if (!end->is(Kind::text)) return otherwise;
      if (name == "startswith" ? own.starts_with(end->text) : own.ends_with(end->text))
        return truth_value(true);
    }
    return truth_value(false);
  }
  if (name == "join" && arguments.values.size() == 1 && arguments.values[0]->is(Kind::list) &&
      !arguments.values[0]->is_open) {
    std::string result;
    for (const Value* item : arguments.values[0]->items) {
      if (!item->is(Kind::text)) return otherwise;
      result += (item == arguments.values[0]->items.front() ? "" : own) + item->text;
    }
    return text(std::move(result));
  }
  const bool is_split = name == "split" || name == "rsplit";
  if (is_split && arguments.values.size() <= 2 && !texts.empty() && !texts[0].empty()) {
    const bool is_once = arguments.values.size() == 2;
    if (is_once && arguments.values[1]->text != "1") return otherwise;
    Value* result = list_of({});
    std::size_t begin = 0;
    for (;;) {
      const bool from_right = is_once && name == "rsplit";
      const std::size_t at = from_right ? own.rfind(texts[0]) : own.find(texts[0], begin);
      const bool is_last = at == std::string::npos || (is_once && !result->items.empty());
      if (is_last) break;
      result->items.push_back(text(own.substr(begin, at - begin)));
      begin = at + texts[0].size();
    }
    result->items.push_back(text(own.substr(begin)));
    return result;
  }
  if (name == "format" && !arguments.is_open) {
    std::string result;
    std::size_t next = 0;
    for (std::size_t at = 0; at < own.size(); ++at) {
      if ((own[at] == '{' || own[at] == '}') && own.substr(at + 1, 1) == own.substr(at, 1)) {
        result += own[at++];
      } else if (own[at] != '{') {
        result += own[at];
      } else {
        const std::size_t close = own.find('}', at);
        if (close == std::string::npos) return otherwise;
        const std::string key = own.substr(at + 1, close - at - 1);
        const bool is_number =
            !key.empty() && key.find_first_not_of("0123456789") == std::string::npos;
        if (key.size() > 3 && is_number) return otherwise;
        const Value* value = key.empty() ? arguments.at(next++, "")
                             : is_number ? arguments.at(std::stoul(key), "")
                                         : arguments.at(most_arguments, key);
        const auto piece = value == nullptr ? std::nullopt : text_of_value(value);
        if (!piece) return otherwise;
        result += *piece;
        at = close;
      }
    }
    return text(std::move(result));
  }
  return otherwise;
}

EnvValue* EnvMachine::list_method(Value* self, const std::string& name, EnvArguments& arguments) {
  const bool has_one = arguments.values.size() == 1 && !arguments.is_open;
  if (name == "append" && has_one) {
    self->items.push_back(arguments.values[0]);
    return none();
  }
  if (name == "extend" && has_one) {
    const Value* more = arguments.values[0];
    self->items.insert(self->items.end(), more->items.begin(), more->items.end());
    self->is_open = self->is_open || !more->is(Kind::list) || more->is_open;
    return none();
  }
  if (name == "copy") return copied(self);
  if (name == "index" || name == "count") return unknown();
  self->is_open = true;  // insert, pop, remove, ...
  return unknown_of({self});
}

EnvValue* EnvMachine::dictionary_method(Value* self, const std::string& name,
                                        EnvArguments& arguments) {
  Value* first = arguments.at(0, "key");
  Value* otherwise = arguments.at(1, "default");
  const bool has_key = first != nullptr && first->is(Kind::text);
  Value* found = has_key ? self->find(first->text) : nullptr;
  if (name == "get" || name == "pop" || name == "setdefault") {
    if (!has_key) {
      if (name != "get") self->is_open = true;
      return unknown_of({self, otherwise});
    }
    if (name == "pop") self->remove(first->text);
    if (found != nullptr) return found;
    Value* value = otherwise != nullptr ? otherwise : none();
    if (self->is_open) value = unknown(self->is_configured || is_configured(value));
    if (name == "setdefault") self->set(first->text, value);
    return value;
  }
  if (name == "update") {
    if (!arguments.values.empty()) merge(self, arguments.values.front());
    for (const auto& [key, value] : arguments.named) self->set(key, value);
    self->is_open = self->is_open || arguments.is_open;
    return none();
  }
  if (name == "copy") return copied(self);
  if (name == "clear") {
    self->keys.clear();
    self->items.clear();
    self->is_open = false;
    return none();
  }
  if (name == "items" || name == "keys" || name == "values") {
    Value* result = list_of({});
    for (std::size_t at = 0; at < self->keys.size(); ++at) {
      if (name == "items")
        result->items.push_back(list_of({text(self->keys[at]), self->items[at]}));
      if (name == "keys") result->items.push_back(text(self->keys[at]));
      if (name == "values") result->items.push_back(self->items[at]);
    }
    result->is_open = self->is_open;
    result->is_configured = self->is_configured;
    return result;
  }
  return unknown_of({self});
}

}  // namespace limbeck::alembic
