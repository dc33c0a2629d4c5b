// A schema as one source has it, and which of its texts are not certain.
#pragma once

#include "diff/uncertain.h"
#include "schema/schema.h"

namespace limbeck {

struct SchemaFacts {
  Schema schema = {};
  UncertainTexts uncertain = {};
};

}  // namespace limbeck
