// What the command line asks for the schema that the program expects.
#include "models.h"

#include "limbeck/models_main.h"

int main(int argc, char** argv) {
  return limbeck::models_main(argc, argv, persistence::models());
}
