#include "project/plan_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/json_writer.h"
#include "base/sha256.h"

namespace limbeck {
namespace {

constexpr int plan_format = 1;
constexpr std::size_t max_plan = std::size_t{256} * 1024 * 1024;

// Everything but the id.
void write_members(const PlanFile& plan, JsonWriter& json) {
  json.member("format", plan_format)
      .member("dialect", plan.dialect)
      .member("fingerprint", plan.fingerprint)
      .member("owners", plan.owners)
      .member("privileges", plan.privileges)
      .member("schemas", plan.schemas)
      .member("include", plan.include)
      .member("exclude", plan.exclude)
      .member("changes", plan.changes)
      .member("sql", plan.sql);
}

[[noreturn]] void refuse(const std::filesystem::path& path, std::string message) {
  throw Error({.code = ExitCode::invalid_project,
               .message = std::move(message),
               .place = Place{.file = path.string()},
               .state = "nothing was changed",
               .hint = "make the plan anew with \"limbeck apply --to SOURCE --out FILE\""});
}

}  // namespace

std::string plan_id(const PlanFile& plan) {
  constexpr std::size_t digits = 12;
  JsonWriter json;
  json.begin_object();
  write_members(plan, json);
  json.end_object();
  return "plan_" + sha256_hex(json.text()).substr(0, digits);
}

std::string plan_json(const PlanFile& plan) {
  JsonWriter json;
  json.begin_object().member("id", plan_id(plan));
  write_members(plan, json);
  json.end_object();
  return json.text() + "\n";
}

PlanFile read_plan(const std::filesystem::path& path) {
  return parse_plan(read_file(path, max_plan), path);
}

PlanFile parse_plan(std::string_view text, const std::filesystem::path& path) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  try {
    if (!json.is_object()) refuse(path, "this is no plan: it is no JSON object");
    if (json.at("format") != plan_format)
      refuse(path, "this plan was written by another version of Limbeck");
    PlanFile plan;
    json.at("dialect").get_to(plan.dialect);
    json.at("fingerprint").get_to(plan.fingerprint);
    json.at("owners").get_to(plan.owners);
    json.at("privileges").get_to(plan.privileges);
    json.at("schemas").get_to(plan.schemas);
    json.at("include").get_to(plan.include);
    json.at("exclude").get_to(plan.exclude);
    json.at("changes").get_to(plan.changes);
    json.at("sql").get_to(plan.sql);
    if (json.at("id").get<std::string>() != plan_id(plan))
      refuse(path, "this plan was changed after it was written");
    return plan;
  } catch (const nlohmann::json::exception&) {
    refuse(path, "this is no plan: a member is missing or of another type");
  }
}

RevisionFile plan_revision_file(const PlanFile& plan, const std::string& file) {
  constexpr std::string_view marker = "-- limbeck:upgrade";
  std::string text = fmt::format("-- {} changes\n--\n-- limbeck:revision {}\n\n",
                                 plan.changes.size(), plan_id(plan));
  if (!plan.sql.starts_with(marker)) text += fmt::format("{}\n", marker);
  return parse_revision_file(text + plan.sql, file);
}

}  // namespace limbeck
