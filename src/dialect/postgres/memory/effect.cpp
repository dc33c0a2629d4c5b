#include "dialect/postgres/memory/effect.h"

#include <algorithm>
#include <optional>

#include "base/source.h"
#include "base/text_place.h"
#include "dialect/postgres/introspection.h"
#include "dialect/postgres/memory/assume.h"
#include "dialect/postgres/memory/carried.h"
#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/interpret.h"
#include "dialect/postgres/memory/names.h"
#include "dialect/postgres/sketch.h"

namespace limbeck::postgres {
namespace memory {

Effect& EffectContext::add(Effect effect) {
  touch(effect.table, effect.impact);
  return found.effects.emplace_back(std::move(effect));
}

void EffectContext::touch(const RelationName& table, const TableImpact& impact) {
  const bool there = catalog.find(Kind::table, table.schema, table.name) != nullptr ||
                     catalog.find(Kind::materialized_view, table.schema, table.name) != nullptr;
  if (there) found.impacts[table].add(impact);
}

void EffectContext::touch(const ObjectId& table, const TableImpact& impact) {
  touch(relation_name(table), impact);
}

void EffectContext::lock_also(Effect& effect, const ObjectId& table, const TableImpact& impact) {
  touch(table, impact);
  const RelationName name = relation_name(table);
  if (name != effect.table &&
      std::find(effect.also.begin(), effect.also.end(), name) == effect.also.end())
    effect.also.push_back(name);
}

void EffectContext::lock_referenced(Effect& effect, const Constraint& key, LockLevel lock) {
  const ObjectId table{Kind::table, key.foreign_key->table.schema, key.foreign_key->table.name, ""};
  lock_also(effect, table, {.lock = lock});
  if (!is_partitioned(catalog, table)) return;
  for (const ObjectId& child : descendants_of(catalog, table)) touch(child, {.lock = lock});
}

namespace {

void effects_of(EffectContext& context, const Node* node) {
  if (const Node* carried = carried_statement(node)) return effects_of(context, carried);
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return effects_of_alter_table(context, *node->alter_table_stmt);
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return effects_of_create_table(context, *node->create_stmt);
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return effects_of_index(context, *node->index_stmt);
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
      return effects_of_reindex(context, *node->reindex_stmt);
    case PG_QUERY__NODE__NODE_DROP_STMT:
      return effects_of_drop(context, *node->drop_stmt);
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      return effects_of_rename(context, *node->rename_stmt);
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      return effects_of_setting(context, *node->variable_set_stmt);
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT:
    case PG_QUERY__NODE__NODE_ALTER_EXTENSION_STMT:
      return effects_of_types(context, node);
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT:
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT:
    case PG_QUERY__NODE__NODE_COPY_STMT:
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
    case PG_QUERY__NODE__NODE_SELECT_STMT:
    case PG_QUERY__NODE__NODE_DO_STMT:
    case PG_QUERY__NODE__NODE_CALL_STMT:
      return effects_of_rows(context, node);
    default:
      return effects_of_maintenance(context, node);
  }
}

class PostgresEffectReader final : public EffectReader {
 public:
  PostgresEffectReader(const EffectSettings& settings, Interpreted from)
      : search_path_(from.search_path),
        catalog_(std::move(from)),
        settings_(settings),
        session_(settings) {
    catalog_.set_server_version(settings.version);
    catalog_.keep_temporary();
  }

  StatementEffects effects(const sql::Statement& statement) override {
    catalog_.begin(statement);
    const Tree& tree = tree_of(statement);
    EffectContext context{.catalog = catalog_, .settings = session_};
    try {
      for (const Node* node : tree.statements()) {
        if (settings_.assumes) assumptions_.assume(catalog_, node);
        catalog_.begin(statement);  // what is assumed stays, whatever fails
        const StatementEffects before = context.found;
        with_assumptions([&] {
          context.found = before;
          effects_of(context, node);
        });
        if (adds_labels_) effects_of_labels(context, node);
      }
    } catch (const Error&) {
      // It names what is not there: apply() says so.
    }
    for (Effect& effect : context.found.effects) note(effect);
    return std::move(context.found);
  }

  void apply(const sql::Statement& statement) override {
    catalog_.begin(statement);
    const Tree& tree = tree_of(statement);
    if (!tree.failure().empty()) throw not_parsed(statement, tree);
    try {
      with_assumptions([&] {
        for (const Node* node : tree.statements()) memory::apply(catalog_, node);
      });
    } catch (const MissingObject& missing) {
      catalog_.take_back();
      if (!settings_.assumes || catalog_.was_there(missing.name().name)) throw;
      assumptions_.tell(missing.kind(), missing.name().name);
    } catch (const Error&) {
      catalog_.take_back();
      if (!assumptions_.concerned()) throw;
    }
  }

  void reset_session() override {
    catalog_.end_session();
    catalog_.search_path() = search_path_;
    session_ = settings_;
    adds_labels_ = false;
  }

  void end_transaction() override { catalog_.end_transaction(); }

  const Schema* schema() const override { return &catalog_.schema(); }

  std::vector<std::string> take_assumed() override { return assumptions_.take_told(); }

  std::vector<std::string> columns(const RelationName& table) override {
    std::vector<std::string> names;
    for (const Object* column : columns_of(catalog_.schema(), table.schema, table.name))
      names.push_back(column->id.part);
    return names;
  }

  std::vector<Object> named_in(const RelationName& name) override {
    return memory::named_in(catalog_.schema(), name);
  }

 private:
  // As often as the work fails for want of something that may have been there before.
  template <class Work>
  void with_assumptions(const Work& work) {
    for (;;) {
      try {
        return work();
      } catch (const MissingObject& missing) {
        catalog_.take_back();
        if (!settings_.assumes || !assumptions_.assume(catalog_, missing)) throw;
        catalog_.begin(catalog_.statement());
      }
    }
  }

  void note(Effect& effect) {
    if (effect.kind == EffectKind::timeout && effect.name == "timezone")
      session_.time_zone = effect.detail;
    adds_labels_ = adds_labels_ || effect.kind == EffectKind::add_enum_value;
    if (assumptions_.holds(effect.table)) effect.traits.add(Trait::assumed);
    if (effect.kind == EffectKind::rename && effect.object == "table")
      assumptions_.renamed(effect.table, {effect.table.schema, effect.detail});
    // An index that may have been there before is of some table.
    const bool unknown_index = effect.kind == EffectKind::drop_index &&
                               effect.has(Trait::missing) && !effect.has(Trait::if_exists);
    if (unknown_index && settings_.assumes && !catalog_.was_there(effect.name)) {
      effect.traits.remove(Trait::missing);
      effect.traits.add(Trait::assumed);
      effect.table = {};
    }
  }

  // effects() and apply() of the same statement share its tree.
  const Tree& tree_of(const sql::Statement& statement) {
    if (!tree_ || text_ != statement.text) {
      text_ = statement.text;
      tree_.emplace(text_);
    }
    return *tree_;
  }

  const std::vector<std::string> search_path_;  // when a session begins
  Catalog catalog_;
  const EffectSettings settings_;
  EffectSettings session_;
  Assumptions assumptions_;
  bool adds_labels_ = false;  // the session has added a value to an enum
  std::string text_;
  std::optional<Tree> tree_;
};

}  // namespace
}  // namespace memory

bool can_be_read(const sql::Statement& statement) {
  return memory::Tree(statement.text).failure().empty();
}

std::unique_ptr<EffectReader> make_effect_reader(const EffectSettings& settings) {
  return std::make_unique<memory::PostgresEffectReader>(settings, new_database());
}

namespace {

std::unique_ptr<EffectReader> reader_from(const EffectSettings& settings, Connection& live,
                                          Schema schema) {
  Interpreted from{.schema = std::move(schema)};
  const ResultSet path =
      live.query({.sql = "SELECT name::pg_catalog.text FROM "
                         "pg_catalog.unnest(pg_catalog.current_schemas(false)) name"});
  for (const Row& row : path.rows) from.search_path.push_back(text_of(row.at(0)));
  return std::make_unique<memory::PostgresEffectReader>(settings, std::move(from));
}

}  // namespace

std::unique_ptr<EffectReader> make_effect_reader(const EffectSettings& settings, Connection& live) {
  return reader_from(settings, live, introspect(live, {}));
}

std::unique_ptr<EffectReader> make_effect_reader(const EffectSettings& settings, Connection& live,
                                                 const sql::Statement& statement) {
  return reader_from(settings, live, sketch(live, statement));
}

}  // namespace limbeck::postgres
