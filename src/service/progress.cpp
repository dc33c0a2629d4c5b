#include "service/progress.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <utility>

namespace limbeck {
namespace {

std::string holder_text(const LockHolder& holder) {
  std::string text;
  if (holder.pid != 0) text += fmt::format(", process {}", holder.pid);
  if (!holder.user.empty()) text += fmt::format(", user {}", holder.user);
  if (!holder.host.empty()) text += fmt::format(", host {}", holder.host);
  return text;
}

// Makes one of an event; it knows which revision is running.
class Translator {
 public:
  Progress operator()(const WaitingForLock& it) const {
    return {.kind = Progress::Kind::waiting_for_lock,
            .text = "waiting for another process to finish" + holder_text(it.holder)};
  }
  Progress operator()(const WaitingForOrphan& it) const {
    return {.kind = Progress::Kind::waiting_for_lock,
            .text = "waiting for what an earlier run left working in the server" +
                    holder_text(it.backend)};
  }
  Progress operator()(const BackupWritten& it) const {
    return {.kind = Progress::Kind::backup_written, .text = "backup written to " + it.file};
  }
  Progress operator()(const BackupRemoved& it) const {
    const bool is_old = it.why == BackupRemoved::Why::old;
    return {.kind = Progress::Kind::notice,
            .text = (is_old ? "old backup removed: " : "backup removed, as nothing was changed: ") +
                    it.file};
  }
  Progress operator()(const RevisionStarted& it) {
    const bool up = it.direction == Direction::upgrade;
    revision_ = up ? it.to : it.from;
    std::string text = fmt::format("{} {} {}", it.resumed ? "resuming" : "running",
                                   to_string(it.direction), revision_);
    if (!it.message.empty()) text += ", " + it.message;
    return {.kind = Progress::Kind::revision_started,
            .revision = revision_,
            .text = std::move(text),
            .number = it.number,
            .total = it.total};
  }
  Progress operator()(const RevisionFinished& it) const {
    return {.kind = Progress::Kind::revision_finished,
            .revision = it.revision,
            .text = fmt::format("{} {} done", to_string(it.direction), it.revision),
            .seconds = it.seconds};
  }
  Progress operator()(const AllCommitted& it) const {
    return {.kind = Progress::Kind::notice,
            .text = fmt::format("committed {} revisions as one transaction", it.revisions),
            .total = it.revisions,
            .seconds = it.seconds};
  }
  Progress operator()(const StepStarted& it) const { return step(it.number, it.total, it.summary); }
  Progress operator()(const StatementSent& /*it*/) const { return {}; }
  Progress operator()(const StepSkipped& it) const {
    return step(it.number, it.total, "skipped, " + it.reason);
  }
  Progress operator()(const DebrisRemoved& it) const {
    return notice("removed what an earlier try left: " + it.found);
  }
  Progress operator()(const BackfillProgress& it) const {
    return {.kind = Progress::Kind::rows,
            .revision = revision_,
            .text = fmt::format("{}: {} rows looked at, {} changed", it.table, it.seen, it.changed),
            .number = static_cast<std::uint64_t>(it.seen),
            .total = static_cast<std::uint64_t>(it.total)};
  }
  Progress operator()(const Retrying& it) const {
    return {.kind = Progress::Kind::retrying,
            .revision = revision_,
            .text = fmt::format("{}; trying again in {} ms", it.reason, it.pause_ms),
            .number = static_cast<std::uint64_t>(it.attempt)};
  }
  Progress operator()(const ServerNotice& it) const { return notice(it.text); }
  Progress operator()(const ScriptSaid& it) const { return notice(it.text); }
  Progress operator()(const RowsPurged& it) const {
    return notice(fmt::format("removed from the version table: {}", fmt::join(it.revisions, ", ")));
  }
  Progress operator()(const Stamped& it) const {
    return notice(fmt::format("stamped {} -> {}", it.from, it.to));
  }

 private:
  Progress step(std::size_t number, std::size_t total, const std::string& text) const {
    return {.kind = Progress::Kind::step,
            .revision = revision_,
            .text = fmt::format("step {}: {}", number, text),
            .number = number,
            .total = total};
  }
  Progress notice(std::string text) const {
    return {.kind = Progress::Kind::notice, .revision = revision_, .text = std::move(text)};
  }

  std::string revision_;
};

}  // namespace

EventSink progress_sink(std::function<void(const Progress&)> callback) {
  if (!callback) return {};
  auto translator = std::make_shared<Translator>();
  return [callback = std::move(callback), translator](const Event& event) {
    if (std::holds_alternative<StatementSent>(event)) return;  // it may hold passwords
    callback(std::visit(*translator, event));
  };
}

}  // namespace limbeck
