// An interview service through the revision that adds follow-up tracking: interview_service URL
//
// On an empty database: interviews begin before the revision, go on after it, survive the way back,
// and are saved and loaded through the mapper. The exit code is 0 when everything is as it should.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "limbeck/rows.h"
#include "limbeck/upgrade.h"

#include "interview_service_revisions.h"
#include "mapper.h"

namespace {

using domain::Interview;
using domain::InterviewStatus;
using limbeck::Database;
using persistence::CandidateModel;
using persistence::InterviewModel;
using persistence::QuestionModel;

void require(bool holds, const char* what) {
  std::printf("%s %s\n", holds ? "ok    " : "FAILED", what);
  if (!holds) std::exit(1);
}

limbeck::UpgradeOptions to(const std::string& target) {
  limbeck::UpgradeOptions options;
  options.target = target;
  options.backup = false;
  return options;
}

Interview load(Database& database, const limbeck::Uuid& id) {
  const auto row = find<InterviewModel>(database, id);
  if (!row) throw limbeck::Error({.message = "there is no interview " + to_string(id)});
  return persistence::to_domain(*row);
}

// created_at stays what it is: the domain does not know it.
void save(Database& database, const Interview& interview) {
  InterviewModel row = persistence::to_model(interview);
  const auto stored = find<InterviewModel>(database, interview.id);
  if (stored) row.created_at = stored->created_at;
  limbeck::upsert(database, row);
}

// As the application did before it knew of follow-ups.
limbeck::Uuid begin_interview_of_old(Database& database, const limbeck::Uuid& candidate) {
  const limbeck::Uuid id = limbeck::random_uuid();
  database.execute(
      "INSERT INTO interviews (id, candidate_id, status, current_question_index) VALUES ($1, $2, "
      "'in_progress', 3)",
      {to_string(id), to_string(candidate)});
  return id;
}

void check_in_progress(Database& database, const limbeck::Uuid& id, int question_index) {
  const Interview interview = load(database, id);
  require(interview.status == InterviewStatus::in_progress &&
              interview.question_index == question_index,
          "an interview in progress goes on where it was");
  require(interview.followup_count == 0, "it has asked 0 follow-ups");
  require(!interview.parent_question, "it has no parent question");
}

void check_round_trip(Database& database, const limbeck::Uuid& id) {
  const QuestionModel question = insert(database, QuestionModel{.id = limbeck::random_uuid(),
                                                                .text = "What does RAII stand for?",
                                                                .skill = "C++"});
  Interview interview = load(database, id);
  interview.ask_follow_up(question.id, limbeck::random_uuid());
  interview.ask_follow_up(question.id, limbeck::random_uuid());
  save(database, interview);
  require(load(database, id) == interview, "two follow-ups are saved and loaded");
  interview.next_question();
  save(database, interview);
  require(load(database, id) == interview, "the next question starts the count anew");
}

void run(Database& database) {
  const limbeck::Revisions revisions = interview_service_revisions();
  require(upgrade(database, revisions, to("a4f3c81e90b2")).ok(), "the tables of before are made");
  const CandidateModel candidate = insert(
      database,
      CandidateModel{.id = limbeck::random_uuid(), .name = "Ann", .email = "ann@example.com"});
  const limbeck::Uuid id = begin_interview_of_old(database, candidate.id);

  const auto begin = std::chrono::steady_clock::now();
  require(upgrade(database, revisions, to("heads")).ok(), "follow-up tracking is added");
  require(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1),
          "it takes less than a second");
  check_in_progress(database, id, 3);
  check_round_trip(database, id);

  require(downgrade(database, revisions, "-1", to("")).ok(), "the way back");
  require(database.query("SELECT count(*) FROM interviews").rows.at(0).at(0) ==
              limbeck::Value(std::int64_t{1}),
          "no interview is lost");
  require(upgrade(database, revisions, to("heads")).ok(), "and up again");
  check_in_progress(database, id, 4);
  require(
      upgrade(database, revisions, to("heads")).outcome == limbeck::UpgradeOutcome::nothing_to_do,
      "the second time there is nothing to do");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s URL\n", argv[0]);
    return 2;
  }
  try {
    Database database(argv[1]);
    run(database);
    return 0;
  } catch (const limbeck::Error& error) {
    std::fprintf(stderr, "error: %s\n%s\n", error.what(), error.report().detail.c_str());
    return static_cast<int>(error.code());
  }
}
