// What a person should know or decide before an operation is run: what fails when rows are there,
// what loses them, and where a rename could be meant.
//
// It never changes an operation. A rename is offered here, never guessed.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "diff/rename.h"
#include "operation/operation.h"
#include "schema/schema.h"

namespace limbeck {

enum class AdviceKind {
  decide,      // fails, depending on the rows, unless somebody decides something
  loses_data,  // rows or values go
  rename,      // could be a rename
  note,        // worth knowing: a rewrite of the table
};

struct Advice {
  std::size_t operation = 0;  // its index in the list
  AdviceKind kind = AdviceKind::note;
  std::optional<RenameRequest> rename = {};  // what could be meant
  std::string text = {};  // a sentence, without a full stop; names as they are, unquoted
};

// In the order of the operations. from: the schema that they start from.
std::vector<Advice> advise(const std::vector<Operation>& operations, const Schema& from);

}  // namespace limbeck
