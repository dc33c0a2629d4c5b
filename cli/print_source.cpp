#include "cli/print_source.h"

#include <unistd.h>

#include "base/terminal.h"
#include "cli/session.h"

namespace limbeck::cli {

void print_source(std::string_view sql) {
  if (is_terminal(STDOUT_FILENO)) return Session::print(printable_lines(sql));
  Session::print(sql);
}

}  // namespace limbeck::cli
