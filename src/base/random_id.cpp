#include "base/random_id.h"

#include <cerrno>
#include <string_view>
#include <sys/random.h>

#include "limbeck/error.h"

namespace limbeck {

std::string random_hex(std::size_t digits) {
  std::string id(digits, '\0');
  std::size_t filled = 0;
  while (filled < digits) {
    const ssize_t got = getrandom(id.data() + filled, digits - filled, 0);
    if (got < 0 && errno != EINTR) {
      throw Error(
          {.code = ExitCode::internal_error, .message = "the system gives no random bytes"});
    }
    if (got > 0) filled += static_cast<std::size_t>(got);
  }
  constexpr std::string_view hex = "0123456789abcdef";
  for (char& c : id) c = hex[static_cast<unsigned char>(c) & 15U];
  return id;
}

}  // namespace limbeck
