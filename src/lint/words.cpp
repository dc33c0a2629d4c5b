#include "lint/words.h"

#include "base/letter_case.h"

namespace limbeck {
namespace {

bool in_word(char c) {
  const char letter = lower_case(c);
  return c == '_' || (c >= '0' && c <= '9') || (letter >= 'a' && letter <= 'z') ||
         static_cast<unsigned char>(c) >= 0x80U;
}

}  // namespace

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (in_word(c)) {
      if (!inside) words.emplace_back();
      words.back() += lower_case(c);
    }
    inside = in_word(c);
  }
  return words;
}

}  // namespace limbeck
