// Lists the folders of a project: which files there are that may be revisions, and where links
// lead.
//
// It opens no file. Internal to src/revision.
#pragma once

#include <dirent.h>
#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

#include "base/file.h"
#include "revision/script_format.h"

namespace limbeck {

struct ListedFile {
  std::string name;
  bool surely_regular = false;  // the folder says so
  std::string target = {};      // of a symbolic link: its real path
};

struct ListedFolder {
  std::filesystem::path path;  // as to be shown
  std::string real;            // its real path
  FileDescriptor descriptor;
  std::vector<ListedFile> files = {};
};

// One file to read: where it is found, and as what it is shown.
struct FoundRevision {
  const ListedFolder* folder = nullptr;
  const ListedFile* file = nullptr;
  std::string path;
};

using ListingFaults = std::vector<ErrorReport>;

// What the work throws is kept where somebody wants to go on.
template <class Work>
void attempt(ListingFaults* faults, const Work& work) {
  if (faults == nullptr) return work();
  try {
    work();
  } catch (const Error& error) {
    faults->push_back(error.report());
  }
}

// Lists the folders of a project, one after the other; each real folder once, however often it is
// named.
class FolderListing {
 public:
  explicit FolderListing(bool recursive, const ScriptFormat* scripts = nullptr,
                         ListingFaults* faults = nullptr)
      : recursive_(recursive), scripts_(scripts), faults_(faults) {}

  void add_root(const std::filesystem::path& root);
  std::vector<std::unique_ptr<ListedFolder>> folders;
  std::vector<std::filesystem::path> squashed;  // folders of that name
  std::vector<std::filesystem::path> pending;   // squashes that were interrupted

 private:
  void add_folder(const std::filesystem::path& path);
  void add_entry(ListedFolder& folder, const dirent& entry, std::vector<std::string>& below);
  std::string link_target(const ListedFolder& folder, const std::string& name) const;
  bool is_revision(std::string_view name) const {
    return name.ends_with(".sql") || (scripts_ != nullptr && scripts_->is_script(name));
  }

  bool recursive_;
  const ScriptFormat* scripts_;
  ListingFaults* faults_;                       // null: the first fault is thrown
  std::string root_;                            // the real path of the root that is being listed
  std::vector<std::filesystem::path> pending_;  // folders still to be listed
  std::set<std::string> seen_;
};

// All files, sorted by path. A link whose target is found under its own name is left out.
std::vector<FoundRevision> candidates_of(const std::vector<std::unique_ptr<ListedFolder>>& folders);

}  // namespace limbeck
