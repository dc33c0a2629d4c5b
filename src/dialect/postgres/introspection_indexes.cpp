// Indexes that no constraint owns, put together from the columns of pg_index: pg_get_indexdef is
// asked only where an expression is a key.
#include <fmt/format.h>
#include <map>
#include <unordered_map>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

struct OperatorClass {
  std::string name;  // as an index names it
  CatalogOid method = 0;
  CatalogOid input = 0;
  bool is_default = false;
};

// The names that keys of indexes refer to by oid.
struct IndexNames {
  std::unordered_map<CatalogOid, std::string> methods = {};
  std::unordered_map<CatalogOid, OperatorClass> classes = {};
  std::map<std::pair<CatalogOid, CatalogOid>, CatalogOid> defaults = {};  // of a method and a type
};

IndexNames read_index_names(CatalogReader& reader) {
  IndexNames names;
  reader.each(
      "SELECT o.oid::int8, CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE quote_ident(n.nspname) "
      "|| '.' END || quote_ident(o.opcname), o.opcmethod::int8, o.opcintype::int8, o.opcdefault "
      "FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace",
      [&](Fields& row) {
        const CatalogOid oid = row.oid();
        OperatorClass facts{
            .name = row.text(), .method = row.oid(), .input = row.oid(), .is_default = row.flag()};
        if (facts.is_default) names.defaults[{facts.method, facts.input}] = oid;
        names.classes.emplace(oid, std::move(facts));
      });
  reader.each("SELECT am.oid::int8, am.amname FROM pg_am am", [&](Fields& row) {
    const CatalogOid oid = row.oid();
    names.methods.emplace(oid, row.text());
  });
  return names;
}

// Whether the class is the one that a key of this type gets by itself. A type without a default
// class of its own (varchar, an enum, a domain) gets that of the type that it is read as.
bool is_default_class(const IndexNames& names, CatalogOid oid, const OperatorClass& facts,
                      CatalogOid type) {
  if (!facts.is_default) return false;
  const auto own = names.defaults.find({facts.method, type});
  return own == names.defaults.end() || own->second == oid;
}

struct RawIndex {
  std::vector<std::int64_t> columns = {};
  std::vector<std::int64_t> classes = {};
  std::vector<std::int64_t> collations = {};
  std::vector<std::int64_t> options = {};
  std::vector<std::string> keys = {};  // as text; only where an expression is among them
  std::string definition = {};         // likewise
};

CatalogOid at(const std::vector<std::int64_t>& numbers, std::size_t place) {
  return place < numbers.size() ? static_cast<CatalogOid>(numbers[place]) : 0;
}

bool starts_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

// What the definition says behind each key's expression, where only the server knows whether the
// collation and the class are the expression's own.
class DefinitionTail {
 public:
  explicit DefinitionTail(const RawIndex& raw) : raw_(raw) {
    at_ = raw.definition.find(" USING ");
    if (at_ != std::string::npos) at_ = raw.definition.find('(', at_) + 1;
  }

  // The text behind key i up to the next one. Called for each key in turn.
  std::string_view behind(std::size_t key) {
    if (at_ == std::string::npos || key >= raw_.keys.size()) return {};
    const std::string& text = raw_.keys[key];
    std::size_t start = raw_.definition.find(text, at_);
    if (start == std::string::npos) return {};
    start += text.size();
    at_ = start;
    return std::string_view(raw_.definition).substr(start);
  }

 private:
  const RawIndex& raw_;
  std::size_t at_ = 0;
};

std::vector<IndexKey> keys_of(const CatalogReader& reader, const IndexNames& names,
                              CatalogOid table, std::size_t count, const RawIndex& raw) {
  std::vector<IndexKey> keys;
  DefinitionTail tail(raw);
  for (std::size_t i = 0; i < count; ++i) {
    IndexKey key;
    const std::int64_t number = i < raw.columns.size() ? raw.columns[i] : 0;
    const CatalogOid class_oid = at(raw.classes, i);
    const CatalogOid collation = at(raw.collations, i);
    const auto found_class = names.classes.find(class_oid);
    const std::string class_name =
        found_class == names.classes.end() ? "" : found_class->second.name;
    const std::string collation_name = reader.collation_name(collation);
    std::string_view behind = tail.behind(i);
    if (number != 0) {
      const ColumnFacts& column = reader.column(table, number);
      key.column = column.name;
      if (collation != 0 && collation != column.collation) key.collation = collation_name;
      if (found_class != names.classes.end() &&
          !is_default_class(names, class_oid, found_class->second, column.type))
        key.opclass = class_name;
    } else {
      if (i < raw.keys.size()) key.expression = raw.keys[i];
      if (constexpr std::string_view collate = " COLLATE "; starts_with(behind, collate)) {
        key.collation = collation_name;
        // Its name ends at the next blank, comma or parenthesis outside of quotes.
        behind.remove_prefix(collate.size());
        bool quoted = false;
        while (!behind.empty() &&
               (quoted || (behind[0] != ' ' && behind[0] != ',' && behind[0] != ')'))) {
          if (behind[0] == '"') quoted = !quoted;
          behind.remove_prefix(1);
        }
      }
      if (!class_name.empty() && starts_with(behind, " " + class_name)) key.opclass = class_name;
    }
    const std::int64_t order = i < raw.options.size() ? raw.options[i] : 0;
    key.descending = (order & 1) != 0;
    key.nulls_first = (order & 2) != 0;
    keys.push_back(std::move(key));
  }
  return keys;
}

// Statistics targets of expressions, parameters of operator classes.
void read_index_columns(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT a.attrelid::int8, a.attnum, coalesce(a.attstattarget, -1), a.attoptions, "
      "(SELECT string_agg(quote_ident(split_part(o, '=', 1)) || '=' || quote_literal(substr(o, "
      "strpos(o, '=') + 1)), ', ') FROM unnest(a.attoptions) o), "
      "(SELECT CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE quote_ident(n.nspname) || '.' END "
      "|| "
      "quote_ident(oc.opcname) FROM pg_index ix JOIN pg_opclass oc ON oc.oid = "
      "ix.indclass[a.attnum - 1] JOIN pg_namespace n ON n.oid = oc.opcnamespace WHERE "
      "ix.indexrelid "
      "= a.attrelid AND a.attnum <= ix.indnkeyatts) "
      "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind IN ('i', 'I') AND "
      "c.relnamespace = ANY ({}) AND (a.attstattarget >= 0 OR a.attoptions IS NOT NULL) "
      "ORDER BY a.attrelid, a.attnum",
      reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    Object* object = reader.relation(row.oid());
    if (object == nullptr || object->id.kind != Kind::index) return;
    auto& index = as<Index>(*object);
    const std::int64_t number = row.integer();
    const std::int64_t target = row.integer();
    if (target >= 0) index.statistics.push_back({std::to_string(number), std::to_string(target)});
    row.skip();
    const std::string parameters = row.text();
    const auto key = static_cast<std::size_t>(number - 1);
    if (!parameters.empty() && key < index.keys.size())
      index.keys[key].opclass = fmt::format("{} ({})", row.text(), parameters);
  });
}

// Which index a table is clustered on, and which one identifies its rows for replication.
void read_index_marks(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT ix.indrelid::int8, i.relname, ix.indisclustered, ix.indisreplident FROM pg_index ix "
      "JOIN pg_class i ON i.oid = ix.indexrelid WHERE (ix.indisclustered OR ix.indisreplident) AND "
      "i.relnamespace = ANY ({})",
      reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    Object* object = reader.relation(row.oid());
    if (object == nullptr) return;
    const std::string name = row.text();
    const bool clustered = row.flag();
    const bool identity = row.flag();
    auto* table = std::get_if<Table>(&object->definition);
    if (table == nullptr) {
      reader.unmodelled(fmt::format("CLUSTER ON {} of {}", name, to_string(object->id)));
      return;
    }
    if (clustered) table->cluster_index = name;
    if (identity && table->replica_identity == ReplicaIdentity::index)
      table->replica_identity_index = name;
  });
}

}  // namespace

void read_indexes(CatalogReader& reader) {
  const IndexNames names = read_index_names(reader);
  const std::string sql = fmt::format(
      "SELECT i.oid::int8, i.relname, ix.indrelid::int8, i.relkind, i.relam::int8, "
      "ix.indisunique, {}, ix.indisvalid, ix.indnkeyatts, ix.indkey::text, ix.indclass::text, "
      "ix.indcollation::text, ix.indoption::text, "
      "CASE WHEN ix.indexprs IS NOT NULL THEN (SELECT array_agg(pg_get_indexdef(ix.indexrelid, k, "
      "false) ORDER BY k) FROM generate_series(1, ix.indnkeyatts) k) END, "
      "CASE WHEN ix.indexprs IS NOT NULL THEN pg_get_indexdef(ix.indexrelid) END, "
      "CASE WHEN ix.indpred IS NOT NULL THEN pg_get_expr(ix.indpred, ix.indrelid) END, "
      "i.reloptions, CASE WHEN i.reltablespace <> 0 THEN (SELECT ts.spcname FROM pg_tablespace ts "
      "WHERE ts.oid = i.reltablespace) END, "
      "CASE WHEN i.relispartition THEN (SELECT ARRAY[pn.nspname, pc.relname]::text[] FROM "
      "pg_inherits h JOIN pg_class pc ON pc.oid = h.inhparent JOIN pg_namespace pn ON pn.oid = "
      "pc.relnamespace WHERE h.inhrelid = ix.indexrelid) END "
      "FROM pg_index ix JOIN pg_class i ON i.oid = ix.indexrelid WHERE i.relnamespace = ANY ({})",
      reader.since(15, "ix.indnullsnotdistinct", "false"), reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::relation, row.oid()};
    // That of a constraint belongs to it.
    if (reader.find(address) != nullptr) return;
    std::string name = row.text();
    const CatalogOid table = row.oid();
    const Object* owner = reader.relation(table);
    if (owner == nullptr) return;
    // An index stands in the schema of its table.
    ObjectId id{Kind::index, owner->id.schema, std::move(name), ""};
    Index index;
    index.table = reader.relation_name(table);
    const bool partitioned = row.letter() == 'I';
    index.method = names.methods.at(row.oid());
    index.unique = row.flag();
    index.nulls_not_distinct = row.flag();
    // A partitioned index is not valid as long as a partition has none.
    const bool valid = row.flag();
    index.only = partitioned && !valid;
    index.valid = partitioned || valid;
    const auto count = static_cast<std::size_t>(row.integer());
    const RawIndex raw{.columns = row.numbers(),
                       .classes = row.numbers(),
                       .collations = row.numbers(),
                       .options = row.numbers(),
                       .keys = row.list(),
                       .definition = row.text()};
    index.keys = keys_of(reader, names, table, count, raw);
    for (std::size_t i = count; i < raw.columns.size(); ++i)
      index.include.push_back(reader.column_name(table, raw.columns[i]));
    index.predicate = row.text();
    index.options = row.options();
    index.tablespace = row.text();
    if (const std::vector<std::string> parent = row.list(); parent.size() == 2)
      index.partition_of = RelationName{.schema = parent[0], .name = parent[1]};
    const Object& object = reader.add(address, std::move(id), std::move(index));
    reader.depend(object, *owner);
  });
  read_index_columns(reader);
  read_index_marks(reader);
}

}  // namespace limbeck::postgres
