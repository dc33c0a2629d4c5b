// Rules about tables, partitions, types and other objects.
#include <algorithm>

#include "lint/rule_parts.h"

namespace limbeck {
namespace {

// Those of the effect's other tables that others use and whose rows are read.
std::vector<RelationName> tables_read(const Look& look, const Effect& effect) {
  std::vector<RelationName> read;
  for (const auto& [table, impact] : look.all.impacts)
    if (impact.scan && table != effect.table && !look.is_new(table)) read.push_back(table);
  return read;
}

}  // namespace

std::vector<LintRule> table_rules() {
  using enum EffectKind;
  return {
      {.name = "table-rewrite",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "CLUSTER, VACUUM FULL, SET LOGGED, SET TABLESPACE, SET ACCESS METHOD",
       .why = "The whole table and its indexes are written again under an ACCESS EXCLUSIVE lock.",
       .rewrite = "pg_repack does the same beside the work of others.",
       .fires = "ALTER TABLE orders SET UNLOGGED;",
       .quiet = "ALTER TABLE orders SET (fillfactor = 80);",
       .kinds = {rewrite_table},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         const bool rewrites = effect.impact.rewrite || effect.has(Trait::whole_database);
         if (!rewrites || !look.is_live(effect)) return std::nullopt;
         return hit(
             "{} writes {} again while nothing else can use it", effect.object,
             effect.has(Trait::whole_database) ? "every table" : "all of " + shown(effect.table));
       }},
      {.name = "partition-locks-parent",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "CREATE TABLE ... PARTITION OF",
       .why = "It takes an ACCESS EXCLUSIVE lock on the partitioned table, and on its default "
              "partition, which it also reads.",
       .rewrite = "CREATE TABLE (LIKE ... INCLUDING ALL), then ALTER TABLE ... ATTACH PARTITION, "
                  "which takes a weaker lock.",
       .fires = "CREATE TABLE events_2027 PARTITION OF events FOR VALUES FROM ('2027-01-01') TO "
                "('2028-01-01');",
       .quiet = "CREATE TABLE events_2027 (LIKE events INCLUDING ALL);\nALTER TABLE events ATTACH "
                "PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');",
       .kinds = {create_partition},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!look.is_live(effect)) return std::nullopt;
         std::string beside;
         if (effect.has(Trait::has_default_partition) && !effect.has(Trait::default_partition))
           beside = fmt::format(
               ", and reads its default partition unless a check says that no row "
               "there belongs to {}",
               effect.name);
         return hit("making the partition {} locks {} against reads and writes{}", effect.name,
                    shown(effect.table), beside);
       }},
      {.name = "attach-partition-scans",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ATTACH PARTITION of a table that no check proves to fit",
       .why = "Every row of it is read under an ACCESS EXCLUSIVE lock, and so is the default "
              "partition. A validated CHECK that says the bounds (and, where the column may be "
              "NULL, that it is not) spares that; of the default partition, one that says that no "
              "row is within them.",
       .rewrite = "ADD CONSTRAINT ... CHECK (the bounds) NOT VALID and VALIDATE CONSTRAINT on the "
                  "table, and CHECK (NOT (the bounds)) on the default partition; attach it; then "
                  "drop the checks.",
       .fires = "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO "
                "('2026-01-01');",
       .quiet = "ALTER TABLE events ATTACH PARTITION events_2026 FOR VALUES FROM ('2026-01-01') TO "
                "('2027-01-01');",
       .kinds = {attach_partition},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.impact.scan || !look.is_live(effect)) return std::nullopt;
         const std::vector<RelationName> read = tables_read(look, effect);
         if (read.empty()) return std::nullopt;
         return hit("attaching {} to {} reads all of {} while nothing else can use {}", effect.name,
                    shown(effect.table), listed(read), read.size() == 1 ? "it" : "them");
       }},
      {.name = "detach-partition-blocks",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "DETACH PARTITION without CONCURRENTLY, and dropping a partition",
       .why =
           "It takes an ACCESS EXCLUSIVE lock on the partitioned table: everything waits while it "
           "waits behind a long query.",
       .rewrite = "DETACH PARTITION ... CONCURRENTLY in a no-transaction section (PostgreSQL 14 or "
                  "later, without a default partition), then DROP TABLE.",
       .fires = "ALTER TABLE events DETACH PARTITION events_2024;",
       .quiet =
           "-- limbeck:upgrade no-transaction\nALTER TABLE events DETACH PARTITION events_2024 "
           "CONCURRENTLY;",
       .kinds = {detach_partition, drop_table},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::concurrently) || !look.is_live(effect)) return std::nullopt;
         if (effect.kind == drop_table) {
           if (!effect.has(Trait::on_partition) || effect.also.empty()) return std::nullopt;
           return hit("dropping the partition {} locks {} against reads and writes",
                      shown(effect.table), listed(effect.also));
         }
         return hit("detaching {} locks {} against reads and writes", effect.name,
                    shown(effect.table));
       }},
      {.name = "detach-concurrently-with-default",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "DETACH PARTITION CONCURRENTLY beside a default partition",
       .why = "PostgreSQL refuses it.",
       .rewrite = "Detach the default partition first, or detach without CONCURRENTLY.",
       .fires = "CREATE TABLE events_rest PARTITION OF events DEFAULT;\n-- limbeck:upgrade "
                "no-transaction\nALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;",
       .quiet =
           "-- limbeck:upgrade no-transaction\nALTER TABLE events DETACH PARTITION events_2024 "
           "CONCURRENTLY;",
       .kinds = {detach_partition},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::concurrently) || !effect.has(Trait::has_default_partition))
           return std::nullopt;
         return hit("{} has a default partition: {} cannot be detached concurrently",
                    shown(effect.table), effect.name);
       }},
      {.name = "refresh-blocks",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "REFRESH MATERIALIZED VIEW without CONCURRENTLY",
       .why = "The view cannot be read until its query is done.",
       .rewrite = "A unique index on the view, and REFRESH MATERIALIZED VIEW CONCURRENTLY.",
       .fires = "REFRESH MATERIALIZED VIEW order_totals;",
       .quiet = "CREATE MATERIALIZED VIEW notes AS SELECT note FROM orders;\nREFRESH MATERIALIZED "
                "VIEW notes;",
       .kinds = {refresh_view},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::concurrently) || !look.is_live(effect)) return std::nullopt;
         return hit("{} cannot be read until it is filled again", shown(effect.table));
       }},
      {.name = "short-exclusive-lock",
       .severity = Severity::off,
       .summary = "A strong lock that is held for an instant",
       .why = "While it waits behind a long query or an idle transaction, everything else waits "
              "behind it: triggers, policies, rules, owners, inheritance, storage.",
       .rewrite = "Nothing: Limbeck waits for such a lock for timeouts.lock at a time and tries "
                  "again. A revision with more in it holds the lock longer.",
       .fires = "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;",
       .quiet = "COMMENT ON TABLE orders IS 'what was ordered';",
       .kinds = {other, replace_view},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.impact.lock < LockLevel::share_row_exclusive || !look.is_live(effect))
           return std::nullopt;
         return hit("changing the {} locks {} against {}", effect.object, shown(effect.table),
                    blocked_by(effect.impact.lock));
       }},
      {.name = "waits-behind-maintenance",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "A lock that waits behind VACUUM, index builds and VALIDATE",
       .why = "COMMENT, CREATE STATISTICS, storage parameters and ANALYZE harm no one, but wait "
              "until such work is done.",
       .rewrite = "Nothing.",
       .fires = "COMMENT ON TABLE orders IS 'what was ordered';",
       .quiet = "CREATE VIEW notes AS SELECT note FROM orders;",
       .kinds = {other},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.impact.lock != LockLevel::share_update_exclusive || !look.is_live(effect))
           return std::nullopt;
         return hit("changing the {} of {} waits behind maintenance of the table", effect.object,
                    shown(effect.table));
       }},
      {.name = "enum-value-unordered",
       .dialect = for_postgres,
       .severity = Severity::notice,
       .summary = "ALTER TYPE ... ADD VALUE without BEFORE or AFTER",
       .why = "The value is sorted after all others, which ORDER BY and comparisons show.",
       .rewrite =
           "Say BEFORE or AFTER which value it belongs, when its place in the order matters.",
       .fires = "-- limbeck:upgrade no-transaction\nALTER TYPE order_state ADD VALUE 'sent';",
       .quiet = "-- limbeck:upgrade no-transaction\nALTER TYPE order_state ADD VALUE 'sent' AFTER "
                "'paid';",
       .kinds = {add_enum_value},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::ordered)) return std::nullopt;
         return hit("the value {} of {} is sorted after all others", effect.name,
                    shown(effect.table));
       }},
      {.name = "enum-value-used-at-once",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "An enum's new value used in the transaction that adds it",
       .why = "PostgreSQL before 17 refuses it (55P04), in a default, too.",
       .rewrite = "ADD VALUE in a no-transaction section before it, so that it is committed first.",
       .fires =
           "ALTER TYPE order_state ADD VALUE 'sent' AFTER 'paid';\nCREATE TABLE parcels (state "
           "order_state DEFAULT 'sent');",
       .quiet = "-- limbeck:upgrade no-transaction\nALTER TYPE order_state ADD VALUE 'sent' AFTER "
                "'paid';\n-- limbeck:upgrade\nCREATE TABLE parcels (state order_state DEFAULT "
                "'sent');",
       .kinds = {use_enum_value},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!look.in_transaction()) return std::nullopt;
         for (const auto& [type, label] : look.past.new_labels)
           if (type == effect.table && (effect.name == label || effect.name.empty()))
             return hit("the value {} of {} is used before it is committed", label, shown(type));
         return std::nullopt;
       }},
      {.name = "enum-value-renamed",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "ALTER TYPE ... RENAME VALUE",
       .why = "Code that runs now writes and compares the old value, and fails at once.",
       .rewrite = "Add the new value, write it, move the rows, and leave the old one where it is.",
       .fires = "ALTER TYPE order_state RENAME VALUE 'paid' TO 'settled';",
       .quiet = "-- limbeck:upgrade no-transaction\nALTER TYPE order_state ADD VALUE 'settled' "
                "AFTER 'paid';",
       .kinds = {rename_enum_value},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         return hit("the value {} of {} becomes {}", effect.before, shown(effect.table),
                    effect.name);
       }},
      {.name = "enum-type",
       .dialect = for_postgres,
       .severity = Severity::off,
       .summary = "CREATE TYPE ... AS ENUM",
       .why = "A value can never be removed again without a new type and a rewrite of each table.",
       .rewrite = "A table of the values and a foreign key, or text with a check.",
       .fires = "CREATE TYPE colour AS ENUM ('red', 'green');",
       .quiet = "CREATE TABLE colours (name text PRIMARY KEY);",
       .kinds = {create_enum},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         return hit("no value of {} can be removed again", effect.name);
       }},
      {.name = "extension-changed",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "ALTER EXTENSION ... UPDATE",
       .why = "What its update script does to the database is not known here.",
       .rewrite = "Read the extension's notes, and try it on a copy first.",
       .fires = "ALTER EXTENSION plpgsql UPDATE;",
       .quiet = "CREATE EXTENSION IF NOT EXISTS plpgsql;",
       .kinds = {alter_extension},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         return hit("the extension {} runs its own update script", effect.name);
       }},
      {.name = "privileges-changed",
       .severity = Severity::off,
       .summary = "GRANT and REVOKE",
       .why = "Who may do what is often decided by others than those who change tables.",
       .rewrite = "Have it reviewed by whoever decides that.",
       .fires = "GRANT SELECT ON orders TO PUBLIC;",
       .quiet = "COMMENT ON TABLE orders IS 'what was ordered';",
       .kinds = {privilege},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         return hit("{} changes who may use an object", effect.object);
       }},
      {.name = "replica-identity-changed",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "ALTER TABLE ... REPLICA IDENTITY",
       .why = "Subscribers get other columns with each change, and FULL writes whole rows into the "
              "log.",
       .rewrite = "Agree with whoever reads the changes first.",
       .fires = "ALTER TABLE orders REPLICA IDENTITY FULL;",
       .quiet = "ALTER TABLE orders ENABLE ROW LEVEL SECURITY;",
       .kinds = {other},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.object != "replica identity" || !look.is_live(effect)) return std::nullopt;
         return hit("changes of {} are replicated in another way", shown(effect.table));
       }},
      {.name = "code-unknown",
       .severity = Severity::notice,
       .summary = "DO, CALL, and a SELECT of functions",
       .why = "What such code does is known only when it runs: nothing else is said about it, and "
              "what follows may be judged wrongly. \"limbeck lint --trace\" runs it and sees.",
       .rewrite = "Write the statements out where that is possible.",
       .fires = "DO $$ BEGIN PERFORM 1; END $$;",
       .quiet = "SELECT setval('invoice_numbers', 100);",
       .kinds = {code},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         return hit("what the {} does is known only when it runs", effect.object);
       }},
  };
}

}  // namespace limbeck
