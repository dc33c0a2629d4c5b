// What the text of a revision says that it does to data: which values it changes, what it drops,
// what it renames.
//
// It goes by words, also within the body of a DO and in strings. It never asks a database.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

class Said {
 public:
  // statements: their texts.
  explicit Said(std::span<const std::string> statements);

  bool updates(std::string_view table, std::string_view column) const;
  bool updates_table(std::string_view table) const;
  bool deletes_from(std::string_view table) const;
  // Rows of its own, not those of another table.
  bool inserts_into(std::string_view table) const;
  bool drops_table(std::string_view table) const;
  bool drops_column(std::string_view table, std::string_view column) const;
  // How a change of the column's type makes its values: USING left(name, 3) computes them, USING
  // CASE ... says which value becomes which, and USING name::text does neither. The same where rows
  // are copied into a table: INSERT ... SELECT left(name, 3).
  enum class Conversion { plain, computed, mapped };
  Conversion conversion(std::string_view table, std::string_view column) const;
  // Whether something is dropped with all that depends on it.
  bool drops_by_cascade() const;
  // Whether a statement names it, in whatever way.
  bool names(std::string_view name) const;
  // Whether something of this name is made only if it is not there.
  bool makes_if_missing(std::string_view name) const;
  // Whether a label of an enum gets this other name.
  bool renames_value(std::string_view from, std::string_view to) const;
  // The name that it gets; the same one when it keeps it.
  std::string name_of_table(std::string_view table) const;
  std::string name_of_column(std::string_view table, std::string_view column) const;

 private:
  Conversion copies(std::string_view table, std::string_view column) const;
  using Words = std::vector<std::string>;  // folded; of quoted names without the quotes

  std::vector<Words> statements_;
};

}  // namespace limbeck
