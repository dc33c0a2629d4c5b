// What verify has to say about a revision: something that is wrong with it, or merely to be known.
#pragma once

#include <string>

#include "limbeck/error.h"

namespace limbeck {

struct VerifyFinding {
  std::string rule = {};  // "downgrade-differs"
  bool notice = false;    // nothing is wrong: it is to be known
  Place place = {};
  std::string revision = {};  // its id; empty: about all of them
  std::string message = {};   // one sentence: what was seen
  std::string object = {};    // "public.people.name"
  std::string hint = {};      // what to do
};

}  // namespace limbeck
