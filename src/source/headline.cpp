#include "source/headline.h"

#include "base/terminal.h"

namespace limbeck {

std::string headline(const sql::Statement& statement) {
  constexpr std::size_t width = 60;
  return shorten(printable(statement.text.substr(0, statement.text.find('\n'))), width);
}

}  // namespace limbeck
