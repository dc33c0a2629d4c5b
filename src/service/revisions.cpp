#include "limbeck/revisions.h"

#include <utility>

namespace limbeck {

Revisions& Revisions::add(CppRevision revision, const char* file, int line) {
  revision.file = file;
  revision.line = line;
  written_in_cpp_.push_back(std::move(revision));
  return *this;
}

Revisions& Revisions::add_file(std::string path, std::string text) {
  files_.push_back({.path = std::move(path), .text = std::move(text)});
  return *this;
}

Revisions& Revisions::add_squashed_file(std::string path, std::string text) {
  squashed_files_.push_back({.path = std::move(path), .text = std::move(text)});
  return *this;
}

}  // namespace limbeck
