#include "revision/revision_file.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <utility>

#include "base/redact.h"
#include "base/sha256.h"
#include "base/text_place.h"
#include "base/utf8.h"
#include "revision/marker.h"

namespace limbeck {
namespace {

// "limbeck:allow" speaks to lint alone; here it is a comment like any other.
bool is_allowance(const Marker& marker) {
  return marker.word == "allow";
}

struct Header {
  Revision revision;
  std::size_t end = 0;  // where the first section marker's line begins, or the end of the text
  int end_line = 1;
};

class HeaderReader {
 public:
  HeaderReader(std::string_view text, const std::string& file) : text_(text), start_{.file = file} {
    if (text.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
  }

  // whole: text is the whole file. Else nothing is returned when the header may go on behind text.
  std::optional<Header> read(bool whole);

 private:
  bool read_line(std::string_view line);  // whether it ended the header
  void read_comment(std::string_view line);
  [[noreturn]] void fail_without_id(std::string_view line) const;
  Header finish();
  static void check_squash(const Revision& revision);

  std::string_view text_;
  Place start_;
  std::size_t at_ = 0;
  int line_ = 1;
  Header header_;
  std::vector<std::pair<std::string, int>> seen_;  // markers and their lines
};

std::optional<Header> HeaderReader::read(bool whole) {
  while (at_ < text_.size()) {
    const std::size_t end = text_.find('\n', at_);
    if (end == std::string_view::npos && !whole) return std::nullopt;
    std::string_view line = text_.substr(at_, end - at_);
    start_.line = line_;
    start_.column = 1;
    if (line.find('\0') != std::string_view::npos ||
        find_invalid_utf8(line) != std::string_view::npos) {
      check_text(line, start_);
    }
    // All of them: \r\r\n is one CR longer before canonical() than behind it, and must read the
    // same.
    while (line.ends_with('\r')) line.remove_suffix(1);
    if (read_line(line)) return finish();
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
  }
  if (!whole) return std::nullopt;
  if (header_.revision.id.empty()) {
    start_.line = 1;
    fail_without_id(text_.substr(0, text_.find('\n')));
  }
  return finish();
}

bool HeaderReader::read_line(std::string_view line) {
  if (const std::optional<Marker> marker = read_marker(line, start_)) {
    if (is_allowance(*marker)) return false;
    if (begins_section(*marker)) {
      if (header_.revision.id.empty()) fail_without_id(line);
      return true;
    }
    for (const auto& [word, at] : seen_) {
      if (word != marker->word) continue;
      throw marker->fault(marker->word, fmt::format("a second limbeck:{}", word),
                          fmt::format("the first stands in line {}; keep one of them", at));
    }
    seen_.emplace_back(marker->word, line_);
    read_header_marker(*marker, header_.revision);
    return false;
  }
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos || line.substr(first, 2) == "--") {
    read_comment(first == std::string_view::npos ? std::string_view() : line.substr(first + 2));
    return false;
  }
  if (header_.revision.id.empty()) fail_without_id(line);
  throw fault_at(line, first, start_, "SQL before the first section",
                 "put a line \"-- limbeck:upgrade\" above it");
}

void HeaderReader::read_comment(std::string_view line) {
  if (line.starts_with(' ')) line.remove_prefix(1);
  line = line.substr(0, line.find_last_not_of(" \t") + 1);
  std::string& description = header_.revision.description;
  if (description.empty() && line.empty()) return;
  if (!description.empty()) description += '\n';
  description += line;
}

void HeaderReader::fail_without_id(std::string_view line) const {
  throw fault_at(line, 0, start_, "no limbeck:revision line stands in the header of this file",
                 "every revision begins with its id: -- limbeck:revision 5b1d02c7a9e4");
}

Header HeaderReader::finish() {
  Revision& revision = header_.revision;
  revision.description.resize(revision.description.find_last_not_of('\n') + 1);
  const std::string_view first =
      std::string_view(revision.description).substr(0, revision.description.find('\n'));
  revision.message = first.substr(std::min(first.find_first_not_of(" \t"), first.size()));
  check_squash(revision);
  header_.end = at_;
  header_.end_line = line_;
  return std::move(header_);
}

// The two lines of a squash go together, and name the revision itself.
void HeaderReader::check_squash(const Revision& revision) {
  const auto& ids = revision.squashed;
  const bool names_itself = std::find(ids.begin(), ids.end(), revision.id) != ids.end();
  if (names_itself ? !revision.squashed_hashes.empty()
                   : ids.empty() && revision.squashed_hashes.empty()) {
    return;
  }
  throw Error(
      {.code = ExitCode::invalid_project,
       .message = names_itself || ids.empty()
                      ? "limbeck:squashed and limbeck:squashed-hash go together"
                      : fmt::format("limbeck:squashed does not name {} itself", revision.id),
       .place = revision.place,
       .hint = "\"limbeck squash\" writes these lines; leave them as they were"});
}

class SectionReader {
 public:
  SectionReader(std::string_view text, const Header& header)
      : text_(text), file_(header.revision.place.file), at_(header.end), line_(header.end_line) {}

  std::vector<Section> read();

 private:
  Marker marker() const;
  void read_body(Section& section);
  void check_irreversible(const Section& section);
  void check_backfill_dialects(const Section& backfill, const Marker& found) const;
  std::size_t find_next_marker(const Section& section) const;
  Place place(int line) const { return {.file = file_, .line = line, .column = 1}; }

  std::string_view text_;
  std::string file_;
  std::size_t at_;  // the beginning of the next marker's line
  int line_;
  std::vector<Section> sections_;
  // The downgrades so far, [1] the irreversible ones: dialect, "" for every one, and line.
  std::array<std::map<std::string, int>, 2> downgrades_;
};

std::vector<Section> SectionReader::read() {
  std::optional<Section> direction;  // the last upgrade or downgrade marker
  while (at_ < text_.size()) {
    const Marker found = marker();
    if (!begins_section(found)) {
      throw found.fault(found.word, fmt::format("limbeck:{} belongs into the header", found.word),
                        "move it above the first section");
    }
    Section section = read_section_marker(found, direction);
    section.marker = place(line_);
    section.marker.source_line = masked(found.line);
    read_body(section);
    check_irreversible(section);
    if (section.kind != SectionKind::backfill) {
      direction = section;
    } else {
      check_backfill_dialects(section, found);
    }
    sections_.push_back(std::move(section));
  }
  return std::move(sections_);
}

// One behind "upgrade postgresql" and "upgrade sqlite" is meant for both, or for the last one
// alone: it must not be left out in silence where it was meant to run.
void SectionReader::check_backfill_dialects(const Section& backfill, const Marker& found) const {
  if (backfill.names_dialects || backfill.dialects.empty()) return;
  for (const Section& section : sections_) {
    if (section.direction != backfill.direction || section.kind == SectionKind::backfill ||
        section.dialects == backfill.dialects)
      continue;
    throw found.fault(found.word,
                      "the sections above are for different databases, and this limbeck:backfill "
                      "does not say for which it is",
                      "name them: limbeck:backfill postgresql sqlite table=...");
  }
}

// REQUIRES: a marker comment stands on the line at at_.
Marker SectionReader::marker() const {
  const std::string_view line = text_.substr(at_, text_.find('\n', at_) - at_);
  if (const std::optional<Marker> found = read_marker(line, place(line_))) return *found;
  const std::size_t comment = line.rfind("--");
  throw fault_at(line, comment, place(line_), "a marker must stand on a line of its own",
                 "put the comment onto the next line");
}

void SectionReader::read_body(Section& section) {
  section.begin = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
  section.body_line = line_ + 1;
  const std::size_t next = find_next_marker(section);
  section.end =
      next == std::string_view::npos ? text_.size() : text_.substr(0, next).rfind('\n') + 1;
  const std::string_view body = text_.substr(section.begin, section.end - section.begin);
  line_ = section.body_line + static_cast<int>(std::count(body.begin(), body.end(), '\n'));
  at_ = section.end;
}

std::size_t SectionReader::find_next_marker(const Section& section) const {
  try {
    std::size_t from = section.begin;
    int line = section.body_line;
    for (;;) {
      const std::size_t found = sql::find_comment(text_.substr(from), marker_prefix,
                                                  lexical_rules_of(section.dialects), place(line));
      if (found == std::string_view::npos) return found;
      const std::size_t at = from + found;
      const std::size_t end = std::min(text_.find('\n', at), text_.size());
      const auto marker = read_marker(text_.substr(at, end - at), place(line));
      if (!marker || !is_allowance(*marker)) return at;
      line += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(from),
                                          text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
      from = end;
    }
  } catch (Error& error) {
    if (section.dialects.size() != 1) {
      error.report().hint +=
          "; if this is right in the database it is meant for, name that one: -- limbeck:upgrade "
          "sqlite";
    }
    throw;
  }
}

// An irreversible downgrade holds no SQL, and no other downgrade stands beside it for the same
// dialect.
void SectionReader::check_irreversible(const Section& section) {
  const auto fault = [&](std::string message, std::string hint) {
    return Error({.code = ExitCode::invalid_project,
                  .message = std::move(message),
                  .place = section.marker,
                  .hint = std::move(hint)});
  };
  if (section.irreversible) {
    const std::string_view body = text_.substr(section.begin, section.end - section.begin);
    if (!sql::split(body, lexical_rules_of(section.dialects), place(section.body_line)).empty()) {
      throw fault("SQL stands in a downgrade that is said to be irreversible",
                  "remove the SQL, or the word irreversible");
    }
  }
  if (section.direction != Direction::downgrade) return;
  for (const auto& [dialect, line] : downgrades_[section.irreversible ? 0 : 1]) {
    const auto& mine = section.dialects;
    const bool common = dialect.empty() || mine.empty() ||
                        std::find(mine.begin(), mine.end(), dialect) != mine.end();
    if (!common) continue;
    throw fault(fmt::format("a second downgrade, which contradicts the one in line {}", line),
                "a downgrade is either irreversible or has sections with SQL");
  }
  auto& same = downgrades_[section.irreversible ? 1 : 0];
  if (section.dialects.empty()) same.emplace("", section.marker.line);
  for (const std::string& dialect : section.dialects) same.emplace(dialect, section.marker.line);
}

}  // namespace

Revision parse_revision_header(std::string_view bytes, const std::string& file) {
  return HeaderReader(bytes, file).read(true)->revision;
}

bool is_others_sql(std::string_view beginning) {
  while (!beginning.empty()) {
    const std::string_view line = beginning.substr(0, beginning.find('\n'));
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (line.find("limbeck:") != std::string_view::npos) return false;
    if (first != std::string_view::npos && line.substr(first, 2) != "--") return true;
    beginning.remove_prefix(std::min(line.size() + 1, beginning.size()));
  }
  return false;
}

std::optional<Revision> try_revision_header(std::string_view beginning, const std::string& file) {
  std::optional<Header> header = HeaderReader(beginning, file).read(false);
  if (!header) return std::nullopt;
  return std::move(header->revision);
}

RevisionFile parse_revision_file(std::string_view bytes, const std::string& file) {
  RevisionFile result;
  result.text = canonical(bytes);
  check_text(result.text, {.file = file, .line = 1, .column = 1});
  Header header = *HeaderReader(result.text, file).read(true);
  result.sections = SectionReader(result.text, header).read();
  result.revision = std::move(header.revision);
  result.hash = "sha256:" + sha256_hex(result.text);
  return result;
}

std::string canonical(std::string_view bytes) {
  if (bytes.starts_with(byte_order_mark)) bytes.remove_prefix(byte_order_mark.size());
  std::string text;
  text.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t line_end = std::min(bytes.find("\r\n"), bytes.size());
    text += bytes.substr(0, line_end);
    bytes.remove_prefix(line_end);
    if (!bytes.empty()) bytes.remove_prefix(1);  // the CR; the LF begins the next piece
  }
  return text;
}

std::string revision_hash(std::string_view bytes) {
  return "sha256:" + sha256_hex(canonical(bytes));
}

}  // namespace limbeck
