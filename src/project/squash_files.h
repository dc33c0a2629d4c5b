// The files of a squash: the new one is written, and those that it stands for are put away in a
// folder "squashed" beside them.
//
// Nothing is ever removed or overwritten. While the files are being moved the new one has a name by
// which a reader knows that the squash is not done; after a crash it can be finished or taken back.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "revision/revision.h"

namespace limbeck {

struct SquashFiles {
  std::filesystem::path file;  // the new one
  std::string text;
  std::vector<std::filesystem::path> originals;  // those that it stands for
};

// Where a file is put away.
std::filesystem::path put_away_path(const std::filesystem::path& original);

// Throws Error (ExitCode::usage): a file of that name is there already, an original is a symbolic
// link. Changes nothing.
void check_squash_files(const SquashFiles& files);

// Throws Error when something cannot be written; what was moved is moved back then.
void write_squash(const SquashFiles& files);

// A squash that was interrupted.
struct HalfSquash {
  std::filesystem::path pending;  // the new file under its name for now
  Revision revision;
  std::vector<std::filesystem::path> moved;    // as they lie in "squashed" now
  std::vector<std::filesystem::path> to_move;  // as they lie beside it
  std::vector<std::string> missing;            // ids without a file
};

std::optional<HalfSquash> find_half_squash(std::span<const std::filesystem::path> folders,
                                           bool recursive);
// Moves the rest. Returns where the new file is.
std::filesystem::path finish_squash(const HalfSquash& half);
// Moves back, and removes the new file.
void take_back_squash(const HalfSquash& half);

}  // namespace limbeck
