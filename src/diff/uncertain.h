// What cannot be compared for certain: texts that one side could write down only in its author's
// spelling.
//
// It takes them out of the comparison. It never guesses that two texts mean the same.
#pragma once

#include <map>
#include <string>

#include "schema/schema.h"

namespace limbeck {

// Why a text is not certain.
using UncertainTexts = std::map<ObjectId, std::string>;

// Where two objects of one id differ in texts alone, and one of them is uncertain, that one gets
// the text of the other, and is not uncertain any more. Where they differ in something else too,
// that is a difference: nothing is changed. Returns those that were set equal, and why.
UncertainTexts set_uncertain_equal(Schema& from, UncertainTexts& uncertain_from, Schema& to,
                                   UncertainTexts& uncertain_to);

}  // namespace limbeck
