#include "dialect/postgres/memory/built_in.h"

#include <array>
#include <map>
#include <utility>

namespace limbeck::postgres::memory {
namespace {

using Candidates = std::map<std::string, std::vector<Candidate>, std::less<>>;

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t start = text.find_first_not_of(' ');
    if (start == std::string_view::npos) break;
    const std::size_t end = std::min(text.find(' ', start), text.size());
    words.emplace_back(text.substr(start, end - start));
    text.remove_prefix(end);
  }
  return words;
}

Candidate operator_row(std::string_view row) {
  Candidate candidate;
  candidate.arguments = words_of(row);
  candidate.result = std::move(candidate.arguments.back());
  candidate.arguments.pop_back();
  return candidate;
}

Candidate function_row(std::string_view row) {
  Candidate candidate;
  const std::size_t arrow = row.find("> ");
  candidate.arguments = words_of(row.substr(0, arrow));
  const std::vector<std::string> rest = words_of(row.substr(arrow + 2));
  candidate.result = rest.front();
  for (std::size_t i = 1; i < rest.size(); ++i) {
    const std::string& flag = rest[i];
    candidate.aggregate = candidate.aggregate || flag == "a" || flag == "w";
    candidate.returns_set = candidate.returns_set || flag == "s";
    candidate.variadic = candidate.variadic || flag == "v";
    if (flag[0] == 'd') candidate.defaults = flag[1] - '0';
  }
  return candidate;
}

Candidates read(std::string_view lines, Candidate (*row)(std::string_view)) {
  Candidates all;
  while (!lines.empty()) {
    std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(line.size() + 1);
    const std::size_t space = line.find(' ');
    std::string_view names = line.substr(0, space);
    line.remove_prefix(space + 1);
    std::vector<Candidate> candidates;
    while (!line.empty()) {
      const std::size_t comma = std::min(line.find(','), line.size());
      candidates.push_back(row(line.substr(0, comma)));
      line.remove_prefix(std::min(comma + 1, line.size()));
    }
    while (!names.empty()) {
      const std::size_t comma = std::min(names.find(','), names.size());
      all[std::string(names.substr(0, comma))] = candidates;
      names.remove_prefix(std::min(comma + 1, names.size()));
    }
  }
  return all;
}

const std::vector<Candidate>& named(const Candidates& all, std::string_view name) {
  static const std::vector<Candidate> none;
  const auto found = all.find(name);
  return found == all.end() ? none : found->second;
}

// Each type, and those that it is cast to without being asked.
constexpr std::array implicit_casts = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"int2", " int4 int8 float4 float8 numeric oid regclass regproc regtype "},
    {"int4", " int8 float4 float8 numeric oid regclass regproc regtype "},
    {"int8", " float4 float8 numeric oid regclass regproc regtype "},
    {"float4", " float8 "},
    {"numeric", " float4 float8 "},
    {"text", " varchar bpchar name regclass "},
    {"varchar", " text bpchar name regclass "},
    {"bpchar", " text varchar name "},
    {"name", " text "},
    {"char", " text "},
    {"date", " timestamp timestamptz "},
    {"timestamp", " timestamptz "},
    {"time", " timetz interval "},
    {"bit", " varbit "},
    {"varbit", " bit "},
    {"cidr", " inet "},
    {"macaddr", " macaddr8 "},
    {"macaddr8", " macaddr "},
    {"oid", " regclass regproc regtype regconfig regrole regnamespace "},
    {"regclass", " oid "},
    {"regproc", " oid regprocedure "},
    {"regtype", " oid "},
    {"regconfig", " oid "},
    {"int4range", " int4multirange "},
    {"int8range", " int8multirange "},
    {"numrange", " nummultirange "},
    {"daterange", " datemultirange "},
    {"tsrange", " tsmultirange "},
    {"tstzrange", " tstzmultirange "},
});

}  // namespace

const std::vector<Candidate>& operators_named(std::string_view name) {
  static const Candidates all = read(built_in_operators, operator_row);
  return named(all, name);
}

const std::vector<Candidate>& functions_named(std::string_view name) {
  static const Candidates all = read(built_in_functions, function_row);
  return named(all, name);
}

bool has_implicit_cast(std::string_view from, std::string_view to) {
  const std::string word = " " + std::string(to) + " ";
  for (const auto& [source, targets] : implicit_casts)
    if (source == from) return targets.find(word) != std::string_view::npos;
  return false;
}

}  // namespace limbeck::postgres::memory
