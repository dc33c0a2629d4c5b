// A schema as JSON: what "inspect --format json" prints, what a snapshot file holds, and what the
// cache keeps. docs/schema-json.md describes the form for other programs.
//
// It never holds a secret: the passwords of user mappings and the connection of a subscription are
// written as "***". A member that has its default value is left out, so that adding a field changes
// no snapshot. Writing what was read gives the same bytes.
#pragma once

#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "schema/schema.h"

namespace limbeck {

// A change of the form that an older reader would misread gets a new number.
inline constexpr int schema_json_format = 1;

// What stands in the place of a secret.
inline constexpr std::string_view hidden = "***";

struct Snapshot {
  std::string dialect = {};  // "postgresql"
  std::string server = {};   // "PostgreSQL 15.18"; empty when it is not known
  Schema schema = {};

  bool operator==(const Snapshot&) const = default;
};

// One object on one line, so that two snapshots can be compared by any tool.
std::string snapshot_json(const Snapshot& snapshot);

// Throws Error (ExitCode::invalid_project) with the place of the fault: text that is no JSON, cut
// off, of a newer format; a member that is missing, unknown or of another type.
Snapshot read_snapshot(std::string_view text, const std::string& file);

// {"kind":"column","schema":"public","name":"users","part":"email"}
void write_id(const ObjectId& id, JsonWriter& json);
void write_object(const Object& object, JsonWriter& json);

// The schema with "***" in the place of every secret: what can be compared with a snapshot.
Schema without_secrets(Schema schema);

}  // namespace limbeck
