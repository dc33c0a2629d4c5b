// The migrations folders of a project: finds revision files and reads them, once and safely.
//
// It never follows a symbolic link out of the folder, and reads regular files of a sane size alone.
// A file that is not a revision (no .sql, a leading dot) is passed over, and so is what "limbeck
// squash" has put away in a folder "squashed".
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limbeck/error.h"

#include "revision/revision.h"
#include "revision/revision_file.h"
#include "revision/script_format.h"

namespace limbeck {

inline constexpr std::size_t max_revision_file_size = std::size_t{16} * 1024 * 1024;

struct RevisionSource {
  Revision revision;
  std::string path;  // as to be shown: the folder as configured, and the name
  // The whole file, when it was read and is no longer than a few kilobytes; else empty.
  std::string bytes = {};
  std::string hash = {};  // as RevisionFile has it, when it is known without reading; else empty
  bool is_cpp = false;    // written in C++: path is the source that has it, bytes what it declares
};

// The folder, beside the files that a squash stands for, to which these are moved.
inline constexpr std::string_view squashed_folder = "squashed";
// How the name of a squash begins until the files that it stands for have been moved.
inline constexpr std::string_view pending_squash_prefix = ".limbeck-squash-";

// What a squash that was interrupted means to a reader.
enum class PendingSquash { refuse, pass_over };

// The headers of all revision files in the folders (with recursive, in the folders below them too),
// sorted by path. Reads the first few kilobytes of a file, and more only when the header is longer.
// Ten thousand files take tens of milliseconds. Throws Error (ExitCode::invalid_project): a folder
// that is not there, a file that is no regular file, too large, unreadable (with the system's
// reason), a header that is wrong, a squash that was interrupted. scripts: those of another tool
// that count as revisions, too. cache: a folder in which the headers of many files are kept, so
// that files that have not changed need not be opened the next time; empty: none.
std::vector<RevisionSource> read_revision_headers(std::span<const std::filesystem::path> folders,
                                                  bool recursive,
                                                  PendingSquash pending = PendingSquash::refuse,
                                                  const ScriptFormat* scripts = nullptr,
                                                  const std::filesystem::path& cache = {});

// What could be read of the folders, and what could not.
struct RevisionHeaders {
  std::vector<RevisionSource> sources = {};  // sorted by path
  std::vector<ErrorReport> faults = {};      // one for each folder or file that is left out
};
// The same for who has to go on where something is wrong.
RevisionHeaders read_revision_headers_that_can_be(std::span<const std::filesystem::path> folders,
                                                  bool recursive, const ScriptFormat* scripts);

// Those of the files in the folders "squashed" beside them.
std::vector<RevisionSource> read_squashed_headers(std::span<const std::filesystem::path> folders,
                                                  bool recursive);

// The files of squashes that were interrupted.
std::vector<std::filesystem::path> pending_squashes(std::span<const std::filesystem::path> folders,
                                                    bool recursive);

// The whole file: its bytes when they are there, else read now.
std::string read_revision_bytes(const RevisionSource& source);

}  // namespace limbeck
