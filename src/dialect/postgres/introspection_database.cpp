// Objects that stand beside the tables: extensions, foreign-data wrappers, servers and user
// mappings, publications, subscriptions.
#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

void read_wrappers(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT w.oid::int8, w.fdwname, CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::regproc::text "
      "END, CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::regproc::text END, w.fdwoptions "
      "FROM "
      "pg_foreign_data_wrapper w WHERE {}",
      not_of_extension(catalog::foreign_data_wrapper, "w.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::foreign_data_wrapper, row.oid()};
    ObjectId id{Kind::foreign_data_wrapper, "", row.text(), ""};
    ForeignDataWrapper wrapper{
        .handler = row.text(), .validator = row.text(), .options = row.options()};
    reader.add(address, std::move(id), std::move(wrapper));
  });
}

void read_servers(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT s.oid::int8, s.srvname, w.fdwname, s.srvtype, s.srvversion, s.srvoptions FROM "
      "pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE {}",
      not_of_extension(catalog::foreign_server, "s.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::foreign_server, row.oid()};
    ObjectId id{Kind::server, "", row.text(), ""};
    Server server{
        .wrapper = row.text(), .type = row.text(), .version = row.text(), .options = row.options()};
    reader.add(address, std::move(id), std::move(server));
  });
}

// The view shows no options to those who may not see them; a superuser sees all.
void read_user_mappings(CatalogReader& reader) {
  reader.each(
      "SELECT m.umid::int8, m.srvid::int8, m.srvname, CASE WHEN m.umuser = 0 THEN 'PUBLIC' ELSE "
      "m.usename END, m.umoptions, m.umoptions IS NULL AND NOT (SELECT r.rolsuper FROM pg_roles r "
      "WHERE r.rolname = current_user) FROM pg_user_mappings m",
      [&](Fields& row) {
        const Address address{catalog::user_mapping, row.oid()};
        const Object* server = reader.find({catalog::foreign_server, row.oid()});
        UserMapping mapping{.server = row.text(), .user = row.text(), .options = row.options()};
        ObjectId id{Kind::user_mapping, "", mapping.server, mapping.user};
        if (row.flag())
          reader.unmodelled(fmt::format(
              "options of {}: only a superuser or its own user may read them", to_string(id)));
        const Object& object = reader.add(address, std::move(id), std::move(mapping));
        if (server != nullptr) reader.depend(object, *server);
      });
}

void read_published_schemas(CatalogReader& reader) {
  if (!reader.since(15)) return;
  reader.each(
      "SELECT pn.oid::int8, pn.pnpubid::int8, n.nspname FROM pg_publication_namespace pn JOIN "
      "pg_namespace n ON n.oid = pn.pnnspid ORDER BY n.nspname",
      [&](Fields& row) {
        const Address address{catalog::publication_namespace, row.oid()};
        Object* object = reader.find({catalog::publication, row.oid()});
        if (object == nullptr) return;
        as<Publication>(*object).schemas.push_back(row.text());
        reader.add_piece(address, *object);
      });
}

void read_published_tables(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT pr.oid::int8, pr.prpubid::int8, pr.prrelid::int8, n.nspname, c.relname, {}, {} FROM "
      "pg_publication_rel pr JOIN pg_class c ON c.oid = pr.prrelid JOIN pg_namespace n ON n.oid = "
      "c.relnamespace ORDER BY n.nspname, c.relname",
      reader.since(15, "pr.prattrs::text", "NULL::text"),
      reader.since(15, "pg_get_expr(pr.prqual, pr.prrelid)", "NULL::text"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::publication_relation, row.oid()};
    Object* object = reader.find({catalog::publication, row.oid()});
    const CatalogOid table = row.oid();
    if (object == nullptr) return;
    PublishedTable published{.table = {row.text(), row.text()},
                             .columns = reader.column_names(table, row.numbers()),
                             .filter = row.text()};
    as<Publication>(*object).tables.push_back(std::move(published));
    reader.add_piece(address, *object);
  });
}

}  // namespace

void read_extensions(CatalogReader& reader) {
  std::unordered_map<CatalogOid, const Object*> extensions;
  // Those with lower oids come with every new database.
  reader.each(
      "SELECT e.oid::int8, e.extname, n.nspname, e.extversion, e.extrelocatable FROM pg_extension "
      "e "
      "JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.oid >= 16384",
      [&](Fields& row) {
        const CatalogOid oid = row.oid();
        ObjectId id{Kind::extension, "", row.text(), ""};
        Extension extension{.schema = row.text(), .version = row.text(), .relocatable = row.flag()};
        extensions[oid] =
            &reader.add({catalog::extension, oid}, std::move(id), std::move(extension));
      });
  const std::string members = fmt::format(
      "SELECT d.classid::int8, d.objid::int8, d.refobjid::int8 FROM pg_depend d WHERE d.refclassid "
      "= {} AND d.deptype = 'e'",
      catalog::extension);
  reader.each(members, [&](Fields& row) {
    const Address address{row.oid(), row.oid()};
    const auto found = extensions.find(row.oid());
    reader.set_member(address, found == extensions.end() ? nullptr : found->second);
    if (const Object* name_space = reader.find(address)) reader.hide(*name_space);
  });
}

void read_foreign_servers(CatalogReader& reader) {
  read_wrappers(reader);
  read_servers(reader);
  read_user_mappings(reader);
}

void read_publications(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT p.oid::int8, p.pubname, p.puballtables, concat_ws(', ', CASE WHEN p.pubinsert THEN "
      "'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' "
      "END, CASE WHEN p.pubtruncate THEN 'truncate' END), {} FROM pg_publication p WHERE {}",
      reader.since(13, "p.pubviaroot", "false"), not_of_extension(catalog::publication, "p.oid"));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::publication, row.oid()};
    ObjectId id{Kind::publication, "", row.text(), ""};
    Publication publication{.all_tables = row.flag(),
                            .tables = {},
                            .schemas = {},
                            .publish = row.text(),
                            .via_partition_root = row.flag()};
    reader.add(address, std::move(id), std::move(publication));
  });
  read_published_tables(reader);
  read_published_schemas(reader);
}

void read_subscriptions(CatalogReader& reader) {
  constexpr std::string_view here =
      "s.subdbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())";
  // The connection string may hold a password, and is shown to superusers alone.
  bool readable = false;
  reader.each("SELECT has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')",
              [&](Fields& row) { readable = row.flag(); });
  if (!readable) {
    reader.each(fmt::format("SELECT s.subname FROM pg_subscription s WHERE {}", here),
                [&](Fields& row) {
                  reader.unmodelled(
                      fmt::format("subscription {}: only a superuser may read it", row.text()));
                });
    return;
  }
  const std::string sql = fmt::format(
      "SELECT s.oid::int8, s.subname, s.subconninfo, s.subpublications, s.subenabled, "
      "coalesce(s.subslotname, 'NONE'), s.subsynccommit, {}, {}, {}, {}, {} FROM pg_subscription s "
      "WHERE {}",
      reader.since(14, "CASE WHEN s.subbinary THEN 'true' END", "NULL"),
      // It became a letter with parallel streaming.
      reader.since(16, "CASE s.substream WHEN 't' THEN 'on' WHEN 'p' THEN 'parallel' END",
                   reader.since(14, "CASE WHEN s.substream THEN 'on' END", "NULL")),
      reader.since(15, "CASE WHEN s.subtwophasestate <> 'd' THEN 'true' END", "NULL"),
      reader.since(15, "CASE WHEN s.subdisableonerr THEN 'true' END", "NULL"),
      reader.since(16, "CASE WHEN s.suborigin <> 'any' THEN s.suborigin END", "NULL"), here);
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::subscription, row.oid()};
    ObjectId id{Kind::subscription, "", row.text(), ""};
    Subscription subscription{
        .connection = row.text(), .publications = row.list(), .options = {}, .enabled = row.flag()};
    std::sort(subscription.publications.begin(), subscription.publications.end());
    for (const char* name : {"slot_name", "synchronous_commit", "binary", "streaming", "two_phase",
                             "disable_on_error", "origin"}) {
      std::string value = row.text();
      if (!value.empty()) subscription.options.push_back({name, std::move(value)});
    }
    std::sort(subscription.options.begin(), subscription.options.end());
    reader.add(address, std::move(id), std::move(subscription));
  });
}

}  // namespace limbeck::postgres
