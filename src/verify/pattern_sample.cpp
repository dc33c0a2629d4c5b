#include "verify/pattern_sample.h"

#include <algorithm>
#include <charconv>

namespace limbeck {
namespace {

constexpr std::size_t longest_sample = 200;
constexpr int deepest = 50;  // groups within groups

class PatternSample {
 public:
  PatternSample(std::string_view pattern, std::size_t row, std::size_t more)
      : pattern_(pattern), row_(row), more_(more) {}

  // One alternative after the other; the first one is the sample.
  std::string alternatives() {
    std::string first = branch();
    while (take('|')) branch();
    return first;
  }

 private:
  bool at_end() const { return at_ >= pattern_.size(); }
  bool take(char c) {
    if (at_end() || pattern_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string branch() {
    std::string text;
    while (!at_end() && pattern_[at_] != '|' && pattern_[at_] != ')') {
      const std::string piece = atom();
      for (std::size_t i = times(); i > 0 && text.size() < longest_sample; --i) text += piece;
    }
    return text;
  }

  std::string atom() {
    const char c = pattern_[at_++];
    if (c == '^' || c == '$') return {};
    if (c == '.') return "x";
    if (c == '[') return one_of_class();
    if (c == '\\' && !at_end()) return escaped(pattern_[at_++]);
    if (c != '(' || depth_ == deepest) return std::string(1, c);
    if (take('?')) ++at_;  // (?: and the like
    ++depth_;
    std::string text = alternatives();
    --depth_;
    take(')');
    return text;
  }

  std::string escaped(char c) const {
    if (c == 'd') return std::string(1, static_cast<char>('0' + (row_ + 1) % 10));
    if (c == 'w') return "x";
    if (c == 's') return " ";
    // \m, \M, \y, \A, \Z: places between characters
    if (std::string_view("mMyYAZ").find(c) != std::string_view::npos) return {};
    return std::string(1, c);
  }

  // A character of the first range.
  std::string one_of_class() {
    const bool other = take('^');
    char low = 0;
    char high = 0;
    for (bool first = true; !at_end() && (first || pattern_[at_] != ']'); first = false) {
      char from = pattern_[at_++];
      if (from == '\\' && !at_end()) from = class_escape(pattern_[at_++]);
      char to = from;
      if (at_ + 1 < pattern_.size() && pattern_[at_] == '-' && pattern_[at_ + 1] != ']') {
        to = pattern_[at_ + 1];
        at_ += 2;
      }
      if (low == 0) low = from, high = to;
    }
    take(']');
    if (other) return "x";
    const auto size = static_cast<std::size_t>(std::max(high - low + 1, 1));
    return std::string(1, static_cast<char>(low + static_cast<char>((row_ + 1) % size)));
  }

  static char class_escape(char c) { return c == 'd' ? '0' : c == 'w' ? 'a' : c; }

  // How often the atom stands there.
  std::size_t times() {
    if (take('?')) return 1;
    if (take('*') || take('+')) {
      take('?');
      return 1 + more_;
    }
    if (at_end() || pattern_[at_] != '{') return 1;
    const std::size_t close = pattern_.find('}', at_);
    if (close == std::string_view::npos) return 1;
    std::size_t least = 1;
    const char* end = pattern_.data() + close;
    const auto read = std::from_chars(pattern_.data() + at_ + 1, end, least);
    std::size_t most = least;
    if (read.ptr != end && *read.ptr == ',') {
      most = longest_sample;
      std::from_chars(read.ptr + 1, end, most);
    }
    at_ = close + 1;
    least = std::min(least, longest_sample);  // what is empty does not get longer
    return std::min(std::max(least, std::size_t{1}) + more_, std::max(most, least));
  }

  std::string_view pattern_;
  std::size_t row_;
  std::size_t more_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::string pattern_sample(std::string_view pattern, std::size_t row, std::size_t more) {
  return PatternSample(pattern, row, more).alternatives();
}

}  // namespace limbeck
