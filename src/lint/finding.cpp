#include "lint/finding.h"

#include <array>
#include <fmt/format.h>

#include "base/sha256.h"

namespace limbeck {
namespace {

constexpr std::array severities =
    std::to_array<std::string_view>({"off", "notice", "warning", "error"});
constexpr std::array certainties = std::to_array<std::string_view>({"text", "inferred", "proved"});
constexpr std::array durations = std::to_array<std::string_view>(
    {"none", "instant", "table scan", "index build", "table rewrite"});

constexpr std::size_t fingerprint_digits = 16;

}  // namespace

std::string_view to_string(Severity severity) {
  return severities.at(static_cast<std::size_t>(severity));
}

std::optional<Severity> severity_named(std::string_view name) {
  for (std::size_t i = 0; i < severities.size(); ++i)
    if (severities.at(i) == name) return static_cast<Severity>(i);
  return std::nullopt;
}

std::string_view to_string(Certainty certainty) {
  return certainties.at(static_cast<std::size_t>(certainty));
}

std::string_view to_string(Duration duration) {
  return durations.at(static_cast<std::size_t>(duration));
}

std::string fingerprint_of(const Finding& finding) {
  return sha256_hex(fmt::format("{}\n{}\n{}\n{}", finding.rule, finding.revision, finding.object,
                                finding.message))
      .substr(0, fingerprint_digits);
}

}  // namespace limbeck
