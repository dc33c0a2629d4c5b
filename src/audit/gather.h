// Gathers the facts of an audit: reads the project's files, asks its database, replays its
// revisions.
//
// It writes nothing: databases that it makes are in memory or a scratch beside the project's own.
// What cannot be read is a fact, too; only an interruption is thrown.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "audit/facts.h"
#include "plan/script.h"
#include "revision/script_format.h"

namespace limbeck {

enum class DatabaseUse {
  when_there,  // what can be said without it is said
  required,    // that it cannot be reached is a finding
  never,
};

struct AuditInput {
  const Project* project = nullptr;
  std::string dialect = {};
  std::vector<std::filesystem::path> folders = {};  // of the revisions, as to be shown
  const ScriptFormat* script_format = nullptr;
  std::shared_ptr<Scripts> scripts = {};
  DatabaseUse use = DatabaseUse::when_there;
  std::function<TargetDatabase&()> connect = {};  // to the project's database, to read
  std::string url = {};                           // of it, without a password
  Sources declared = {};
  LoadContext context = {};  // with the server on which a scratch database may be made
};

AuditFacts gather_facts(const AuditInput& input);

}  // namespace limbeck
