// Reads the files of tests/cases/revision_graph: graphs, questions and answers.
//
//   graph two branches                        a new graph; what follows is about it
//   a1                                        a revision: a base
//   a2 <- a1, b1 needs x1, x2 labels l1, l2   with parents, dependencies and labels, each of them
//   optional
//
//   > upgrade heads from a1                   a question, and on the lines below it its answer
//   a2 b2
//   > select head
//   error: several heads                      text that the error has to contain; there may be
//   several such lines
//
// A # begins a comment. Revision a1 is taken to stand in a1.sql, line 3.
#pragma once

#include <string>
#include <vector>

#include "revision/revision.h"

namespace limbeck {

struct GraphQuestion {
  std::string where;  // file:line
  std::string text;
  std::vector<std::string> answer;
};

struct GraphCase {
  std::string name;
  std::vector<Revision> revisions;
  std::vector<GraphQuestion> questions;
};

std::vector<GraphCase> read_graph_cases(const std::string& path);

}  // namespace limbeck
