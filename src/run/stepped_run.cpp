#include "run/stepped_run.h"

#include "run/open_revision.h"

namespace limbeck {

std::vector<Command> step_commands(const Step& step) {
  std::vector<Command> commands;
  commands.reserve(step.statements.size() + 4);
  for (const sql::Statement& statement : step.statements) {
    commands.push_back({.sql = statement.text, .copy_data = statement.copy_data});
  }
  return commands;
}

JournalEntry step_entry(const StepRun& step, std::string_view outcome) {
  return {.kind = std::string(to_string(step.step.kind)),
          .revision = step.work.revision.file.revision.id,
          .direction = std::string(to_string(step.work.revision.step.direction)),
          .step = static_cast<std::int64_t>(step.number),
          .hash = hash_of(step.step),
          .outcome = std::string(outcome)};
}

void check_done_steps(const Run& run, const PreparedRevision& revision, const JournalEntry& open) {
  if (revision.live || revision.delegation) return;  // which steps there are is seen as they come
  std::map<std::int64_t, JournalEntry> done;         // the last row of each step
  for (JournalEntry& entry : read_steps(run.database, open)) {
    const std::int64_t step = entry.step;
    done.insert_or_assign(step, std::move(entry));
  }
  for (const auto& [number, entry] : done) {
    const auto index = static_cast<std::size_t>(number) - 1;
    const bool is_there = index < revision.steps.size();
    check_step_unchanged(revision.file, entry, is_there ? &revision.steps[index] : nullptr);
  }
}

void run_stepped(Run& run, const RevisionRun& work) {
  const std::vector<Step>& steps = work.revision.steps;
  OpenRevision revision(run, work, steps.size());
  revision.open();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    try {
      stop_if_interrupted(run);
      check_lock(run);
      revision.run_step(steps[i], i + 1);
    } catch (Error& error) {
      revision.explain(error, i + 1, steps[i].statements);
      throw;
    }
  }
  revision.finish();
}

}  // namespace limbeck
