// The headers of many files, read by way of what is known of them: never another answer than
// without it.
#include "revision/header_cache.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

#include "base/file.h"
#include "revision/directory.h"

namespace {

using namespace limbeck;
namespace fs = std::filesystem;

constexpr int files = 120;

class Project {
 public:
  Project() {
    std::string name = (fs::temp_directory_path() / "limbeck-headers-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    root_ = name;
    fs::create_directory(versions());
    for (int i = 0; i < files; ++i) add(i, "r" + std::to_string(1000 + i));
    // Other shapes than the plain one.
    write("merge.sql",
          "-- Two lines\n--\n-- of description.\n-- limbeck:revision merge\n"
          "-- limbeck:revises r1118, r1119\n-- limbeck:labels release\n"
          "-- limbeck:depends-on r1000\n-- limbeck:upgrade\n");
    write("long.sql", "-- " + std::string(5000, 'x') +
                          "\n-- limbeck:revision long\n-- limbeck:upgrade\nSELECT 1;\n");
    write("target.txt", "-- limbeck:revision linked\n-- limbeck:upgrade\n");
    fs::create_symlink("target.txt", versions() / "linked.sql");
  }
  Project(const Project&) = delete;
  Project& operator=(const Project&) = delete;
  ~Project() { fs::remove_all(root_); }

  fs::path versions() const { return root_ / "versions"; }
  fs::path cache() const { return root_ / "cache"; }
  static std::string name(int i) { return std::to_string(1000 + i) + ".sql"; }

  void write(const fs::path& path, const std::string& text) const {
    std::ofstream(versions() / path, std::ios::binary) << text;
  }
  void add(int i, const std::string& id) const {
    write(name(i), "-- limbeck:revision " + id + "\n-- limbeck:upgrade\nSELECT 1;\n");
  }

  std::vector<RevisionSource> read(const fs::path& cache) const {
    const std::array<fs::path, 1> folders{versions()};
    return read_revision_headers(folders, false, PendingSquash::refuse, nullptr, cache);
  }
  // By way of the cache, and checked to be the same as without one.
  std::vector<RevisionSource> read() const {
    const auto plain = read({});
    auto sources = read(cache());
    REQUIRE(sources.size() == plain.size());
    for (std::size_t i = 0; i < plain.size(); ++i) {
      CHECK(sources[i].revision == plain[i].revision);
      CHECK(sources[i].path == plain[i].path);
      const std::string bytes = read_revision_bytes(plain[i]);
      CHECK(read_revision_bytes(sources[i]) == bytes);
      if (!sources[i].hash.empty()) CHECK(sources[i].hash == revision_hash(bytes));
    }
    return sources;
  }
  // How many of them were not opened.
  std::ptrdiff_t known() const {
    const auto sources = read();
    return std::count_if(sources.begin(), sources.end(),
                         [](const RevisionSource& it) { return !it.hash.empty(); });
  }
  fs::path cache_file() const {
    for (const auto& it : fs::directory_iterator(cache()))
      if (it.path().extension() == ".headers") return it.path();
    return {};
  }

 private:
  fs::path root_;
};

void wait_until_settled() {
  std::this_thread::sleep_for(std::chrono::milliseconds(2100));
}

constexpr std::ptrdiff_t all = files + 3;

TEST_CASE("files that have not changed are not opened again, and any change is seen") {
  const auto begun = std::chrono::steady_clock::now();
  const Project project;
  CHECK(project.known() == 0);
  const bool kept = fs::exists(project.cache());
  // All were written just now, unless the machine is so busy that this took long.
  if (std::chrono::steady_clock::now() - begun < std::chrono::seconds(2)) CHECK(!kept);
  wait_until_settled();
  CHECK(project.known() == (kept ? all : 0));
  REQUIRE(!project.cache_file().empty());
  CHECK(project.known() == all);

  SUBCASE("another content of the same size, at the same time as it says") {
    const fs::path file = project.versions() / Project::name(7);
    const auto time = fs::last_write_time(file);
    project.add(7, "x1007");
    fs::last_write_time(file, time);
    CHECK(project.read()[7].revision.id == "x1007");
    CHECK(project.known() == all - 1);
    wait_until_settled();
    CHECK(project.known() == all - 1);
    CHECK(project.known() == all);
  }
  SUBCASE("another file in its place, as old as it") {
    fs::rename(project.versions() / Project::name(8), project.versions() / Project::name(7));
    CHECK(project.read()[7].revision.id == "r1008");
  }
  SUBCASE("one more, one less") {
    project.write("zz.sql", "-- limbeck:revision last\n-- limbeck:upgrade\n");
    fs::remove(project.versions() / Project::name(3));
    CHECK(project.read().size() == all);
    CHECK(project.known() == all - 1);
  }
  SUBCASE("a link that leads elsewhere") {
    fs::remove(project.versions() / "linked.sql");
    project.write("target2.txt", "-- limbeck:revision other\n-- limbeck:upgrade\n");
    fs::create_symlink("target2.txt", project.versions() / "linked.sql");
    CHECK(project.known() == all - 1);
  }
  SUBCASE("a header that has become wrong") {
    project.write(Project::name(7), "SELECT 1;\n");
    CHECK_THROWS_AS(project.read(project.cache()), Error);
  }
  SUBCASE("a file that has become a FIFO") {
    fs::remove(project.versions() / Project::name(7));
    REQUIRE(mkfifo((project.versions() / Project::name(7)).c_str(), 0600) == 0);
    CHECK_THROWS_AS(project.read(project.cache()), Error);
  }
  SUBCASE("a file too large") {
    fs::resize_file(project.versions() / Project::name(7), max_revision_file_size + 1);
    CHECK_THROWS_AS(project.read(project.cache()), Error);
  }
}

TEST_CASE("what is kept and is damaged is as if there were nothing") {
  const Project project;
  wait_until_settled();
  project.read();
  const fs::path file = project.cache_file();
  const std::string text = read_file(file, 1 << 24);
  REQUIRE(project.known() == all);
  const auto put = [&](const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
  };
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{64}, std::size_t{70}, text.size() / 2, text.size() - 1}) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    put(damaged);
    CHECK(project.known() == 0);
    CHECK(project.known() == all);  // written anew
    put(text.substr(0, at));
    CHECK(project.known() == 0);
  }
  fs::remove(file);
  fs::create_directory(file);
  CHECK(project.known() == 0);
}

TEST_CASE("few files are read, and where nothing can be kept they are, too") {
  const Project project;
  wait_until_settled();
  fs::create_directories(project.cache().parent_path());
  std::ofstream(project.cache()) << "no folder";
  CHECK(project.known() == 0);
  CHECK(project.known() == 0);
  fs::remove(project.cache());
  for (int i = 50; i < files; ++i) fs::remove(project.versions() / Project::name(i));
  CHECK(project.known() == 0);
  CHECK(!fs::exists(project.cache()));
}

}  // namespace
