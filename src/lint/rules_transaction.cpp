// Rules about what stands together in a transaction, and in a session.
#include "lint/rule_parts.h"

namespace limbeck {
namespace {

bool is_strong(const TableImpact& held) {
  return held.lock >= LockLevel::access_exclusive;
}

bool takes_long(const Effect& effect) {
  return effect.impact.is_long() || effect.kind == EffectKind::update_rows ||
         effect.kind == EffectKind::delete_rows ||
         (effect.kind == EffectKind::insert_rows && effect.has(Trait::as_query));
}

constexpr int many_alters = 3;
constexpr std::size_t many_tables = 3;

}  // namespace

std::vector<LintRule> transaction_rules() {
  using enum EffectKind;
  return {
      {.name = "long-work-under-lock",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "Long work in a transaction that already locks a table against everything",
       .why = "Locks are held until the transaction ends: whoever waits for the first table also "
              "waits for this work.",
       .rewrite = "Put it into a section of its own: a \"-- limbeck:backfill\" section for rows, a "
                  "no-transaction section for the rest.",
       .fires =
           "ALTER TABLE customers ADD COLUMN score integer;\nUPDATE orders SET note = '' WHERE "
           "note IS NULL;",
       .quiet = "ALTER TABLE customers ADD COLUMN score integer;\n-- limbeck:backfill "
                "table=orders\nUPDATE orders SET note = '' WHERE note IS NULL;",
       .of_statement = [](const Look& look) -> Hits {
         if (!look.in_transaction()) return {};
         for (const Effect& effect : look.all.effects) {
           if (!takes_long(effect) || !look.is_live(effect)) continue;
           for (const auto& [table, held] : look.past.held)
             if (is_strong(held) && table != effect.table)
               return {hit("{} stays locked against reads and writes while this works on {}",
                           shown(table), shown(effect.table))};
         }
         return {};
       }},
      {.name = "rows-changed-beside-ddl",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "UPDATE or DELETE of many rows in the transaction that changes the table",
       .why = "The lock of the change is held while every row is written: nothing else can use the "
              "table meanwhile.",
       .rewrite =
           "A \"-- limbeck:backfill table=...\" section: it works in batches, each committed, "
           "and holds no lock on the table.",
       .fires = "ALTER TABLE orders ADD COLUMN title text;\nUPDATE orders SET title = note WHERE "
                "title IS NULL;",
       .quiet = "ALTER TABLE orders ADD COLUMN title text;\n-- limbeck:backfill "
                "table=orders\nUPDATE orders SET title = note WHERE title IS NULL;",
       .kinds = {update_rows, delete_rows},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         const auto held = look.past.held.find(effect.table);
         if (!look.in_transaction() || !look.is_live(effect) || held == look.past.held.end() ||
             !is_strong(held->second))
           return std::nullopt;
         return hit("the rows of {} are changed while nothing else can use it",
                    shown(effect.table));
       }},
      {.name = "update-without-batches",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "UPDATE of a whole table at once",
       .why = "Every row is locked until the last one is written, the table doubles in size, and a "
              "failure near the end throws all of it away.",
       .rewrite = "A \"-- limbeck:backfill table=...\" section.",
       .fires = "UPDATE orders SET note = '';",
       .quiet = "UPDATE orders SET note = '' WHERE id = 5;",
       .kinds = {update_rows},
       .of_effect = [](const Look& look, const Effect& effect) -> std::optional<Hit> {
         if (effect.has(Trait::has_where) || !look.is_live(effect) ||
             look.step.kind == StepKind::backfill)
           return std::nullopt;
         return hit("all rows of {} are written in one statement", shown(effect.table));
       }},
      {.name = "several-alters",
       .dialect = for_postgres,
       .severity = Severity::notice,
       .summary = "More than three ALTER TABLE of the same table in a revision that could be one",
       .why = "Outside of one transaction each waits for its lock anew; several that read or write "
              "all rows do so once for each.",
       .rewrite = "One ALTER TABLE with several actions.",
       .fires =
           "ALTER TABLE orders ADD COLUMN a text;\nALTER TABLE orders ADD COLUMN b text;\nALTER "
           "TABLE orders ADD COLUMN c text;\nALTER TABLE orders ADD COLUMN d text;",
       .quiet = "ALTER TABLE orders ADD COLUMN a text, ADD COLUMN b text, ADD COLUMN c text, ADD "
                "COLUMN d text;",
       .of_statement = [](const Look& look) -> Hits {
         for (const auto& [table, impact] : look.all.impacts) {
           const auto count = look.past.alters.find(table);
           const bool next = sql::starts_with(look.statement, "ALTER TABLE") &&
                             !look.all.effects.empty() && look.all.effects.front().table == table &&
                             can_be_joined(look.all);
           if (next && !look.is_new(table) && count != look.past.alters.end() &&
               count->second == many_alters)
             return {hit("this is the fourth ALTER TABLE of {} in this revision", shown(table))};
         }
         return {};
       }},
      {.name = "several-tables-locked",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "More than two tables locked against everything in one transaction",
       .why = "The locks are taken one after the other and held together: a transaction that takes "
              "them in another order and this one wait for each other (a deadlock).",
       .rewrite = "A revision for each table.",
       .fires = "ALTER TABLE orders ADD COLUMN a text;\nALTER TABLE customers ADD COLUMN a "
                "text;\nALTER TABLE events_2025 ADD COLUMN a text;",
       .quiet = "ALTER TABLE orders ADD COLUMN a text;\nALTER TABLE customers ADD COLUMN a text;",
       .of_statement = [](const Look& look) -> Hits {
         if (!look.in_transaction()) return {};
         std::vector<RelationName> held;
         for (const auto& [table, impact] : look.past.held)
           if (is_strong(impact)) held.push_back(table);
         const std::size_t before = held.size();
         for (const auto& [table, impact] : look.all.impacts)
           if (is_strong(impact) && !look.is_new(table) && look.past.held.count(table) == 0)
             held.push_back(table);
         if (before >= many_tables || held.size() < many_tables) return {};
         return {hit("{} are locked against reads and writes together", listed(held))};
       }},
      {.name = "lock-timeout-disabled",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "A strong lock after the revision has set lock_timeout to 0",
       .why = "The statement waits for its lock without end, and everything that uses the table "
              "waits behind it.",
       .rewrite = "Leave lock_timeout alone: Limbeck waits for timeouts.lock at a time and tries "
                  "again.",
       .fires = "SET lock_timeout = 0;\nALTER TABLE orders ADD COLUMN a text;",
       .quiet = "SET lock_timeout = '1s';\nALTER TABLE orders ADD COLUMN a text;",
       .of_statement = [](const Look& look) -> Hits {
         if (look.past.lock_timeout != 0) return {};
         for (const auto& [table, impact] : look.all.impacts)
           if (impact.lock >= LockLevel::share && !look.is_new(table))
             return {hit("the lock on {} is waited for without end", shown(table))};
         return {};
       }},
      {.name = "role-changed",
       .dialect = for_postgres,
       .severity = Severity::warning,
       .summary = "SET ROLE, RESET ROLE, SET SESSION AUTHORIZATION",
       .why =
           "What follows runs with other rights: a script can give up the role that was meant to "
           "limit it with RESET ROLE.",
       .rewrite = "Log in as the role that owns the tables.",
       .fires = "SET ROLE postgres;",
       .quiet = "SET search_path = public;",
       .kinds = {role},
       .of_effect = [](const Look&, const Effect& effect) -> std::optional<Hit> {
         return hit("the {} of the session becomes {}", effect.name == "role" ? "role" : "login",
                    effect.detail.empty() ? "another one" : effect.detail);
       }},
      {.name = "concurrent-in-transaction",
       .severity = Severity::error,
       .summary = "A statement that no transaction can hold, in a section with a transaction",
       .why = "The server refuses it (25001). Limbeck says so before it runs anything.",
       .rewrite = "Put it into a section that begins with \"-- limbeck:upgrade no-transaction\".",
       .fires = "VACUUM orders;",
       .quiet = "-- limbeck:upgrade no-transaction\nVACUUM orders;"},
      {.name = "transaction-control",
       .severity = Severity::error,
       .summary = "BEGIN, COMMIT and ROLLBACK in a revision",
       .why = "COMMIT would end the transaction that keeps the revision whole: what fails after it "
              "could not be rolled back. Limbeck refuses to run it.",
       .rewrite = "Leave it out: each section is one transaction, and a no-transaction section "
                  "commits each statement.",
       .fires = "ALTER TABLE orders ADD COLUMN a text;\nCOMMIT;",
       .quiet = "ALTER TABLE orders ADD COLUMN a text;"},
      {.name = "does-not-run",
       .severity = Severity::error,
       .summary = "A revision that cannot run",
       .why = "It names what is not there any more, makes what is there already, or is no SQL that "
              "the database takes.",
       .rewrite =
           "See what the message says. After a DO block or another statement whose effect is "
           "not known, it may be wrong: \"limbeck lint --trace\" knows.",
       .fires = "ALTER TABLE orders ADD COLUMN note text;",
       .quiet = "ALTER TABLE orders ADD COLUMN a text;"},
      {.name = "made-by-no-revision",
       .severity = Severity::notice,
       .summary = "A table, type or other object that no revision makes",
       .why = "It is taken to be there since before the first revision, and to hold rows: what is "
              "said of it is from the text alone. A misspelt name looks the same.",
       .rewrite = "\"limbeck lint --database\" looks at what the database holds.",
       .fires = "ALTER TABLE ordres ADD COLUMN a text;",
       .quiet = "ALTER TABLE orders ADD COLUMN a text;"},
      {.name = "history-not-linear",
       .severity = Severity::off,
       .summary = "A revision that begins a branch, or joins several",
       .why = "Two databases may run the revisions of two branches in two orders, which each "
              "reader has to keep in mind.",
       .rewrite = "Let it revise the newest revision, while no database has run it.",
       .fires = "-- beside another revision with the same parent\nALTER TABLE orders ADD COLUMN a "
                "text;",
       .quiet = "ALTER TABLE orders ADD COLUMN a text;"},
      {.name = "hidden-characters",
       .severity = Severity::error,
       .summary = "Characters that nobody sees",
       .why = "Marks that reorder text, and spaces without a width, make a statement look like "
              "another one.",
       .rewrite = "Remove them. In a value, write them as escapes: U&'\\202E'.",
       .fires = "INSERT INTO customers (id, email) VALUES (1, 'a\xE2\x80\xAE');",
       .quiet = "INSERT INTO customers (id, email) VALUES (1, 'a');",
       .of_statement = [](const Look& look) -> Hits {
         // U+200B to U+200F, U+202A to U+202E, U+2060 to U+2064, U+2066 to U+2069, U+FEFF
         const std::string& text = look.statement.text;
         for (std::size_t i = 0; i + 2 < text.size(); ++i) {
           const auto lead = static_cast<unsigned char>(text[i]);
           const auto second = static_cast<unsigned char>(text[i + 1]);
           const auto third = static_cast<unsigned char>(text[i + 2]);
           const bool general =
               lead == 0xE2 && second == 0x80 &&
               ((third >= 0x8B && third <= 0x8F) || (third >= 0xAA && third <= 0xAE));
           const bool format = lead == 0xE2 && second == 0x81 && third >= 0xA0 && third <= 0xA9;
           const bool mark = lead == 0xEF && second == 0xBB && third == 0xBF;
           if (general || format || mark)
             return {hit("the character U+{:04X} cannot be seen",
                         (unsigned{lead} & 0x0FU) << 12U | (unsigned{second} & 0x3FU) << 6U |
                             (unsigned{third} & 0x3FU))};
         }
         return {};
       }},
      {.name = "observed-work",
       .dialect = for_postgres,
       .severity = Severity::error,
       .summary = "Long work under a lock that no other rule has foreseen (with --trace)",
       .why = "The statement was run on a scratch database, and the server did this. It often "
              "stands in a DO block or a function.",
       .rewrite = "See the rule for what it does: index-blocks-writes, check-scans, "
                  "type-change-rewrites.",
       .fires = "DO $$ BEGIN ALTER TABLE orders ALTER COLUMN code TYPE varchar(5); END $$;",
       .quiet = "DO $$ BEGIN ALTER TABLE orders ALTER COLUMN code TYPE text; END $$;"},
      {.name = "allow-unused",
       .severity = Severity::warning,
       .summary = "A \"limbeck:allow\" comment that allows nothing",
       .why = "What it was written for is gone, or it names no rule. It would hide a finding that "
              "comes later.",
       .rewrite = "Remove it.",
       .fires = "-- limbeck:allow drop-column: the column was never used\nALTER TABLE orders ADD "
                "COLUMN a text;",
       .quiet = "-- limbeck:allow drop-column: the column was never used\nALTER TABLE orders DROP "
                "COLUMN note;"},
      {.name = "allow-without-reason",
       .severity = Severity::warning,
       .summary = "A \"limbeck:allow\" comment without a reason",
       .why = "The next reader cannot tell whether it is still right.",
       .rewrite = "-- limbeck:allow RULE: why it is right here",
       .fires = "-- limbeck:allow drop-column\nALTER TABLE orders DROP COLUMN note;",
       .quiet = "-- limbeck:allow drop-column: the column was never used\nALTER TABLE orders DROP "
                "COLUMN note;"},
  };
}

}  // namespace limbeck
