#include "lint/name_pattern.h"

#include <algorithm>
#include <utility>

namespace limbeck {
namespace {

// SQLAlchemy cuts a longer name off and ends it with a part of its hash, "_1a2b".
constexpr std::size_t longest_whole = 63;
constexpr std::size_t kept_of_longer = 55;

constexpr std::string_view lower_letters = "az__";

// ranges: "az09" stands for a to z and 0 to 9; empty: any character.
bool is_in(char c, std::string_view ranges) {
  for (std::size_t i = 0; i + 1 < ranges.size(); i += 2)
    if (c >= ranges[i] && c <= ranges[i + 1]) return true;
  return ranges.empty();
}

}  // namespace

// "column_0_name", "column_0N_name", "column_0_N_label", and the same behind "referred_".
std::optional<NamePattern::Piece> NamePattern::column_token(std::string_view name) {
  Piece piece{.source = Source::columns, .text = std::string(name)};
  constexpr std::string_view referred = "referred_";
  if (name.starts_with(referred)) {
    piece.source = Source::referred_columns;
    name.remove_prefix(referred.size());
  }
  constexpr std::string_view column = "column_";
  if (!name.starts_with(column)) return std::nullopt;
  name.remove_prefix(column.size());
  if (name.empty() || name.front() < '0' || name.front() > '9') return std::nullopt;
  piece.column = static_cast<std::size_t>(name.front() - '0');
  name.remove_prefix(1);
  if (name.starts_with("_N") || name.starts_with("N")) {
    piece.all_columns = true;
    piece.between = name.front() == '_' ? "_" : "";
    name.remove_prefix(piece.between.size() + 1);
  }
  piece.with_table = name == "_label";
  return name == "_name" || name == "_key" || name == "_label" ? std::optional(piece)
                                                               : std::nullopt;
}

std::optional<NamePattern::Piece> NamePattern::token(std::string_view name) {
  Piece piece{.source = Source::characters, .text = std::string(name)};
  if (name == "constraint_name") return piece;
  if (name == "snake_case" || name == "camelCase" || name == "PascalCase") {
    piece.first = name == "PascalCase" ? "AZ" : name == "camelCase" ? "az" : lower_letters;
    piece.further = name == "snake_case" ? "az__09" : "azAZ09";
    return piece;
  }
  if (name == "table_name" || name == "referred_table_name") {
    piece.source = name == "table_name" ? Source::table : Source::referred_table;
    return piece;
  }
  return column_token(name);
}

std::optional<NamePattern> NamePattern::parse(std::string_view text, std::string& unknown) {
  NamePattern pattern;
  const auto add_text = [&](char c) {
    if (pattern.pieces_.empty() || pattern.pieces_.back().source != Source::text)
      pattern.pieces_.push_back({});
    pattern.pieces_.back().text += c;
  };
  while (!text.empty()) {
    const char c = text.front();
    if (c == '*') {
      pattern.pieces_.push_back({.source = Source::characters, .text = "*", .may_be_empty = true});
    } else if (c != '%') {
      add_text(c);
    } else if (text.starts_with("%%")) {
      add_text(c);
      text.remove_prefix(1);
    } else {
      const std::size_t end = text.find(")s");
      const bool closed = text.starts_with("%(") && end != std::string_view::npos;
      const auto piece = closed ? token(text.substr(2, end - 2)) : std::nullopt;
      if (!piece) {
        unknown = closed ? text.substr(0, end + 2) : text;
        return std::nullopt;
      }
      pattern.pieces_.push_back(*piece);
      text.remove_prefix(end + 1);
    }
    text.remove_prefix(1);
  }
  return pattern;
}

NamePattern::Piece NamePattern::filled(const Piece& piece, const NameParts& parts) {
  const bool referred =
      piece.source == Source::referred_columns || piece.source == Source::referred_table;
  const std::string& table = referred ? parts.referred_table : parts.table;
  std::vector<std::string> names;
  if (piece.source == Source::table || piece.source == Source::referred_table) {
    names = {table};
  } else if (piece.source == Source::columns || piece.source == Source::referred_columns) {
    names = referred ? parts.referred_columns : parts.columns;
    if (!piece.all_columns)
      names = piece.column < names.size() ? std::vector{names[piece.column]}
                                          : std::vector<std::string>{};
    const bool known = std::none_of(names.begin(), names.end(),
                                    [](const std::string& name) { return name.empty(); });
    if (!known) names.clear();
    if (piece.with_table)
      for (std::string& name : names) name.insert(0, table + "_");
  } else {
    return piece;
  }
  Piece result{.source = names.empty() ? Source::characters : Source::text,
               .text = names.empty() ? piece.text : ""};
  for (std::size_t i = 0; i < names.size(); ++i)
    result.text += (i == 0 ? "" : piece.between) + names[i];
  return result;
}

std::vector<NamePattern::Piece> NamePattern::filled(const NameParts& parts) const {
  std::vector<Piece> pieces;
  for (const Piece& piece : pieces_) pieces.push_back(filled(piece, parts));
  return pieces;
}

bool NamePattern::fits(std::string_view name, const NameParts& parts) const {
  const std::vector<Piece> pieces = filled(parts);
  const bool whole = std::all_of(pieces.begin(), pieces.end(),
                                 [](const Piece& piece) { return piece.source == Source::text; });
  if (const std::string all = expected(parts); whole && all.size() > longest_whole)
    return name == all || (name.size() > kept_of_longer && name.size() <= longest_whole &&
                           name.starts_with(all.substr(0, kept_of_longer)));
  // The places up to which the pieces so far may reach.
  std::vector<bool> reached(name.size() + 1, false);
  reached[0] = true;
  for (const Piece& piece : pieces) {
    std::vector<bool> next(name.size() + 1, false);
    for (std::size_t begin = 0; begin <= name.size(); ++begin) {
      if (!reached[begin]) continue;
      if (piece.source == Source::text) {
        if (name.substr(begin).starts_with(piece.text)) next[begin + piece.text.size()] = true;
        continue;
      }
      if (piece.may_be_empty) next[begin] = true;
      std::size_t end = begin;
      while (end < name.size() && is_in(name[end], end == begin ? piece.first : piece.further))
        next[++end] = true;
    }
    reached = std::move(next);
  }
  return reached[name.size()];
}

std::string NamePattern::expected(const NameParts& parts) const {
  std::string name;
  for (const Piece& piece : filled(parts)) {
    const bool token = piece.source != Source::text && piece.text != "*";
    name += token ? "%(" + piece.text + ")s" : piece.text;
  }
  return name;
}

}  // namespace limbeck
