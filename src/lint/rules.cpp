#include <algorithm>

#include "base/terminal.h"
#include "lint/rule_parts.h"

namespace limbeck {

std::string shown(const RelationName& table) {
  const bool plain = table.schema.empty() || table.schema == "public";
  return printable(plain ? table.name : table.schema + "." + table.name);
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + printable(name);
  return list;
}

std::string listed(const std::vector<RelationName>& tables) {
  std::string list;
  for (const RelationName& table : tables) list += (list.empty() ? "" : ", ") + shown(table);
  return list;
}

std::span<const LintRule> rules() {
  static const std::vector<LintRule> all = [] {
    std::vector<LintRule> rows;
    for (const auto& part :
         {index_rules(), index_choice_rules(), constraint_rules(), column_rules(), table_rules(),
          transaction_rules(), data_rules(), style_rules(), sqlite_rules()})
      rows.insert(rows.end(), part.begin(), part.end());
    return rows;
  }();
  return all;
}

const LintRule* find_rule(std::string_view name) {
  const auto all = rules();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const LintRule& rule) { return rule.name == name; });
  return found == all.end() ? nullptr : &*found;
}

std::string_view example_schema(std::string_view dialect) {
  if (dialect == "sqlite")
    return R"(CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), note TEXT);
CREATE INDEX orders_customer ON orders (customer_id);
)";
  return R"(CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL, name varchar(50));
CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint, code varchar(20), note text,
  amount numeric(10,2), placed_at timestamp, CONSTRAINT amount_positive CHECK (amount > 0),
  CONSTRAINT note_given CHECK (note IS NOT NULL));
CREATE INDEX orders_placed_at ON orders (placed_at);
CREATE INDEX orders_code ON orders (code);
ALTER TABLE orders ADD CONSTRAINT code_known CHECK (code <> '') NOT VALID;
ALTER TABLE orders ADD CONSTRAINT orders_customer_fkey FOREIGN KEY (customer_id)
  REFERENCES customers (id) NOT VALID;
CREATE INDEX orders_customer ON orders (customer_id);
CREATE TYPE order_state AS ENUM ('open', 'paid');
CREATE DOMAIN short_text AS text CHECK (length(VALUE) < 100);
CREATE TABLE events (id bigint, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_2025 (id bigint, day date NOT NULL);
CREATE TABLE events_2026 (id bigint, day date NOT NULL,
  CHECK (day >= '2026-01-01' AND day < '2027-01-01'));
CREATE MATERIALIZED VIEW order_totals AS SELECT id, customer_id FROM orders;
CREATE SEQUENCE invoice_numbers;
)";
}

}  // namespace limbeck
