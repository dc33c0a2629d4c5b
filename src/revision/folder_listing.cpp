#include "revision/folder_listing.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "revision/directory.h"

namespace limbeck {
namespace {

constexpr std::string_view python_cache = "__pycache__";

std::string real_path(const std::string& path) {
  const std::unique_ptr<char, void (*)(void*)> real(realpath(path.c_str(), nullptr), std::free);
  return real ? std::string(real.get()) : std::string();
}

bool is_inside(const std::string& path, const std::string& folder) {
  return folder == "/" || (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

bool is_folder(const std::filesystem::path& path) {
  struct stat status {};
  return lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

}  // namespace

void FolderListing::add_root(const std::filesystem::path& root) {
  root_ = real_path(root.string());
  if (root_.empty()) {
    const int error = errno;
    return attempt(faults_, [&] {
      throw file_error(root.string(), "this folder cannot be read", error,
                       error == ENOENT ? "make it (git keeps no empty folder), or correct "
                                         "\"migrations\" in limbeck.toml"
                                       : "");
    });
  }
  pending_.push_back(root);
  while (!pending_.empty()) {
    const std::filesystem::path path = std::move(pending_.back());
    pending_.pop_back();
    attempt(faults_, [&] { add_folder(path); });
  }
}

void FolderListing::add_folder(const std::filesystem::path& path) {
  auto folder = std::make_unique<ListedFolder>(ListedFolder{path, real_path(path.string()), {}});
  folder->descriptor = FileDescriptor(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder->descriptor) throw file_error(path.string(), "this folder cannot be read", errno);
  if (!seen_.insert(folder->real).second) return;
  const int copy = fcntl(folder->descriptor.get(), F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(copy < 0 ? nullptr : fdopendir(copy), closedir);
  if (!stream) throw file_error(path.string(), "this folder cannot be read", errno);
  std::vector<std::string> below;
  for (;;) {
    errno = 0;
    const dirent* entry = readdir(stream.get());
    if (entry == nullptr) break;
    if (entry->d_name[0] != '.') {
      attempt(faults_, [&] { add_entry(*folder, *entry, below); });
    } else if (std::string_view(entry->d_name).starts_with(pending_squash_prefix)) {
      pending.push_back(path / entry->d_name);
    }
  }
  if (errno != 0) throw file_error(path.string(), "this folder cannot be read", errno);
  for (const std::string& name : below) pending_.push_back(path / name);
  folders.push_back(std::move(folder));
}

void FolderListing::add_entry(ListedFolder& folder, const dirent& entry,
                              std::vector<std::string>& below) {
  const std::string_view name = entry.d_name;
  const bool wanted = is_revision(name);
  unsigned char type = entry.d_type;
  if (name == squashed_folder) {
    if (is_folder(folder.path / name)) squashed.push_back(folder.path / name);
    return;
  }
  if (!wanted && (!recursive_ || type == DT_REG)) return;
  if (type == DT_UNKNOWN) {  // some file systems never say
    struct stat status {};
    if (fstatat(folder.descriptor.get(), entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0) {
      type = IFTODT(status.st_mode);
    }
  }
  if (type == DT_LNK) {
    const std::string target = link_target(folder, std::string(name));
    if (!target.empty()) folder.files.push_back({std::string(name), false, target});
  } else if (type == DT_DIR && recursive_) {
    if (name != python_cache) below.emplace_back(name);
  } else if (wanted) {
    folder.files.push_back({std::string(name), type == DT_REG});
  }
}

// The file that a symbolic link leads to, if it counts as a revision: a folder inside of the root
// is listed under its own name. Refused when it leads out of the root.
std::string FolderListing::link_target(const ListedFolder& folder, const std::string& name) const {
  const std::string path = (folder.path / name).string();
  const bool wanted = is_revision(name);
  std::string real = real_path(path);
  if (real.empty() && wanted) {
    throw file_error(path, "this symbolic link cannot be followed", errno);
  }
  struct stat status {};
  const bool is_folder = stat(real.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  if (!wanted && !is_folder) return {};
  if (!is_inside(real, root_) && real != root_) {
    throw file_error(path, "this symbolic link leads out of the migrations folder", 0,
                     "put the file itself there, or name its folder in the configuration");
  }
  return is_folder ? std::string() : real;
}

std::vector<FoundRevision> candidates_of(
    const std::vector<std::unique_ptr<ListedFolder>>& folders) {
  std::vector<FoundRevision> candidates;
  bool links = false;
  for (const auto& folder : folders) {
    const std::string prefix = (folder->path / "").string();
    for (const ListedFile& file : folder->files) {
      candidates.push_back({folder.get(), &file, prefix + file.name});
      links = links || !file.target.empty();
    }
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const FoundRevision& a, const FoundRevision& b) { return a.path < b.path; });
  if (!links) return candidates;
  std::set<std::string> real;
  for (const FoundRevision& candidate : candidates) {
    if (candidate.file->target.empty()) {
      real.insert(candidate.folder->real + '/' + candidate.file->name);
    }
  }
  const auto is_double = [&](const FoundRevision& candidate) {
    return !candidate.file->target.empty() && !real.insert(candidate.file->target).second;
  };
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(), is_double),
                   candidates.end());
  return candidates;
}

}  // namespace limbeck
