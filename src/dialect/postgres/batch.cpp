#include "dialect/postgres/batch.h"

#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <utility>

namespace limbeck::postgres {
namespace {

constexpr std::string_view counted_prefix = "WITH limbeck_changed AS (";
// A conversion that fails, and so ends the transaction, when the count is not one. Its text comes
// back in the message.
constexpr std::string_view counted_suffix =
    "\nRETURNING 1) SELECT CAST(CASE WHEN pg_catalog.count(*) OPERATOR(pg_catalog.=) 1 THEN '1' "
    "ELSE "
    "pg_catalog.concat('limbeck changed rows: ', pg_catalog.count(*)) END AS pg_catalog.int4) FROM "
    "limbeck_changed";
constexpr std::string_view counted_mark = "limbeck changed rows: ";

constexpr std::size_t max_prepared = 64;

}  // namespace

const std::string& PreparedStatements::find(const std::string& sql) const {
  static const std::string none;
  const auto found = names_.find(sql);
  return found == names_.end() ? none : found->second;
}

std::string PreparedStatements::new_name() {
  if (names_.size() >= max_prepared) return {};
  return fmt::format("limbeck_{}", ++counter_);
}

std::string sent_text(const Command& command) {
  if (!command.must_affect_one_row) return command.sql;
  return fmt::format("{}{}{}", counted_prefix, command.sql, counted_suffix);
}

int sent_offset(const Command& command) {
  return command.must_affect_one_row ? static_cast<int>(counted_prefix.size()) : 0;
}

Failed translate(const Command& command, Failed failed) {
  const std::string& message = failed.failure.message;
  const std::size_t mark = message.find(counted_mark);
  if (!command.must_affect_one_row || failed.failure.sqlstate != "22P02" ||
      mark == std::string::npos) {
    return failed;
  }
  const long count = std::strtol(message.c_str() + mark + counted_mark.size(), nullptr, 10);
  const std::size_t index = failed.failure.command;
  Failed translated;
  translated.failure = {
      .sqlstate = "LB001",
      .message = fmt::format("the statement changed {} rows where it must change one", count),
      .command = index};
  return translated;
}

std::int64_t affected_rows(const PGresult* result) {
  // SELECT and what else only reads carries a count of rows that were read.
  const std::string_view tag = libpq().PQcmdStatus(const_cast<PGresult*>(result));
  if (libpq().PQresultStatus(result) == PGRES_TUPLES_OK &&
      (tag.substr(0, 6) == "SELECT" || tag.substr(0, 5) == "FETCH")) {
    return 0;
  }
  return std::strtoll(libpq().PQcmdTuples(const_cast<PGresult*>(result)), nullptr, 10);
}

Batch::Batch(Channel& channel, PreparedStatements& prepared)
    : channel_(channel), prepared_(prepared) {
  channel_.require(libpq().PQenterPipelineMode(channel_.get()));
}

// Fails only on a broken connection, or while an exception leaves results unread: the connection is
// of no use then.
Batch::~Batch() {
  libpq().PQexitPipelineMode(channel_.get());
}

void Batch::control(const std::string& sql, std::size_t command) {
  channel_.send(sql, {});
  expected_.push_back({.purpose = Purpose::control, .command = command});
}

void Batch::commit(std::size_t command) {
  channel_.send("COMMIT", {});
  expected_.push_back({.purpose = Purpose::commit, .command = command});
}

void Batch::add(const Command& command, std::size_t index, bool prepare) {
  const std::string sql = sent_text(command);
  std::string name;
  if (prepare && !command.parameters.empty()) {
    name = prepared_.find(sql);
    const auto found = being_prepared_.find(sql);
    if (name.empty() && found != being_prepared_.end()) name = found->second;
    if (name.empty()) {
      name = prepared_.new_name();
      if (!name.empty()) {
        channel_.send_prepare(name, sql);
        being_prepared_[sql] = name;
        expected_.push_back({.purpose = Purpose::prepare,
                             .command = index,
                             .source = &command,
                             .offset = sent_offset(command),
                             .sql = sql,
                             .name = name});
      }
    }
  }
  channel_.send(sql, command.parameters, name);
  expected_.push_back({.purpose = Purpose::command,
                       .command = index,
                       .source = &command,
                       .offset = sent_offset(command)});
}

std::optional<Failed> Batch::judge(const Expected& expected, const PGresult* result) const {
  const ExecStatusType status = libpq().PQresultStatus(result);
  if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || status == PGRES_COPY_IN ||
      status == PGRES_COPY_OUT) {
    Failed failed = failure_of(result, expected.command, expected.offset);
    return expected.source != nullptr ? translate(*expected.source, std::move(failed)) : failed;
  }
  // COMMIT of a transaction that has failed succeeds, as a ROLLBACK.
  if (expected.purpose == Purpose::commit &&
      std::string_view(libpq().PQcmdStatus(const_cast<PGresult*>(result))) != "COMMIT") {
    Failed failed;
    failed.failure = {.sqlstate = "25P02",
                      .message = "the transaction had failed before, and was rolled back",
                      .command = expected.command};
    return failed;
  }
  return std::nullopt;
}

std::optional<Failed> Batch::finish(const OnResult& on_result) {
  channel_.require(libpq().PQpipelineSync(channel_.get()));
  std::optional<Failed> first;
  for (const Expected& expected : expected_) {
    const Handle<PGresult> result = channel_.receive();
    if (result && libpq().PQresultStatus(result.get()) != PGRES_PIPELINE_ABORTED) {
      std::optional<Failed> failed = judge(expected, result.get());
      if (failed && !first) first = std::move(failed);
      if (!first && expected.purpose == Purpose::prepare)
        prepared_.add(expected.sql, expected.name);
      if (!first && expected.purpose == Purpose::command) on_result(expected.command, result.get());
    }
    if (channel_.lost()) {
      if (!first)
        first = Failed{
            {.message = libpq().PQerrorMessage(channel_.get()), .command = expected.command}};
      return first;
    }
    if (result) channel_.receive();  // the end of this command's results
  }
  take_sync(first);
  return first;
}

// Statements outside of a transaction are committed here, and what a commit finds comes here: a
// deferred constraint. It belongs to the last of them.
void Batch::take_sync(std::optional<Failed>& first) {
  const std::size_t last = expected_.empty() ? 0 : expected_.back().command;
  // Between an error and the sync stands the end of the error's results.
  constexpr int most_results = 4;
  for (int i = 0; i < most_results; ++i) {
    const Handle<PGresult> result = channel_.receive();
    if (channel_.lost()) {
      if (!first)
        first = Failed{{.message = libpq().PQerrorMessage(channel_.get()), .command = last}};
      return;
    }
    if (!result) continue;
    const ExecStatusType status = libpq().PQresultStatus(result.get());
    if (status == PGRES_PIPELINE_SYNC) return;
    if (status == PGRES_FATAL_ERROR && !first) first = failure_of(result.get(), last, 0);
  }
}

}  // namespace limbeck::postgres
