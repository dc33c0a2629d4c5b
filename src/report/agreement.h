// Whether the database, the revisions and the declared schema agree, and what differs between which
// two: what "limbeck check" prints.
//
// It compares what it is given and never reads a source.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "limbeck/error.h"

#include "dialect/schema_dialect.h"
#include "operation/operation.h"

namespace limbeck {

struct NamedSchema {
  std::string name = {};  // "database"
  Schema schema = {};
};

struct Disagreement {
  std::string from = {};
  std::string to = {};
  std::vector<Operation> operations = {};  // what leads from one to the other; empty: they agree
};

struct Agreement {
  std::vector<std::string> pending = {};  // revisions that the database does not have yet
  std::vector<Disagreement> pairs = {};
  std::set<std::string> not_compared = {};

  bool agrees() const;
};

// here: what the revisions build up to where the database is; later: what all of them build, when
// that is something else. A side that is not there is left out. Throws what diff() throws.
struct AgreementSides {
  std::optional<NamedSchema> database = {};
  std::optional<NamedSchema> here = {};
  std::optional<NamedSchema> later = {};
  std::optional<NamedSchema> declared = {};
};
Agreement agreement_of(const AgreementSides& sides, const std::string& dialect);

// ok; pending: the database only lacks revisions; findings: anything else.
ExitCode exit_code_of(const Agreement& agreement);

std::string agreement_text(const Agreement& agreement);
// {"agree": ..., "pending": [...], "pairs": [...], "not_compared": [...]}
std::string agreement_json(const Agreement& agreement);

}  // namespace limbeck
