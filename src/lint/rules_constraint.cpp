// Rules about constraints.
#include <algorithm>

#include "lint/rule_parts.h"

namespace limbeck {
namespace {

// Without what the same statement wants before it.
std::vector<std::string> first_wanted_by(const Look& look, const Effect& effect) {
  std::vector<std::string> columns = new_columns_wanted(look.past, effect);
  for (const Effect& before : look.all.effects) {
    if (&before == &effect) break;
    if (before.table != effect.table) continue;
    for (const std::string& column : new_columns_wanted(look.past, before))
      columns.erase(std::remove(columns.begin(), columns.end(), column), columns.end());
  }
  return columns;
}

}  // namespace

std::vector<LintRule> constraint_rules() {
  using enum EffectKind;
  return {
      {.name = "check-scans",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ADD CHECK without NOT VALID",
       .why = "Every row is checked under an ACCESS EXCLUSIVE lock: nothing can read or write the "
              "table meanwhile.",
       .rewrite = "ADD CONSTRAINT ... CHECK (...) NOT VALID, and VALIDATE CONSTRAINT in a section "
                  "after it: that reads the rows while others work.",
       .fires = "ALTER TABLE orders ADD CONSTRAINT code_short CHECK (length(code) < 10);",
       .quiet = "ALTER TABLE orders ADD CONSTRAINT code_short CHECK (length(code) < 10) NOT VALID;",
       .kinds = {add_check},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.impact.scan || !look.is_live(effect)) return std::nullopt;
         return hit("the new check reads all of {} while nothing else can use it",
                    shown(effect.table));
       }},
      {.name = "foreign-key-scans",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ADD FOREIGN KEY without NOT VALID",
       .why = "Every row is looked up under a SHARE ROW EXCLUSIVE lock on both tables: neither can "
              "be written meanwhile.",
       .rewrite = "ADD CONSTRAINT ... FOREIGN KEY ... NOT VALID, and VALIDATE CONSTRAINT in a "
                  "section after it.",
       .fires =
           "ALTER TABLE orders ADD CONSTRAINT to_customer FOREIGN KEY (customer_id) REFERENCES "
           "customers (id);",
       .quiet =
           "ALTER TABLE orders ADD CONSTRAINT to_customer FOREIGN KEY (customer_id) REFERENCES "
           "customers (id) NOT VALID;",
       .kinds = {add_foreign_key},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.impact.foreign_key_scan || !look.is_live(effect)) return std::nullopt;
         return hit(
             "the new foreign key looks all rows of {} up while neither it nor {} can be "
             "written",
             shown(effect.table), listed(effect.also));
       }},
      {.name = "foreign-key-in-new-table",
       .dialect = for_postgres,
       .severity = Severity::notice,
       .summary = "A new table with a foreign key to one that is in use",
       .why = "It takes a SHARE ROW EXCLUSIVE lock on the other table. That is short, but while it "
              "waits behind a long transaction, writes wait behind it.",
       .rewrite = "Nothing, as a rule: Limbeck gives up after lock_timeout and tries again. On a "
                  "very busy table, add the key in a step of its own.",
       .fires = "CREATE TABLE payments (id bigint PRIMARY KEY, customer_id bigint REFERENCES "
                "customers (id));\nCREATE INDEX payments_customer ON payments (customer_id);",
       .quiet =
           "CREATE TABLE shops (id bigint PRIMARY KEY);\nCREATE TABLE payments (id bigint "
           "PRIMARY KEY, shop_id bigint REFERENCES shops (id));\nCREATE INDEX payments_shop ON "
           "payments (shop_id);",
       .kinds = {add_foreign_key},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::references) || effect.also.empty() ||
             look.is_new(effect.also.front()))
           return std::nullopt;
         return hit("the foreign key of {} locks {} against writes", shown(effect.table),
                    listed(effect.also));
       }},
      {.name = "add-column-references",
       .dialect = for_postgres,
       .severity = Severity::notice,
       .summary = "ADD COLUMN with REFERENCES",
       .why = "Without a default nothing is read, but both tables are locked: an ACCESS EXCLUSIVE "
              "lock on the one, SHARE ROW EXCLUSIVE on the other. With a default every row is "
              "looked up.",
       .rewrite = "Without a default: nothing. With one: add the column, then the foreign key with "
                  "NOT VALID, then VALIDATE CONSTRAINT.",
       .fires = "ALTER TABLE orders ADD COLUMN payer_id bigint REFERENCES customers (id);",
       .quiet = "ALTER TABLE orders ADD COLUMN payer_id bigint;",
       .kinds = {add_column},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::references) || effect.impact.foreign_key_scan ||
             effect.impact.lock == LockLevel::none || !look.is_live(effect))
           return std::nullopt;
         return hit("the new column {} locks {} too", effect.name, listed(effect.also));
       }},
      {.name = "add-column-references-scans",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ADD COLUMN with REFERENCES and a default",
       .why = "Every row gets the default, and each is looked up under an ACCESS EXCLUSIVE lock.",
       .rewrite =
           "Add the column, then the foreign key with NOT VALID, then VALIDATE CONSTRAINT in "
           "a section after it.",
       .fires =
           "ALTER TABLE orders ADD COLUMN payer_id bigint DEFAULT 1 REFERENCES customers (id);",
       .quiet = "ALTER TABLE orders ADD COLUMN payer_id bigint REFERENCES customers (id);",
       .kinds = {add_column},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.impact.foreign_key_scan || !look.is_live(effect)) return std::nullopt;
         return hit("the new column {} has all rows of {} looked up while nothing can use it",
                    effect.name, shown(effect.table));
       }},
      {.name = "validate-in-same-transaction",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "VALIDATE CONSTRAINT in the transaction that added the constraint, or that locks "
                  "the table for something else",
       .why = "A strong lock, such as that of ADD CONSTRAINT, is held until the transaction ends, "
              "so that the rows are read under it after all. In one ALTER TABLE the strongest lock "
              "is taken for all.",
       .rewrite =
           "Put VALIDATE CONSTRAINT into a no-transaction section after it, or into the next "
           "revision.",
       .fires = "ALTER TABLE orders ADD CONSTRAINT code_short CHECK (length(code) < 10) NOT "
                "VALID;\nALTER TABLE orders VALIDATE CONSTRAINT code_short;",
       .quiet = "ALTER TABLE orders ADD CONSTRAINT code_short CHECK (length(code) < 10) NOT "
                "VALID;\n-- limbeck:upgrade no-transaction\nALTER TABLE orders VALIDATE CONSTRAINT "
                "code_short;",
       .kinds = {validate_constraint},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!look.is_live(effect)) return std::nullopt;
         if (look.in_transaction() && look.past.not_valid.count({effect.table, effect.name}) != 0)
           return hit("{} is validated under the lock that adding it took on {}", effect.name,
                      shown(effect.table));
         const bool reads = effect.impact.scan || effect.impact.foreign_key_scan;
         const auto held = look.past.held.find(effect.table);
         const bool locked = look.in_transaction() && held != look.past.held.end() &&
                             held->second.lock >= LockLevel::share;
         if (!reads || (!locked && effect.impact.lock < LockLevel::share)) return std::nullopt;
         return hit("{} reads all of {} under the lock that {}", effect.name, shown(effect.table),
                    locked ? "the transaction took before" : "the same ALTER TABLE takes");
       }},
      {.name = "validate-under-timeout",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "VALIDATE CONSTRAINT under a statement_timeout that the revision sets",
       .why = "It reads the whole table while others work, which may take long and harms no one. "
              "Under a short timeout it fails on a large table, each time.",
       .rewrite = "Leave statement_timeout alone: Limbeck runs such a step without one.",
       .fires = "-- limbeck:upgrade no-transaction\nSET statement_timeout = '3s';\nALTER TABLE "
                "orders VALIDATE CONSTRAINT code_known;",
       .quiet = "-- limbeck:upgrade no-transaction\nALTER TABLE orders VALIDATE CONSTRAINT "
                "code_known;",
       .kinds = {validate_constraint},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (look.past.statement_timeout.value_or(0) <= 0) return std::nullopt;
         return hit("{} may take longer to validate than the {} ms that this revision allows",
                    effect.name, *look.past.statement_timeout);
       }},
      {.name = "set-not-null-scans",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "SET NOT NULL on a column that no check proves",
       .why = "Every row is read under an ACCESS EXCLUSIVE lock. A validated CHECK (column IS NOT "
              "NULL) spares that, unless the same ALTER TABLE drops it.",
       .rewrite = "ADD CONSTRAINT ... CHECK (column IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT in "
                  "a section after it; then SET NOT NULL; then DROP CONSTRAINT.",
       .fires = "ALTER TABLE orders ALTER COLUMN code SET NOT NULL;",
       .quiet = "ALTER TABLE orders ALTER COLUMN note SET NOT NULL;\nALTER TABLE orders DROP "
                "CONSTRAINT note_given;",
       .kinds = {set_not_null},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.impact.scan || !look.is_live(effect)) return std::nullopt;
         Hit found = hit("all rows of {} are read for a NULL in {} while nothing else can use it",
                         shown(effect.table), effect.name);
         found.rewrite = fmt::format(
             "ALTER TABLE {0} ADD CONSTRAINT {1}_not_null CHECK ({1} IS NOT NULL) NOT VALID; then, "
             "each in a section of its own: ALTER TABLE {0} VALIDATE CONSTRAINT {1}_not_null; "
             "ALTER "
             "TABLE {0} ALTER COLUMN {1} SET NOT NULL; ALTER TABLE {0} DROP CONSTRAINT "
             "{1}_not_null;",
             shown(effect.table), effect.name);
         return found;
       }},
      {.name = "not-null-on-new-column",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "NOT NULL, or a check of it, on a column that is new and has no default",
       .why = "The application that still runs does not write the column: each of its INSERTs "
              "fails, also when the new version is rolled back.",
       .rewrite = "Give the column a default, or add the constraint in a later revision, when all "
                  "code writes the column.",
       .fires = "ALTER TABLE orders ADD COLUMN source text;\nALTER TABLE orders ADD CONSTRAINT "
                "source_given CHECK (source IS NOT NULL) NOT VALID;",
       .quiet = "ALTER TABLE orders ADD COLUMN source text DEFAULT 'shop';\nALTER TABLE orders ADD "
                "CONSTRAINT source_given CHECK (source IS NOT NULL) NOT VALID;",
       .kinds = {add_check, set_not_null},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!look.is_live(effect)) return std::nullopt;
         const std::vector<std::string> columns = first_wanted_by(look, effect);
         if (columns.empty()) return std::nullopt;
         const bool one = columns.size() == 1;
         return hit("{} of {} {} new, and code that does not know {} can write no rows",
                    listed(columns), shown(effect.table), one ? "is" : "are", one ? "it" : "them");
       }},
      {.name = "add-column-check-scans",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ADD COLUMN with a CHECK",
       .why = "Every row is checked under an ACCESS EXCLUSIVE lock, although all of them have the "
              "same value in the new column.",
       .rewrite = "Add the column without the check, then the check with NOT VALID, then VALIDATE "
                  "CONSTRAINT in a section after it.",
       .fires = "ALTER TABLE orders ADD COLUMN parts integer CHECK (parts > 0);",
       .quiet = "ALTER TABLE orders ADD COLUMN parts integer;\nALTER TABLE orders ADD CONSTRAINT "
                "parts_positive CHECK (parts > 0) NOT VALID;",
       .kinds = {add_column},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::has_check) || !effect.impact.scan || !look.is_live(effect))
           return std::nullopt;
         return hit("the check of the new column {} reads all of {} while nothing else can use it",
                    effect.name, shown(effect.table));
       }},
      {.name = "drop-foreign-key-locks-both",
       .dialect = for_postgres,
       .severity = Severity::notice,
       .summary = "Dropping a foreign key",
       .why = "It takes an ACCESS EXCLUSIVE lock on both tables.",
       .rewrite = "Drop one foreign key in a revision, with nothing else in it, so that both locks "
                  "are short.",
       .fires = "ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey;",
       .quiet = "ALTER TABLE orders DROP CONSTRAINT amount_positive;",
       .kinds = {drop_constraint},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::references) || effect.also.empty() || !look.is_live(effect))
           return std::nullopt;
         return hit("dropping {} locks {} and {} against reads and writes", effect.name,
                    shown(effect.table), listed(effect.also));
       }},
      {.name = "domain-check-scans",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ALTER DOMAIN that adds a check without NOT VALID, or NOT NULL",
       .why = "Every table with a column of the domain is read while it cannot be written.",
       .rewrite = "ALTER DOMAIN ... ADD CONSTRAINT ... NOT VALID, then VALIDATE CONSTRAINT; or a "
                  "check on the column in place of the domain.",
       .fires = "CREATE TABLE notes (id bigint PRIMARY KEY, body short_text);\nALTER DOMAIN "
                "short_text ADD CONSTRAINT filled CHECK (VALUE <> '');",
       .quiet = "ALTER DOMAIN short_text ADD CONSTRAINT filled CHECK (VALUE <> '') NOT VALID;",
       .kinds = {alter_domain},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         const bool adds = effect.object == "ADD CONSTRAINT" || effect.object == "SET NOT NULL";
         if (!adds || effect.has(Trait::not_valid) || effect.also.empty()) return std::nullopt;
         return hit("changing the domain {} reads all of {}", shown(effect.table),
                    listed(effect.also));
       }},
      {.name = "unnamed-constraint",
       .dialect = for_postgres,
       .severity = Severity::notice,
       .summary = "ADD CONSTRAINT without a name",
       .why =
           "The server chooses one, which a later revision has to know to drop it, and which may "
           "be another one in another database.",
       .rewrite = "ALTER TABLE ... ADD CONSTRAINT name ...",
       .fires = "ALTER TABLE orders ADD CHECK (length(code) < 10) NOT VALID;",
       .quiet = "ALTER TABLE orders ADD CONSTRAINT code_short CHECK (length(code) < 10) NOT VALID;",
       .kinds = {add_check, add_foreign_key, add_key},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         const bool names_itself = effect.has(Trait::primary_key) || effect.has(Trait::using_index);
         if (!effect.has(Trait::unnamed) || names_itself || !look.is_live(effect))
           return std::nullopt;
         return hit("a constraint of {} has no name", shown(effect.table));
       }},
  };
}

}  // namespace limbeck
