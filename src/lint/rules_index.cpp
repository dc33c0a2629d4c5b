// Rules about how an index is built, and the constraints that have one.
#include "lint/rule_parts.h"

namespace limbeck {
namespace {

constexpr int version_14 = 140000;
constexpr int version_14_4 = 140004;

}  // namespace

std::vector<LintRule> index_rules() {
  using enum EffectKind;
  return {
      {.name = "index-blocks-writes",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "CREATE INDEX without CONCURRENTLY",
       .why = "The build holds a SHARE lock on the table: every INSERT, UPDATE and DELETE waits "
              "until it is done.",
       .rewrite = "CREATE INDEX CONCURRENTLY, in a section of its own that begins with \"-- "
                  "limbeck:upgrade no-transaction\".",
       .fires = "CREATE INDEX orders_note ON orders (note);",
       .quiet = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY orders_note ON "
                "orders (note);",
       .kinds = {create_index},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::concurrently) || effect.has(Trait::on_partitioned) ||
             !effect.impact.index_build || !look.is_live(effect))
           return std::nullopt;
         return hit("building the index{}{} blocks writes to {} until it is done",
                    effect.name.empty() ? "" : " ", effect.name, shown(effect.table));
       }},
      {.name = "index-on-partitioned-table",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "CREATE INDEX on a partitioned table with its partitions",
       .why = "The table and all its partitions are locked against writes until every part is "
              "built. CONCURRENTLY is not possible there.",
       .rewrite = "CREATE INDEX ... ON ONLY the partitioned table, CREATE INDEX CONCURRENTLY on "
                  "each partition, then ALTER INDEX ... ATTACH PARTITION for each.",
       .fires = "CREATE INDEX events_id ON events (id);",
       .quiet = "CREATE INDEX events_id ON ONLY events (id);",
       .kinds = {create_index},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         // What is refused blocks no one.
         if (!effect.has(Trait::on_partitioned) || effect.has(Trait::concurrently) ||
             !effect.impact.index_build || !look.is_live(effect))
           return std::nullopt;
         return hit("building the index{}{} blocks writes to {} and all its partitions",
                    effect.name.empty() ? "" : " ", effect.name, shown(effect.table));
       }},
      {.name = "drop-index-blocks",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "DROP INDEX without CONCURRENTLY",
       .why = "It takes an ACCESS EXCLUSIVE lock on the table. While it waits behind a long query, "
              "everything else waits behind it.",
       .rewrite = "DROP INDEX CONCURRENTLY, in a no-transaction section. It is not possible for "
                  "the index of a constraint or of a partitioned table.",
       .fires = "DROP INDEX orders_placed_at;",
       .quiet = "-- limbeck:upgrade no-transaction\nDROP INDEX CONCURRENTLY orders_placed_at;",
       .kinds = {drop_index},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::concurrently) || effect.has(Trait::on_partitioned) ||
             !look.is_live(effect))
           return std::nullopt;
         return hit("dropping the index {} locks {} against reads and writes", effect.name,
                    effect.table.name.empty() ? "its table" : shown(effect.table));
       }},
      {.name = "concurrent-index-unnamed",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "CREATE INDEX CONCURRENTLY without a name",
       .why = "When it fails it leaves an INVALID index behind. Without a name in the statement "
              "nobody can tell which one that is, and the next try makes a second one.",
       .rewrite = "Give the index a name.",
       .fires = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY ON orders (note);",
       .quiet = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY orders_note ON "
                "orders (note);",
       .kinds = {create_index},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::concurrently) || !effect.has(Trait::unnamed)) return std::nullopt;
         return hit("an index on {} that is built concurrently has no name", shown(effect.table));
       }},
      {.name = "concurrent-index-if-not-exists",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "CREATE INDEX CONCURRENTLY IF NOT EXISTS",
       .why = "An INVALID index that a failed build left behind exists, too: the statement skips "
              "it and succeeds, and no query ever uses the index.",
       .rewrite = "Leave IF NOT EXISTS away. Limbeck looks after each concurrent build whether the "
                  "index is valid, and removes what a failed one left.",
       .fires = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS "
                "orders_note ON orders (note);",
       .quiet = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY orders_note ON "
                "orders (note);",
       .kinds = {create_index},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::concurrently) || !effect.has(Trait::if_exists)) return std::nullopt;
         return hit("IF NOT EXISTS keeps an invalid index {} as it is", effect.name);
       }},
      {.name = "concurrent-under-timeout",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "A concurrent index build under a timeout that the revision sets",
       .why =
           "Waiting for older transactions counts as waiting for a lock. When the time is up the "
           "build fails and leaves an INVALID index behind.",
       .rewrite = "Leave lock_timeout and statement_timeout alone: Limbeck runs concurrent steps "
                  "without either.",
       .fires = "-- limbeck:upgrade no-transaction\nSET lock_timeout = '3s';\nCREATE INDEX "
                "CONCURRENTLY orders_note ON orders (note);",
       .quiet = "-- limbeck:upgrade no-transaction\nSET lock_timeout = 0;\nCREATE INDEX "
                "CONCURRENTLY orders_note ON orders (note);",
       .kinds = {create_index, drop_index, reindex},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         const bool under =
             look.past.lock_timeout.value_or(0) > 0 || look.past.statement_timeout.value_or(0) > 0;
         if (!effect.has(Trait::concurrently) || !under) return std::nullopt;
         return hit("the concurrent work on {} runs under a timeout that this revision sets",
                    shown(effect.table));
       }},
      {.name = "concurrent-index-corrupts",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "CREATE INDEX CONCURRENTLY on PostgreSQL 14.0 to 14.3",
       .why = "These versions may leave rows out of the index without saying so (fixed in 14.4).",
       .rewrite = "Upgrade the server first.",
       .fires = "-- on PostgreSQL 14.3\n-- limbeck:upgrade no-transaction\nCREATE INDEX "
                "CONCURRENTLY orders_note ON orders (note);",
       .quiet = "-- on PostgreSQL 14.4\n-- limbeck:upgrade no-transaction\nCREATE INDEX "
                "CONCURRENTLY orders_note ON orders (note);",
       .kinds = {create_index, reindex},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::concurrently) || look.version < version_14 ||
             look.version >= version_14_4)
           return std::nullopt;
         return hit("the index on {} may miss rows: this server has the fault of 14.0 to 14.3",
                    shown(effect.table));
       }},
      {.name = "reindex-blocks",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "REINDEX without CONCURRENTLY",
       .why = "It locks the table against writes and each index against everything. Planning a "
              "query opens all indexes, so that reads of the table wait, too.",
       .rewrite = "REINDEX ... CONCURRENTLY, in a no-transaction section.",
       .fires = "REINDEX TABLE orders;",
       .quiet = "-- limbeck:upgrade no-transaction\nREINDEX TABLE CONCURRENTLY orders;",
       .kinds = {reindex},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::concurrently) || !look.is_live(effect)) return std::nullopt;
         return hit("building {} again blocks reads and writes of {}", effect.name,
                    effect.has(Trait::whole_database) ? "everything in it"
                    : effect.table.name.empty()       ? "its table"
                                                      : shown(effect.table));
       }},
      {.name = "unique-blocks",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ADD UNIQUE that builds its index",
       .why = "The index is built under an ACCESS EXCLUSIVE lock: nothing can read or write the "
              "table until it is done.",
       .rewrite = "CREATE UNIQUE INDEX CONCURRENTLY in a no-transaction section, then ALTER TABLE "
                  "... ADD CONSTRAINT ... UNIQUE USING INDEX, which is instant.",
       .fires = "ALTER TABLE orders ADD CONSTRAINT code_once UNIQUE (code);",
       .quiet = "-- limbeck:upgrade no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY code_once ON "
                "orders (code);\n-- limbeck:upgrade\nALTER TABLE orders ADD CONSTRAINT code_once "
                "UNIQUE USING INDEX code_once;",
       .kinds = {add_key},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::unique) || !effect.impact.index_build || !look.is_live(effect))
           return std::nullopt;
         return hit(
             "the unique constraint on {} ({}) blocks reads and writes while its index is "
             "built",
             shown(effect.table), listed(effect.columns));
       }},
      {.name = "primary-key-blocks",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ADD PRIMARY KEY that builds its index or reads the table",
       .why = "The index is built under an ACCESS EXCLUSIVE lock. With USING INDEX that is done "
              "before, but a column that may be NULL still has every row read.",
       .rewrite = "Make the column NOT NULL first (see set-not-null-scans), CREATE UNIQUE INDEX "
                  "CONCURRENTLY, then ADD PRIMARY KEY USING INDEX.",
       .fires = "ALTER TABLE events_2025 ADD PRIMARY KEY (id);",
       .quiet = "ALTER TABLE events_2025 ALTER COLUMN id SET NOT NULL;\n-- limbeck:upgrade "
                "no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY events_2025_pkey ON events_2025 "
                "(id);\n-- limbeck:upgrade\nALTER TABLE events_2025 ADD PRIMARY KEY USING INDEX "
                "events_2025_pkey;",
       .kinds = {add_key},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::primary_key) || !effect.impact.is_long() || !look.is_live(effect))
           return std::nullopt;
         return hit(
             "the primary key of {} blocks reads and writes while {}", shown(effect.table),
             effect.impact.index_build ? "its index is built" : "every row is checked for NULL");
       }},
      {.name = "exclusion-blocks",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "ADD EXCLUDE",
       .why = "Its index is built under an ACCESS EXCLUSIVE lock, and there is no way to build it "
              "before.",
       .rewrite = "On a large table: a new table with the constraint, rows copied in batches, and "
                  "a swap of the names.",
       .fires = "ALTER TABLE orders ADD CONSTRAINT code_alone EXCLUDE (code WITH =);",
       .quiet = "CREATE TABLE bookings (room integer, EXCLUDE (room WITH =));",
       .kinds = {add_key},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::exclusion) || !look.is_live(effect)) return std::nullopt;
         return hit(
             "the exclusion constraint on {} blocks reads and writes while its index is "
             "built",
             shown(effect.table));
       }},
      {.name = "unique-needs-distinct-rows",
       .severity = Severity::notice,
       .summary = "A unique index on a table that may hold duplicates",
       .why = "It fails on the first two rows that are equal, and a concurrent build leaves an "
              "INVALID index behind.",
       .rewrite = "Look for duplicates first: SELECT columns, count(*) ... GROUP BY columns HAVING "
                  "count(*) > 1.",
       .fires = "-- limbeck:upgrade no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY code_once ON "
                "orders (code);",
       .quiet = "-- limbeck:upgrade no-transaction\nCREATE INDEX CONCURRENTLY code_again ON orders "
                "(code, note);",
       .kinds = {create_index, add_key},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (!effect.has(Trait::unique) || !effect.impact.index_build || !look.is_live(effect))
           return std::nullopt;
         return hit("this fails when two rows of {} have the same {}", shown(effect.table),
                    listed(effect.columns));
       }},
  };
}

}  // namespace limbeck
