#include "dialect/postgres/render_attributes.h"

#include "dialect/postgres/object_name.h"
#include "dialect/postgres/sql_text.h"

namespace limbeck::postgres {
namespace {

bool is_owned_sequence(const Object& object) {
  return object.id.kind == Kind::sequence && as<Sequence>(object).owned_by.has_value();
}

}  // namespace

void set_comment(Script& script, const std::string& address, const std::string& comment) {
  script.add("COMMENT ON " + address + " IS " +
             (comment.empty() ? std::string("NULL") : literal_sql(comment)));
}

void set_owner(Script& script, const Object& object) {
  if (!object.owner.empty())
    script.add("ALTER " + address_of(object) + " OWNER TO " + role_sql(object.owner));
}

void set_attributes(Script& script, const Object& object) {
  if (!object.comment.empty()) set_comment(script, address_of(object), object.comment);
  // Creating it has set the owner of a sequence before the table took it.
  if (!is_owned_sequence(object)) set_owner(script, object);
  set_privileges(script, object);
}

void change_attributes(Script& script, const Object& from, const Object& to) {
  if (from.comment != to.comment) set_comment(script, address_of(to), to.comment);
  // An owned sequence has its table's owner, and cannot have another.
  if (from.owner != to.owner && !is_owned_sequence(to)) set_owner(script, to);
  change_privileges(script, from, to);
}

}  // namespace limbeck::postgres
