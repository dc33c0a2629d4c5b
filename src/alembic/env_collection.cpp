#include <algorithm>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

constexpr std::size_t most_made = 1000;

bool is_any_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

// A set has each once.
EnvValue* EnvMachine::set_of(Value* list) {
  Value* result = make(Kind::list);
  result->is_open = list->is_open;
  result->is_configured = list->is_configured;
  result->is_set = true;
  for (Value* item : list->items) {
    bool is_there = false;
    for (const Value* other : result->items) {
      const auto is_it = same(item, other);
      is_there = is_there || is_it == true;
    }
    if (!is_there) result->items.push_back(item);
    count_step(result->items.size() / 8);
  }
  return result;
}

// What a function of Python makes of all that it goes through.
EnvValue* EnvMachine::gathered(Value* from) {
  Value* result = list_of(items_of(from));
  const bool is_collection = from->is(Kind::list) || from->is(Kind::dictionary);
  const bool has_order = !from->is_set || result->items.size() < 2;
  result->is_open = !is_collection || from->is_open || !has_order;
  result->is_configured = is_configured(from);
  return result;
}

EnvValue* EnvMachine::call_collection(std::string_view name, EnvArguments& arguments) {
  Value* first = arguments.values.front();
  if (is_any_of(name, {"list", "tuple", "iter", "reversed"})) {
    if (first->is(Kind::list) && first->is_iterator && name == "iter") return first;
    Value* result = gathered(first);
    if (name == "reversed") std::reverse(result->items.begin(), result->items.end());
    result->is_iterator = name == "iter" || name == "reversed";
    return result;
  }
  if (name == "set" || name == "frozenset") {
    Value* all = list_of(items_of(first));
    all->is_open = !(first->is(Kind::list) || first->is(Kind::dictionary)) || first->is_open;
    all->is_configured = is_configured(first);
    return set_of(all);
  }
  if (name == "sorted") return sorted(arguments);
  if (name == "range") return range(arguments);
  if (is_any_of(name, {"enumerate", "zip", "map", "filter"})) return iterated(name, arguments);
  if (name == "any" || name == "all") {
    Value* all = gathered(first);
    bool is_sure = !all->is_open || first->is_set;
    for (const Value* item : all->items) {
      const auto known = known_truth(item);
      if (known == (name == "any")) return truth_value(name == "any");
      is_sure = is_sure && known;
    }
    return is_sure && !first->is_open ? truth_value(name == "all") : unknown_of({first});
  }
  return unknown_of(arguments);
}

EnvValue* EnvMachine::sorted(const EnvArguments& arguments) {
  Value* first = arguments.values.front();
  Value* result = list_of(items_of(first));
  const bool are_texts = std::all_of(result->items.begin(), result->items.end(),
                                     [](const Value* it) { return it->is(Kind::text); });
  const bool is_plain = arguments.values.size() == 1 && arguments.named.empty();
  const bool is_collection = first->is(Kind::list) || first->is(Kind::dictionary);
  result->is_open = !are_texts || !is_plain || !is_collection || first->is_open;
  result->is_configured = is_configured(first);
  if (are_texts)
    std::sort(result->items.begin(), result->items.end(),
              [](const Value* a, const Value* b) { return a->text < b->text; });
  return result;
}

EnvValue* EnvMachine::range(const EnvArguments& arguments) {
  std::vector<long long> ends;
  for (const Value* value : arguments.values)
    if (const auto end = whole_number(value->text); end && value->is(Kind::number))
      ends.push_back(*end);
  Value* result = make(Kind::list);
  result->is_open = ends.size() != arguments.values.size() || ends.size() > 2;
  if (result->is_open) return result;
  const long long begin = ends.size() == 2 ? ends[0] : 0;
  if (ends.back() - begin > static_cast<long long>(most_made)) {
    result->is_open = true;
    return result;
  }
  for (long long at = begin; at < ends.back(); ++at) result->items.push_back(number(at));
  return result;
}

// enumerate(), zip(), map(), filter(): iterators.
EnvValue* EnvMachine::iterated(std::string_view name, const EnvArguments& arguments) {
  const bool has_function = name == "map" || name == "filter";
  std::vector<std::vector<Value*>> columns;
  Value* result = make(Kind::list);
  result->is_iterator = true;
  for (std::size_t at = has_function ? 1 : 0; at < arguments.values.size(); ++at) {
    if (name == "enumerate" && at > 0) break;
    Value* all = gathered(arguments.values[at]);
    result->is_open = result->is_open || all->is_open;
    columns.push_back(all->items);
  }
  result->is_open = result->is_open || columns.empty() || !arguments.named.empty() ||
                    (name == "enumerate" && arguments.values.size() > 1);
  if (columns.empty()) return result;
  std::size_t size = columns.front().size();
  for (const auto& column : columns) size = std::min(size, column.size());
  for (std::size_t at = 0; at < size; ++at) {
    std::vector<Value*> row;
    for (const auto& column : columns) row.push_back(column[at]);
    if (name == "enumerate") row.insert(row.begin(), number(static_cast<long long>(at)));
    if (!has_function) {
      result->items.push_back(list_of(row));
      continue;
    }
    Value* function = arguments.values.front();
    EnvArguments given;
    given.values = row;
    const bool is_none = name == "filter" && function->is(Kind::none);
    Value* made = is_none ? row.front() : invoke(function, std::move(given), {});
    const auto known = known_truth(made);
    if (name == "filter" && !known) result->is_open = true;
    if (name == "map") result->items.push_back(made);
    if (name == "filter" && known == true) result->items.push_back(row.front());
  }
  return result;
}

}  // namespace limbeck::alembic
