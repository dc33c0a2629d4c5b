#include "base/edit_distance.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace limbeck {
namespace {

constexpr std::size_t shortest_text = 3;
constexpr std::size_t longest_text = 128;

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

std::vector<std::string> closest_names(std::string_view text,
                                       std::span<const std::string_view> candidates, bool prefixes,
                                       std::size_t most) {
  if (text.size() < shortest_text || text.size() > longest_text) return {};
  const std::size_t allowed = std::max<std::size_t>(1, text.size() / 4);
  std::vector<std::pair<std::size_t, std::string_view>> found;
  for (std::string_view candidate : candidates) {
    std::string_view compared = candidate;
    if (prefixes && compared.size() > text.size()) compared = compared.substr(0, text.size());
    if (compared.size() + allowed < text.size() || text.size() + allowed < compared.size())
      continue;
    const std::size_t distance = edit_distance(text, compared);
    if (distance <= allowed) found.emplace_back(distance, candidate);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  std::vector<std::string> names;
  for (const auto& [distance, name] : found) {
    if (names.size() == most) break;
    names.emplace_back(name);
  }
  return names;
}

std::string did_you_mean(std::span<const std::string> names) {
  if (names.empty()) return {};
  std::string text = "did you mean ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text + '?';
}

}  // namespace limbeck
