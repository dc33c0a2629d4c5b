#include "verify/sample_values.h"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "dialect/tokens.h"

namespace limbeck {
namespace {

using Values = std::vector<std::string>;

constexpr std::size_t max_labels = 8;

// "public.mood" and "mood" are told apart by the catalog; here the name is enough.
template <class Definition>
const Definition* find_type(const Schema& schema, Kind kind, std::string_view type) {
  std::string name;
  for (const Token& token : first_tokens(type, 8)) {
    if (token.kind == Token::Kind::word || token.kind == Token::Kind::quoted_name)
      name = token.text;
  }
  for (const auto& [id, object] : schema.objects) {
    if (id.kind == kind && id.name == name) return &as<Definition>(object);
  }
  return nullptr;
}

// As parts of arrays, rows and ranges are written.
std::string in_quotes(const std::string& element) {
  std::string quoted = "\"";
  for (const char c : element) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

ValueMaker row_maker(const Schema& schema, const Composite& composite) {
  std::vector<ValueMaker> parts;
  for (const Attribute& attribute : composite.attributes)
    parts.push_back(value_maker(schema, attribute.type));
  return [parts = std::move(parts)](const SampleOf& of) -> Values {
    std::string text;
    for (const ValueMaker& part : parts) {
      const Values values = part ? part(of) : Values{};
      text += text.empty() ? "(" : ",";
      if (!values.empty()) text += in_quotes(values.front());
    }
    if (text.empty()) return {};
    return {text + ")"};
  };
}

ValueMaker range_maker(ValueMaker subtype) {
  if (!subtype) return nullptr;
  return [subtype = std::move(subtype)](SampleOf of) -> Values {
    of.is_key = true;
    const Values values = subtype(of);
    if (values.empty()) return {};
    return {fmt::format("[{0},{0}]", in_quotes(values.front())), "empty"};
  };
}

ValueMaker array_maker(ValueMaker element) {
  if (!element) return nullptr;
  return [element = std::move(element)](const SampleOf& of) {
    Values values = element(of);
    for (std::string& value : values) value = "{" + in_quotes(value) + "}";
    if (!values.empty()) values.emplace_back("{}");
    return values;
  };
}

ValueMaker label_maker(Values labels) {
  return [labels = std::move(labels)](const SampleOf& of) {
    Values values = labels;
    if (!values.empty())
      std::rotate(values.begin(),
                  values.begin() + static_cast<long>((of.row + of.variant) % values.size()),
                  values.end());
    return values;
  };
}

}  // namespace

ValueMaker value_maker(const Schema& schema, std::string_view type) {
  if (type.ends_with("[]"))
    return array_maker(value_maker(schema, type.substr(0, type.size() - 2)));
  if (const auto* enumeration = find_type<Enumeration>(schema, Kind::enumeration, type))
    return label_maker(enumeration->labels);
  if (const auto* domain = find_type<Domain>(schema, Kind::domain, type))
    return value_maker(schema, domain->type);
  if (const auto* composite = find_type<Composite>(schema, Kind::composite, type))
    return row_maker(schema, *composite);
  if (const auto* range = find_type<Range>(schema, Kind::range, type))
    return range_maker(value_maker(schema, range->subtype));
  return type_values(type);
}

std::vector<std::string> sample_values(const Schema& schema, std::string_view type,
                                       const SampleOf& of) {
  const ValueMaker maker = value_maker(schema, type);
  return maker ? maker(of) : Values{};
}

std::size_t wanted_rows(const Schema& schema, std::string_view type) {
  const auto* enumeration = find_type<Enumeration>(schema, Kind::enumeration, type);
  return enumeration == nullptr ? 0 : std::min(enumeration->labels.size(), max_labels);
}

}  // namespace limbeck
