// What hangs on tables and views: triggers, rules, policies, extended statistics; and event
// triggers.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

void drop_semicolon(std::string& definition) {
  if (!definition.empty() && definition.back() == ';') definition.pop_back();
}

// Adds a part of the relation that the row names first, when that was read.
template <class Definition>
void add_part(CatalogReader& reader, const Address& address, Kind kind, CatalogOid table,
              std::string name, Definition definition) {
  const Object* owner = reader.relation(table);
  if (owner == nullptr) return;
  definition.table = {owner->id.schema, owner->id.name};
  const Object& object = reader.add(
      address, {kind, owner->id.schema, owner->id.name, std::move(name)}, std::move(definition));
  reader.depend(object, *owner);
}

}  // namespace

void read_triggers(CatalogReader& reader) {
  const std::string_view inherited = reader.since(13, "t.tgparentid <> 0", "false");
  // Up to version 14 a partition's copy is marked as internal, like the triggers of foreign keys.
  const std::string_view shown = reader.since(
      15, "NOT t.tgisinternal",
      reader.since(13, "(NOT t.tgisinternal OR (t.tgparentid <> 0 AND t.tgconstraint = 0))",
                   "NOT t.tgisinternal"));
  const std::string sql = fmt::format(
      "SELECT t.oid::int8, t.tgrelid::int8, t.tgname, pg_get_triggerdef(t.oid), t.tgconstraint <> "
      "0, t.tgenabled, {} FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE {} AND "
      "c.relnamespace = ANY ({}) AND {}",
      inherited, shown, reader.namespaces(), not_of_extension(catalog::trigger, "t.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::trigger, row.oid()};
    const CatalogOid table = row.oid();
    std::string name = row.text();
    Trigger trigger{.table = {},
                    .definition = row.text(),
                    .constraint = row.flag(),
                    .enabled = enabled_from(row.letter()),
                    .inherited = row.flag()};
    add_part(reader, address, Kind::trigger, table, std::move(name), std::move(trigger));
  });
}

void read_rules(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT r.oid::int8, r.ev_class::int8, r.rulename, pg_get_ruledef(r.oid), r.ev_enabled FROM "
      "pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN' AND "
      "c.relnamespace = ANY ({}) AND {}",
      reader.namespaces(), not_of_extension(catalog::rewrite, "r.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::rewrite, row.oid()};
    const CatalogOid table = row.oid();
    std::string name = row.text();
    Rule rule{.table = {}, .definition = row.text(), .enabled = enabled_from(row.letter())};
    drop_semicolon(rule.definition);
    add_part(reader, address, Kind::rule, table, std::move(name), std::move(rule));
  });
}

void read_policies(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT p.oid::int8, p.polrelid::int8, p.polname, p.polcmd, p.polpermissive, "
      "CASE WHEN 0 <> ALL (p.polroles) THEN (SELECT array_agg(r.rolname::text ORDER BY r.rolname) "
      "FROM pg_roles r WHERE r.oid = ANY (p.polroles)) END, "
      "pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) FROM pg_policy "
      "p "
      "JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = ANY ({})",
      reader.namespaces());
  reader.each(sql, [&](Fields& row) {
    constexpr std::array<LetterName, 4> commands{
        {{'r', "SELECT"}, {'a', "INSERT"}, {'w', "UPDATE"}, {'d', "DELETE"}}};
    const Address address{catalog::policy, row.oid()};
    const CatalogOid table = row.oid();
    std::string name = row.text();
    Policy policy;
    if (std::string command = name_of_letter(commands, row.letter()); !command.empty())
      policy.command = std::move(command);
    policy.permissive = row.flag();
    policy.roles = row.list();
    policy.using_expression = row.text();
    policy.check_expression = row.text();
    add_part(reader, address, Kind::policy, table, std::move(name), std::move(policy));
  });
}

// The server lists the columns by their positions, which are no difference: they are sorted.
void read_statistics(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT s.oid::int8, n.nspname, s.stxname, s.stxrelid::int8, "
      "coalesce(replace(pg_get_statisticsobjdef(s.oid), ' ON ' || k.stored, ' ON ' || k.sorted), "
      "pg_get_statisticsobjdef(s.oid)), {} FROM pg_statistic_ext s "
      "JOIN pg_namespace n ON n.oid = s.stxnamespace CROSS JOIN LATERAL (SELECT "
      "string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS stored, "
      "string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) AS sorted FROM pg_attribute a "
      "WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys)) k WHERE "
      "s.stxnamespace = ANY ({}) AND {}",
      reader.since(13, "coalesce(s.stxstattarget, -1)", "-1"), reader.namespaces(),
      not_of_extension(catalog::statistics, "s.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::statistics, row.oid()};
    ObjectId id{Kind::statistics, row.text(), row.text(), ""};
    const CatalogOid table = row.oid();
    Statistics statistics{.table = reader.relation_name(table),
                          .definition = row.text(),
                          .target = static_cast<int>(row.integer())};
    const Object& object = reader.add(address, std::move(id), std::move(statistics));
    if (const Object* owner = reader.relation(table)) reader.depend(object, *owner);
  });
}

void read_event_triggers(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT e.oid::int8, e.evtname, e.evtevent, e.evttags, e.evtfoid::regproc::text, "
      "e.evtenabled "
      "FROM pg_event_trigger e WHERE {}",
      not_of_extension(catalog::event_trigger, "e.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::event_trigger, row.oid()};
    ObjectId id{Kind::event_trigger, "", row.text(), ""};
    EventTrigger trigger{.event = row.text(),
                         .tags = row.list(),
                         .function = row.text(),
                         .enabled = enabled_from(row.letter())};
    std::sort(trigger.tags.begin(), trigger.tags.end());
    reader.add(address, std::move(id), std::move(trigger));
  });
}

}  // namespace limbeck::postgres
