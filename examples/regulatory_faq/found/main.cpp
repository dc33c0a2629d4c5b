// Prints the models as they were found. As they stand, no schema can be made of them: two tables
// are in both sets. --base-first takes base's declarations of these, to see the rest.
#include <cstring>

#include "limbeck/models_main.h"

#include "base.h"

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--base-first") == 0)
    return limbeck::models_main(1, argv, sqlmodel::tables_and<>(), base::tables());
  return limbeck::models_main(argc, argv, sqlmodel::tables(), base::tables());
}
