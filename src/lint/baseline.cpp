#include "lint/baseline.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

#include "base/file.h"
#include "base/source.h"
#include "base/terminal.h"

namespace limbeck {
namespace {

constexpr std::string_view heading =
    "# The findings of \"limbeck lint\" that are known. \"limbeck lint --update-baseline\" writes "
    "this file.\n";
constexpr std::size_t largest_baseline = std::size_t{16} * 1024 * 1024;

}  // namespace

void leave_out_known(LintReport& report, const std::filesystem::path& file) {
  const std::string content = read_file(file, largest_baseline);
  std::string_view text = content;
  std::map<std::string, bool, std::less<>> known;  // and whether it was met
  int number = 1;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end), " \t\r");
    const std::string_view fingerprint = line.substr(0, line.find(' '));
    const bool comment = line.empty() || line.front() == '#';
    if (!comment && fingerprint.find_first_not_of("0123456789abcdef") != std::string_view::npos)
      throw Error({.code = ExitCode::invalid_project,
                   .message = "this line of the baseline begins with no fingerprint",
                   .place = Place{file.string(), number, 1, std::string(line)},
                   .hint = "\"limbeck lint --update-baseline\" writes the file anew"});
    if (!comment) known.emplace(fingerprint, false);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
  }
  const std::size_t before = report.findings.size();
  std::erase_if(report.findings, [&](const Finding& it) {
    const auto line = known.find(it.fingerprint);
    if (line != known.end()) line->second = true;
    return line != known.end();
  });
  report.known += static_cast<int>(before - report.findings.size());
  report.stale += static_cast<int>(
      std::count_if(known.begin(), known.end(), [](const auto& line) { return !line.second; }));
}

std::string baseline_text(const LintReport& report, const std::filesystem::path& folder) {
  std::string text(heading);
  for (const Finding& it : report.findings) {
    const auto file = std::filesystem::path(it.place.file).lexically_proximate(folder);
    text += fmt::format("{} {} {}:{}\n", it.fingerprint, it.rule, printable(file.generic_string()),
                        it.place.line);
  }
  return text;
}

}  // namespace limbeck
