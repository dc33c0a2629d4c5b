#include "dialect/postgres/libpq.h"

#include <dlfcn.h>
#include <string>

#include "limbeck/error.h"

namespace limbeck::postgres {
namespace {

// The name holds the version of the binary interface, which libpq-fe.h describes.
constexpr const char* library_file = "libpq.so.5";

[[noreturn]] void refuse() {
  const char* reason = dlerror();
  throw Error(
      {.code = ExitCode::cannot_connect,
       .message = std::string("PostgreSQL's client library ") + library_file + " cannot be loaded",
       .detail = reason != nullptr ? reason : "",
       .hint = "install it, version 14 or later; the package is libpq5 on Debian"});
}

}  // namespace

Library::Library() : handle_(dlopen(library_file, RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ == nullptr) refuse();
}

Symbol Library::symbol(const char* name) const {
  void* address = dlsym(handle_, name);
  if (address == nullptr) refuse();
  return Symbol(address);
}

const Libpq& libpq() {
  static const Libpq loaded;
  return loaded;
}

}  // namespace limbeck::postgres
