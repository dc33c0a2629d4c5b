#include <algorithm>
#include <array>
#include <utility>

#include "alembic/env_machine.h"
#include "base/letter_case.h"

namespace limbeck::alembic {
namespace {

using Texts = std::vector<std::string>;

constexpr std::size_t most_arguments = 1000;  // none is at that position
constexpr std::string_view text_blanks = " \t\r\n\v\f";

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string replaced(std::string text, std::string_view before, std::string_view after,
                     long long count) {
  for (std::size_t at = text.find(before); at != std::string::npos && count != 0;
       at = text.find(before, at + after.size()), --count)
    text.replace(at, before.size(), after);
  return text;
}

std::string stripped(std::string_view text, std::string_view characters, bool left, bool right) {
  if (left) text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
  if (right) text = text.substr(0, text.find_last_not_of(characters) + 1);
  return std::string(text);
}

// From the left; count: how often at most, negative for always.
Texts split_at(std::string_view text, std::string_view at, long long count) {
  Texts result;
  for (std::size_t found = text.find(at); found != std::string_view::npos && count != 0;
       found = text.find(at), --count) {
    result.emplace_back(text.substr(0, found));
    text.remove_prefix(found + at.size());
  }
  result.emplace_back(text);
  return result;
}

Texts split_at_end(std::string_view text, std::string_view at, long long count) {
  Texts result;
  for (std::size_t found = text.rfind(at); found != std::string_view::npos && count != 0; --count) {
    result.emplace_back(text.substr(found + at.size()));
    text = text.substr(0, found);
    found = text.rfind(at);
  }
  result.emplace_back(text);
  std::reverse(result.begin(), result.end());
  return result;
}

Texts split_at_blanks(std::string_view text) {
  Texts result;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(text_blanks);
    if (begin == std::string_view::npos) return result;
    text.remove_prefix(begin);
    const std::size_t end = std::min(text.find_first_of(text_blanks), text.size());
    result.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

Texts lines_of(std::string_view text) {
  Texts result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    result.emplace_back(text.substr(0, end));
    const bool is_pair = text.substr(end, 2) == "\r\n";
    text.remove_prefix(std::min(end + (is_pair ? 2 : 1), text.size()));
  }
  return result;
}

bool all_are(std::string_view text, std::string_view method) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (method == "isalpha") return is_letter;
    return is_digit || (method == "isalnum" && is_letter);
  });
}

}  // namespace

EnvValue* EnvMachine::list_of_texts(const std::vector<std::string>& texts) {
  Value* result = list_of({});
  for (const std::string& one : texts) result->items.push_back(text(one));
  return result;
}

EnvValue* EnvMachine::text_method(Value* self, const std::string& name, EnvArguments& arguments) {
  Value* otherwise = unknown_of(arguments);
  otherwise->is_configured = otherwise->is_configured || is_configured(self);
  if (arguments.is_open) return otherwise;
  if (name == "format") return formatted_by(self->text, arguments, otherwise);
  if (name == "format_map" && arguments.values.size() == 1 &&
      arguments.values[0]->is(Kind::dictionary) && !arguments.values[0]->is_open) {
    EnvArguments named;
    const Value& all = *arguments.values[0];
    for (std::size_t at = 0; at < all.keys.size(); ++at) named.named[all.keys[at]] = all.items[at];
    return formatted_by(self->text, named, otherwise);
  }
  if (name == "join") return joined(self->text, arguments, otherwise);
  if (name == "startswith" || name == "endswith") return has_end(self, name, arguments, otherwise);
  if (name == "split" || name == "rsplit") return split(self->text, name, arguments, otherwise);
  std::vector<std::string> texts;
  for (const Value* value : arguments.values) {
    if (!value->is(Kind::text)) break;
    texts.push_back(value->text);
  }
  const bool are_texts = texts.size() == arguments.values.size() && arguments.named.empty();
  if (name == "replace" && texts.size() == 2)
    return replaced_in(self->text, texts, arguments, otherwise);
  return are_texts ? changed_text(self, name, texts, otherwise) : otherwise;
}

EnvValue* EnvMachine::replaced_in(const std::string& own, const std::vector<std::string>& texts,
                                  const EnvArguments& arguments, Value* otherwise) {
  const Value* count = arguments.at(2, "count");
  const auto most = count == nullptr ? std::optional<long long>(-1) : whole_number(count->text);
  if (texts[0].empty() || !most) return otherwise;
  return text(replaced(own, texts[0], texts[1], *most));
}

// Those that take texts alone.
EnvValue* EnvMachine::changed_text(Value* self, const std::string& name,
                                   const std::vector<std::string>& texts, Value* otherwise) {
  const std::string& own = self->text;
  const bool has_one = texts.size() == 1;
  if (name == "encode" || name == "decode") return self;
  if (name == "strip" || name == "lstrip" || name == "rstrip") {
    const std::string_view characters = texts.empty() ? text_blanks : texts[0];
    const bool is_plain = is_ascii(characters) && (!texts.empty() || is_ascii(own));
    return is_plain ? text(stripped(own, characters, name != "rstrip", name != "lstrip"))
                    : otherwise;
  }
  if (name == "removeprefix" && has_one)
    return text(own.starts_with(texts[0]) ? own.substr(texts[0].size()) : own);
  if (name == "removesuffix" && has_one)
    return text(own.ends_with(texts[0]) ? own.substr(0, own.size() - texts[0].size()) : own);
  if ((name == "partition" || name == "rpartition") && has_one && !texts[0].empty()) {
    const std::size_t at = name == "partition" ? own.find(texts[0]) : own.rfind(texts[0]);
    const bool is_there = at != std::string::npos;
    if (!is_there)
      return list_of_texts(name == "partition" ? Texts{own, "", ""} : Texts{"", "", own});
    return list_of_texts({own.substr(0, at), texts[0], own.substr(at + texts[0].size())});
  }
  if (name == "count" && has_one && !texts[0].empty())
    return number(static_cast<long long>(split_at(own, texts[0], -1).size()) - 1);
  if ((name == "find" || name == "rfind") && has_one && is_ascii(own)) {
    const std::size_t at = name == "find" ? own.find(texts[0]) : own.rfind(texts[0]);
    return number(at == std::string::npos ? -1 : static_cast<long long>(at));
  }
  if (!texts.empty() || !is_ascii(own)) return otherwise;
  if (name == "lower" || name == "casefold") return text(lower_case(own));
  if (name == "upper") return text(upper_case(own));
  if (name == "capitalize")
    return text(upper_case(own.substr(0, 1)) + (own.empty() ? "" : lower_case(own.substr(1))));
  if (name == "splitlines") return list_of_texts(lines_of(own));
  if (name == "isdigit" || name == "isnumeric" || name == "isdecimal" || name == "isalpha" ||
      name == "isalnum")
    return truth_value(all_are(own, name));
  return otherwise;
}

EnvValue* EnvMachine::joined(const std::string& own, const EnvArguments& arguments,
                             Value* otherwise) {
  if (arguments.values.size() != 1) return otherwise;
  Value* all = gathered(arguments.values[0]);
  if (all->is_open) return otherwise;
  std::string result;
  for (std::size_t at = 0; at < all->items.size(); ++at) {
    if (!all->items[at]->is(Kind::text)) return otherwise;
    result += (at == 0 ? "" : own) + all->items[at]->text;
  }
  return text(std::move(result));
}

EnvValue* EnvMachine::has_end(const Value* self, std::string_view name,
                              const EnvArguments& arguments, Value* otherwise) {
  if (arguments.values.size() != 1) return otherwise;
  Value* end = arguments.values[0];
  const std::vector<Value*> ends = end->is(Kind::list) ? end->items : std::vector<Value*>{end};
  bool is_sure = !end->is_open;
  for (const Value* one : ends) {
    is_sure = is_sure && one->is(Kind::text);
    if (!one->is(Kind::text)) continue;
    if (name == "startswith" ? self->text.starts_with(one->text) : self->text.ends_with(one->text))
      return truth_value(true);
  }
  return is_sure ? truth_value(false) : otherwise;
}

EnvValue* EnvMachine::split(const std::string& own, std::string_view name,
                            const EnvArguments& arguments, Value* otherwise) {
  const Value* at = arguments.at(0, "sep");
  const Value* count = arguments.at(1, "maxsplit");
  const auto most = count == nullptr ? std::optional<long long>(-1) : whole_number(count->text);
  if (!most) return otherwise;
  if (at == nullptr || at->is(Kind::none))
    return *most < 0 && is_ascii(own) ? list_of_texts(split_at_blanks(own)) : otherwise;
  if (!at->is(Kind::text) || at->text.empty()) return otherwise;
  count_step(own.size() / 16);
  return list_of_texts(name == "split" ? split_at(own, at->text, *most)
                                       : split_at_end(own, at->text, *most));
}

// "{name}".format(name=value)
EnvValue* EnvMachine::formatted_by(const std::string& own, const EnvArguments& arguments,
                                   Value* otherwise) {
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

}  // namespace limbeck::alembic
