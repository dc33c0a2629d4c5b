// ALTER COLUMN TYPE: whether the values stay as they are on disk.
//
// As ATColumnChangeRequiresRewrite decides: the cast to the new type may be no more than another
// label, perhaps after the planner has taken away a length that cannot cut anything off.
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/letter_case.h"
#include "dialect/postgres/memory/effect_parts.h"
#include "dialect/postgres/memory/names.h"

namespace limbeck::postgres::memory {
namespace {

// The casts of pg_cast that change no byte.
constexpr std::array relabels = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"text", "varchar"},
    {"varchar", "text"},
    {"text", "bpchar"},
    {"varchar", "bpchar"},
    {"xml", "text"},
    {"xml", "varchar"},
    {"xml", "bpchar"},
    {"cidr", "inet"},
    {"bit", "varbit"},
    {"varbit", "bit"},
    {"text", "citext"},
    {"varchar", "citext"},
    {"citext", "text"},
    {"citext", "varchar"},
});

// oid, integer and the names of objects are one another's numbers.
bool is_object_number(std::string_view name) {
  return name == "oid" || name == "int4" || name.starts_with("reg");
}

// Types of extensions are in whatever schema theirs is.
std::string_view bare(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? name : name.substr(dot + 1);
  return last == "citext" ? last : name;
}

bool is_relabel(std::string_view from, std::string_view to) {
  if (from == to) return true;
  if (is_object_number(from) && is_object_number(to))
    return from == "oid" || to == "oid" || from == "int4" || to == "int4";
  return std::find(relabels.begin(), relabels.end(), std::pair(bare(from), bare(to))) !=
         relabels.end();
}

// "(10,2)" as 10 and 2; -1 where nothing is said.
std::pair<int, int> numbers_of(const std::string& modifier) {
  std::pair<int, int> numbers{-1, -1};
  const std::size_t open = modifier.find('(');
  if (open == std::string::npos) return numbers;
  const char* end = modifier.data() + modifier.size();
  auto read = std::from_chars(modifier.data() + open + 1, end, numbers.first);
  if (read.ptr != end && *read.ptr == ',') std::from_chars(read.ptr + 1, end, numbers.second);
  return numbers;
}

// " day to second" of an interval.
std::string fields_of(const std::string& modifier) {
  return modifier.substr(0, modifier.find('('));
}

// The smallest field of an interval, as a number that grows the smaller it is.
constexpr int seconds = 5;
int last_field(const std::string& fields) {
  constexpr std::array names =
      std::to_array<std::string_view>({"year", "month", "day", "hour", "minute", "second"});
  const std::size_t space = fields.find_last_of(' ');
  const std::string last = space == std::string::npos ? fields : fields.substr(space + 1);
  const auto* found = std::find(names.begin(), names.end(), last);
  return found == names.end() ? seconds : static_cast<int>(found - names.begin());
}

constexpr int largest_precision = 6;

// Whether no value can be changed by going from one length to the other. Empty: without a length.
bool keeps_length(const std::string& name, const std::string& from, const std::string& to) {
  if (from == to || to.empty()) return true;
  const auto [old_length, old_scale] = numbers_of(from);
  const auto [length, scale] = numbers_of(to);
  if (name == "varchar" || name == "varbit") return !from.empty() && old_length <= length;
  if (name == "numeric") {
    return !from.empty() && std::max(old_scale, 0) == std::max(scale, 0) && old_length <= length;
  }
  if (name == "timestamp" || name == "timestamptz" || name == "time" || name == "timetz")
    return length == largest_precision || (old_length >= 0 && old_length <= length);
  if (name == "interval") {
    const int last = last_field(fields_of(to));
    const int old_last = last_field(fields_of(from));
    if (last < old_last) return false;
    return old_last < seconds || length < 0 || length == largest_precision ||
           (old_length >= 0 && old_length <= length);
  }
  return false;  // character(n) pads, bit(n) must fit, and others have no shortcut
}

bool is_utc(const std::string& zone) {
  const std::string upper = upper_case(zone);
  constexpr std::array names = std::to_array<std::string_view>(
      {"UTC", "GMT", "ETC/UTC", "ETC/GMT", "UCT", "ETC/UCT", "ZULU", "ETC/ZULU", "GREENWICH",
       "ETC/GREENWICH", "UNIVERSAL", "ETC/UNIVERSAL", "0", "GMT0", "ETC/GMT0"});
  return std::find(names.begin(), names.end(), upper) != names.end();
}

// Follows a value from cast to cast.
class CastWalk {
 public:
  CastWalk(const EffectContext& context, Type start)
      : catalog_(context.catalog), settings_(context.settings), at_(std::move(start)) {}

  void to(const Type& target) {
    if (change_.rewrite) return;
    if (at_.key() == target.key()) {
      if (target.array && !target.modifier.empty() && at_.modifier != target.modifier) rewrite();
      if (!target.array && !keeps_length(at_.name, at_.modifier, target.modifier)) rewrite();
      at_ = target;
      return;
    }
    Type from = base(at_);
    const Type wanted = base(target);
    if (from.array != wanted.array || (from.array && from.key() != wanted.key())) return rewrite();
    if (from.key() != wanted.key()) {
      if (is_zone_change(from, wanted)) {
        if (!is_utc(settings_.time_zone)) {
          change_.time_zone = settings_.time_zone.empty();
          return rewrite();
        }
        from.modifier.clear();
      } else if (!is_relabel(from.name, wanted.name)) {
        return rewrite();
      } else {
        from.modifier.clear();
      }
      if (!wanted.modifier.empty() && !keeps_length(wanted.name, from.modifier, wanted.modifier))
        return rewrite();
    } else if (!wanted.array && !keeps_length(from.name, from.modifier, wanted.modifier)) {
      return rewrite();
    } else if (wanted.array && !wanted.modifier.empty() && from.modifier != wanted.modifier) {
      return rewrite();
    }
    if (is_constrained_domain(catalog_, target)) return rewrite();
    at_ = target;
  }

  // The column, perhaps cast: what else a USING computes is a new value.
  void follow(const Node* expression, const std::string& column) {
    if (expression->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) {
      follow(expression->type_cast->arg, column);
      if (!change_.rewrite) to(resolve(catalog_, *expression->type_cast->type_name));
      return;
    }
    if (expression->node_case != PG_QUERY__NODE__NODE_COLUMN_REF) return rewrite();
    const PgQuery__ColumnRef& reference = *expression->column_ref;
    const auto fields = texts({reference.fields, reference.n_fields});
    if (fields.empty() || fields.back() != column) rewrite();
  }

  const TypeChange& change() const { return change_; }

 private:
  void rewrite() { change_.rewrite = true; }

  static bool is_zone_change(const Type& from, const Type& to) {
    return (from.is("timestamp") && to.is("timestamptz")) ||
           (from.is("timestamptz") && to.is("timestamp"));
  }

  // Of a domain what it stands for; its length is not seen through the domain.
  Type base(const Type& type) const {
    if (!type.object || type.object->kind != Kind::domain || type.array) return type;
    Type result = base_type(catalog_, type);
    if (type.key() == at_.key()) result.modifier.clear();
    return result;
  }

  Catalog& catalog_;
  const EffectSettings& settings_;
  Type at_;
  TypeChange change_;
};

}  // namespace

TypeChange type_change(const EffectContext& context, const Type& from, const Type& to,
                       const Node* using_expression, const std::string& column) {
  if (from.unknown()) return {.rewrite = true};
  CastWalk walk(context, from);
  if (using_expression != nullptr) walk.follow(using_expression, column);
  walk.to(to);
  return walk.change();
}

bool keeps_index(const Catalog& catalog, const Type& from, const Type& to) {
  // The names of objects have the class of oid.
  const auto class_of = [&](const Type& type) {
    return type.name.starts_with("reg") && !type.array ? default_class(catalog, built_in("oid"))
                                                       : default_class(catalog, type);
  };
  if (class_of(from) != class_of(to)) return false;
  // Their class is one for many types, so that the type itself counts.
  const auto is_of_many = [&](const Type& type) {
    const char kind = category(catalog, base_type(catalog, type));
    return type.array || kind == 'E' || kind == 'R' || kind == 'A';
  };
  return !is_of_many(from) || from.key() == to.key();
}

}  // namespace limbeck::postgres::memory
