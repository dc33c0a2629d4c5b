// The revisions that a program carries: SQL files that were compiled in, and revisions written in
// C++. One graph holds both.
//
// It is a value: nothing registers itself, and nothing is read before limbeck::upgrade() asks.
// limbeck_embed_revisions(TARGET FOLDER) in CMake makes a function that returns one.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace limbeck {

class Operations;

// A revision file: what limbeck_embed_revisions compiles in.
struct RevisionText {
  std::string path = {};  // as errors are to name it; it ends in ".sql"
  std::string text = {};  // its bytes
};

// A revision written in C++, for what SQL cannot say.
//
// Its functions may be run again after a lock that was not granted or after a kill: they change
// nothing but the database. They are run in the transaction that also holds the version table.
// What the journal keeps as the revision's hash is made of everything here but the functions:
// whoever changes what an applied revision does raises `version`, and is told by every database
// that has the old one. A revision file of the same id, whose sections are all "manual", may say
// the rest in its place, so that the command line knows the revision, too: the hash is then that
// of the file, and only the functions are taken from here.
struct CppRevision {
  std::string id = {};
  std::vector<std::string> revises = {};  // the ids of its parents; none for a base
  std::vector<std::string> depends_on = {};
  std::vector<std::string> labels = {};
  std::string message = {};
  std::string version = "1";
  std::function<void(Operations&)> upgrade = {};
  std::function<void(Operations&)> downgrade = {};  // none: it cannot be undone
  // Where it was added, for errors.
  std::string file = {};
  int line = 0;
};

class Revisions {
 public:
  // Nothing is checked before limbeck::upgrade(), downgrade() or revision_status(), which throw
  // Error (ExitCode::invalid_project) for a header that is wrong or a graph that does not close.
  Revisions& add(CppRevision revision, const char* file = __builtin_FILE(),
                 int line = __builtin_LINE());
  Revisions& add_file(std::string path, std::string text);
  // One of those that a squash stands for: needed by a database that is in their middle.
  Revisions& add_squashed_file(std::string path, std::string text);

  const std::vector<RevisionText>& files() const { return files_; }
  const std::vector<RevisionText>& squashed_files() const { return squashed_files_; }
  const std::vector<CppRevision>& written_in_cpp() const { return written_in_cpp_; }

 private:
  std::vector<RevisionText> files_ = {};
  std::vector<RevisionText> squashed_files_ = {};
  std::vector<CppRevision> written_in_cpp_ = {};
};

}  // namespace limbeck
