// Says where the database of DATABASE_URL is not what the models expect, as a service would ask
// before its first request. --base-first: of a table that is in both sets, base's declaration.
#include "limbeck/verify.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "limbeck/database.h"

#include "base.h"

namespace {

int run(bool base_first) {
  const char* const url = std::getenv("DATABASE_URL");
  limbeck::Database database(url != nullptr ? url : "postgresql:///regulatory_faq");
  const limbeck::Metadata sqlmodel = base_first ? sqlmodel::tables_and<>() : sqlmodel::tables();
  const std::vector<limbeck::Mismatch> mismatches =
      limbeck::verify(database, sqlmodel, base::tables());
  for (const limbeck::Mismatch& it : mismatches) std::printf("%s\n", to_string(it).c_str());
  return static_cast<int>(mismatches.empty() ? limbeck::ExitCode::ok : limbeck::ExitCode::findings);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc == 2 && std::strcmp(argv[1], "--base-first") == 0);
  } catch (const limbeck::Error& error) {
    std::fprintf(stderr, "error: %s\n%s\n", error.what(), error.report().detail.c_str());
    return static_cast<int>(error.code());
  }
}
