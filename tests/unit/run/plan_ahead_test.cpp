#include "run/plan_ahead.h"

#include <atomic>
#include <chrono>
#include <doctest/doctest.h>
#include <numeric>
#include <stdexcept>

using namespace limbeck;

namespace {

std::vector<std::size_t> up_to(std::size_t count) {
  std::vector<std::size_t> indexes(count);
  std::iota(indexes.begin(), indexes.end(), std::size_t{0});
  return indexes;
}

PreparedRevision revision(std::size_t index) {
  PreparedRevision result;
  result.file.revision.id = std::to_string(index);
  return result;
}

// Long enough for a thread that goes on to be seen to.
void wait_a_little() {
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

}  // namespace

TEST_CASE("revisions are planned once each, in their order, and not without end") {
  std::atomic<std::size_t> planned = 0;
  constexpr std::size_t count = 1'000;
  PlanAhead ahead(up_to(count), [&](std::size_t index, const std::atomic<bool>& /*stopped*/) {
    ++planned;
    return revision(index);
  });
  wait_a_little();
  CHECK(planned > 0);
  CHECK(planned < count);
  for (std::size_t i = 0; i < count; ++i)
    REQUIRE(ahead.take().file.revision.id == std::to_string(i));
  CHECK(planned == count);
}

TEST_CASE("nothing is planned beside a revision that runs live") {
  std::atomic<std::size_t> planned = 0;
  PlanAhead ahead(up_to(3), [&](std::size_t index, const std::atomic<bool>& /*stopped*/) {
    ++planned;
    PreparedRevision result = revision(index);
    if (index == 1) result.live = [](ScriptHost&) { return Recording{}; };
    return result;
  });
  CHECK(ahead.take().file.revision.id == "0");
  CHECK(ahead.take().live);
  wait_a_little();  // it runs
  CHECK(planned == 2);
  CHECK(ahead.take().file.revision.id == "2");
}

TEST_CASE("what planning throws is thrown when its turn comes, and nothing is planned behind it") {
  std::atomic<std::size_t> planned = 0;
  PlanAhead ahead(up_to(3), [&](std::size_t index, const std::atomic<bool>& /*stopped*/) {
    ++planned;
    if (index == 1) throw std::runtime_error("cannot be planned");
    return revision(index);
  });
  CHECK(ahead.take().file.revision.id == "0");
  CHECK_THROWS_WITH(ahead.take(), "cannot be planned");
  wait_a_little();
  CHECK(planned == 2);
}

TEST_CASE("a run that ends early leaves nothing behind") {
  std::atomic<std::size_t> planned = 0;
  {
    PlanAhead ahead(up_to(1'000), [&](std::size_t index, const std::atomic<bool>& /*stopped*/) {
      ++planned;
      return revision(index);
    });
    ahead.take();
  }
  const std::size_t before = planned;
  wait_a_little();
  CHECK(planned == before);
  const PlanAhead none(
      {}, [](std::size_t index, const std::atomic<bool>& /*stopped*/) { return revision(index); });
}

TEST_CASE("what nobody waits for any more is told to stop") {
  std::atomic<bool> planning = false;
  {
    const PlanAhead ahead(up_to(2), [&](std::size_t index, const std::atomic<bool>& stopped) {
      planning = true;
      while (!stopped) std::this_thread::yield();
      return revision(index);
    });
    while (!planning) std::this_thread::yield();
  }
  CHECK(planning);
}
