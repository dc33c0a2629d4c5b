#include "diff/new_names.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "diff/rename.h"
#include "sql/lexer.h"

namespace limbeck {
namespace {

bool is_relation(Kind kind) {
  return kind == Kind::table || kind == Kind::view || kind == Kind::materialized_view;
}

// A name as the catalogs write it: in quotes unless it is plain, which on PostgreSQL includes lower
// case.
std::string written(const std::string& name, const sql::LexicalRules& rules) {
  const bool folds_case = rules.dollar_quotes;
  const bool plain =
      !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0])) &&
      std::all_of(name.begin(), name.end(), [&](unsigned char c) {
        return std::islower(c) || std::isdigit(c) || c == '_' || (std::isupper(c) && !folds_case);
      });
  return plain ? name : in_double_quotes(name);
}

class NewNames {
 public:
  NewNames(const Schema& schema, const ObjectId& from, const ObjectId& to,
           const sql::LexicalRules& rules)
      : schema_(schema),
        from_(from),
        to_(to),
        rules_(rules),
        old_(last_name(from)),
        new_(last_name(to)) {}

  Schema run() const {
    Schema result;
    result.unmodelled = schema_.unmodelled;
    std::map<ObjectId, ObjectId> spelt_anew;  // what is called by what it says or takes
    for (const auto& [id, object] : schema_.objects) {
      Object now = renamed(object);
      if (is_unnamed(now) && now.definition != object.definition) rewrite(now.id.part);
      if (std::string* types = types_in(now.id);
          types != nullptr && can_name_a_type() && (from_.kind == Kind::schema || depends(id)))
        rewrite(*types);
      if (now.id != id_of(id)) spelt_anew.emplace(id, now.id);
      result.put(std::move(now));
    }
    const auto new_id = [&](const ObjectId& id) {
      const auto found = spelt_anew.find(id);
      return found == spelt_anew.end() ? id_of(id) : found->second;
    };
    for (const Dependency& dependency : schema_.dependencies)
      result.dependencies.insert({new_id(dependency.dependent), new_id(dependency.on)});
    return result;
  }

  const ObjectId& new_id() const { return to_; }
  // The object as it is when the other has its new name.
  Object renamed(Object object) const {
    const ObjectId old_id = object.id;
    const bool concerned =
        old_id == from_ || from_.kind == Kind::schema || id_of(old_id) != old_id || depends(old_id);
    object.id = id_of(old_id);
    std::visit(
        [&](auto& definition) {
          references(definition, old_id);
          if (concerned) rewrite_fields(definition);
        },
        object.definition);
    return object;
  }

 private:
  static std::string last_name(const ObjectId& id) { return is_part(id.kind) ? id.part : id.name; }

  // SQLite's constraints without a name.
  static bool is_unnamed(const Object& object) {
    const auto* constraint = std::get_if<Constraint>(&object.definition);
    if (constraint == nullptr) return false;
    return std::any_of(constraint->options.begin(), constraint->options.end(),
                       [](const auto& option) { return option.name == "unnamed"; });
  }

  // The part of an id that says what types the object takes, where there is one.
  static std::string* types_in(ObjectId& id) {
    if (id.kind == Kind::routine || id.kind == Kind::aggregate) return &id.part;
    const bool converts = id.part == "cast" || id.part == "operator";
    return id.kind == Kind::opaque && converts ? &id.name : nullptr;
  }

  // A schema stands before the name of the type; a table is the type of its rows.
  bool can_name_a_type() const {
    switch (from_.kind) {
      case Kind::schema:
      case Kind::enumeration:
      case Kind::composite:
      case Kind::domain:
      case Kind::range:
      case Kind::table:
      case Kind::view:
      case Kind::materialized_view:
        return true;
      default:
        return false;
    }
  }

  ObjectId id_of(ObjectId id) const {
    if (id == from_) return to_;
    if (from_.kind == Kind::schema) {
      if (id.kind != Kind::schema && id.schema == from_.name) id.schema = to_.name;
      return id;
    }
    const bool in_relation = is_part(id.kind) && id.schema == from_.schema && id.name == from_.name;
    if (in_relation && (is_relation(from_.kind) || from_.kind == Kind::domain)) {
      id.schema = to_.schema;
      id.name = to_.name;
    }
    if (from_.kind == Kind::column && id.kind == Kind::column_default &&
        id.schema == from_.schema && id.name == from_.name && id.part == from_.part)
      id.part = to_.part;
    return id;
  }

  void move(RelationName& relation) const {
    if (from_.kind == Kind::schema && relation.schema == from_.name) relation.schema = to_.name;
    const bool same = relation.schema == from_.schema && relation.name == from_.name;
    if (same &&
        (is_relation(from_.kind) || from_.kind == Kind::index || from_.kind == Kind::sequence))
      relation = {to_.schema, to_.name};
  }

  // Whether the names of columns of this table are concerned.
  bool columns_of(const std::string& schema, const std::string& table) const {
    return from_.kind == Kind::column && from_.schema == schema && from_.name == table;
  }

  void move(std::vector<std::string>& columns) const {
    for (std::string& column : columns)
      if (column == from_.part) column = to_.part;
  }

  // A name of something else may stand in a field as it is, with a quote in it: that is no SQL.
  void rewrite(std::string& text) const {
    if (text.find(old_) == std::string::npos) return;
    try {
      rewrite_sql(text);
    } catch (const Error&) {
      return;
    }
  }

  void rewrite_sql(std::string& text) const {
    sql::Lexer lexer(text, rules_, Place{});
    std::string result;
    std::size_t copied = 0;
    for (sql::Token token = lexer.next(); token.kind != sql::TokenKind::end; token = lexer.next()) {
      if (!is_old_name(token, lexer.text(token))) continue;
      result.append(text, copied, token.begin - copied);
      result += written(new_, rules_);
      copied = token.end;
    }
    result.append(text, copied);
    text = std::move(result);
  }

  bool is_old_name(const sql::Token& token, std::string_view text) const {
    if (token.kind != sql::TokenKind::word && token.kind != sql::TokenKind::name) return false;
    return text == old_ || text == written(old_, rules_);
  }

  // Every text of SQL in a struct: whatever its type, a field that is no name is one.
  template <class T>
  void rewrite_fields(T& value) const {
    for_each_field<T>([&](const auto& field) {
      auto& member = value.*field.member;
      using Member = std::decay_t<decltype(member)>;
      if constexpr (std::is_same_v<Member, std::string>) {
        if (field.name != "name" && field.name != "role") rewrite(member);
      } else if constexpr (HasFields<Member>) {
        rewrite_fields(member);
      } else if constexpr (requires { member->fields(); }) {
        if (member) rewrite_fields(*member);
      } else if constexpr (requires { Member::value_type::fields(); }) {
        for (auto& item : member) rewrite_fields(item);
      }
    });
  }

  template <class T>
  void references(T& definition, const ObjectId& id) const {
    if constexpr (requires { definition.table; }) move(definition.table);
    if constexpr (std::is_same_v<T, Table>) {
      for (RelationName& parent : definition.inherits) move(parent);
      if (definition.partition_of) move(definition.partition_of->parent);
      if (definition.replica_identity_index == old_ && from_.kind == Kind::index)
        definition.replica_identity_index = new_;
      if (definition.cluster_index == old_ && from_.kind == Kind::index)
        definition.cluster_index = new_;
    } else if constexpr (std::is_same_v<T, Sequence>) {
      if (definition.owned_by) definition.owned_by = id_of(*definition.owned_by);
    } else if constexpr (std::is_same_v<T, Constraint>) {
      if (definition.parent) definition.parent = id_of(*definition.parent);
      if (columns_of(id.schema, id.name)) {
        move(definition.columns);
        move(definition.include);
        if (definition.foreign_key) move(definition.foreign_key->on_delete_columns);
      }
      if (definition.foreign_key) {
        ForeignKey& key = *definition.foreign_key;
        if (columns_of(key.table.schema, key.table.name)) move(key.columns);
        move(key.table);
      }
    } else if constexpr (std::is_same_v<T, Index>) {
      if (definition.partition_of) move(*definition.partition_of);
      if (columns_of(definition.table.schema, definition.table.name)) {
        move(definition.include);
        for (IndexKey& key : definition.keys)
          if (key.column == from_.part) key.column = to_.part;
      }
    } else if constexpr (std::is_same_v<T, Publication>) {
      for (PublishedTable& published : definition.tables) {
        if (columns_of(published.table.schema, published.table.name)) move(published.columns);
        move(published.table);
      }
    }
  }

  bool depends(const ObjectId& id) const {
    return schema_.dependencies.contains({id, from_}) ||
           (from_.kind == Kind::column &&
            schema_.dependencies.contains({id, {Kind::table, from_.schema, from_.name, ""}}));
  }

  const Schema& schema_;
  ObjectId from_;
  ObjectId to_;
  sql::LexicalRules rules_;
  std::string old_;
  std::string new_;
};

}  // namespace

Schema with_new_name(const Schema& schema, const ObjectId& from, const ObjectId& to,
                     const sql::LexicalRules& rules) {
  return NewNames(schema, from, to, rules).run();
}

Schema with_new_names(const Schema& schema, std::span<const NewName> names,
                      const sql::LexicalRules& rules) {
  std::unordered_map<ObjectId, NewNames, ObjectIdHash> by_id;
  std::map<ObjectId, std::vector<const NewNames*>> by_table;  // a table can name its indexes
  for (const NewName& name : names) {
    const NewNames& added =
        by_id.try_emplace(name.from, schema, name.from, name.to, rules).first->second;
    if (name.from.kind != Kind::index) continue;
    const RelationName& table = as<Index>(*schema.find(name.from)).table;
    by_table[{Kind::table, table.schema, table.name, ""}].push_back(&added);
  }
  const auto new_id = [&](const ObjectId& id) {
    const auto found = by_id.find(id);
    return found == by_id.end() ? id : found->second.new_id();
  };

  Schema result;
  result.unmodelled = schema.unmodelled;
  auto edge = schema.dependencies.begin();
  for (const auto& [id, object] : schema.objects) {
    Object now = object;
    const auto follow = [&](const ObjectId& other) {
      if (const auto found = by_id.find(other); found != by_id.end())
        now = found->second.renamed(std::move(now));
    };
    while (edge != schema.dependencies.end() && edge->dependent < id) ++edge;
    for (; edge != schema.dependencies.end() && edge->dependent == id; ++edge) follow(edge->on);
    if (const auto found = by_table.find(id); found != by_table.end())
      for (const NewNames* index : found->second) now = index->renamed(std::move(now));
    follow(id);
    result.put(std::move(now));
  }
  for (const Dependency& dependency : schema.dependencies)
    result.dependencies.insert({new_id(dependency.dependent), new_id(dependency.on)});
  return result;
}

}  // namespace limbeck
