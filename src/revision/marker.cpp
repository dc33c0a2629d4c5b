#include "revision/marker.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <span>
#include <utility>

#include "base/edit_distance.h"
#include "base/source.h"
#include "base/text_place.h"
#include "sql/lexer.h"
#include "sql/lexical_rules.h"

namespace limbeck {
namespace {

constexpr std::array<std::string_view, 3> section_words{"upgrade", "downgrade", "backfill"};
constexpr std::array<std::string_view, 10> all_words{
    "revision", "revises",       "labels",  "depends-on", "created",
    "squashed", "squashed-hash", "upgrade", "downgrade",  "backfill"};
constexpr std::string_view blanks = " \t";

// Only what is needed to find where the section ends.
constexpr sql::LexicalRules mariadb_rules{.backtick_names = true, .standard_strings = false};

struct KnownDialect {
  std::string_view name;
  std::string_view alias;
  const sql::LexicalRules* rules;
};
constexpr std::array<KnownDialect, 3> known_dialects{
    {{"postgresql", "postgres", &sql::postgres_rules},
     {"sqlite", "", &sql::sqlite_rules},
     {"mariadb", "", &mariadb_rules}}};

// " Did you mean x?", or nothing. A word with two letters swapped, or one letter in three wrong, is
// still meant.
std::string proposal(std::string_view word, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t best_distance = std::string_view::npos;
  for (const std::string_view candidate : candidates) {
    const std::size_t longer = std::max(word.size(), candidate.size());
    if (longer > 64) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance > std::max<std::size_t>(1, longer / 3) || distance >= best_distance) continue;
    best = candidate;
    best_distance = distance;
  }
  return best.empty() ? std::string() : fmt::format("did you mean {}? ", best);
}

// The words of a value; a "quoted name" in a word may hold blanks.
std::vector<std::string_view> words_of(const Marker& marker) {
  std::vector<std::string_view> words;
  const std::string_view value = marker.value;
  for (std::size_t at = 0; at < value.size();) {
    at = std::min(value.find_first_not_of(blanks, at), value.size());
    std::size_t end = at;
    bool quoted = false;
    for (; end < value.size() && (quoted || blanks.find(value[end]) == std::string_view::npos);
         ++end) {
      if (value[end] == '"') quoted = !quoted;
    }
    const std::string_view word = value.substr(at, end - at);
    if (quoted) throw marker.fault(word, "this quoted name is not closed", "add the missing \"");
    if (!word.empty()) words.push_back(word);
    at = end;
  }
  return words;
}

// Splits at commas outside of double quotes.
std::vector<std::string_view> parts_of(std::string_view list) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  bool quoted = false;
  for (std::size_t at = 0; at <= list.size(); ++at) {
    if (at < list.size() && list[at] == '"') quoted = !quoted;
    if (at < list.size() && (list[at] != ',' || quoted)) continue;
    parts.push_back(trimmed(list.substr(begin, at - begin), blanks));
    begin = at + 1;
  }
  return parts;
}

std::vector<std::string> names_of(const Marker& marker, bool are_ids) {
  std::vector<std::string> names;
  for (const std::string_view part : parts_of(marker.value)) {
    if (const std::string fault = name_fault(part, are_ids); !fault.empty()) {
      throw marker.fault(part, fault, "several names are separated by commas");
    }
    if (std::find(names.begin(), names.end(), part) != names.end()) {
      throw marker.fault(part, fmt::format("'{}' is named twice", part), "remove one of the two");
    }
    names.emplace_back(part);
  }
  return names;
}

bool add_dialect(const Marker& marker, std::string_view word, std::vector<std::string>& dialects) {
  for (const KnownDialect& known : known_dialects) {
    if (word != known.name && (known.alias.empty() || word != known.alias)) continue;
    if (std::find(dialects.begin(), dialects.end(), known.name) != dialects.end()) {
      throw marker.fault(word, fmt::format("the dialect {} is named twice", known.name),
                         "remove one of the two");
    }
    dialects.emplace_back(known.name);
    return true;
  }
  return false;
}

[[noreturn]] void refuse_word(const Marker& marker, std::string_view word,
                              std::vector<std::string_view> candidates) {
  for (const KnownDialect& known : known_dialects) candidates.push_back(known.name);
  throw marker.fault(
      word, fmt::format("'{}' is no option of limbeck:{}", word, marker.word),
      fmt::format("{}it knows {}", proposal(word, candidates), fmt::join(candidates, ", ")));
}

std::vector<std::string> hashes_of(const Marker& marker) {
  constexpr std::string_view prefix = "sha256:";
  constexpr std::size_t digits = 64;
  std::vector<std::string> hashes;
  for (const std::string_view part : parts_of(marker.value)) {
    if (!part.starts_with(prefix) || part.size() != prefix.size() + digits ||
        part.find_first_not_of("0123456789abcdef", prefix.size()) != std::string_view::npos) {
      throw marker.fault(part, fmt::format("'{}' is no hash of a revision file", part),
                         "a hash is sha256: and 64 hexadecimal digits; \"limbeck squash\" writes "
                         "this line, leave it as it was");
    }
    hashes.emplace_back(part);
  }
  return hashes;
}

std::int64_t number(const Marker& marker, std::string_view value, std::int64_t least) {
  constexpr std::size_t most_digits = 10;
  constexpr std::int64_t most = 1'000'000'000;
  const bool digits = !value.empty() && value.size() <= most_digits &&
                      value.find_first_not_of("0123456789") == std::string_view::npos;
  const std::int64_t result = digits ? std::stoll(std::string(value)) : -1;
  if (result < least || result > most) {
    throw marker.fault(value, fmt::format("'{}' is no number from {} to {}", value, least, most),
                       "write it in digits alone");
  }
  return result;
}

// A name as it stands in SQL: words and "quoted words", with dots between them where dots is set.
std::string sql_name(const Marker& marker, std::string_view value, bool dots) {
  bool valid = !value.empty();
  bool needs_part = true;
  for (std::size_t at = 0; valid && at < value.size();) {
    const std::size_t begin = at;
    if (value[at] == '"') {
      do at = std::min(value.find('"', at + 1), value.size() - 1) + 1;
      while (at < value.size() && value[at] == '"');
      valid = at - begin > 2;
    } else {
      const auto plain = [](char c) {
        return c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80 ||
               (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      };
      while (at < value.size() && plain(value[at])) ++at;
      valid = at > begin;
    }
    needs_part = false;
    if (!valid || at == value.size()) break;
    valid = dots && value[at++] == '.';
    needs_part = true;
  }
  if (!valid || needs_part) {
    throw marker.fault(
        value, fmt::format("'{}' is no name as SQL writes it", value),
        "put a name with other characters than letters, digits and _ into double quotes");
  }
  return std::string(value);
}

void read_backfill_option(const Marker& marker, std::string_view word,
                          std::vector<std::string>& seen, BackfillOptions& options) {
  const std::size_t equals = word.find('=');
  const std::string_view name = word.substr(0, equals);
  const std::string_view value = word.substr(equals + 1);
  if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
    throw marker.fault(word, fmt::format("{}= is given twice", name), "remove one of the two");
  }
  seen.emplace_back(name);
  if (name == "table") {
    options.table = sql_name(marker, value, true);
  } else if (name == "batch") {
    options.batch = number(marker, value, 1);
  } else if (name == "rate") {
    options.rate = number(marker, value, 0);
  } else if (name == "key") {
    for (const std::string_view part : parts_of(value)) {
      options.key.push_back(sql_name(marker, part, false));
    }
  } else {
    refuse_word(marker, word, {"table=", "batch=", "rate=", "key="});
  }
}

Section read_backfill(const Marker& marker, const std::optional<Section>& before) {
  if (before && before->irreversible) {
    throw marker.fault(marker.word,
                       "this limbeck:backfill belongs to a downgrade that is irreversible",
                       "put it behind a limbeck:upgrade or limbeck:downgrade marker");
  }
  Section section{.direction = before ? before->direction : Direction::upgrade,
                  .kind = SectionKind::backfill};
  std::vector<std::string> seen;
  for (const std::string_view word : words_of(marker)) {
    if (word.find('=') != std::string_view::npos) {
      read_backfill_option(marker, word, seen, section.backfill);
    } else if (!add_dialect(marker, word, section.dialects)) {
      refuse_word(marker, word, {"table=", "batch=", "rate=", "key="});
    }
  }
  if (section.backfill.table.empty()) {
    throw marker.fault(marker.word, "this limbeck:backfill names no table",
                       "say whose rows it walks along: limbeck:backfill table=users");
  }
  section.names_dialects = !section.dialects.empty();
  if (!section.names_dialects && before) section.dialects = before->dialects;
  return section;
}

}  // namespace

std::string name_fault(std::string_view name, bool is_id) {
  if (name.empty()) return "a name is missing here";
  for (std::size_t i = 0; i < name.size(); ++i) {
    const auto byte = static_cast<unsigned char>(name[i]);
    const bool c1 =
        byte == 0xC2 && i + 1 < name.size() && static_cast<unsigned char>(name[i + 1]) < 0xA0;
    if (byte <= 0x20 || byte == 0x7F || c1) return "a name holds a blank or a control character";
    if (std::string_view("@:,").find(name[i]) != std::string_view::npos ||
        (is_id && (name[i] == '+' || name[i] == '-'))) {
      return fmt::format("a name holds '{}', which has a meaning of its own in selectors", name[i]);
    }
  }
  return {};
}

Error Marker::fault(std::string_view part, std::string message, std::string hint) const {
  return fault_at(line, static_cast<std::size_t>(part.data() - line.data()), start,
                  std::move(message), std::move(hint));
}

std::optional<Marker> read_marker(std::string_view line, const Place& start) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  std::string_view rest = line;
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  if (!rest.starts_with("--")) return std::nullopt;
  rest.remove_prefix(std::min(rest.find_first_not_of('-'), rest.size()));
  rest.remove_prefix(std::min(rest.find_first_not_of(blanks), rest.size()));
  if (!sql::same_word(rest.substr(0, marker_prefix.size()), marker_prefix)) return std::nullopt;
  rest.remove_prefix(marker_prefix.size());
  const std::size_t end = std::min(rest.find_first_of(blanks), rest.size());
  return Marker{line, start, rest.substr(0, end), trimmed(rest.substr(end), blanks)};
}

bool begins_section(const Marker& marker) {
  const auto among = [&](const auto& words) {
    return std::find(words.begin(), words.end(), marker.word) != words.end();
  };
  if (among(section_words)) return true;
  if (among(all_words)) return false;
  if (marker.word.empty()) {
    throw marker.fault(marker.word, "a word is missing right behind limbeck:",
                       "write, for example, limbeck:upgrade, without a blank");
  }
  throw marker.fault(marker.word, fmt::format("there is no marker limbeck:{}", marker.word),
                     fmt::format("{}the markers are {}", proposal(marker.word, all_words),
                                 fmt::join(all_words, ", ")));
}

Section read_section_marker(const Marker& marker, const std::optional<Section>& before) {
  if (marker.word == "backfill") return read_backfill(marker, before);
  const bool down = marker.word == "downgrade";
  Section section{.direction = down ? Direction::downgrade : Direction::upgrade};
  for (const std::string_view word : words_of(marker)) {
    if (word == "no-transaction") {
      section.kind = SectionKind::no_transaction;
    } else if (word == "irreversible" && down) {
      section.irreversible = true;
    } else if (word == "manual") {
      section.manual = true;
    } else if (!add_dialect(marker, word, section.dialects)) {
      std::vector<std::string_view> options{"no-transaction", "manual"};
      if (down) options.emplace_back("irreversible");
      refuse_word(marker, word, std::move(options));
    }
  }
  return section;
}

void read_header_marker(const Marker& marker, Revision& revision) {
  if (marker.value.empty()) {
    throw marker.fault(marker.word, fmt::format("limbeck:{} says nothing", marker.word),
                       marker.word == "revision" ? "write the revision's id behind it"
                                                 : "write its value behind it, or remove the line");
  }
  if (marker.word == "revision") {
    if (const std::string fault = name_fault(marker.value, true); !fault.empty()) {
      throw marker.fault(marker.value, fault,
                         "an id holds letters, digits and _ (no blank, comma or any of @ - + :)");
    }
    revision.id = marker.value;
    revision.place =
        place_at(marker.line, static_cast<std::size_t>(marker.value.data() - marker.line.data()),
                 marker.start);
  }
  if (marker.word == "revises") revision.down_revisions = names_of(marker, true);
  if (marker.word == "depends-on") revision.depends_on = names_of(marker, false);
  if (marker.word == "labels") revision.labels = names_of(marker, false);
  if (marker.word == "created") revision.created = marker.value;
  if (marker.word == "squashed") revision.squashed = names_of(marker, true);
  if (marker.word == "squashed-hash") revision.squashed_hashes = hashes_of(marker);
}

sql::LexicalRules lexical_rules_of(const std::vector<std::string>& dialects) {
  if (dialects.size() == 1) {
    for (const KnownDialect& known : known_dialects) {
      if (known.name == dialects.front()) return *known.rules;
    }
  }
  sql::LexicalRules common = sql::postgres_rules;
  common.backtick_names = true;
  return common;
}

}  // namespace limbeck
