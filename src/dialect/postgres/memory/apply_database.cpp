// Schemas, extensions, foreign servers, publications, and the session's search_path.
#include <algorithm>
#include <fmt/format.h>

#include "dialect/postgres/memory/apply.h"
#include "dialect/postgres/memory/built_in.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

// False: it is there, and the statement does not mind.
bool is_new(Catalog& catalog, const ObjectId& id, bool if_not_exists) {
  if (catalog.find(id) == nullptr) return true;
  if (!if_not_exists) catalog.fail(to_string(id) + " already exists");
  return false;
}

void publish(Catalog& catalog, const ObjectId& id, const PgQuery__PublicationObjSpec& spec,
             Publication& publication) {
  if (spec.pubtable == nullptr) {
    publication.schemas.push_back(text(spec.name));
    return;
  }
  const ObjectId table = need_table(catalog, *spec.pubtable->relation);
  PublishedTable published;
  published.table = {table.schema, table.name};
  published.columns = texts({spec.pubtable->columns, spec.pubtable->n_columns});
  catalog.depend(id, table);
  const Scope scope = scope_of(catalog, table);
  if (!published.columns.empty()) {
    // In the order of the table.
    std::vector<std::string> ordered;
    for (const ScopeColumn& column : scope.columns)
      if (std::find(published.columns.begin(), published.columns.end(), column.name) !=
          published.columns.end()) {
        ordered.push_back(column.name);
        catalog.depend(id, column.id);
      }
    published.columns = std::move(ordered);
  }
  if (spec.pubtable->where_clause != nullptr) {
    const Expression where =
        write_expression(catalog, spec.pubtable->where_clause, scope, built_in("bool"));
    published.filter = where.text;
    note_expression(catalog, id, where);
  }
  publication.tables.push_back(std::move(published));
}

}  // namespace

void create_schema(Catalog& catalog, const PgQuery__CreateSchemaStmt& statement) {
  std::string name = text(statement.schemaname);
  if (name.empty() && statement.authrole != nullptr) name = role_of(*statement.authrole);
  const ObjectId id{Kind::schema, "", name, ""};
  if (!is_new(catalog, id, statement.if_not_exists != 0)) return;
  catalog.add(id, Namespace{});
  // What stands in the statement is made in the new schema.
  const std::vector<std::string> path = catalog.search_path();
  catalog.search_path().insert(catalog.search_path().begin(), name);
  for (const Node* node : Nodes{statement.schema_elts, statement.n_schema_elts})
    apply(catalog, node);
  catalog.search_path() = path;
}

void create_extension(Catalog& catalog, const PgQuery__CreateExtensionStmt& statement) {
  const ObjectId id{Kind::extension, "", text(statement.extname), ""};
  // It comes with every database.
  if (id.name == "plpgsql") return;
  if (!is_new(catalog, id, statement.if_not_exists != 0)) return;
  Extension extension;
  for (const Node* node : Nodes{statement.options, statement.n_options}) {
    const PgQuery__DefElem& option = *node->def_elem;
    if (text(option.defname) == "schema") extension.schema = option_text(option);
    if (text(option.defname) == "new_version") extension.version = option_text(option);
  }
  if (extension.schema.empty()) extension.schema = catalog.creation_schema("");
  const ObjectId schema{Kind::schema, "", extension.schema, ""};
  catalog.add(id, std::move(extension));
  catalog.depend(id, schema);
  catalog.set_uncertain(id, "what an extension is made of is known only where it is installed");
}

void create_wrapper(Catalog& catalog, const PgQuery__CreateFdwStmt& statement) {
  const ObjectId id{Kind::foreign_data_wrapper, "", text(statement.fdwname), ""};
  is_new(catalog, id, false);
  ForeignDataWrapper wrapper;
  for (const Node* node : Nodes{statement.func_options, statement.n_func_options}) {
    const PgQuery__DefElem& option = *node->def_elem;
    const Name name = name_of(items(option.arg));
    if (name.name.empty()) continue;
    const std::string written = qualified(name.schema, name.name);
    if (text(option.defname) == "handler") wrapper.handler = written;
    if (text(option.defname) == "validator") wrapper.validator = written;
  }
  wrapper.options = options_of({statement.options, statement.n_options});
  catalog.add(id, std::move(wrapper));
}

void create_server(Catalog& catalog, const PgQuery__CreateForeignServerStmt& statement) {
  const ObjectId id{Kind::server, "", text(statement.servername), ""};
  if (!is_new(catalog, id, statement.if_not_exists != 0)) return;
  catalog.add(id, Server{.wrapper = text(statement.fdwname),
                         .type = text(statement.servertype),
                         .version = text(statement.version),
                         .options = options_of({statement.options, statement.n_options})});
  catalog.depend(id, {Kind::foreign_data_wrapper, "", text(statement.fdwname), ""});
  catalog.depend(id, {Kind::extension, "", text(statement.fdwname), ""});
}

void create_user_mapping(Catalog& catalog, const PgQuery__CreateUserMappingStmt& statement) {
  const std::string server = text(statement.servername);
  const ObjectId id{Kind::user_mapping, "", server, role_of(*statement.user)};
  if (!is_new(catalog, id, statement.if_not_exists != 0)) return;
  catalog.add(id, UserMapping{.server = server,
                              .user = id.part,
                              .options = options_of({statement.options, statement.n_options})});
  catalog.depend(id, {Kind::server, "", server, ""});
  if (statement.user->roletype != PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CSTRING &&
      statement.user->roletype != PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC)
    catalog.not_interpreted("CREATE USER MAPPING", "who runs it is not known");
}

void create_publication(Catalog& catalog, const PgQuery__CreatePublicationStmt& statement) {
  const ObjectId id{Kind::publication, "", text(statement.pubname), ""};
  is_new(catalog, id, false);
  Publication publication;
  publication.all_tables = statement.for_all_tables != 0;
  publication.publish = "insert, update, delete, truncate";
  for (const Node* node : Nodes{statement.options, statement.n_options}) {
    const PgQuery__DefElem& option = *node->def_elem;
    const std::string value = option_text(option);
    if (text(option.defname) == "publish") {
      publication.publish.clear();
      for (const char* word : {"insert", "update", "delete", "truncate"})
        if (value.find(word) != std::string::npos)
          publication.publish += (publication.publish.empty() ? "" : ", ") + std::string(word);
    }
    if (text(option.defname) == "publish_via_partition_root")
      publication.via_partition_root = value.empty() || value == "true";
  }
  catalog.add(id, Publication{});
  for (const Node* node : Nodes{statement.pubobjects, statement.n_pubobjects})
    publish(catalog, id, *node->publication_obj_spec, publication);
  for (std::string& schema : publication.schemas) {
    if (schema.empty()) schema = catalog.creation_schema("");
    catalog.depend(id, {Kind::schema, "", schema, ""});
  }
  std::sort(publication.schemas.begin(), publication.schemas.end());
  std::sort(publication.tables.begin(), publication.tables.end(),
            [](const PublishedTable& left, const PublishedTable& right) {
              return left.table < right.table;
            });
  as<Publication>(*catalog.find(id)) = std::move(publication);
}

void set_variable(Catalog& catalog, const PgQuery__VariableSetStmt& statement) {
  const std::string name = text(statement.name);
  if (name != "search_path" && statement.kind != PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL) return;
  std::vector<std::string> path{"public"};
  if (statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_VALUE) {
    path.clear();
    for (const Node* node : Nodes{statement.args, statement.n_args})
      if (node->node_case == PG_QUERY__NODE__NODE_A_CONST &&
          node->a_const->val_case == PG_QUERY__A__CONST__VAL_SVAL) {
        const std::string schema = text(node->a_const->sval->sval);
        if (!schema.empty() && schema != "$user" && schema != "pg_catalog") path.push_back(schema);
      }
  }
  catalog.search_path() = std::move(path);
}

bool select(Catalog& catalog, const Node* statement) {
  for (const PgQuery__FuncCall* call : references_in(statement).functions) {
    const Name name = name_of(Nodes{call->funcname, call->n_funcname});
    if (functions_named(name.name).empty()) return false;
    if (name.name != "set_config" || call->n_args != 3) continue;
    const auto constant = [&](std::size_t i) -> const PgQuery__AConst* {
      const Node* node = call->args[i];
      return node->node_case == PG_QUERY__NODE__NODE_A_CONST ? node->a_const : nullptr;
    };
    if (constant(0) == nullptr || constant(1) == nullptr) return false;
    const auto value = [&](std::size_t i) {
      return constant(i)->val_case == PG_QUERY__A__CONST__VAL_SVAL ? text(constant(i)->sval->sval)
                                                                   : std::string();
    };
    if (value(0) != "search_path") continue;
    // What pg_dump writes; a list would have to be read as SQL.
    const std::string path = value(1);
    if (path.find_first_of(",\"") != std::string::npos) return false;
    catalog.search_path().clear();
    if (!path.empty()) catalog.search_path().push_back(path);
  }
  return true;
}

}  // namespace limbeck::postgres::memory
