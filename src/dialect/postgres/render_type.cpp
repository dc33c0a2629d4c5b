// Enums, composite types, domains, ranges, collations.
#include <algorithm>
#include <string>

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/render_attributes.h"
#include "dialect/postgres/render_definition.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

std::string labels_sql(const std::vector<std::string>& labels) {
  std::vector<std::string> items;
  items.reserve(labels.size());
  for (const std::string& label : labels) items.push_back(literal_sql(label));
  return joined(items);
}

std::string attribute_sql(const Attribute& attribute) {
  return name_sql(attribute.name) + " " + attribute.type +
         (attribute.collation.empty() ? "" : " COLLATE " + attribute.collation);
}

bool has_attribute(const Composite& composite, const std::string& name) {
  return std::any_of(composite.attributes.begin(), composite.attributes.end(),
                     [&](const Attribute& attribute) { return attribute.name == name; });
}

// Tables of the type change with it only when that is said.
bool has_typed_tables(const Schema& schema, const std::string& type) {
  for (auto at = schema.objects.lower_bound({Kind::table, "", "", ""});
       at != schema.objects.end() && at->first.kind == Kind::table; ++at)
    if (as<Table>(at->second).of_type == type) return true;
  return false;
}

// The name that the server gives to a range's multirange type.
std::string usual_multirange(const std::string& range) {
  const std::size_t at = range.find("range");
  if (at == std::string::npos) return range + "_multirange";
  return range.substr(0, at) + "multi" + range.substr(at);
}

}  // namespace

void create_definition(Script& script, const Object& object, const Collation& collation) {
  std::vector<std::string> items{"provider = " + collation.provider};
  if (!collation.locale.empty())
    items.push_back("locale = " + literal_sql(collation.locale));
  else if (collation.collate == collation.ctype)
    items.push_back("locale = " + literal_sql(collation.collate));
  else
    items.push_back("lc_collate = " + literal_sql(collation.collate) +
                    ", lc_ctype = " + literal_sql(collation.ctype));
  if (!collation.deterministic) items.emplace_back("deterministic = false");
  script.add("CREATE COLLATION " + name_of(object) + " (" + joined(items) + ")");
}

void create_definition(Script& script, const Object& object, const Enumeration& enumeration) {
  script.add("CREATE TYPE " + name_of(object) + " AS ENUM (" + labels_sql(enumeration.labels) +
             ")");
}

void alter_definition(Script& script, const Object& object, const Enumeration& from,
                      const Enumeration& to) {
  std::vector<std::string> labels = from.labels;
  for (std::size_t at = 0; at < to.labels.size(); ++at) {
    const std::string& label = to.labels[at];
    if (at < labels.size() && labels[at] == label) continue;
    std::string sql = "ALTER TYPE " + name_of(object) + " ADD VALUE " + literal_sql(label);
    if (at < labels.size())
      sql += at == 0 ? " BEFORE " + literal_sql(labels[0])
                     : " AFTER " + literal_sql(to.labels[at - 1]);
    script.statements.push_back({.sql = sql, .commit_after = true});
    labels.insert(labels.begin() + static_cast<std::ptrdiff_t>(std::min(at, labels.size())), label);
  }
}

void create_definition(Script& script, const Object& object, const Composite& composite) {
  std::vector<std::string> items;
  items.reserve(composite.attributes.size());
  for (const Attribute& attribute : composite.attributes) items.push_back(attribute_sql(attribute));
  script.add("CREATE TYPE " + name_of(object) + " AS (" +
             (items.empty() ? "" : "\n    " + joined(items, ",\n    ") + "\n") + ")");
}

void alter_definition(Script& script, const Object& object, const Composite& from,
                      const Composite& to) {
  std::vector<std::string> actions;
  const bool cascade = has_typed_tables(script.from, name_of(object));
  const std::string end = cascade ? " CASCADE" : "";
  for (const Attribute& attribute : from.attributes)
    if (!has_attribute(to, attribute.name))
      actions.push_back("DROP ATTRIBUTE " + name_sql(attribute.name) + end);
  for (const Attribute& attribute : to.attributes)
    if (!has_attribute(from, attribute.name))
      actions.push_back("ADD ATTRIBUTE " + attribute_sql(attribute) + end);
  script.add("ALTER TYPE " + name_of(object) + " " + joined(actions));
}

void create_definition(Script& script, const Create& create, const Domain& domain) {
  std::string sql = "CREATE DOMAIN " + name_of(create.object) + " AS " + domain.type;
  if (!domain.collation.empty()) sql += " COLLATE " + domain.collation;
  if (!domain.default_expression.empty()) sql += " DEFAULT " + domain.default_expression;
  if (domain.not_null) sql += " NOT NULL";
  for (const Object& part : create.parts)
    if (part.id.kind == Kind::domain_constraint && as<DomainConstraint>(part).validated)
      sql += "\n    CONSTRAINT " + name_of(part) + " CHECK (" +
             as<DomainConstraint>(part).expression + ")";
  script.add(sql);
  for (const Object& part : create.parts) {
    if (part.id.kind != Kind::domain_constraint) continue;
    const auto& constraint = as<DomainConstraint>(part);
    if (!constraint.validated) create_definition(script, part, constraint);
    set_attributes(script, part);
  }
}

void alter_definition(Script& script, const Object& object, const Domain& from, const Domain& to) {
  const std::string start = "ALTER DOMAIN " + name_of(object) + " ";
  if (from.default_expression != to.default_expression)
    script.add(start + (to.default_expression.empty() ? "DROP DEFAULT"
                                                      : "SET DEFAULT " + to.default_expression));
  if (from.not_null != to.not_null)
    script.add(start + (to.not_null ? "SET NOT NULL" : "DROP NOT NULL"));
}

void create_definition(Script& script, const Object& object, const Range& range) {
  std::vector<std::string> items{"subtype = " + range.subtype};
  const auto item = [&](const char* name, const std::string& value) {
    if (!value.empty()) items.push_back(name + (" = " + value));
  };
  item("subtype_opclass", range.subtype_opclass);
  item("collation", range.collation);
  item("canonical", range.canonical);
  item("subtype_diff", range.subtype_diff);
  if (!range.multirange.empty() && range.multirange != usual_multirange(object.id.name))
    item("multirange_type_name", qualified_sql(object.id.schema, range.multirange));
  script.add("CREATE TYPE " + name_of(object) + " AS RANGE (\n    " + joined(items, ",\n    ") +
             "\n)");
}

}  // namespace limbeck::postgres
