// Rules about rows that are lost.
#include "lint/rule_parts.h"

namespace limbeck {

std::vector<LintRule> data_rules() {
  using enum EffectKind;
  return {
      {.name = "drop-table",
       .severity = Severity::warning,
       .summary = "DROP TABLE",
       .why = "Its rows are gone. Code that still names it fails at once.",
       .rewrite = "Rename it first, and drop it in a later revision, when nobody has missed it.",
       .fires = "DROP TABLE orders;",
       .quiet = "CREATE TABLE notes (id integer);\nDROP TABLE notes;",
       .kinds = {drop_table},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!look.is_live(effect) || effect.has(Trait::copied)) return std::nullopt;
         // The revision makes sure that there is none before it makes its own.
         if (effect.has(Trait::assumed) && effect.has(Trait::if_exists) &&
             look.is_replaced(effect.table))
           return std::nullopt;
         return hit("the rows of {} are lost{}{}", shown(effect.table),
                    effect.also.empty() ? "" : "; it is locked together with ",
                    listed(effect.also));
       },
       .loses_data = true},
      {.name = "truncate",
       .severity = Severity::error,
       .summary = "TRUNCATE",
       .why = "All rows are gone; with CASCADE so are those of every table that refers to it.",
       .rewrite = "DELETE in batches, with a condition: a \"-- limbeck:backfill\" section.",
       .fires = "TRUNCATE orders;",
       .quiet = "CREATE TABLE notes (id integer);\nTRUNCATE notes;",
       .kinds = {truncate},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!look.is_live(effect)) return std::nullopt;
         return hit("the rows of {}{}{} are lost", shown(effect.table),
                    effect.also.empty() ? "" : " and of ", listed(effect.also));
       },
       .loses_data = true},
      {.name = "delete-all-rows",
       .severity = Severity::error,
       .summary = "DELETE without a condition, or with one that asks nothing of a row",
       .why = "All rows are gone. A condition that is the same for each row takes all of them, or "
              "none.",
       .rewrite = "Say which rows: WHERE ...",
       .fires = "DELETE FROM orders;",
       .quiet = "DELETE FROM orders WHERE id = 5;",
       .kinds = {delete_rows},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::has_where) || !look.is_live(effect)) return std::nullopt;
         return hit("the rows of {} are lost", shown(effect.table));
       },
       .loses_data = true},
      {.name = "drop-schema",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "DROP SCHEMA, and anything with CASCADE",
       .why = "CASCADE drops whatever depends on the object, also what nobody thought of.",
       .rewrite = "Drop each object by its name, the dependent ones first.",
       .fires = "DROP SCHEMA public CASCADE;",
       .quiet = "DROP VIEW IF EXISTS notes;",
       .kinds = {drop_object, drop_table, drop_column},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.object == "schema")
           return hit("everything in the schema {} is lost", effect.name);
         if (!effect.has(Trait::cascade) || effect.object == "owned" || !look.is_live(effect))
           return std::nullopt;
         return hit("CASCADE drops whatever depends on {}",
                    effect.name.empty() ? shown(effect.table) : effect.name);
       },
       .loses_data = true},
      {.name = "drop-database",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "DROP DATABASE",
       .why = "Everything in it is gone, and nothing in a revision of this database can look into "
              "it first.",
       .rewrite = "Drop it by hand, after a backup.",
       .fires = "-- limbeck:upgrade no-transaction\nDROP DATABASE reports;",
       .quiet = "DROP VIEW IF EXISTS reports;",
       .kinds = {drop_object},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (effect.object != "database") return std::nullopt;
         return hit("everything in the database {} is lost", effect.name);
       },
       .loses_data = true},
      {.name = "drop-owned",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "DROP OWNED",
       .why = "It drops each table, view and function that the role owns in this database; which "
              "these are is known when it runs.",
       .rewrite = "REASSIGN OWNED to another role, or drop each object by its name.",
       .fires = "DROP OWNED BY old_role;",
       .quiet = "REASSIGN OWNED BY old_role TO new_role;",
       .kinds = {drop_object},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (effect.object != "owned") return std::nullopt;
         return hit("everything that {} owns is lost", effect.name);
       },
       .loses_data = true},
      {.name = "drop-sequence",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "DROP SEQUENCE",
       .why = "Where it stood is lost: a new one begins with numbers that are in use.",
       .rewrite = "Keep its last value: SELECT last_value FROM the sequence.",
       .fires = "DROP SEQUENCE invoice_numbers;",
       .quiet = "ALTER SEQUENCE invoice_numbers INCREMENT 2;",
       .kinds = {drop_object},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (effect.object != "sequence") return std::nullopt;
         return hit("where the sequence {} stands is lost", effect.name);
       },
       .loses_data = true},
  };
}

}  // namespace limbeck
