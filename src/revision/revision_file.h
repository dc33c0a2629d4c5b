// A revision file: plain SQL with marker comments that say which part runs when.
//
// It never touches a database, and never changes a byte of the SQL: the bytes that are hashed are
// the bytes that are run. docs/revision-files.md describes the format for people.
//
// A marker is a comment on a line of its own: dashes, "limbeck:" and a word. It is recognised where
// the lexer stands between two tokens, so that the same line inside of a string, a dollar quote, a
// block comment or the rows of a COPY is none. A section that names one dialect is read by the
// rules of that database; any other by those of PostgreSQL and `names` in backticks. A "limbeck:"
// comment that is no marker is an error, never passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "revision/direction.h"
#include "revision/revision.h"

namespace limbeck {

// -- limbeck:backfill table=review_exceptions batch=10000 rate=5000 key=id
struct BackfillOptions {
  std::string table = {};             // as written, to be used in SQL as it stands
  std::vector<std::string> key = {};  // columns to walk along; empty: the primary key
  std::int64_t batch = 10000;         // rows of the table that one transaction looks at
  std::int64_t rate = 0;              // rows a second at most; 0 is without limit

  bool operator==(const BackfillOptions&) const = default;
};

enum class SectionKind { transaction, no_transaction, backfill };

struct Section {
  Direction direction = Direction::upgrade;
  std::vector<std::string> dialects = {};  // empty: every dialect
  SectionKind kind = SectionKind::transaction;
  bool irreversible =
      false;  // "limbeck:downgrade irreversible": says that there is no way back; its body is empty
  // "limbeck:upgrade manual": a person has to write it; its comments say what is missing.
  bool manual = false;
  BackfillOptions backfill = {};
  bool names_dialects = false;  // a backfill: they are its own, not those of a section above it
  Place marker = {};            // of the marker comment
  int body_line = 0;            // the line on which the body begins
  std::size_t begin = 0;        // the body in RevisionFile::text
  std::size_t end = 0;
};

struct RevisionFile {
  Revision revision;
  std::string text;  // canonical: without byte order mark, LF for CRLF
  std::string hash;  // "sha256:" and 64 hexadecimal digits, over text
  std::vector<Section> sections;
  // A program (a .py of Alembic's) and not SQL: text is its source, and there are no sections.
  bool is_script = false;
  // A script that is a part of the program and no file: text is what it declares of itself.
  bool is_cpp = false;

  std::string_view body(const Section& section) const {
    return std::string_view(text).substr(section.begin, section.end - section.begin);
  }
};

// Only the header, up to the first section marker: what the graph needs. bytes may be the beginning
// of a longer file, if it holds the whole header. file: for places. A header of a file without
// sections ends with the file. Throws Error (ExitCode::invalid_project) with file:line:column: no
// limbeck:revision, two of them, an unknown limbeck: word, a bad id, SQL before the first section.
Revision parse_revision_header(std::string_view bytes, const std::string& file);

// The same for the beginning of a longer file. Nothing when the header may go on behind it.
std::optional<Revision> try_revision_header(std::string_view beginning, const std::string& file);

// Whether the header, which ends within the bytes, has no "limbeck:" at all: other SQL, that
// somebody keeps beside scripts which read it.
bool is_others_sql(std::string_view beginning);

// The whole file. Throws as above, and for an unknown option of a marker, a dialect that is not
// known, a backfill without table, SQL in a downgrade that is said to be irreversible, bytes that
// are not UTF-8, a NUL byte, SQL that sql::split refuses because something in it is not closed.
RevisionFile parse_revision_file(std::string_view bytes, const std::string& file);

// BOM off, CRLF to LF.
std::string canonical(std::string_view bytes);
// "sha256:..." of the canonical bytes.
std::string revision_hash(std::string_view bytes);

}  // namespace limbeck
