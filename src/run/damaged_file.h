// A database file that cannot be read any more, out of the way of the backup that takes its place.
//
// What may still be got from it is not lost: it is renamed, with the logs that belong to it, and
// never removed.
#pragma once

#include <string>
#include <vector>

#include "dialect/database_url.h"

namespace limbeck {

class DamagedFile {
 public:
  // Renames the file to "NAME.TIME.damaged". Throws Error when it cannot be: nothing is changed.
  explicit DamagedFile(const DatabaseUrl& url);
  DamagedFile(const DamagedFile&) = delete;
  DamagedFile& operator=(const DamagedFile&) = delete;
  // Renames it back, unless it is kept.
  ~DamagedFile();

  // Another file has its place now. The name that this one has.
  std::string keep();

 private:
  void put_back() const;

  std::string original_;
  std::string renamed_;
  std::vector<std::string> ends_;  // of the names of its files
};

}  // namespace limbeck
