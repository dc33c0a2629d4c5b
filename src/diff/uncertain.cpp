#include "diff/uncertain.h"

#include <optional>
#include <type_traits>
#include <variant>

namespace limbeck {
namespace {

// The names of the fields that hold what a database writes down in its own words.
constexpr bool is_written_down(std::string_view field) {
  return field == "expression" || field == "definition" || field == "query" ||
         field == "predicate" || field == "using" || field == "check" || field == "exclusion" ||
         field == "default" || field == "bound" || field == "partition_key" || field == "version" ||
         field == "relocatable" || field == "arguments" || field == "result" || field == "type" ||
         field == "filter" || field == "user" || field == "roles" || field == "opclass" ||
         field == "columns";
}

// Takes over what is written down, and leaves the rest.
class TextCopier {
 public:
  template <class T>
  void copy(T& from, const T& to) const {
    if constexpr (HasFields<T>) {
      for_each_field<T>([&](const auto& field) {
        auto& mine = from.*field.member;
        const auto& theirs = to.*field.member;
        using Member = std::remove_cvref_t<decltype(mine)>;
        if constexpr (std::is_same_v<Member, std::string> || std::is_same_v<Member, bool>) {
          if (is_written_down(field.name)) mine = theirs;
        } else {
          copy(mine, theirs);
        }
      });
    } else if constexpr (requires { from.has_value(); }) {
      if (from && to) copy(*from, *to);
    } else if constexpr (requires { from.resize(1); } && !std::is_same_v<T, std::string>) {
      if (from.size() == to.size())
        for (std::size_t i = 0; i < from.size(); ++i) copy(from[i], to[i]);
    }
  }

  // A view whose columns are not known takes those of the other side.
  void copy(View& from, const View& to) const {
    from.query = to.query;
    if (same_names(from.columns, to.columns)) copy_columns(from.columns, to.columns);
  }
  void copy(MaterializedView& from, const MaterializedView& to) const {
    from.query = to.query;
    if (same_names(from.columns, to.columns)) copy_columns(from.columns, to.columns);
  }

 private:
  static bool same_names(const std::vector<ViewColumn>& from, const std::vector<ViewColumn>& to) {
    if (from.empty() || to.empty()) return true;
    if (from.size() != to.size()) return false;
    for (std::size_t i = 0; i < from.size(); ++i)
      if (from[i].name != to[i].name) return false;
    return true;
  }
  static void copy_columns(std::vector<ViewColumn>& from, const std::vector<ViewColumn>& to) {
    if (from.empty()) from = to;
    for (std::size_t i = 0; i < from.size() && i < to.size(); ++i) {
      from[i].type = to[i].type;
      from[i].collation = to[i].collation;
    }
  }
};

// The object with the texts of the other one; nothing when something else differs too.
std::optional<Object> with_texts_of(const Object& object, const Object& other) {
  if (object.definition.index() != other.definition.index()) return std::nullopt;
  Object changed = object;
  std::visit(
      [&](auto& definition) {
        using T = std::remove_cvref_t<decltype(definition)>;
        TextCopier().copy(definition, std::get<T>(other.definition));
      },
      changed.definition);
  // An extension brings its own comment.
  if (object.id.kind == Kind::extension && changed.comment.empty()) changed.comment = other.comment;
  if (!(changed == other)) return std::nullopt;
  return changed;
}

}  // namespace

UncertainTexts set_uncertain_equal(Schema& from, UncertainTexts& uncertain_from, Schema& to,
                                   UncertainTexts& uncertain_to) {
  UncertainTexts equal;
  UncertainTexts all = uncertain_from;
  all.insert(uncertain_to.begin(), uncertain_to.end());
  for (const auto& [id, why] : all) {
    const auto left = from.objects.find(id);
    const auto right = to.objects.find(id);
    if (left == from.objects.end() || right == to.objects.end() || left->second == right->second)
      continue;
    const bool change_right = uncertain_to.count(id) != 0;
    Object& changed = change_right ? right->second : left->second;
    const Object& other = change_right ? left->second : right->second;
    auto taken = with_texts_of(changed, other);
    if (!taken) continue;
    changed = *std::move(taken);
    (change_right ? uncertain_to : uncertain_from).erase(id);
    equal.emplace(id, why);
  }
  return equal;
}

}  // namespace limbeck
