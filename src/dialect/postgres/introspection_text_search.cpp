// Text search parsers, templates, dictionaries and configurations, kept as statements.
#include "dialect/postgres/introspection.h"
#include "dialect/postgres/introspection_opaque.h"

namespace limbeck::postgres {
namespace {

void read_parsers(CatalogReader& reader) {
  read_opaque(
      reader,
      {.oid = catalog::text_search_parser,
       .what = "text search parser",
       .name_space = "n.nspname",
       .name = "o.prsname",
       .create =
           "format('CREATE TEXT SEARCH PARSER %I.%I (%s)', n.nspname, o.prsname, concat_ws(', "
           "', 'START = ' || o.prsstart::text, 'GETTOKEN = ' || o.prstoken::text, 'END = ' || "
           "o.prsend::text, CASE WHEN o.prsheadline <> 0 THEN 'HEADLINE = ' || "
           "o.prsheadline::text END, 'LEXTYPES = ' || o.prslextype::text))",
       .drop = "format('TEXT SEARCH PARSER %I.%I', n.nspname, o.prsname)",
       .from = "pg_ts_parser o JOIN pg_namespace n ON n.oid = o.prsnamespace WHERE n.oid = ANY "
               "(@)"});
}

void read_templates(CatalogReader& reader) {
  read_opaque(
      reader,
      {.oid = catalog::text_search_template,
       .what = "text search template",
       .name_space = "n.nspname",
       .name = "o.tmplname",
       .create =
           "format('CREATE TEXT SEARCH TEMPLATE %I.%I (%s)', n.nspname, o.tmplname, "
           "concat_ws(', ', CASE WHEN o.tmplinit <> 0 THEN 'INIT = ' || o.tmplinit::text END, "
           "'LEXIZE = ' || o.tmpllexize::text))",
       .drop = "format('TEXT SEARCH TEMPLATE %I.%I', n.nspname, o.tmplname)",
       .from = "pg_ts_template o JOIN pg_namespace n ON n.oid = o.tmplnamespace WHERE n.oid = ANY "
               "(@)"});
}

void read_dictionaries(CatalogReader& reader) {
  read_opaque(
      reader,
      {.oid = catalog::text_search_dictionary,
       .what = "text search dictionary",
       .name_space = "n.nspname",
       .name = "o.dictname",
       .create = "format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %I.%I%s)', n.nspname, "
                 "o.dictname, tn.nspname, t.tmplname, ', ' || o.dictinitoption)",
       .drop = "format('TEXT SEARCH DICTIONARY %I.%I', n.nspname, o.dictname)",
       .from = "pg_ts_dict o JOIN pg_namespace n ON n.oid = o.dictnamespace JOIN pg_ts_template t "
               "ON t.oid = o.dicttemplate JOIN pg_namespace tn ON tn.oid = t.tmplnamespace WHERE "
               "n.oid = ANY (@)"});
}

void read_configurations(CatalogReader& reader) {
  read_opaque(
      reader,
      {.oid = catalog::text_search_configuration,
       .what = "text search configuration",
       .name_space = "n.nspname",
       .name = "o.cfgname",
       .create =
           "concat_ws(E';\\n', format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %I.%I)', "
           "n.nspname, o.cfgname, pn.nspname, p.prsname), (SELECT string_agg(format('ALTER TEXT "
           "SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %I WITH %s', n.nspname, o.cfgname, "
           "tt.alias, m.dictionaries), E';\\n' ORDER BY tt.alias) FROM (SELECT cm.maptokentype, "
           "string_agg(format('%I.%I', dn.nspname, d.dictname), ', ' ORDER BY cm.mapseqno) AS "
           "dictionaries FROM pg_ts_config_map cm JOIN pg_ts_dict d ON d.oid = cm.mapdict JOIN "
           "pg_namespace dn ON dn.oid = d.dictnamespace WHERE cm.mapcfg = o.oid GROUP BY "
           "cm.maptokentype) m JOIN ts_token_type(o.cfgparser) tt ON tt.tokid = m.maptokentype))",
       .drop = "format('TEXT SEARCH CONFIGURATION %I.%I', n.nspname, o.cfgname)",
       .from =
           "pg_ts_config o JOIN pg_namespace n ON n.oid = o.cfgnamespace JOIN pg_ts_parser p ON "
           "p.oid = o.cfgparser JOIN pg_namespace pn ON pn.oid = p.prsnamespace WHERE n.oid = "
           "ANY (@)"});
}

}  // namespace

void read_text_search(CatalogReader& reader) {
  read_parsers(reader);
  read_templates(reader);
  read_dictionaries(reader);
  read_configurations(reader);
}

}  // namespace limbeck::postgres
