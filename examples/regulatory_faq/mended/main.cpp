// Prints the mended models: the two sets together are the whole database.
#include "limbeck/models_main.h"

#include "base.h"

int main(int argc, char** argv) {
  return limbeck::models_main(argc, argv, sqlmodel::tables(), base::tables());
}
