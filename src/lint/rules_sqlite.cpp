// Rules about SQLite alone.
#include "lint/rule_parts.h"

namespace limbeck {
std::vector<LintRule> sqlite_rules() {
  using enum EffectKind;
  return {
      {.name = "sqlite-quoted-name-is-text",
       .dialect = for_sqlite,
       .severity = Severity::error,
       .summary = "A \"name\" in double quotes that is no column",
       .why = "SQLite takes a misspelt column in double quotes for a text: the statement succeeds "
              "and means something else.",
       .rewrite = "Spell the column as it is; write texts in single quotes.",
       .fires = "CREATE INDEX by_note ON orders (\"notes\");",
       .quiet = "CREATE INDEX by_note ON orders (\"note\");",
       .kinds = {misspelt_string},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         return hit("\"{}\" is no column, and becomes the text '{}'", effect.name, effect.name);
       }},
      {.name = "sqlite-drop-deletes-references",
       .dialect = for_sqlite,
       .severity = Severity::error,
       .summary = "DROP TABLE of a table that others refer to, with foreign keys on",
       .why = "With foreign keys on, SQLite first deletes all its rows: ON DELETE CASCADE and SET "
              "NULL change the rows of the other tables, and without them it fails. A run has them "
              "off, unless the revision turns them on.",
       .rewrite = "Leave PRAGMA foreign_keys = ON away, and look at PRAGMA foreign_key_check "
                  "afterwards.",
       .fires = "-- limbeck:upgrade no-transaction\nPRAGMA foreign_keys = ON;\n-- "
                "limbeck:upgrade\nDROP TABLE customers;",
       .quiet = "DROP TABLE customers;",
       .kinds = {drop_table},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::referenced) || look.is_new(effect.table)) return std::nullopt;
         return hit("dropping {} deletes its rows first, and {} refer{} to them",
                    shown(effect.table), listed(effect.also), effect.also.size() == 1 ? "s" : "");
       },
       .loses_data = true},
      {.name = "sqlite-drop-leaves-references",
       .dialect = for_sqlite,
       .severity = Severity::notice,
       .summary = "DROP TABLE of a table that others refer to, with foreign keys off",
       .why = "The rows that refer to it stay as they are. An application that turns foreign keys "
              "on cannot write to their tables any more: \"no such table\".",
       .rewrite = "Drop or rebuild the tables that refer to it first.",
       .fires = "DROP TABLE customers;",
       .quiet = "DROP TABLE orders;\nDROP TABLE customers;",
       .kinds = {drop_table},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::dangling) || look.is_new(effect.table) ||
             look.is_replaced(effect.table) || effect.has(Trait::copied))
           return std::nullopt;
         return hit("{} refer{} to {}, which is no more", listed(effect.also),
                    effect.also.size() == 1 ? "s" : "", shown(effect.table));
       }},
      {.name = "sqlite-default-not-constant",
       .dialect = for_sqlite,
       .severity = Severity::error,
       .summary = "ADD COLUMN with a default that is no constant",
       .why = "SQLite refuses it as soon as the table has a row: CURRENT_TIMESTAMP and expressions "
              "in parentheses are no constants.",
       .rewrite = "Add the column without a default and fill it with an UPDATE, or rebuild the "
                  "table.",
       .fires = "ALTER TABLE orders ADD COLUMN seen TEXT DEFAULT CURRENT_TIMESTAMP;",
       .quiet = "ALTER TABLE orders ADD COLUMN seen TEXT DEFAULT 'never';",
       .kinds = {add_column},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::volatile_default) || look.is_new(effect.table)) return std::nullopt;
         return hit("the default of {} is no constant", effect.name);
       }},
      {.name = "sqlite-table-rebuilt",
       .dialect = for_sqlite,
       .severity = Severity::notice,
       .summary = "A table copied into a new one that takes its name",
       .why = "Nobody can write to the file until it is done. Triggers, views and indexes that are "
              "not made again are gone; foreign keys have to be off meanwhile.",
       .rewrite = "\"limbeck revision --autogenerate\" writes the rebuild with all that belongs to "
                  "the table.",
       .fires =
           "CREATE TABLE new_orders (id INTEGER PRIMARY KEY, customer_id INTEGER, note TEXT NOT "
           "NULL);\nINSERT INTO new_orders SELECT id, customer_id, note FROM orders;\nDROP TABLE "
           "orders;\nALTER TABLE new_orders RENAME TO orders;",
       .quiet =
           "CREATE TABLE notes (id INTEGER PRIMARY KEY);\nALTER TABLE notes RENAME TO remarks;",
       .kinds = {drop_table},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!look.is_replaced(effect.table) && !effect.has(Trait::copied)) return std::nullopt;
         return hit("{} is written again as a whole", shown(effect.table));
       }},
      {.name = "sqlite-column-rewrites",
       .dialect = for_sqlite,
       .severity = Severity::notice,
       .summary = "DROP COLUMN",
       .why = "SQLite writes every row again without the column; nobody can write to the file "
              "meanwhile.",
       .rewrite = "On a large file, do it when nobody writes.",
       .fires = "ALTER TABLE orders DROP COLUMN note;",
       .quiet = "ALTER TABLE orders ADD COLUMN title TEXT;",
       .kinds = {drop_column},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         // Of a table that is copied, sqlite-table-rebuilt says it.
         if (look.is_new(effect.table) || effect.has(Trait::copied)) return std::nullopt;
         return hit("every row of {} is written again", shown(effect.table));
       }},
      {.name = "sqlite-vacuum",
       .dialect = for_sqlite,
       .severity = Severity::warning,
       .summary = "VACUUM",
       .why =
           "The whole file is written again, which needs as much room on the disk once more, and "
           "nobody can write meanwhile.",
       .rewrite = "PRAGMA incremental_vacuum, or VACUUM when nobody writes.",
       .fires = "-- limbeck:upgrade no-transaction\nVACUUM;",
       .quiet = "CREATE TABLE notes (id INTEGER PRIMARY KEY);",
       .kinds = {rewrite_table},
       .of_effect = [](const Look&, const Effect&) -> std::optional<Hit> {
         return hit("the whole file is written again");
       }},
      {.name = "sqlite-pragma-in-transaction",
       .dialect = for_sqlite,
       .severity = Severity::error,
       .summary = "PRAGMA foreign_keys and its like in a section with a transaction",
       .why = "Inside a transaction SQLite ignores it without a word: foreign keys stay as they "
              "were. Limbeck refuses to run it.",
       .rewrite = "A section that begins with \"-- limbeck:upgrade no-transaction\".",
       .fires = "PRAGMA foreign_keys = OFF;",
       .quiet = "-- limbeck:upgrade no-transaction\nPRAGMA foreign_keys = OFF;"},
  };
}

}  // namespace limbeck
