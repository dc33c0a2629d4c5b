#include "verify/workplace.h"

#include <algorithm>

#include "verify/fill.h"

namespace limbeck {
namespace {

std::vector<RevisionStep> chosen_steps(const Chain& chain, const VerifyOptions& options,
                                       std::vector<RevisionStep>& prefix) {
  const RevisionGraph& graph = chain.graph();
  std::vector<RevisionStep> all = upgrade_steps(graph, options.last, options.current);
  if (options.first.empty()) return all;
  const std::vector<RevisionStep> up_to = upgrade_steps(graph, options.first, options.current);
  if (up_to.empty()) return all;
  std::vector<RevisionStep> chosen;
  for (const RevisionStep& step : all) {
    const bool below = std::find(up_to.begin(), up_to.end() - 1, step) != up_to.end() - 1;
    (below ? prefix : chosen).push_back(step);
  }
  return chosen;
}

}  // namespace

Workplace::Workplace(const Chain& chain, const Dialect& dialect, const VerifyOptions& options)
    : chain_(chain),
      dialect_(dialect),
      scratch_dialect_(scratch_dialect_named(dialect.name())),
      schema_dialect_(schema_dialect_named(dialect.name())),
      options_(options) {
  steps_ = chosen_steps(chain, options, prefix_);
  if (options.schema) shapes_ = shapes_of(options.statistics, *options.schema, options.most_rows);
}

void Workplace::renew(std::size_t count) {
  observer_.reset();
  scratch_.reset();
  scratch_ = scratch_dialect_.create(options_.server, options_.connect);
  if (options_.schema)
    build_schema(*scratch_, schema_dialect_, *options_.schema, dialect_.lexical_rules());
  observer_ = make_observer(dialect_.name(), scratch_->connection());
  for (const RevisionStep& step : prefix_) run(step);
  for (std::size_t i = 0; i < count; ++i) run(steps_[i]);
  filled_.clear();
}

WatchedRun Workplace::run(const RevisionStep& step, Watch watch) {
  Observer* observer = watch == Watch::everything ? observer_.get() : nullptr;
  WatchedRun watched =
      ScratchRun(chain_, dialect_, scratch_dialect_, *scratch_, observer).run(step);
  passed_over_.insert(watched.passed_over.begin(), watched.passed_over.end());
  return watched;
}

Schema Workplace::introspect() {
  return schema_dialect_.introspect(scratch_->connection(), {.privileges = true});
}

Contents Workplace::read(const Schema& schema) {
  return read_contents(scratch_->connection(), dialect_, scratch_dialect_, schema);
}

std::vector<DataChange> Workplace::compare(const Contents& before, const Contents& after,
                                           const Said& said) {
  return changes_of(before, after, said, scratch_->connection(), dialect_);
}

std::map<RelationName, std::string> Workplace::fill(const Schema& schema, const Schema& later) {
  return Filler(scratch_->connection(), dialect_, scratch_dialect_, schema, later, shapes_)
      .fill(filled_);
}

}  // namespace limbeck
