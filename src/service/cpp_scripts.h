// Runs the revisions that are written in C++: each is a script that always runs live, because
// nothing can tell whether it uses what the database answers.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "limbeck/revisions.h"

#include "plan/script.h"

namespace limbeck {

class CppScripts final : public Scripts {
 public:
  // Must outlive it.
  explicit CppScripts(const std::vector<CppRevision>& revisions) : revisions_(revisions) {}

  void announce(std::span<const ScriptRequest> /*requests*/, const Dialect& /*dialect*/) override {}
  Recording record(const ScriptCall& call) override;
  Recording run(const ScriptCall& call, ScriptHost& host) override;
  bool delegates() const override { return false; }
  std::optional<ScriptDelegation> delegation(const ScriptCall& /*call*/) override { return {}; }
  void check_delegation() override {}

 private:
  const CppRevision& revision_of(const ScriptCall& call) const;

  const std::vector<CppRevision>& revisions_;
};

}  // namespace limbeck
