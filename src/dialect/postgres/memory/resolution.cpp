#include "dialect/postgres/memory/resolution.h"

#include <algorithm>

namespace limbeck::postgres::memory {
namespace {

bool is_any(const Type& type) {
  return !type.array && type.name.compare(0, 3, "any") == 0;
}

bool takes_element(const std::string& any) {
  return any == "anyelement" || any == "anycompatible" || any == "anynonarray" ||
         any == "anycompatiblenonarray";
}

bool takes_array(const std::string& any) {
  return any == "anyarray" || any == "anycompatiblearray";
}

bool fits_any(const Catalog& catalog, const Type& type, const std::string& any) {
  if (any == "any") return true;
  const Type base = base_type(catalog, type);
  if (takes_array(any)) return base.array;
  if (any == "anynonarray" || any == "anycompatiblenonarray") return !base.array;
  if (takes_element(any)) return true;
  const char kind = category(catalog, base);
  if (any == "anyenum") return kind == 'E';
  if (any == "anyrange" || any == "anycompatiblerange")
    return kind == 'R' && base.name.find("multirange") == std::string::npos;
  if (any == "anymultirange" || any == "anycompatiblemultirange")
    return kind == 'R' && base.name.find("multirange") != std::string::npos;
  return false;
}

// A candidate with as many formal types as the call has arguments.
struct Match {
  const Candidate* candidate = nullptr;
  std::vector<Type> formal = {};
};

// What the polymorphic types stand for in one call; nothing when they contradict each other.
std::optional<std::vector<Type>> actual_types(const Catalog& catalog, const Match& match,
                                              const std::vector<Type>& arguments, Type& result) {
  std::vector<Type> actual = match.formal;
  std::optional<Type> element;
  std::vector<Type> compatible;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (!is_any(actual[i]) || actual[i].name == "any" || arguments[i].unknown()) continue;
    Type found = base_type(catalog, arguments[i]);
    if (!takes_array(actual[i].name) && found.object && arguments[i].object) found = arguments[i];
    found.modifier.clear();
    if (takes_array(actual[i].name)) found.array = false;
    if (actual[i].name.compare(0, 13, "anycompatible") == 0)
      compatible.push_back(found);
    else if (element && element->key() != found.key())
      return std::nullopt;
    else
      element = found;
  }
  if (!compatible.empty()) element = common_type(catalog, compatible);
  const auto substitute = [&](Type& type) {
    if (!is_any(type) || type.name == "any") return;
    const bool array = takes_array(type.name);
    Type found = element ? *element : built_in("text");
    if (array) found.array = true;
    type = std::move(found);
  };
  for (Type& type : actual) substitute(type);
  substitute(result);
  return actual;
}

std::vector<Match> matching(const Catalog& catalog, const std::vector<Candidate>& candidates,
                            const std::vector<Type>& arguments) {
  std::vector<Match> matches;
  for (const Candidate& candidate : candidates) {
    Match match{.candidate = &candidate};
    const std::size_t formal = candidate.arguments.size();
    const std::size_t given = arguments.size();
    const bool spread = candidate.variadic && given >= formal;
    if (!spread &&
        (given > formal || given + static_cast<std::size_t>(candidate.defaults) < formal))
      continue;
    for (std::size_t i = 0; i < given; ++i) {
      Type type = type_of_key(catalog, candidate.arguments[std::min(i, formal - 1)]);
      if (spread && i + 1 >= formal && type.array) type.array = false;
      if (spread && i + 1 >= formal && type.name == "anyarray") type.name = "anyelement";
      match.formal.push_back(std::move(type));
    }
    bool fits = true;
    for (std::size_t i = 0; fits && i < given; ++i)
      fits = can_cast_implicitly(catalog, arguments[i], match.formal[i]);
    if (fits) matches.push_back(std::move(match));
  }
  return matches;
}

// Keeps those for which most positions score.
template <class Score>
void keep_best(std::vector<Match>& matches, const Score& score) {
  int best = 0;
  for (const Match& match : matches) best = std::max(best, score(match));
  if (best == 0) return;
  std::erase_if(matches, [&](const Match& match) { return score(match) != best; });
}

// The rules for the arguments that are texts without a type.
void resolve_unknown(const Catalog& catalog, std::vector<Match>& matches,
                     const std::vector<Type>& arguments) {
  std::vector<char> wanted(arguments.size(), '\0');
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (!arguments[i].unknown()) continue;
    char kind = '\0';
    bool same = true;
    for (const Match& match : matches) {
      const char other = category(catalog, match.formal[i]);
      if (other == 'S') {
        kind = 'S';
        same = true;
        break;
      }
      if (kind == '\0')
        kind = other;
      else if (kind != other)
        same = false;
    }
    if (!same) return;
    wanted[i] = kind;
  }
  const auto fits = [&](const Match& match) {
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (wanted[i] != '\0' && category(catalog, match.formal[i]) != wanted[i]) return false;
    return true;
  };
  if (std::any_of(matches.begin(), matches.end(), fits))
    std::erase_if(matches, [&](const Match& match) { return !fits(match); });
  // Of one category the preferred type, where one of the candidates has it.
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (wanted[i] == '\0') continue;
    const auto preferred = [&](const Match& match) { return is_preferred(match.formal[i]); };
    if (std::any_of(matches.begin(), matches.end(), preferred))
      std::erase_if(matches, [&](const Match& match) { return !preferred(match); });
  }
}

void select(const Catalog& catalog, std::vector<Match>& matches,
            const std::vector<Type>& arguments) {
  std::vector<Type> bases;
  bool has_unknown = false;
  for (const Type& type : arguments) {
    bases.push_back(base_type(catalog, type));
    has_unknown = has_unknown || type.unknown();
  }
  const auto exact = [&](const Match& match) {
    int count = 0;
    for (std::size_t i = 0; i < bases.size(); ++i)
      if (!bases[i].unknown() && match.formal[i].key() == bases[i].key()) ++count;
    return count;
  };
  keep_best(matches, exact);
  if (matches.size() <= 1) return;
  keep_best(matches, [&](const Match& match) {
    int count = 0;
    for (std::size_t i = 0; i < bases.size(); ++i) {
      if (bases[i].unknown()) continue;
      if (match.formal[i].key() == bases[i].key() ||
          (is_preferred(match.formal[i]) &&
           category(catalog, match.formal[i]) == category(catalog, bases[i])))
        ++count;
    }
    return count;
  });
  if (matches.size() <= 1 || !has_unknown) return;
  resolve_unknown(catalog, matches, arguments);
  if (matches.size() <= 1) return;
  // All that is known is of one type: then the rest is of it too.
  std::optional<Type> known;
  for (const Type& type : bases) {
    if (type.unknown()) continue;
    if (known && known->key() != type.key()) return;
    known = type;
  }
  if (!known) return;
  std::erase_if(matches, [&](const Match& match) {
    return !std::all_of(match.formal.begin(), match.formal.end(), [&](const Type& formal) {
      return can_cast_implicitly(catalog, *known, formal);
    });
  });
}

std::optional<Resolved> chosen(const Catalog& catalog, const Match& match,
                               const std::vector<Type>& arguments) {
  Resolved resolved{.arguments = {},
                    .result = type_of_key(catalog, match.candidate->result),
                    .aggregate = match.candidate->aggregate,
                    .returns_set = match.candidate->returns_set};
  auto actual = actual_types(catalog, match, arguments, resolved.result);
  if (!actual) return std::nullopt;
  resolved.arguments = std::move(*actual);
  const std::vector<std::string>& formal = match.candidate->arguments;
  if (match.candidate->variadic && formal.back() != "any" && arguments.size() >= formal.size())
    resolved.gathered = formal.size() - 1;
  return resolved;
}

}  // namespace

Type type_of_key(const Catalog& catalog, const std::string& key) {
  if (key.find('.') != std::string::npos || key.find(' ') != std::string::npos)
    return parse_type(catalog, key);
  return built_in(key);
}

bool can_cast_implicitly(const Catalog& catalog, const Type& from, const Type& to) {
  if (from.unknown() || from.key() == to.key()) return true;
  if (is_any(to)) return fits_any(catalog, from, to.name);
  const Type base = base_type(catalog, from);
  if (base.key() == to.key()) return true;
  if (base.array != to.array) return false;
  if (base.object || to.object) {
    // citext is read as text.
    return base.object && base.object->kind == Kind::extension && category(catalog, base) == 'S' &&
           to.is("text");
  }
  return has_implicit_cast(base.name, to.name);
}

std::optional<Resolved> resolve_call(const Catalog& catalog,
                                     const std::vector<Candidate>& candidates,
                                     const std::vector<Type>& arguments) {
  std::vector<Match> matches = matching(catalog, candidates, arguments);
  const auto is_exact = [&](const Match& match) {
    if (match.candidate->arguments.size() != arguments.size()) return false;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (match.formal[i].key() != arguments[i].key()) return false;
    return true;
  };
  if (const auto exact = std::find_if(matches.begin(), matches.end(), is_exact);
      exact != matches.end())
    return chosen(catalog, *exact, arguments);
  if (matches.size() > 1) select(catalog, matches, arguments);
  if (matches.size() != 1) return std::nullopt;
  return chosen(catalog, matches.front(), arguments);
}

std::optional<Resolved> resolve_operator(const Catalog& catalog, const std::string& name,
                                         const std::vector<Type>& arguments) {
  std::vector<Candidate> candidates;
  for (const Candidate& candidate : operators_named(name)) {
    const bool prefix = candidate.arguments.front() == "-";
    if (prefix != (arguments.size() == 1)) continue;
    candidates.push_back(candidate);
    if (prefix) candidates.back().arguments.erase(candidates.back().arguments.begin());
  }
  // A text without a type is first taken for one of the other side's type.
  if (arguments.size() == 2 && arguments[0].unknown() != arguments[1].unknown()) {
    const Type& known = arguments[0].unknown() ? arguments[1] : arguments[0];
    for (const Type& type : {known, base_type(catalog, known)})
      for (const Candidate& candidate : candidates)
        if (candidate.arguments[0] == type.key() && candidate.arguments[1] == type.key())
          return resolve_call(catalog, {candidate}, arguments);
  }
  return resolve_call(catalog, candidates, arguments);
}

std::optional<Type> common_type(const Catalog& catalog, const std::vector<Type>& types) {
  std::optional<Type> common;
  bool same = true;
  for (const Type& type : types) {
    if (type.unknown()) {
      same = false;
      continue;
    }
    if (common && common->key() != type.key()) same = false;
    if (!common) common = type;
  }
  if (!common) return built_in("text");
  common->modifier.clear();
  if (same) return common;
  common = base_type(catalog, *common);
  common->modifier.clear();
  for (const Type& type : types) {
    if (type.unknown()) continue;
    Type next = base_type(catalog, type);
    next.modifier.clear();
    if (next.key() == common->key()) continue;
    if (category(catalog, next) != category(catalog, *common)) return std::nullopt;
    if (!is_preferred(*common) && can_cast_implicitly(catalog, *common, next) &&
        !can_cast_implicitly(catalog, next, *common))
      common = next;
  }
  return common;
}

}  // namespace limbeck::postgres::memory
