// Starting a program, and waiting for it: what capture and dialogue share. Internal to src/base.
#pragma once

#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

#include "base/process.h"

namespace limbeck {

// Owns what posix_spawn is told.
struct SpawnOptions {
  posix_spawn_file_actions_t actions = {};
  posix_spawnattr_t attributes = {};
  std::vector<std::string> environment = {};  // "NAME=value", beside ours and before it

  SpawnOptions() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    // A group of its own, so that it can be killed with its children and Ctrl-C reaches us alone.
    posix_spawnattr_setpgroup(&attributes, 0);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);  // which we ignore, and a program expects to end by
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  SpawnOptions(const SpawnOptions&) = delete;
  SpawnOptions& operator=(const SpawnOptions&) = delete;
  ~SpawnOptions() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
};

// The error number; 0 when it runs. REQUIRES: command is not empty.
int spawn(const std::vector<std::string>& command, const SpawnOptions& options, pid_t& child);

void wait_for(pid_t child, ProcessResult& result);
bool has_ended(pid_t child);

}  // namespace limbeck
