// Prints the declared tables: what limbeck.toml names.
#include "models.h"

#include "limbeck/models_main.h"

int main(int argc, char** argv) {
  return limbeck::models_main(argc, argv, boardroom::tables());
}
