// What the server, too, concludes without reading a row: from checks, and from what functions are.
#include <algorithm>
#include <array>
#include <cctype>

#include "base/letter_case.h"
#include "dialect/postgres/memory/built_in.h"
#include "dialect/postgres/memory/condition.h"
#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

// Those of pg_catalog that a default may call and that are volatile. Sorted.
constexpr std::array volatile_functions = std::to_array<std::string_view>({
    "clock_timestamp",
    "currval",
    "gen_random_uuid",
    "lastval",
    "nextval",
    "pg_notify",
    "pg_sleep",
    "pg_sleep_for",
    "pg_sleep_until",
    "random",
    "set_config",
    "setseed",
    "setval",
    "timeofday",
    "txid_status",
});

// Of what a user's function says of itself, in the lines above its body.
Volatility stated_volatility(const std::string& definition) {
  const std::size_t body = std::min(
      {definition.find("\nAS "), definition.find("\nBEGIN ATOMIC"), definition.find("\nRETURN ")});
  const std::string_view head = std::string_view(definition).substr(0, body);
  const bool is_fixed = head.find(" IMMUTABLE") != std::string_view::npos ||
                        head.find(" STABLE") != std::string_view::npos;
  if (is_fixed) return Volatility::fixed;
  // One in SQL may be put in as what it computes, which may be fixed.
  const bool inlined = head.find("LANGUAGE sql") != std::string_view::npos;
  return inlined ? Volatility::unknown : Volatility::changing;
}

Volatility volatility_of(Catalog& catalog, const Name& function) {
  if (function.schema.empty() || function.schema == "pg_catalog") {
    if (std::binary_search(volatile_functions.begin(), volatile_functions.end(),
                           std::string_view(function.name)))
      return Volatility::changing;
    if (!functions_named(function.name).empty()) return Volatility::fixed;
  }
  std::vector<std::string> schemas = catalog.state().search_path;
  if (!function.schema.empty()) schemas = {function.schema};
  for (const std::string& schema : schemas) {
    const auto& objects = catalog.schema().objects;
    for (auto at = objects.lower_bound({Kind::routine, schema, function.name, ""});
         at != objects.end() && at->first.kind == Kind::routine && at->first.schema == schema &&
         at->first.name == function.name;
         ++at)
      return stated_volatility(as<Routine>(at->second).definition);
  }
  return Volatility::unknown;
}

using enum Condition::Kind;

// What the columns and the validated checks of the table say of each of its rows.
Condition known_of(const Catalog& catalog, const ObjectId& table,
                   const std::vector<std::string>& without) {
  Condition known{.kind = all};
  for (const Object* column : columns_of(catalog.schema(), table.schema, table.name))
    if (as<Column>(*column).not_null)
      known.parts.push_back({.kind = is_not_null, .subject = column->id.part});
  for (const Object* object : constraints_of(catalog, table, ConstraintType::check)) {
    const auto& check = as<Constraint>(*object);
    const bool stays = std::find(without.begin(), without.end(), object->id.part) == without.end();
    if (check.validated && stays) known.parts.push_back(condition_of_text(check.expression));
  }
  return known;
}

// ---- the bounds of partitions ----

// One part of a partition key: as it is tested for NULL, and as it is compared.
struct KeyPart {
  std::string subject;
  std::string compared;
};

// Empty: one that compares in a way of its own.
std::vector<KeyPart> key_of(const Catalog& catalog, const ObjectId& parent) {
  const Tree tree("CREATE TABLE x () PARTITION BY " +
                  as<Table>(*catalog.schema().find(parent)).partition_key);
  const auto statements = tree.statements();
  if (statements.size() != 1 || statements[0]->create_stmt->partspec == nullptr) return {};
  const PgQuery__PartitionSpec& written = *statements[0]->create_stmt->partspec;
  std::vector<KeyPart> key;
  for (const Node* node : Nodes{written.part_params, written.n_part_params}) {
    const PgQuery__PartitionElem& element = *node->partition_elem;
    if (element.n_collation != 0 || element.n_opclass != 0) return {};
    const std::string name = text(element.name);
    KeyPart part{name, name};
    if (name.empty()) part.subject = part.compared = expression_text(element.expr);
    // Texts of limited length are compared as texts.
    const Column* column = column_of(catalog, parent, name);
    if (column != nullptr && column->type.starts_with("character varying")) {
      const Tree cast("SELECT " + identifier(name) + "::text");
      part.compared =
          expression_text(cast.statements().at(0)->select_stmt->target_list[0]->res_target->val);
    }
    key.push_back(std::move(part));
  }
  return key;
}

Condition null_tests(const std::vector<KeyPart>& key) {
  Condition tests{.kind = all};
  for (const KeyPart& part : key)
    tests.parts.push_back({.kind = is_not_null, .subject = part.subject});
  return tests;
}

// One end of a range: nothing is a value, and MINVALUE or MAXVALUE is none.
struct Datum {
  bool infinite = false;
  std::string value = {};
};

Datum datum_of(const Node* node) {
  if (node->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return {.value = constant_of(node)};
  const std::string word = lower_case(text(node->column_ref->fields[0]));
  return {.infinite = word == "minvalue" || word == "maxvalue"};
}

std::vector<Datum> data_of(Nodes nodes) {
  std::vector<Datum> data;
  for (const Node* node : nodes) data.push_back(datum_of(node));
  return data;
}

Condition compared(const KeyPart& part, std::string_view comparison, const std::string& value) {
  if (value.empty()) return {.kind = other};
  return {.kind = Condition::Kind::comparison,
          .subject = part.compared,
          .comparison = std::string(comparison),
          .value = value};
}

// (a, b) above (1, 2): a > 1 OR (a = 1 AND b >= 2). What follows an infinite value counts no more.
Condition beyond(const std::vector<KeyPart>& key, const std::vector<Datum>& data, std::size_t first,
                 bool up) {
  Condition arms{.kind = any};
  for (std::size_t last = first; last < key.size() && !data[last].infinite; ++last) {
    Condition arm{.kind = all};
    for (std::size_t at = first; at < last; ++at)
      arm.parts.push_back(compared(key[at], "=", data[at].value));
    const bool whole = last + 1 == key.size();
    const bool ends = !whole && data[last + 1].infinite;
    const std::string_view comparison = up ? (whole || ends ? ">=" : ">") : (ends ? "<=" : "<");
    arm.parts.push_back(compared(key[last], comparison, data[last].value));
    arms.parts.push_back(arm.parts.size() == 1 ? arm.parts.front() : std::move(arm));
  }
  if (arms.parts.empty()) return {.kind = all};  // no limit
  return arms.parts.size() == 1 ? arms.parts.front() : arms;
}

Condition in_range(const std::vector<KeyPart>& key, const PgQuery__PartitionBoundSpec& bound) {
  const std::vector<Datum> lower = data_of({bound.lowerdatums, bound.n_lowerdatums});
  const std::vector<Datum> upper = data_of({bound.upperdatums, bound.n_upperdatums});
  if (lower.size() != key.size() || upper.size() != key.size()) return {.kind = other};
  Condition found{.kind = all};
  std::size_t first = 0;
  for (; first + 1 < key.size(); ++first) {
    const bool equal = !lower[first].infinite && !upper[first].infinite &&
                       is_same_value(lower[first].value, upper[first].value);
    if (!equal) break;
    found.parts.push_back(compared(key[first], "=", lower[first].value));
  }
  found.parts.push_back(beyond(key, lower, first, true));
  found.parts.push_back(beyond(key, upper, first, false));
  return found;
}

// A value of a list; nothing: NULL.
using ListValues = std::vector<std::optional<std::string>>;

ListValues values_of(const PgQuery__PartitionBoundSpec& bound) {
  ListValues values;
  for (const Node* node : Nodes{bound.listdatums, bound.n_listdatums}) {
    const bool null = node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->isnull != 0;
    values.push_back(null ? std::nullopt : std::optional(constant_of(node)));
  }
  return values;
}

Condition in_list(const KeyPart& part, const ListValues& values) {
  Condition equal{.kind = any};
  bool holds_null = false;
  for (const auto& value : values) {
    holds_null = holds_null || !value;
    if (value) equal.parts.push_back(compared(part, "=", *value));
  }
  if (!holds_null)
    return {.kind = all, .parts = {{.kind = is_not_null, .subject = part.subject}, equal}};
  equal.parts.push_back({.kind = is_null, .subject = part.subject});
  return equal;
}

// The bounds of the partitions that are there, but for the default one.
std::vector<Tree> bounds_of(const Catalog& catalog, const ObjectId& parent) {
  std::vector<Tree> bounds;
  for (const ObjectId& child : children_of(catalog, parent)) {
    const auto& partition = as<Table>(*catalog.schema().find(child)).partition_of;
    if (partition && partition->bound != "DEFAULT")
      bounds.emplace_back("CREATE TABLE x PARTITION OF y " + partition->bound);
  }
  return bounds;
}

// What a row of a partition with this bound satisfies.
Condition within_bound(const Catalog& catalog, const ObjectId& parent,
                       const PgQuery__PartitionBoundSpec& bound) {
  const std::vector<KeyPart> key = key_of(catalog, parent);
  if (key.empty() || bound.is_default != 0) return {.kind = other};
  if (text(bound.strategy) == "l") return in_list(key.front(), values_of(bound));
  if (text(bound.strategy) != "r") return {.kind = other};
  return {.kind = all, .parts = {null_tests(key), in_range(key, bound)}};
}

// A default partition takes what no other one does.
Condition within_default(const Catalog& catalog, const ObjectId& parent) {
  const std::vector<KeyPart> key = key_of(catalog, parent);
  if (key.empty()) return {.kind = other};
  const std::vector<Tree> trees = bounds_of(catalog, parent);
  if (trees.empty()) return {.kind = all};
  Condition ranges{.kind = any};
  ListValues values;
  for (const Tree& tree : trees) {
    const auto statements = tree.statements();
    if (statements.size() != 1) return {.kind = other};
    const auto& bound = *statements[0]->create_stmt->partbound;
    if (text(bound.strategy) == "r") ranges.parts.push_back(in_range(key, bound));
    for (auto& value : values_of(bound)) values.push_back(std::move(value));
  }
  if (ranges.parts.empty()) return negated(in_list(key.front(), values));
  return negated({.kind = all, .parts = {null_tests(key), std::move(ranges)}});
}

Condition within(const Catalog& catalog, const ObjectId& parent,
                 const PgQuery__PartitionBoundSpec& bound) {
  return bound.is_default != 0 ? within_default(catalog, parent)
                               : within_bound(catalog, parent, bound);
}

// Those of the table's tree whose rows have to be read to know that the condition holds.
void add_unproven(const Catalog& catalog, const ObjectId& table, const Condition& wanted,
                  std::vector<ObjectId>& read) {
  if (implies(known_of(catalog, table, {}), wanted)) return;
  if (!is_partitioned(catalog, table)) {
    read.push_back(table);
    return;
  }
  for (const ObjectId& child : children_of(catalog, table))
    add_unproven(catalog, child, wanted, read);
}

}  // namespace

Volatility volatility_of(Catalog& catalog, const Node* expression) {
  Volatility result = Volatility::fixed;
  for (const PgQuery__FuncCall* call : references_in(expression).functions) {
    const Volatility each =
        volatility_of(catalog, name_of(Nodes{call->funcname, call->n_funcname}));
    if (each == Volatility::changing) return each;
    if (each == Volatility::unknown) result = each;
  }
  return result;
}

bool proves_not_null(const Catalog& catalog, const ObjectId& table, const std::string& column,
                     const std::vector<std::string>& without) {
  return implies(known_of(catalog, table, without), {.kind = is_not_null, .subject = column});
}

std::vector<ObjectId> read_to_attach(const Catalog& catalog, const ObjectId& table,
                                     const ObjectId& parent,
                                     const PgQuery__PartitionBoundSpec& bound) {
  Condition wanted{.kind = all, .parts = {within(catalog, parent, bound)}};
  // A partition of a partition has to fit into both.
  for (ObjectId at = parent;;) {
    const auto& of = as<Table>(*catalog.schema().find(at)).partition_of;
    if (!of) break;
    const ObjectId above{Kind::table, of->parent.schema, of->parent.name, ""};
    const Tree tree("CREATE TABLE x PARTITION OF y " + of->bound);
    const auto statements = tree.statements();
    wanted.parts.push_back(statements.size() == 1
                               ? within(catalog, above, *statements[0]->create_stmt->partbound)
                               : Condition{.kind = other});
    at = above;
  }
  std::vector<ObjectId> read;
  add_unproven(catalog, table, wanted, read);
  return read;
}

std::vector<ObjectId> read_of_default(const Catalog& catalog, const ObjectId& fallback,
                                      const ObjectId& parent,
                                      const PgQuery__PartitionBoundSpec& bound) {
  std::vector<ObjectId> read;
  if (bound.is_default == 0)
    add_unproven(catalog, fallback, negated(within_bound(catalog, parent, bound)), read);
  return read;
}

}  // namespace limbeck::postgres::memory
