// The JSON that other programs, or earlier runs, have written: models, schemas, plans, the records
// of backups.
#include "project/plan_file.h"
#include "run/backup_record.h"
#include "schema/json.h"
#include "source/models_document.h"
#include "split_check.h"

namespace {

using namespace limbeck;

void check_refusal(const Error& error) {
  require(error.code() == ExitCode::invalid_project || error.code() == ExitCode::usage);
  require(!error.report().message.empty());
}

// What was read is written so that it is read as the same.
void check_models(std::string_view text) {
  try {
    const auto models = read_models(text, "program");
    if (!models) return;
    const auto again = read_models(to_json(*models), "program");
    require(again && to_json(*again) == to_json(*models));
    for (const std::string dialect : {"postgresql", "sqlite"}) models_sql({&*models, 1}, dialect);
  } catch (const Error& error) {
    check_refusal(error);
  }
}

void check_snapshot(std::string_view text) {
  try {
    const Snapshot snapshot = read_snapshot(text, "f");
    const std::string written = snapshot_json(snapshot);
    require(snapshot_json(read_snapshot(written, "f")) == written);
  } catch (const Error& error) {
    check_refusal(error);
  }
}

void check_record(std::string_view text) {
  try {
    const BackupRecord record = parse_record(text, "f");
    const std::string written = record_json(record);
    require(record_json(parse_record(written, "f")) == written);
  } catch (const Error& error) {
    check_refusal(error);
  }
}

// A plan that is read is the one that was hashed, and its SQL a revision or refused.
void check_plan(std::string_view text) {
  try {
    const PlanFile plan = parse_plan(text, "f");
    require(plan_json(parse_plan(plan_json(plan), "f")) == plan_json(plan));
    plan_revision_file(plan, "f");
  } catch (const Error& error) {
    check_refusal(error);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_models(text);
  check_snapshot(text);
  check_record(text);
  check_plan(text);
  return 0;
}
