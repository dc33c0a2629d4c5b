#include "dialect/postgres/catalog_reader.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace limbeck::postgres {
namespace {

int server_major(const std::string& server) {
  const std::size_t digits = server.find_first_of("0123456789");
  int version = 0;
  if (digits != std::string::npos)
    std::from_chars(server.data() + digits, server.data() + server.size(), version);
  return version;
}

bool is_table_or_view(Kind kind) {
  return kind == Kind::table || kind == Kind::view || kind == Kind::materialized_view;
}

}  // namespace

std::vector<std::string> array_elements(std::string_view text) {
  std::vector<std::string> elements;
  if (text.size() < 2 || text == "{}") return elements;
  text = text.substr(1, text.size() - 2);
  std::string element;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      element += text[++i];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      elements.push_back(std::exchange(element, {}));
    } else {
      element += c;
    }
  }
  elements.push_back(std::move(element));
  return elements;
}

std::string not_of_extension(CatalogOid table, std::string_view oid) {
  return fmt::format(
      "{} NOT IN (SELECT e.objid FROM pg_depend e WHERE e.refclassid = {} AND e.classid = {} AND "
      "e.deptype = 'e')",
      oid, catalog::extension, table);
}

Enabled enabled_from(char letter) {
  switch (letter) {
    case 'D':
      return Enabled::disabled;
    case 'R':
      return Enabled::replica;
    case 'A':
      return Enabled::always;
    default:
      return Enabled::origin;
  }
}

std::string Fields::text() {
  Value& value = row_[at_++];
  if (auto* text = std::get_if<std::string>(&value)) return std::move(*text);
  return text_of(value);
}

char Fields::letter() {
  const Value& value = row_[at_++];
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr || text->empty() ? '\0' : text->front();
}

std::int64_t Fields::integer() {
  return integer_of(row_[at_++]);
}

std::vector<std::string> Fields::list() {
  const Value& value = row_[at_++];
  const auto* text = std::get_if<std::string>(&value);
  return text == nullptr ? std::vector<std::string>{} : array_elements(*text);
}

std::vector<std::int64_t> Fields::numbers() {
  std::vector<std::int64_t> numbers;
  const Value& value = row_[at_++];
  const auto* text = std::get_if<std::string>(&value);
  if (text == nullptr) return numbers;
  const char* at = text->data();
  const char* end = at + text->size();
  while (at != end) {
    std::int64_t number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error == std::errc()) numbers.push_back(number);
    at = error == std::errc() ? next : at + 1;
  }
  return numbers;
}

Options Fields::options() {
  Options options;
  for (const std::string& element : list()) {
    const std::size_t equals = element.find('=');
    options.push_back({.name = element.substr(0, equals),
                       .value = equals == std::string::npos ? "" : element.substr(equals + 1)});
  }
  return options;
}

CatalogReader::CatalogReader(Connection& connection, const IntrospectionOptions& options)
    : connection_(connection),
      options_(options),
      version_(server_major(connection.server_version())) {}

Object& CatalogReader::add(const Address& address, ObjectId id, Definition definition) {
  Object& object = schema_.objects[id];
  object.id = std::move(id);
  object.definition = std::move(definition);
  objects_[address] = &object;
  return object;
}

Object* CatalogReader::find(const Address& address) const {
  const auto found = objects_.find(address);
  return found == objects_.end() ? nullptr : found->second;
}

RelationName CatalogReader::relation_name(CatalogOid oid) const {
  const Object* object = relation(oid);
  if (object == nullptr) return {};
  return {object->id.schema, object->id.name};
}

const ColumnFacts& CatalogReader::column(CatalogOid relation, std::int64_t number) const {
  static const ColumnFacts none;
  const auto found =
      columns_.find({catalog::relation, relation, static_cast<std::int32_t>(number)});
  return found == columns_.end() ? none : found->second;
}

std::vector<std::string> CatalogReader::column_names(
    CatalogOid relation, const std::vector<std::int64_t>& numbers) const {
  std::vector<std::string> names;
  names.reserve(numbers.size());
  for (const std::int64_t number : numbers) {
    // 0 stands for an expression.
    if (number != 0) names.push_back(column_name(relation, number));
  }
  return names;
}

void CatalogReader::set_column(CatalogOid relation, std::int64_t number, ColumnFacts column) {
  columns_[{catalog::relation, relation, static_cast<std::int32_t>(number)}] = std::move(column);
}

const Object* CatalogReader::extension_of(const Address& address) const {
  const auto found = members_.find(address);
  return found == members_.end() ? nullptr : found->second;
}

std::string CatalogReader::collation_name(CatalogOid oid) const {
  const auto found = collations_.find(oid);
  return found == collations_.end() ? "" : found->second;
}

std::string CatalogReader::generated() const {
  return fmt::format("'{{{}}}'::oid[]", fmt::join(generated_, ","));
}

bool CatalogReader::wanted_table(const ObjectId& table) const {
  const RelationName name{table.schema, table.name};
  if (std::find(options_.without.begin(), options_.without.end(), name) != options_.without.end())
    return false;
  for (const Kind kind : {Kind::table, Kind::view, Kind::materialized_view}) {
    const Object* object = schema_.find({kind, name.schema, name.name, ""});
    if (object != nullptr && hidden_.count(object) != 0) return false;
  }
  return true;
}

bool CatalogReader::wanted(const Object& object) const {
  const ObjectId& id = object.id;
  if (hidden_.count(&object) != 0) return false;
  if (!options_.schemas.empty()) {
    const std::string& schema = id.kind == Kind::schema ? id.name : id.schema;
    const auto& asked = options_.schemas;
    if (std::find(asked.begin(), asked.end(), schema) == asked.end()) return false;
  }
  if (hidden_.empty() && options_.without.empty()) return true;
  if (is_table_or_view(id.kind) || is_part(id.kind)) return wanted_table(id);
  if (id.kind == Kind::index) {
    const RelationName& table = as<Index>(object).table;
    return wanted_table({Kind::table, table.schema, table.name, ""});
  }
  if (id.kind == Kind::statistics) {
    const RelationName& table = as<Statistics>(object).table;
    return wanted_table({Kind::table, table.schema, table.name, ""});
  }
  if (id.kind == Kind::sequence && as<Sequence>(object).owned_by)
    return wanted_table(*as<Sequence>(object).owned_by);
  return true;
}

Schema CatalogReader::finish() && {
  std::unordered_set<const Object*> unwanted;
  for (const auto& [id, object] : schema_.objects)
    if (!wanted(object)) unwanted.insert(&object);

  // In the order of their ids, so that each edge goes to the end of the set.
  std::sort(edges_.begin(), edges_.end(), [](const auto& left, const auto& right) {
    if (left.first != right.first) return left.first->id < right.first->id;
    return left.second != right.second && left.second->id < right.second->id;
  });
  const std::pair<const Object*, const Object*>* previous = nullptr;
  for (const auto& edge : edges_) {
    if (previous != nullptr && *previous == edge) continue;
    previous = &edge;
    if (unwanted.count(edge.first) != 0 || unwanted.count(edge.second) != 0) continue;
    schema_.dependencies.insert(schema_.dependencies.end(), {edge.first->id, edge.second->id});
  }
  for (const Object* object : unwanted) schema_.objects.erase(ObjectId(object->id));
  return std::move(schema_);
}

}  // namespace limbeck::postgres
