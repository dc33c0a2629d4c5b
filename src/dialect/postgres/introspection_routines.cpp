// Functions, procedures and aggregates.
#include <fmt/format.h>

#include "dialect/postgres/catalog_reader.h"
#include "dialect/postgres/introspection.h"

namespace limbeck::postgres {
namespace {

// The types of the arguments that a call gives: what tells routines of one name apart.
constexpr std::string_view input_types =
    "(SELECT string_agg(format_type(u.t, NULL), ', ' ORDER BY u.n) FROM "
    "unnest(p.proargtypes) WITH ORDINALITY u(t, n))";

// Those that the server makes with a range type belong to it.
std::string made_by_users(const CatalogReader& reader) {
  return fmt::format(
      "p.pronamespace = ANY ({0}) AND {1} AND p.oid NOT IN (SELECT i.objid FROM pg_depend i WHERE "
      "i.classid = {2} AND i.deptype = 'i')",
      reader.namespaces(), not_of_extension(catalog::procedure, "p.oid"), catalog::procedure);
}

std::string_view mode_of(const std::string& letter) {
  constexpr std::array<LetterName, 5> modes{
      {{'i', "IN"}, {'o', "OUT"}, {'b', "INOUT"}, {'v', "VARIADIC"}, {'t', "TABLE"}}};
  for (const LetterName& row : modes)
    if (!letter.empty() && row.letter == letter[0]) return row.name;
  return "IN";
}

std::vector<Argument> read_arguments(Fields& row) {
  const std::vector<std::string> types = row.list();
  const std::vector<std::string> modes = row.list();
  const std::vector<std::string> names = row.list();
  const std::vector<std::string> defaults = row.list();
  std::vector<Argument> arguments(types.size());
  for (std::size_t i = 0; i < types.size(); ++i) {
    arguments[i].type = types[i];
    if (i < modes.size()) arguments[i].mode = mode_of(modes[i]);
    if (i < names.size()) arguments[i].name = names[i];
    if (i < defaults.size()) arguments[i].default_expression = defaults[i];
  }
  return arguments;
}

// The options of CREATE AGGREGATE that are not at their defaults.
class AggregateOptions {
 public:
  void add(std::string_view name, const std::string& value) {
    if (value.empty()) return;
    text_ += fmt::format("{}\n    {} = {}", text_.empty() ? "" : ",", name, value);
  }
  void mark(std::string_view name, bool set) {
    if (set) text_ += fmt::format(",\n    {}", name);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string modify_of(char letter, bool ordered_set) {
  constexpr std::array<LetterName, 3> names{
      {{'r', "READ_ONLY"}, {'s', "SHAREABLE"}, {'w', "READ_WRITE"}}};
  return letter == (ordered_set ? 'w' : 'r') ? "" : name_of_letter(names, letter);
}

std::string parallel_of(char letter) {
  constexpr std::array<LetterName, 2> names{{{'s', "SAFE"}, {'r', "RESTRICTED"}}};
  return name_of_letter(names, letter);
}

std::string nonzero(std::int64_t number) {
  return number == 0 ? "" : std::to_string(number);
}

// One accumulation: the plain one, or that of a moving window.
void read_accumulation(Fields& row, AggregateOptions& options, std::string_view m,
                       bool ordered_set) {
  const auto name = [&](std::string_view option) { return fmt::format("{}{}", m, option); };
  options.add(name("SFUNC"), row.text());
  if (!m.empty()) options.add("MINVFUNC", row.text());
  options.add(name("STYPE"), row.text());
  options.add(name("SSPACE"), nonzero(row.integer()));
  const std::string final_function = row.text();
  options.add(name("FINALFUNC"), final_function);
  options.mark(name("FINALFUNC_EXTRA"), row.flag());
  const std::string modify = modify_of(row.letter(), ordered_set);
  if (!final_function.empty()) options.add(name("FINALFUNC_MODIFY"), modify);
  options.add(name("INITCOND"), row.text());
}

std::string read_aggregate_options(Fields& row) {
  const char kind = row.letter();
  const bool ordered_set = kind != 'n';
  AggregateOptions options;
  read_accumulation(row, options, "", ordered_set);
  options.add("COMBINEFUNC", row.text());
  options.add("SERIALFUNC", row.text());
  options.add("DESERIALFUNC", row.text());
  // What the moving one says for the finalfunc's effects is READ_ONLY unless it is an ordered set.
  if (!row.null())
    read_accumulation(row, options, "M", ordered_set);
  else
    for (int i = 0; i < 8; ++i) row.skip();
  options.add("SORTOP", row.text());
  options.add("PARALLEL", parallel_of(row.letter()));
  options.mark("HYPOTHETICAL", kind == 'h');
  return options.text();
}

// The column when it holds a function, as the server writes it.
std::string function_or_null(std::string_view column) {
  return fmt::format("CASE WHEN a.{0} <> 0 THEN a.{0}::text END", column);
}

}  // namespace

void read_routines(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT p.oid::int8, n.nspname, p.proname, {}, p.prokind, "
      "(SELECT array_agg(format_type(u.t, NULL) ORDER BY u.n) FROM "
      "unnest(coalesce(p.proallargtypes, "
      "p.proargtypes::oid[])) WITH ORDINALITY u(t, n)), "
      "p.proargmodes::text[], p.proargnames, "
      "CASE WHEN p.pronargdefaults > 0 THEN (SELECT "
      "array_agg(coalesce(pg_get_function_arg_default(p.oid, k), '') ORDER BY k) FROM "
      "generate_series(1, coalesce(cardinality(p.proallargtypes), p.pronargs)) k) END, "
      "pg_get_function_result(p.oid), l.lanname, pg_get_functiondef(p.oid) "
      "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
      "JOIN pg_language l ON l.oid = p.prolang WHERE p.prokind <> 'a' AND {}",
      input_types, made_by_users(reader));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::procedure, row.oid()};
    ObjectId id{Kind::routine, row.text(), row.text(), row.text()};
    Routine routine;
    const char kind = row.letter();
    routine.procedure = kind == 'p';
    routine.window = kind == 'w';
    routine.arguments = read_arguments(row);
    routine.result = row.text();
    routine.language = row.text();
    routine.definition = row.text();
    while (!routine.definition.empty() && routine.definition.back() == '\n')
      routine.definition.pop_back();
    reader.add(address, std::move(id), std::move(routine));
  });
}

void read_aggregates(CatalogReader& reader) {
  const std::string sql = fmt::format(
      "SELECT p.oid::int8, n.nspname, p.proname, {}, quote_ident(n.nspname) || '.' || "
      "quote_ident(p.proname), CASE WHEN p.pronargs = 0 THEN '*' ELSE "
      "pg_get_function_arguments(p.oid) END, pg_get_function_result(p.oid), a.aggkind, "
      "{}, format_type(a.aggtranstype, NULL), a.aggtransspace, {}, a.aggfinalextra, "
      "a.aggfinalmodify, quote_literal(a.agginitval), {}, {}, {}, "
      "{}, {}, CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END, "
      "a.aggmtransspace, {}, a.aggmfinalextra, a.aggmfinalmodify, quote_literal(a.aggminitval), "
      "(SELECT 'OPERATOR(' || quote_ident(opn.nspname) || '.' || o.oprname || ')' FROM pg_operator "
      "o JOIN pg_namespace opn ON opn.oid = o.oprnamespace WHERE o.oid = a.aggsortop), "
      "p.proparallel "
      "FROM pg_aggregate a JOIN pg_proc p ON p.oid = a.aggfnoid "
      "JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {}",
      input_types, function_or_null("aggtransfn"), function_or_null("aggfinalfn"),
      function_or_null("aggcombinefn"), function_or_null("aggserialfn"),
      function_or_null("aggdeserialfn"), function_or_null("aggmtransfn"),
      function_or_null("aggminvtransfn"), function_or_null("aggmfinalfn"), made_by_users(reader));
  reader.each(sql, [&](Fields& row) {
    const Address address{catalog::procedure, row.oid()};
    ObjectId id{Kind::aggregate, row.text(), row.text(), row.text()};
    const std::string name = row.text();
    Aggregate aggregate;
    aggregate.arguments = row.text();
    aggregate.result = row.text();
    aggregate.definition = fmt::format("CREATE OR REPLACE AGGREGATE {}({}) ({}\n)", name,
                                       aggregate.arguments, read_aggregate_options(row));
    reader.add(address, std::move(id), std::move(aggregate));
  });
}

}  // namespace limbeck::postgres
