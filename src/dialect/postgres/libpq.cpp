#include "dialect/postgres/libpq.h"

#include <dlfcn.h>
#include <string>

#include "limbeck/error.h"

namespace limbeck::postgres {
namespace {

// The name holds the version of the binary interface, which libpq-fe.h describes.
constexpr const char* library_file = "libpq.so.5";

[[noreturn]] void fail_load() {
  const char* reason = dlerror();
  throw Error(
      {.code = ExitCode::cannot_connect,
       .message = std::string("PostgreSQL's client library ") + library_file + " cannot be loaded",
       .detail = reason != nullptr ? reason : "",
       .hint = "install it, version 14 or later; the package is libpq5 on Debian"});
}

}  // namespace

Library::Library() : handle_(dlopen(library_file, RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ == nullptr) fail_load();
}

Symbol Library::symbol(const char* name) const {
  void* address = dlsym(handle_, name);
  if (address == nullptr) fail_load();
  return Symbol(address);
}

const Libpq& libpq() {
  static const Libpq loaded;
  return loaded;
}

std::string_view option_value(const PQconninfoOption* options, std::string_view keyword) {
  for (; options != nullptr && options->keyword != nullptr; ++options) {
    if (options->keyword == keyword && options->val != nullptr) return options->val;
  }
  return {};
}

}  // namespace limbeck::postgres
