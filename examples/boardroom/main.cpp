// boardroom start: brings the database up to date. boardroom demo: a meeting, from its first user
// to its end. boardroom health: a line of JSON, and the exit code that a container's probe asks
// for. The database is DATABASE_URL, or the SQLite file boardroom.db.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "limbeck/error.h"
#include "limbeck/exit_code.h"

#include "service.h"

namespace {

using namespace boardroom;

void start(Service& service) {
  const std::vector<std::string> revisions = service.start();
  for (const std::string& revision : revisions) std::printf("upgraded to %s\n", revision.c_str());
  std::printf("the database is what the models declare\n");
}

// What the database refuses says the constraint's name.
void show_refusal(Service& service, const Thread& thread) {
  try {
    service.add_thread(thread);
  } catch (const limbeck::DatabaseError& error) {
    std::printf("refused: %s\n", error.what());
  }
}

void demo(Service& service) {
  start(service);
  const User ada = service.add_user({.email = "ada@example.com", .hashed_password = "$argon2id$"});
  const User bob = service.add_user({.email = "bob@example.com", .hashed_password = "$argon2id$"});
  const Boardroom room = service.open_room({.owner_id = ada.id, .name = "Strategy"});
  const Session session = service.begin_session(
      {.boardroom_id = room.id, .user_id = bob.id, .title = "Budget for next year"});
  service.add_thread({.session_id = session.id, .user_id = bob.id, .title = "Travel"});
  service.add_thread({.session_id = session.id,
                      .user_id = ada.id,
                      .title = "Hire two engineers",
                      .type = "decision",
                      .priority = 5});
  show_refusal(service, {.session_id = session.id, .user_id = ada.id, .title = "?", .priority = 6});

  for (const Thread& thread : service.open_threads(session.id))
    std::printf("open: %d %s: %s\n", thread.priority, thread.type.c_str(), thread.title.c_str());
  std::printf("session ended: %s\n", service.end_session(session.id) ? "yes" : "no");
  std::printf("ended again: %s\n", service.end_session(session.id) ? "yes" : "no");
  std::printf("open threads: %zu\n", service.open_threads(session.id).size());

  // Ada's room goes with her, and all that was said in it.
  service.remove_user(ada.id);
  std::printf("threads without ada: %lld\n", static_cast<long long>(service.count_threads()));
  service.remove_user(bob.id);
}

int health(Service& service) {
  const limbeck::Health found = service.health();
  std::printf("%s\n", to_json(found).c_str());
  return static_cast<int>(exit_code_of(found));
}

int run(std::string_view command) {
  const char* const url = std::getenv("DATABASE_URL");
  Service service(url != nullptr ? url : "sqlite:///boardroom.db");
  if (command == "health") return health(service);
  if (command == "start") {
    start(service);
  } else if (command == "demo") {
    demo(service);
  } else {
    std::fprintf(stderr, "usage: boardroom start|demo|health\n");
    return static_cast<int>(limbeck::ExitCode::usage);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc == 2 ? argv[1] : "");
  } catch (const limbeck::Error& error) {
    const limbeck::ErrorReport& report = error.report();
    std::fprintf(stderr, "error: %s\n%s\n", report.message.c_str(), report.detail.c_str());
    return static_cast<int>(report.code);
  }
}
