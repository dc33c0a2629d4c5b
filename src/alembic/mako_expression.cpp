#include "alembic/mako_expression.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <ctime>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "alembic/mako_objects.h"
#include "base/letter_case.h"

namespace limbeck::alembic {
namespace {

using Kind = PythonToken::Kind;
using Value = std::optional<PythonConstant>;
using ValueKind = PythonConstant::Kind;

PythonConstant text_value(std::string text) {
  PythonConstant value;
  value.kind = ValueKind::text;
  value.text = std::move(text);
  return value;
}

PythonConstant truth_value(bool truth) {
  PythonConstant value;
  value.kind = ValueKind::truth;
  value.text = truth ? "True" : "False";
  return value;
}

PythonConstant number_value(long long number) {
  PythonConstant value;
  value.kind = ValueKind::number;
  value.text = std::to_string(number);
  return value;
}

bool equal(const PythonConstant& a, const PythonConstant& b) {
  return a.kind == b.kind && a.text == b.text && a.items.size() == b.items.size() &&
         std::equal(a.items.begin(), a.items.end(), b.items.begin(), equal);
}

std::string trimmed(std::string_view text, bool left, bool right) {
  constexpr std::string_view blanks = " \t\r\n\f\v";
  if (left) text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  if (right) text = text.substr(0, text.find_last_not_of(blanks) + 1);
  return std::string(text);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

class ExpressionEvaluator {
 public:
  ExpressionEvaluator(std::span<const PythonToken> tokens, const MakoValues& values)
      : tokens_(tokens), values_(values) {}

  MakoResult read() {
    Value value = conditional();
    if (value && at_ != tokens_.size()) value = unknown(tokens_[at_].text);
    return {std::move(value), std::move(fault_)};
  }

 private:
  Value unknown(std::string_view what) {
    if (fault_.empty()) fault_ = fmt::format("\"{}\" is not known in a template of scripts", what);
    return std::nullopt;
  }
  Value known(MakoResult result) {
    if (!result.value && fault_.empty()) fault_ = std::move(result.fault);
    return std::move(result.value);
  }
  bool at(std::string_view text) const {
    return at_ < tokens_.size() && tokens_[at_].kind != Kind::string && tokens_[at_].text == text;
  }
  bool take(std::string_view text) {
    const bool found = at(text);
    if (found) ++at_;
    return found;
  }

  Value conditional();
  Value either();
  Value both();
  Value negated();
  Value compared();
  Value sum();
  Value formatted();
  Value object();
  Value postfix();
  Value atom();
  Value method(const PythonConstant& object, bool is_time);
  Value call(const PythonConstant& object, std::string_view name, bool is_time,
             const std::vector<PythonConstant>& arguments);
  Value time(std::string_view name, const std::vector<PythonConstant>& arguments);
  std::optional<std::vector<PythonConstant>> arguments();

  std::span<const PythonToken> tokens_;
  const MakoValues& values_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string fault_;
};

Value ExpressionEvaluator::conditional() {
  constexpr int max_depth = 40;
  if (++depth_ > max_depth) return unknown("...");
  Value value = either();
  if (value && take("if")) {
    const Value condition = either();
    if (!condition || !take("else")) return unknown("if");
    Value other = conditional();
    if (!other) return other;
    if (!is_true(*condition)) value = std::move(other);
  }
  --depth_;
  return value;
}

Value ExpressionEvaluator::either() {
  Value value = both();
  while (value && take("or")) {
    Value right = both();
    if (!right) return right;
    if (!is_true(*value)) value = std::move(right);
  }
  return value;
}

Value ExpressionEvaluator::both() {
  Value value = negated();
  while (value && take("and")) {
    Value right = negated();
    if (!right) return right;
    if (is_true(*value)) value = std::move(right);
  }
  return value;
}

Value ExpressionEvaluator::negated() {
  bool negative = false;
  bool any = false;
  while (take("not")) {
    negative = !negative;
    any = true;
  }
  Value value = compared();
  if (!value || !any) return value;
  return truth_value(is_true(*value) != negative);
}

Value ExpressionEvaluator::compared() {
  Value left = sum();
  if (!left) return left;
  bool negative = false;
  if (take("is")) {
    negative = take("not");
  } else if (take("!=")) {
    negative = true;
  } else if (!take("==")) {
    return left;
  }
  Value right = sum();
  if (!right) return right;
  return truth_value(equal(*left, *right) != negative);
}

Value ExpressionEvaluator::sum() {
  Value value = formatted();
  while (value && take("+")) {
    Value right = formatted();
    if (!right) return right;
    if (value->kind != ValueKind::text || right->kind != ValueKind::text) return unknown("+");
    value->text += right->text;
  }
  return value;
}

Value ExpressionEvaluator::formatted() {
  Value value = postfix();
  while (value && take("%")) {
    const Value right = postfix();
    if (!right) return right;
    value = known(format_with_percent(*value, *right));
  }
  return value;
}

// config.get_main_option("databases")
Value ExpressionEvaluator::object() {
  const std::string_view name = tokens_[at_].text;
  at_ += 2;
  const std::string_view method = at_ < tokens_.size() ? tokens_[at_++].text : "";
  if (!take("(")) return unknown(name);
  const auto given = arguments();
  return given ? known(call_mako_object(name, method, *given, values_)) : unknown(name);
}

Value ExpressionEvaluator::postfix() {
  const bool is_time = at("create_date");
  const bool is_object = at_ + 1 < tokens_.size() && tokens_[at_].kind == Kind::name &&
                         is_mako_object(tokens_[at_].text) && tokens_[at_ + 1].is(".");
  Value value = is_object ? object() : atom();
  bool still_time = is_time;
  while (value && take(".")) {
    value = method(*value, still_time);
    still_time = false;
  }
  return value;
}

std::optional<std::vector<PythonConstant>> ExpressionEvaluator::arguments() {
  std::vector<PythonConstant> result;
  while (!take(")")) {
    if (!result.empty() && !take(",")) return std::nullopt;
    Value value = conditional();
    if (!value) return std::nullopt;
    result.push_back(*std::move(value));
  }
  return result;
}

Value ExpressionEvaluator::method(const PythonConstant& object, bool is_time) {
  if (at_ == tokens_.size() || tokens_[at_].kind != Kind::name) return unknown(".");
  const std::string_view name = tokens_[at_++].text;
  if (!take("(")) return is_time ? time(name, {}) : unknown(name);
  const auto given = arguments();
  return given ? call(object, name, is_time, *given) : unknown(name);
}

Value ExpressionEvaluator::time(std::string_view name,
                                const std::vector<PythonConstant>& arguments) {
  const ZoneTime& created = values_.created;
  const std::array<std::pair<std::string_view, int>, 6> parts{{{"year", created.year},
                                                               {"month", created.month},
                                                               {"day", created.day},
                                                               {"hour", created.hour},
                                                               {"minute", created.minute},
                                                               {"second", created.second}}};
  for (const auto& [part, number] : parts) {
    if (part == name) return number_value(number);
  }
  if (name == "isoformat") {
    const char separator =
        arguments.empty() || arguments[0].text.empty() ? 'T' : arguments[0].text[0];
    return text_value(python_time(values_, separator));
  }
  if (name == "date") return text_value(python_time(values_, ' ').substr(0, 10));
  if (name != "strftime" || arguments.size() != 1) return unknown(name);
  std::tm broken{};
  broken.tm_year = created.year - 1900;
  broken.tm_mon = created.month - 1;
  broken.tm_mday = created.day;
  broken.tm_hour = created.hour;
  broken.tm_min = created.minute;
  broken.tm_sec = created.second;
  const std::string format =
      replaced(arguments[0].text, "%f", fmt::format("{:06}", values_.microseconds));
  std::array<char, 256> buffer{};
  const std::size_t size = std::strftime(buffer.data(), buffer.size(), format.c_str(), &broken);
  return text_value(std::string(buffer.data(), size));
}

Value ExpressionEvaluator::call(const PythonConstant& object, std::string_view name, bool is_time,
                                const std::vector<PythonConstant>& arguments) {
  if (is_time) return time(name, arguments);
  if (object.kind != ValueKind::text) return unknown(name);
  const bool none = arguments.empty();
  if (name == "strip" && none) return text_value(trimmed(object.text, true, true));
  if (name == "lstrip" && none) return text_value(trimmed(object.text, true, false));
  if (name == "rstrip" && none) return text_value(trimmed(object.text, false, true));
  if (name == "lower" && none) return text_value(lower_case(object.text));
  if (name == "upper" && none) return text_value(upper_case(object.text));
  if (name == "replace" && arguments.size() == 2) {
    return text_value(replaced(object.text, arguments[0].text, arguments[1].text));
  }
  if (name == "join" && arguments.size() == 1) {
    std::string joined;
    for (const PythonConstant& item : arguments[0].items) {
      joined += (joined.empty() ? "" : object.text) + item.text;
    }
    return text_value(joined);
  }
  return unknown(name);
}

Value ExpressionEvaluator::atom() {
  if (at_ == tokens_.size()) return unknown("");
  const PythonToken& token = tokens_[at_];
  if (take("(")) {
    Value value = conditional();
    return value && take(")") ? value : unknown("(");
  }
  if (token.kind == Kind::name && at_ + 1 < tokens_.size() && tokens_[at_ + 1].is("(")) {
    at_ += 2;
    const auto given = arguments();
    if (!given || given->size() != 1) return unknown(token.text);
    MakoResult result = call_mako_function(token.text, given->front());
    return result.value ? std::move(result.value) : unknown(token.text);
  }
  if (token.kind != Kind::string && token.kind != Kind::name && token.kind != Kind::number) {
    return unknown(token.text);
  }
  if (token.kind == Kind::name && token.text == "create_date") {
    ++at_;
    return text_value(python_time(values_, ' '));
  }
  std::size_t end = at_ + 1;
  while (token.kind == Kind::string && end < tokens_.size() && tokens_[end].kind == Kind::string) {
    ++end;
  }
  Value value = evaluate_python(tokens_.subspan(at_, end - at_), values_.names);
  at_ = end;
  return value ? std::move(value) : unknown(token.text);
}

}  // namespace

std::string python_time(const MakoValues& values, char separator) {
  const ZoneTime& it = values.created;
  std::string text =
      fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}.{:06}", it.year, it.month, it.day,
                  separator, it.hour, it.minute, it.second, values.microseconds);
  if (!values.show_offset) return text;
  const long minutes = std::abs(it.offset) / 60;
  return text + fmt::format("{}{:02}:{:02}", it.offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string python_repr(std::string_view text) {
  const char quote =
      text.find('\'') != std::string_view::npos && text.find('"') == std::string_view::npos ? '"'
                                                                                            : '\'';
  std::string result(1, quote);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else if (c == '\t') {
      result += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result += quote;
}

std::string python_repr(const PythonConstant& value) {
  switch (value.kind) {
    case ValueKind::none:
      return "None";
    case ValueKind::truth:
    case ValueKind::number:
      return value.text;
    case ValueKind::text:
      return python_repr(value.text);
    case ValueKind::collection:
      break;
  }
  std::string result = "(";
  for (const PythonConstant& item : value.items) {
    result += (result.size() > 1 ? ", " : "") + python_repr(item);
  }
  return result + (value.items.size() == 1 ? ",)" : ")");
}

std::string python_str(const PythonConstant& value) {
  return value.kind == ValueKind::text ? value.text : python_repr(value);
}

bool is_true(const PythonConstant& value) {
  switch (value.kind) {
    case ValueKind::none:
      return false;
    case ValueKind::truth:
      return value.text == "True";
    case ValueKind::number:
      return value.text != "0";
    case ValueKind::text:
      return !value.text.empty();
    case ValueKind::collection:
      return !value.items.empty();
  }
  return false;
}

MakoResult call_mako_function(std::string_view name, const PythonConstant& value) {
  if (name == "repr") return {text_value(python_repr(value)), {}};
  if (name == "str") return {text_value(python_str(value)), {}};
  if (name == "trim") return {text_value(trimmed(python_str(value), true, true)), {}};
  if (name == "len") {
    const bool text = value.kind == ValueKind::text;
    return {number_value(static_cast<long long>(text ? value.text.size() : value.items.size())),
            {}};
  }
  if (name == "comma") {
    if (value.kind == ValueKind::none) return {text_value(""), {}};
    if (value.kind != ValueKind::collection) return {text_value(python_str(value)), {}};
    std::string joined;
    for (const PythonConstant& item : value.items) {
      joined += (joined.empty() ? "" : ", ") + python_str(item);
    }
    return {text_value(joined), {}};
  }
  return {std::nullopt, fmt::format("{}() is not known in a template of scripts", name)};
}

MakoResult evaluate_mako(std::span<const PythonToken> tokens, const MakoValues& values) {
  return ExpressionEvaluator(tokens, values).read();
}

}  // namespace limbeck::alembic
