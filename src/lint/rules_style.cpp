// Rules about types and names: off, but for those that bite.
#include <algorithm>
#include <array>
#include <cctype>

#include "lint/rule_parts.h"

namespace limbeck {
namespace {

constexpr std::size_t longest_name = 63;

// How a value lies in a row: its bytes, and what its first one has to be a multiple of.
struct Layout {
  std::string_view type;
  std::size_t size;
  std::size_t alignment;
};

constexpr std::array layouts = std::to_array<Layout>({
    {"bigint", 8, 8},
    {"double precision", 8, 8},
    {"timestamp with time zone", 8, 8},
    {"timestamp without time zone", 8, 8},
    {"time without time zone", 8, 8},
    {"money", 8, 8},
    {"interval", 16, 8},
    {"integer", 4, 4},
    {"real", 4, 4},
    {"date", 4, 4},
    {"oid", 4, 4},
    {"smallint", 2, 2},
    {"boolean", 1, 1},
    {"uuid", 16, 1},
});

const Layout* layout_of(const std::string& type) {
  const auto* found = std::find_if(layouts.begin(), layouts.end(),
                                   [&](const Layout& row) { return row.type == type; });
  return found == layouts.end() ? nullptr : found;
}

// The bytes between the values of a row. Those of no fixed length stand last.
std::size_t padding(const std::vector<Layout>& columns) {
  std::size_t at = 0;
  std::size_t lost = 0;
  for (const Layout& column : columns) {
    const std::size_t gap = (column.alignment - at % column.alignment) % column.alignment;
    lost += gap;
    at += gap + column.size;
  }
  return lost;
}

constexpr std::size_t much_padding = 8;

bool is_key(const Effect& effect) {
  return effect.has(Trait::primary_key) || effect.has(Trait::serial) || effect.has(Trait::identity);
}

}  // namespace

std::vector<LintRule> style_rules() {
  using enum EffectKind;
  return {
      {.name = "json-type",
       .dialect = for_postgres,
       .severity = Severity::notice,
       .summary = "A column of type json",
       .why = "json has no equality: SELECT DISTINCT, GROUP BY and UNION fail on it.",
       .rewrite = "jsonb",
       .fires = "ALTER TABLE orders ADD COLUMN data json;",
       .quiet = "ALTER TABLE orders ADD COLUMN data jsonb;",
       .kinds = {add_column},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (effect.detail != "json") return std::nullopt;
         return hit("{} of {} is of a type without equality", effect.name, shown(effect.table));
       }},
      {.name = "char-type",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "A column of type character(n)",
       .why = "Values are padded with blanks, and no length can be changed without a rewrite.",
       .rewrite = "text, with a check where a length matters.",
       .fires = "ALTER TABLE orders ADD COLUMN country char(2);",
       .quiet = "ALTER TABLE orders ADD COLUMN country text;",
       .kinds = {add_column},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (!effect.detail.starts_with("character(")) return std::nullopt;
         return hit("{} of {} is padded with blanks", effect.name, shown(effect.table));
       }},
      {.name = "varchar-type",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "A column of type varchar(n)",
       .why = "A shorter length rewrites the table; a check can be changed at any time.",
       .rewrite = "text, with a check where a length matters.",
       .fires = "ALTER TABLE orders ADD COLUMN country varchar(2);",
       .quiet = "ALTER TABLE orders ADD COLUMN country varchar;",
       .kinds = {add_column},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (!effect.detail.starts_with("character varying(") || effect.detail.ends_with("[]"))
           return std::nullopt;
         return hit("the length of {} of {} is a part of its type", effect.name,
                    shown(effect.table));
       }},
      {.name = "timestamp-type",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "A column of type timestamp without time zone",
       .why = "It does not say which moment is meant; a change to timestamptz rewrites the table.",
       .rewrite = "timestamptz",
       .fires = "ALTER TABLE orders ADD COLUMN sent_at timestamp;",
       .quiet = "ALTER TABLE orders ADD COLUMN sent_at timestamptz;",
       .kinds = {add_column},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         const bool plain = effect.detail.starts_with("timestamp") &&
                            effect.detail.find("without time zone") != std::string::npos;
         if (!plain) return std::nullopt;
         return hit("{} of {} does not say which moment it means", effect.name,
                    shown(effect.table));
       }},
      {.name = "small-key",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "A key of type integer or smallint",
       .why = "It ends at 2,147,483,647, and a change to bigint rewrites the table and those that "
              "refer to it.",
       .rewrite = "bigint",
       .fires = "CREATE TABLE notes (id integer PRIMARY KEY);",
       .quiet = "CREATE TABLE notes (id bigint PRIMARY KEY);",
       .kinds = {add_column},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (!is_key(effect) || (effect.detail != "integer" && effect.detail != "smallint"))
           return std::nullopt;
         return hit("the key {} of {} may run out of numbers", effect.name, shown(effect.table));
       }},
      {.name = "serial-type",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "A column of type serial",
       .why = "Its sequence has privileges and an owner of its own, and a copy of the table shares "
              "it.",
       .rewrite = "GENERATED BY DEFAULT AS IDENTITY",
       .fires = "CREATE TABLE notes (id bigserial PRIMARY KEY);",
       .quiet = "CREATE TABLE notes (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY);",
       .kinds = {add_column},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::serial)) return std::nullopt;
         return hit("{} of {} has a sequence beside the table", effect.name, shown(effect.table));
       }},
      {.name = "column-padding",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "A new table whose columns stand in an order that wastes room",
       .why =
           "A value of eight bytes begins at a multiple of eight: what is shorter in front of it "
           "is filled up, in each row.",
       .rewrite = "First the columns of eight bytes, then those of four, two and one, then texts "
                  "and the rest.",
       .fires = "CREATE TABLE notes (open boolean, id bigint PRIMARY KEY, done boolean, made_at "
                "timestamptz);",
       .quiet = "CREATE TABLE notes (id bigint PRIMARY KEY, made_at timestamptz, open boolean, "
                "done boolean);",
       .of_statement = [](const Look& look) -> Hits {
         const bool made =
             !look.all.effects.empty() && look.all.effects.front().kind == EffectKind::create_table;
         if (!made) return {};
         std::vector<Layout> written;
         for (const Effect& effect : look.all.effects) {
           if (effect.kind != EffectKind::add_column) continue;
           const Layout* layout = layout_of(effect.detail);
           if (layout != nullptr) written.push_back(*layout);
         }
         std::vector<Layout> best = written;
         std::stable_sort(best.begin(), best.end(), [](const Layout& left, const Layout& right) {
           return left.alignment > right.alignment;
         });
         const std::size_t lost = padding(written) - padding(best);
         if (lost < much_padding) return {};
         return {hit("{} bytes of each row of {} hold nothing", lost,
                     shown(look.all.effects.front().table))};
       }},
      {.name = "if-exists-hides-drift",
       .severity = Severity::off,
       .summary = "IF EXISTS and IF NOT EXISTS",
       .why =
           "They pass over what is not as the revisions say: a table that is there may be another "
           "one. Limbeck knows what it has run, also after a failure.",
       .rewrite = "Leave it away.",
       .fires = "CREATE TABLE IF NOT EXISTS notes (id integer);",
       .quiet = "CREATE TABLE notes (id integer);",
       .kinds = {create_table, drop_table, create_index, drop_index, drop_column, drop_object,
                 drop_constraint},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::if_exists)) return std::nullopt;
         return hit("it is not noticed when {} is another one than the revisions say",
                    effect.name.empty() ? shown(effect.table) : effect.name);
       }},
      {.name = "unqualified-name",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "A new table without a schema in its name",
       .why = "Where it is made depends on the search_path of whoever runs the revision.",
       .rewrite = "CREATE TABLE public.name",
       .fires = "CREATE TABLE notes (id integer);",
       .quiet = "CREATE TABLE public.notes (id integer);",
       .kinds = {create_table},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::temporary)) return std::nullopt;
         const auto& text = look.statement.text;
         const bool written = text.find(effect.table.schema + ".") != std::string::npos ||
                              text.find(effect.table.schema + "\".") != std::string::npos;
         if (written) return std::nullopt;
         return hit("the table {} is made wherever the search_path says", effect.table.name);
       }},
      {.name = "naming-convention",
       .severity = Severity::warning,
       .summary = "A name that does not follow the convention of the project, where it has one",
       .why = "Who looks for a constraint or an index by its name does not find it, and the next "
              "revision that drops it has to look the name up first.",
       .rewrite =
           "The name that the message says; or another convention in the table lint.names of "
           "limbeck.toml.",
       .fires =
           "-- ix = \"%(table_name)s_%(column_0_N_name)s\"\nCREATE INDEX by_note ON orders (note);",
       .quiet =
           "-- ix = \"%(table_name)s_%(column_0_N_name)s\"\nCREATE INDEX orders_note ON orders "
           "(note);"},
      {.name = "name-too-long",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "A name of more than 63 bytes",
       .why = "PostgreSQL cuts it off without saying so: the object has another name than the "
              "revision says, and two such names may become one.",
       .rewrite = "A shorter name.",
       .fires =
           "CREATE INDEX an_index_with_a_name_that_is_longer_than_the_sixty_three_bytes_there_are "
           "ON ONLY events (id);",
       .quiet = "CREATE INDEX events_id ON ONLY events (id);",
       .of_statement = [](const Look& look) -> Hits {
         const std::string& text = look.statement.text;
         std::size_t at = 0;
         bool quoted = false;
         // Words as the parser cuts them: letters, digits and what is quoted as a name.
         while (at < text.size()) {
           if (text[at] == '\'') {
             at = text.find('\'', at + 1);
             if (at == std::string::npos) break;
             ++at;
             continue;
           }
           if (text[at] == '$') break;  // a body
           quoted = text[at] == '"';
           const std::size_t begin = quoted ? at + 1 : at;
           std::size_t end = begin;
           const auto in_word = [&](char c) {
             return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
                    static_cast<unsigned char>(c) >= 0x80;
           };
           while (end < text.size() && (quoted ? text[end] != '"' : in_word(text[end]))) ++end;
           if (end - begin > longest_name)
             return {hit("{} is cut to its first 63 bytes", text.substr(begin, end - begin))};
           at = end + (quoted || end == at ? 1 : 0);
         }
         return {};
       }},
  };
}

}  // namespace limbeck
