#include "diff/change_set.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "diff/dependents.h"
#include "diff/link.h"
#include "diff/rival_index.h"
#include "schema/difference.h"

namespace limbeck {
namespace {

// What becomes of an object that both schemas have.
enum class Fate { keep, alter, replace, retype };

bool is_type(Kind kind) {
  return kind == Kind::enumeration || kind == Kind::composite || kind == Kind::domain ||
         kind == Kind::range;
}

// A recast column goes through text, so what depends on it meets a change of its type.
Alter recast(const Object& from, const Object& to) {
  Alter change{from, to};
  as<Column>(change.from).type = "text";
  return change;
}

// A schema without some of its objects.
class Side {
 public:
  Side(const Schema& schema, const std::set<ObjectId>& apart) : schema_(schema), apart_(apart) {}

  const Object* find(const ObjectId& id) const { return with(schema_.find(id)); }
  const Object* with(const Object* object) const {
    return object == nullptr || apart_.contains(object->id) ? nullptr : object;
  }
  const Schema& whole() const { return schema_; }

 private:
  const Schema& schema_;
  const std::set<ObjectId>& apart_;
};

class Expansion {
 public:
  Expansion(const Schema& from, const Schema& to, const SchemaDialect& dialect, const Apart& apart)
      : from_(from, apart.from), to_(to, apart.to), dialect_(dialect), before_(from), after_(to) {}

  ChangeSet run(const Schema& from, const Schema& to) {
    side_by_side(from, to, [&](const Object* old, const Object* now) {
      compare(from_.with(old), to_.with(now));
    });
    find_domains_in_containers();
    find_rival_indexes();
    while (!work_.empty()) {
      const ObjectId id = work_.back();
      work_.pop_back();
      spread(id);
    }
    exchange_types();
    return result();
  }

 private:
  bool survives(const ObjectId& id) const { return from_.find(id) && to_.find(id); }

  Fate fate(const ObjectId& id) const {
    const auto found = fates_.find(id);
    return found == fates_.end() ? Fate::keep : found->second;
  }

  void decide(const ObjectId& id, Fate fate) {
    if (this->fate(id) == fate) return;
    fates_[id] = fate;
    work_.push_back(id);
  }

  void compare(const Object* old, const Object* now) {
    if (now && !old) changes_.creates.insert(changes_.creates.end(), now->id);
    if (old && !now) {
      changes_.drops.insert(changes_.drops.end(), old->id);
      work_.push_back(old->id);
    }
    if (!old || !now || *old == *now || differing_fields(*old, *now).empty()) return;
    if (is_fixed_in_whole_table(*old, *now)) return decide(old->id, Fate::replace);
    switch (dialect_.change(*old, *now)) {
      case Change::in_place:
        return decide(old->id, Fate::alter);
      case Change::replace:
        return decide(old->id, Fate::replace);
      case Change::replace_type:
        return decide(old->id, used_by_columns(old->id) ? Fate::retype : Fate::replace);
    }
  }

  // The storage parameters of a partitioned table's index cannot be changed.
  bool is_fixed_in_whole_table(const Object& old, const Object& now) const {
    const auto whole = [&](const ObjectId& id) {
      const Object* table = from_.find(id);
      return table != nullptr && !as<Table>(*table).partition_key.empty();
    };
    if (old.id.kind == Kind::constraint)
      return as<Constraint>(old).options != as<Constraint>(now).options &&
             whole({Kind::table, old.id.schema, old.id.name, ""});
    if (old.id.kind != Kind::index) return false;
    const RelationName& table = as<Index>(old).table;
    return as<Index>(old).options != as<Index>(now).options &&
           whole({Kind::table, table.schema, table.name, ""});
  }

  // The server looks at the values of a domain when it adds a constraint to it, and refuses where
  // they stand in arrays, rows or ranges ("cannot alter type ... because column ... uses it"): then
  // the domain is made anew with all its constraints.
  void find_domains_in_containers() {
    const std::map<ObjectId, Object>& objects = to_.whole().objects;
    for (auto at = objects.lower_bound({Kind::domain_constraint, "", "", ""});
         at != objects.end() && at->first.kind == Kind::domain_constraint; ++at) {
      const auto& [id, constraint] = *at;
      const Object* old = from_.find(id);
      const bool is_made = old == nullptr || !differing_fields(*old, constraint).empty();
      const ObjectId domain{Kind::domain, id.schema, id.name, ""};
      if (is_made && survives(domain) && stands_in_container(domain)) decide(domain, Fate::retype);
    }
  }

  // What the server might take for another index when it attaches the table is made afterwards.
  void find_rival_indexes() {
    std::vector<ObjectId> attached;
    for (const auto& [id, fate] : fates_)
      if (id.kind == Kind::table && fate == Fate::alter && link_of(*to_.find(id)) &&
          as<Table>(*from_.find(id)).partition_of != as<Table>(*to_.find(id)).partition_of)
        attached.push_back(id);
    for (const ObjectId& table : attached)
      for (const ObjectId& rival : rival_indexes(table, to_.whole(), after_))
        if (survives(rival)) decide(rival, Fate::replace);
  }

  bool stands_in_container(const ObjectId& domain) const {
    for (const ObjectId* user : before_.of(domain)) {
      if (!survives(*user)) continue;
      if (user->kind == Kind::column && as<Column>(*from_.find(*user)).type.ends_with("[]"))
        return true;
      const bool container = user->kind == Kind::composite || user->kind == Kind::range;
      if (container && used_by_columns(*user)) return true;
      if (user->kind == Kind::domain && stands_in_container(*user)) return true;
    }
    return false;
  }

  // Whether a column that stays has the type, or one that is made of it.
  bool used_by_columns(const ObjectId& type) const {
    for (const ObjectId* user : before_.of(type)) {
      if (user->kind == Kind::column && survives(*user)) return true;
      if (is_type(user->kind) && survives(*user) && used_by_columns(*user)) return true;
    }
    return false;
  }

  // What the fate of an object does to those that depend on it.
  void spread(const ObjectId& id) {
    if (!survives(id) || fate(id) == Fate::replace)
      spread_destruction(id);
    else if (fate(id) == Fate::retype)
      spread_retype(id);
    else if (fate(id) == Fate::alter)
      spread_change(id, Alter{*from_.find(id), *to_.find(id)});
  }

  // An object that is altered lets go of what it no longer depends on.
  bool lets_go(const ObjectId& dependent, const ObjectId& on) const {
    return fate(dependent) == Fate::alter && !after_.depends(dependent, on);
  }

  // A partition's index or key is dropped with the index that it is attached to, unless its table
  // is detached before.
  bool goes_with_its_link(const ObjectId& id, const ObjectId& destroyed) const {
    const Object& object = *from_.find(id);
    if ((id.kind != Kind::index && id.kind != Kind::constraint) || link_of(object) != destroyed)
      return false;
    const ObjectId table = id.kind == Kind::constraint
                               ? ObjectId{Kind::table, id.schema, id.name, ""}
                               : ObjectId{Kind::table, as<Index>(object).table.schema,
                                          as<Index>(object).table.name, ""};
    const Object* now = to_.find(table);
    return now && fate(table) != Fate::replace && link_of(*from_.find(table)) == link_of(*now);
  }

  void spread_destruction(const ObjectId& id) {
    for (const ObjectId* dependent : before_.of(id)) {
      if (!survives(*dependent)) continue;
      if (lets_go(*dependent, id) && !goes_with_its_link(*dependent, id)) continue;
      // Only the sequence's owner changes: that is no reason to lose its value.
      if (dependent->kind == Kind::sequence && !after_.depends(*dependent, id)) continue;
      decide(*dependent, Fate::replace);
    }
  }

  void spread_retype(const ObjectId& id) {
    for (const ObjectId* dependent : before_.of(id)) {
      if (!survives(*dependent)) continue;
      if (is_type(dependent->kind) && fate(*dependent) != Fate::replace &&
          used_by_columns(*dependent)) {
        decide(*dependent, Fate::retype);
      } else if (dependent->kind == Kind::column && fate(*dependent) != Fate::replace) {
        if (after_.depends(*dependent, id) && recast_.insert(*dependent).second)
          spread_change(*dependent, recast(*from_.find(*dependent), *to_.find(*dependent)));
      } else if (!lets_go(*dependent, id)) {
        decide(*dependent, Fate::replace);
      }
    }
  }

  void spread_change(const ObjectId& id, const Alter& change) {
    for (const ObjectId* dependent : before_.of(id)) {
      if (!survives(*dependent) || fate(*dependent) == Fate::replace) continue;
      if (dialect_.must_rebuild(*from_.find(*dependent), change)) decide(*dependent, Fate::replace);
    }
  }

  // A column that goes from one replaced type to another is recast with both.
  void exchange_types() {
    std::vector<ObjectId> types;
    for (const auto& [id, fate] : fates_)
      if (fate == Fate::retype) types.push_back(id);
    for (const auto& [id, fate] : fates_) {
      if (id.kind != Kind::column || fate != Fate::alter) continue;
      const auto used_by = [&, column = id](const Dependents& side) {
        return std::any_of(types.begin(), types.end(),
                           [&](const ObjectId& type) { return side.depends(column, type); });
      };
      if (used_by(before_) && used_by(after_)) recast_.insert(id);
    }
  }

  ChangeSet result() {
    ChangeSet changes = std::move(changes_);
    for (const auto& [id, fate] : fates_) {
      if (fate == Fate::replace) {
        changes.drops.insert(id);
        changes.creates.insert(id);
      } else if (fate == Fate::alter) {
        Alter change{*from_.find(id), *to_.find(id)};
        // The recast gives a column its new type.
        if (recast_.contains(id)) as<Column>(change.from).type = as<Column>(change.to).type;
        if (!differing_fields(change.from, change.to).empty())
          changes.alters.emplace(id, std::move(change));
      }
    }
    changes.retypes = retypes();
    for (ReplaceTypes& replacement : changes.retypes) take_constraints(replacement, changes);
    return changes;
  }

  void take_constraints(ReplaceTypes& replacement, ChangeSet& changes) const {
    for (const TypePair& type : replacement.types) {
      const ObjectId& domain = type.to.id;
      if (domain.kind != Kind::domain || !stands_in_container(domain)) continue;
      for (const Object* old :
           parts_of(from_.whole(), Kind::domain_constraint, domain.schema, domain.name))
        replacement.old_constraints.push_back(*old);
      for (const Object* made :
           parts_of(to_.whole(), Kind::domain_constraint, domain.schema, domain.name)) {
        replacement.new_constraints.push_back(*made);
        changes.creates.erase(made->id);
        changes.alters.erase(made->id);
      }
    }
  }

  // Types that stand in each other or in one column are replaced together.
  std::vector<ReplaceTypes> retypes() const {
    std::vector<std::set<ObjectId>> groups;
    const auto join = [&](std::set<ObjectId> members) {
      for (auto group = groups.begin(); group != groups.end();) {
        const bool meets = std::any_of(members.begin(), members.end(),
                                       [&](const ObjectId& id) { return group->contains(id); });
        if (meets) members.merge(*group);
        group = meets ? groups.erase(group) : group + 1;
      }
      groups.push_back(std::move(members));
    };
    for (const auto& [id, fate] : fates_) {
      if (fate != Fate::retype) continue;
      std::set<ObjectId> members{id};
      for (const Dependents* side : {&before_, &after_})
        for (const ObjectId* user : side->of(id))
          if (recast_.contains(*user) || (side == &before_ && this->fate(*user) == Fate::retype))
            members.insert(*user);
      join(std::move(members));
    }
    std::vector<ReplaceTypes> all;
    all.reserve(groups.size());
    for (const std::set<ObjectId>& group : groups) all.push_back(replacement(group));
    return all;
  }

  ReplaceTypes replacement(const std::set<ObjectId>& group) const {
    ReplaceTypes operation;
    std::set<ObjectId> placed;
    const auto place = [&](const auto& self, const ObjectId& id) -> void {
      if (!placed.insert(id).second) return;
      for (const ObjectId& other : group)  // what the type is made of comes first
        if (is_type(other.kind) && other != id && after_.depends(id, other)) self(self, other);
      operation.types.push_back({*from_.find(id), *to_.find(id)});
    };
    for (const ObjectId& id : group)
      if (is_type(id.kind)) place(place, id);
    for (const ObjectId& id : group)
      if (id.kind == Kind::column && fate(id) != Fate::replace)
        operation.columns.push_back({*from_.find(id), *to_.find(id)});
    return operation;
  }

  Side from_;
  Side to_;
  const SchemaDialect& dialect_;
  Dependents before_;
  Dependents after_;
  ChangeSet changes_;
  std::map<ObjectId, Fate> fates_;
  std::set<ObjectId> recast_;
  std::vector<ObjectId> work_;
};

}  // namespace

ChangeSet change_set(const Schema& from, const Schema& to, const SchemaDialect& dialect,
                     const Apart& apart) {
  return Expansion(from, to, dialect, apart).run(from, to);
}

}  // namespace limbeck
