#include "report/findings.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <set>

#include "limbeck/version.h"

#include "base/percent.h"

namespace limbeck {
namespace {

std::string relative(const std::string& file, const std::string& folder) {
  if (folder.empty() || file.empty()) return file;
  const auto path = std::filesystem::path(file).lexically_proximate(folder).generic_string();
  return path.starts_with("../") ? file : path;
}

// In which a "%" or a blank is never itself.
std::string as_uri(const std::string& path) {
  return (path.starts_with('/') ? "file://" : "") + percent_encoded(path, "/-._~");
}

std::string effect_line(const Finding& finding) {
  std::string line;
  if (!finding.lock.empty()) {
    line = finding.lock + " lock";
    if (!finding.object.empty()) line += " on " + finding.object;
    if (!finding.blocks.empty()) line += fmt::format(": blocks {}", finding.blocks);
  }
  if (finding.duration >= Duration::scan)
    line += fmt::format("{}for the time of {} {}", line.empty() ? "" : " ",
                        finding.duration == Duration::index_build ? "an" : "a",
                        to_string(finding.duration));
  return line;
}

std::string_view sarif_level(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::notice:
      return "note";
    case Severity::off:
      break;
  }
  return "none";
}

// What a workflow command takes as text and as the value of a property.
std::string escaped(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (special)
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else
      result += c;
  }
  return result;
}

}  // namespace

Style style_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Style::red;
    case Severity::warning:
      return Style::yellow;
    default:
      return Style::cyan;
  }
}

std::string findings_text(std::span<const Finding> findings, const Painter& paint) {
  std::string text;
  for (const Finding& it : findings) {
    const std::string number = std::to_string(it.place.line);
    const std::string margin(number.size(), ' ');
    text += fmt::format("{}: {} [{}, {}]\n", paint(style_of(it.severity), to_string(it.severity)),
                        it.message, paint(Style::bold, it.rule), to_string(it.certainty));
    if (!it.place.file.empty()) text += fmt::format("  --> {}\n", printable(to_string(it.place)));
    if (!it.place.source_line.empty()) {
      text += fmt::format("{} |\n{} | {}\n", margin, number, printable(it.place.source_line));
    }
    if (const std::string line = effect_line(it); !line.empty())
      text += fmt::format("  effect: {}\n", line);
    if (!it.why.empty()) text += fmt::format("  why: {}\n", it.why);
    if (!it.rewrite.empty()) text += fmt::format("  instead: {}\n", it.rewrite);
    text += '\n';
  }
  return text;
}

std::string findings_short(std::span<const Finding> findings, const Painter& paint) {
  constexpr std::size_t most_lines = 20;
  std::vector<const Finding*> told;
  std::set<std::string> revisions;
  for (const Finding& it : findings) {
    revisions.insert(it.revision);
    if (it.severity >= Severity::warning) told.push_back(&it);
  }
  if (told.empty()) return "";
  std::stable_sort(told.begin(), told.end(), [](const Finding* left, const Finding* right) {
    return left->severity > right->severity;
  });
  std::string text;
  const std::size_t shown = std::min(told.size(), most_lines);
  for (std::size_t i = 0; i < shown; ++i) {
    const Finding& it = *told[i];
    text += fmt::format("{}: {}: {} [{}]\n", paint(style_of(it.severity), to_string(it.severity)),
                        printable(to_string(it.place)), it.message, it.rule);
  }
  const bool one = revisions.size() == 1;
  text += fmt::format("{} finding{}{}: \"limbeck lint {}\" says more{}\n", findings.size(),
                      findings.size() == 1 ? "" : "s",
                      findings.size() == shown ? "" : fmt::format(", {} shown", shown),
                      one ? printable(*revisions.begin()) : "REVISION", one ? "" : " of each");
  return text;
}

void write_findings(JsonWriter& json, std::span<const Finding> findings, std::string_view page) {
  json.begin_array();
  for (const Finding& it : findings) {
    json.begin_object();
    json.member("rule", it.rule);
    json.member("severity", to_string(it.severity));
    json.member("certainty", to_string(it.certainty));
    json.optional_member("file", it.place.file);
    json.member("line", it.place.line);
    json.member("column", it.place.column);
    json.optional_member("revision", it.revision);
    json.member("message", it.message);
    json.optional_member("object", it.object);
    json.optional_member("lock", it.lock);
    json.optional_member("blocks", it.blocks);
    json.member("duration", to_string(it.duration));
    json.member("loses_data", it.loses_data);
    json.optional_member("why", it.why);
    json.optional_member("instead", it.rewrite);
    if (!page.empty()) json.member("documentation", fmt::format("{}#{}", page, it.rule));
    json.member("fingerprint", it.fingerprint);
    json.end_object();
  }
  json.end_array();
}

std::string findings_sarif(std::span<const Finding> findings, std::span<const FindingRule> rules,
                           const std::string& folder) {
  JsonWriter json;
  json.begin_object();
  json.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
  json.member("version", "2.1.0");
  json.key("runs").begin_array().begin_object();
  json.key("tool").begin_object().key("driver").begin_object();
  json.member("name", "limbeck").member("version", version);
  json.key("rules").begin_array();
  std::map<std::string_view, int> index;
  for (const FindingRule& rule : rules) {
    const int next = static_cast<int>(index.size());
    index[rule.name] = next;
    json.begin_object().member("id", rule.name);
    json.key("shortDescription").begin_object().member("text", rule.summary).end_object();
    json.key("fullDescription").begin_object().member("text", rule.why).end_object();
    if (!rule.page.empty()) {
      // What shows no Markdown shows the text.
      json.key("help").begin_object();
      json.member("text", rule.page).member("markdown", rule.page).end_object();
    }
    json.key("defaultConfiguration").begin_object();
    json.member("level", sarif_level(rule.severity)).end_object();
    json.end_object();
  }
  json.end_array().end_object().end_object();
  json.key("results").begin_array();
  for (const Finding& it : findings) {
    json.begin_object().member("ruleId", it.rule);
    if (const auto found = index.find(it.rule); found != index.end())
      json.member("ruleIndex", found->second);
    json.member("level", sarif_level(it.severity));
    const std::string instead = it.rewrite.empty() ? "" : " Instead: " + it.rewrite;
    json.key("message").begin_object();
    json.member("text", fmt::format("{}. {}{}", it.message, it.why, instead)).end_object();
    if (!it.place.file.empty()) {
      json.key("locations").begin_array().begin_object();
      json.key("physicalLocation").begin_object();
      json.key("artifactLocation").begin_object();
      json.member("uri", as_uri(relative(it.place.file, folder))).end_object();
      json.key("region").begin_object();
      json.member("startLine", std::max(it.place.line, 1));
      json.member("startColumn", std::max(it.place.column, 1));
      json.end_object().end_object().end_object().end_array();
    }
    json.key("partialFingerprints").begin_object();
    json.member("limbeck/v1", it.fingerprint).end_object();
    json.end_object();
  }
  json.end_array();
  json.member("columnKind", "unicodeCodePoints");
  json.end_object().end_array().end_object();
  return json.text() + "\n";
}

std::string findings_github(std::span<const Finding> findings, const std::string& folder) {
  std::string text;
  for (const Finding& it : findings) {
    const std::string_view command = it.severity == Severity::error     ? "error"
                                     : it.severity == Severity::warning ? "warning"
                                                                        : "notice";
    const std::string instead = it.rewrite.empty() ? "" : "\nInstead: " + it.rewrite;
    // What is about no file, a database say, stands beside none.
    std::string where;
    if (!it.place.file.empty())
      where = fmt::format("file={},line={},col={},", escaped(relative(it.place.file, folder), true),
                          std::max(it.place.line, 1), std::max(it.place.column, 1));
    text += fmt::format("::{} {}title={}::{}\n", command, where, escaped(it.rule, true),
                        escaped(fmt::format("{}. {}{}", it.message, it.why, instead), false));
  }
  return text;
}

}  // namespace limbeck
