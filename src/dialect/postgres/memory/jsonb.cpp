// The text form of jsonb: keys once each, by length and then by bytes, one blank after : and ,.
#include <cctype>
#include <map>
#include <utility>

#include "dialect/postgres/memory/constants.h"

namespace limbeck::postgres::memory {
namespace {

constexpr int deepest = 200;

struct ShorterFirst {
  bool operator()(const std::string& left, const std::string& right) const {
    return left.size() != right.size() ? left.size() < right.size() : left < right;
  }
};

class JsonbReader {
 public:
  explicit JsonbReader(const std::string& text) : text_(text) {}

  std::optional<std::string> read() {
    auto value = read_value(0);
    skip_blanks();
    if (at_ != text_.size()) return std::nullopt;
    return value;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // With its quotes. One with an escape is for the server.
  std::optional<std::string> read_string() {
    if (!take('"')) return std::nullopt;
    const std::size_t end = text_.find_first_of("\"\\", at_);
    if (end == std::string::npos || text_[end] == '\\') return std::nullopt;
    std::string value = text_.substr(at_ - 1, end + 2 - at_);
    at_ = end + 1;
    return value;
  }

  std::optional<std::string> read_word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 ||
                                  text_[at_] == '-' || text_[at_] == '.'))
      ++at_;
    std::string word = text_.substr(start, at_ - start);
    if (word == "true" || word == "false" || word == "null") return word;
    // A number with an exponent is written another way.
    if (word.empty() || word.find_first_not_of("-.0123456789") != std::string::npos)
      return std::nullopt;
    return word;
  }

  std::optional<std::string> read_array(int depth) {
    std::string written = "[";
    if (take(']')) return "[]";
    do {
      const auto value = read_value(depth);
      if (!value) return std::nullopt;
      written += (written.size() > 1 ? ", " : "") + *value;
    } while (take(','));
    if (!take(']')) return std::nullopt;
    return written + "]";
  }

  std::optional<std::string> read_object(int depth) {
    if (take('}')) return "{}";
    std::map<std::string, std::string, ShorterFirst> members;
    do {
      auto key = read_string();
      if (!key || !take(':')) return std::nullopt;
      auto value = read_value(depth);
      if (!value) return std::nullopt;
      members[*key] = std::move(*value);
    } while (take(','));
    if (!take('}')) return std::nullopt;
    std::string written = "{";
    for (const auto& [key, value] : members) {
      if (written.size() > 1) written += ", ";
      written.append(key).append(": ").append(value);
    }
    return written + "}";
  }

  std::optional<std::string> read_value(int depth) {
    if (depth > deepest) return std::nullopt;
    if (take('{')) return read_object(depth + 1);
    if (take('[')) return read_array(depth + 1);
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '"') return read_string();
    return read_word();
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string> canonical_jsonb(const std::string& text) {
  return JsonbReader(text).read();
}

}  // namespace limbeck::postgres::memory
