#include "revision/directory.h"

#include <array>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace limbeck;
namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "limbeck-directory-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    root_ = name;
    fs::create_directory(versions());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(root_); }

  fs::path versions() const { return root_ / "versions"; }
  fs::path outside() const { return root_ / "outside.sql"; }

  void write(const fs::path& path, const std::string& text) const {
    fs::create_directories((versions() / path).parent_path());
    std::ofstream(versions() / path, std::ios::binary) << text;
  }
  void add(const fs::path& path, const std::string& id) const {
    write(path, "-- limbeck:revision " + id + "\n-- limbeck:upgrade\n");
  }

  // The ids in the order of the files, separated by blanks; or where an error is and what it says.
  std::string read(bool recursive = false) const {
    const std::array<fs::path, 1> folders{versions()};
    return read(folders, recursive);
  }
  std::string read(std::span<const fs::path> folders, bool recursive) const {
    try {
      std::string ids;
      for (const RevisionSource& source : read_revision_headers(folders, recursive)) {
        ids += (ids.empty() ? "" : " ") + source.revision.id;
        CHECK(source.revision.place.file == source.path);
      }
      return ids;
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::invalid_project);
      return fs::path(error.report().place.value_or(Place{}).file).filename().string() + ": " +
             error.what();
    }
  }

 private:
  fs::path root_;
};

TEST_CASE("what a squash has put away is found apart, and only there") {
  const Folder folder;
  folder.add("b.sql", "two");
  folder.add("squashed/a.sql", "one");
  folder.add("year/c.sql", "three");
  folder.add("year/squashed/d.sql", "four");
  folder.add("year/squashed/squashed/e.sql", "five");
  CHECK(folder.read() == "two");
  CHECK(folder.read(true) == "two three");
  const std::array<fs::path, 1> folders{folder.versions()};
  CHECK(read_squashed_headers(folders, false).size() == 1);
  const auto put_away = read_squashed_headers(folders, true);
  REQUIRE(put_away.size() == 2);
  CHECK(put_away[0].revision.id == "one");
  CHECK(put_away[1].revision.id == "four");
}

TEST_CASE("a squash that was interrupted is no revision yet") {
  const Folder folder;
  folder.add("b.sql", "two");
  folder.add(".limbeck-squash-c.sql", "three");
  CHECK(folder.read() == ".limbeck-squash-c.sql: a squash was interrupted");
  const std::array<fs::path, 1> folders{folder.versions()};
  CHECK(read_revision_headers(folders, false, PendingSquash::pass_over).size() == 1);
  CHECK(pending_squashes(folders, false) ==
        std::vector{folder.versions() / ".limbeck-squash-c.sql"});
}

TEST_CASE("headers are sorted by path, and what is no revision is passed over") {
  const Folder folder;
  folder.add("b.sql", "two");
  folder.add("a.sql", "one");
  folder.add("c.sql", "three");
  folder.write("readme.md", "nothing");
  folder.write(".hidden.sql", "nothing");
  folder.write("a.sql~", "nothing");
  folder.add("below/d.sql", "four");
  folder.add("below/.git/e.sql", "five");
  folder.add("below/.git.sql", "five");
  CHECK(folder.read() == "one two three");
  CHECK(folder.read(true) == "one two four three");
}

TEST_CASE("an empty folder has no revisions, a missing one is an error") {
  const Folder folder;
  CHECK(folder.read().empty());
  const std::array<fs::path, 1> missing{folder.versions() / "missing"};
  CHECK(folder.read(missing, false) == "missing: this folder cannot be read");
  folder.add("a.sql", "one");
  const std::array<fs::path, 1> file{folder.versions() / "a.sql"};
  CHECK(folder.read(file, false) == "a.sql: this folder cannot be read");
}

TEST_CASE("a folder that is named twice, or lies in another, is read once") {
  const Folder folder;
  folder.add("a.sql", "one");
  folder.add("below/b.sql", "two");
  const std::array<fs::path, 3> folders{folder.versions(), folder.versions() / "below",
                                        folder.versions() / "."};
  CHECK(folder.read(folders, true) == "one two");
  CHECK(folder.read(folders, false) == "one two");
}

TEST_CASE("a header may be longer than the first read") {
  const Folder folder;
  for (const std::size_t length : {4000U, 4070U, 4095U, 4096U, 4097U, 9000U, 100000U}) {
    folder.write("a.sql", "-- " + std::string(length, 'x') +
                              "\n-- limbeck:revision one\n-- limbeck:upgrade\n" +
                              std::string(5000, '\n'));
    CHECK(folder.read() == "one");
  }
  // Exactly as long as one read, with and without more behind it.
  const std::string start = "-- limbeck:revision one\n--";
  folder.write("a.sql", start + std::string(4096 - start.size(), ' '));
  CHECK(folder.read() == "one");
  folder.write("a.sql",
               start + std::string(4096 - start.size(), ' ') + "\n-- limbeck:revises two\n");
  const std::array<fs::path, 1> folders{folder.versions()};
  CHECK(read_revision_headers(folders, false).at(0).revision.down_revisions ==
        std::vector<std::string>{"two"});
}

TEST_CASE("a header that is wrong is named with its file") {
  const Folder folder;
  folder.add("a.sql", "one");
  folder.write("b.sql", "SELECT 1;");
  folder.write("c.sql", "SELECT 1;");
  CHECK(folder.read() == "b.sql: no limbeck:revision line stands in the header of this file");
}

TEST_CASE("of many files the first that is wrong is named, whoever reads it") {
  const Folder folder;
  for (int i = 1000; i < 2500; ++i) folder.add(std::to_string(i) + ".sql", "r" + std::to_string(i));
  const std::array<fs::path, 1> folders{folder.versions()};
  const auto sources = read_revision_headers(folders, false);
  REQUIRE(sources.size() == 1500);
  for (int i = 0; i < 1500; ++i)
    CHECK(sources[static_cast<std::size_t>(i)].revision.id == "r" + std::to_string(1000 + i));
  folder.write("2400.sql", "SELECT 1;");
  CHECK(folder.read().starts_with("2400.sql: "));
  folder.write("1200.sql", "SELECT 1;");
  CHECK(folder.read().starts_with("1200.sql: "));
}

TEST_CASE("a FIFO is refused and blocks nothing") {
  const Folder folder;
  REQUIRE(mkfifo((folder.versions() / "a.sql").c_str(), 0600) == 0);
  CHECK(folder.read() == "a.sql: this is no regular file");
  CHECK_THROWS_AS(read_revision_bytes({.revision = {}, .path = folder.versions() / "a.sql"}),
                  Error);
}

TEST_CASE("a folder whose name ends with .sql is refused, or looked into") {
  const Folder folder;
  folder.add("a.sql/b.sql", "one");
  CHECK(folder.read() == "a.sql: this is no regular file");
  CHECK(folder.read(true) == "one");
}

TEST_CASE("a file that is too large is refused, though its header is not") {
  const Folder folder;
  folder.add("a.sql", "one");
  fs::resize_file(folder.versions() / "a.sql", max_revision_file_size + 1);
  CHECK(folder.read() == "a.sql: this file is too large");
  CHECK_THROWS_AS(read_revision_bytes({.revision = {}, .path = folder.versions() / "a.sql"}),
                  Error);
}

TEST_CASE("symbolic links") {
  const Folder folder;
  folder.add("a.sql", "one");
  SUBCASE("to a file under its own name: the file is read once") {
    fs::create_symlink("a.sql", folder.versions() / "0.sql");
    CHECK(folder.read() == "one");
  }
  SUBCASE("to a file of the folder that has no name of a revision") {
    folder.add("b.txt", "two");
    fs::create_symlink("b.txt", folder.versions() / "b.sql");
    fs::create_symlink("b.sql", folder.versions() / "c.sql");
    CHECK(folder.read() == "one two");
  }
  SUBCASE("to a file in a folder below that is not listed") {
    folder.add("below/b.sql", "two");
    fs::create_symlink("below/b.sql", folder.versions() / "b.sql");
    CHECK(folder.read() == "one two");
    CHECK(folder.read(true) == "one two");
  }
  SUBCASE("out of the folder") {
    std::ofstream(folder.outside()) << "-- limbeck:revision two\n";
    fs::create_symlink("../outside.sql", folder.versions() / "b.sql");
    CHECK(folder.read() == "b.sql: this symbolic link leads out of the migrations folder");
  }
  SUBCASE("into a folder whose name only begins like it") {
    fs::create_directory(folder.versions().string() + "2");
    std::ofstream(folder.versions().string() + "2/b.sql") << "-- limbeck:revision two\n";
    fs::create_symlink("../versions2/b.sql", folder.versions() / "b.sql");
    CHECK(folder.read() == "b.sql: this symbolic link leads out of the migrations folder");
  }
  SUBCASE("to nothing, and to itself") {
    fs::create_symlink("nothing", folder.versions() / "b.sql");
    CHECK(folder.read() == "b.sql: this symbolic link cannot be followed");
    fs::remove(folder.versions() / "b.sql");
    fs::create_symlink("b.sql", folder.versions() / "b.sql");
    CHECK(folder.read() == "b.sql: this symbolic link cannot be followed");
  }
  SUBCASE("to a FIFO of the folder") {
    REQUIRE(mkfifo((folder.versions() / "pipe").c_str(), 0600) == 0);
    fs::create_symlink("pipe", folder.versions() / "b.sql");
    CHECK(folder.read() == "b.sql: this is no regular file");
  }
  SUBCASE("a cycle of folders") {
    fs::create_directory(folder.versions() / "below");
    fs::create_symlink("..", folder.versions() / "below/up");
    CHECK(folder.read(true) == "one");
  }
  SUBCASE("of a folder, out of the root") {
    fs::create_symlink("/", folder.versions() / "below");
    CHECK(folder.read(true) == "below: this symbolic link leads out of the migrations folder");
    CHECK(folder.read(false) == "one");
  }
  SUBCASE("the configured folder may itself be one") {
    fs::create_symlink("versions", folder.versions().string() + "-link");
    const std::array<fs::path, 1> folders{folder.versions().string() + "-link"};
    CHECK(folder.read(folders, false) == "one");
  }
}

TEST_CASE("an unreadable file is named with the system's reason") {
  const Folder folder;
  folder.add("a.sql", "one");
  fs::permissions(folder.versions() / "a.sql", fs::perms::none);
  if (geteuid() != 0) CHECK(folder.read() == "a.sql: this file cannot be read");
}

TEST_CASE("a small file is read once, a large one again when its bytes are asked for") {
  const Folder folder;
  const std::string small = "-- limbeck:revision one\r\n-- limbeck:upgrade\r\nSELECT 1;\r\n";
  const std::string large =
      "-- limbeck:revision two\n-- limbeck:upgrade\n" + std::string(10'000, '\n') + "SELECT 2;";
  folder.write("a.sql", small);
  folder.write("b.sql", large);
  const std::array<fs::path, 1> folders{folder.versions()};
  const auto sources = read_revision_headers(folders, false);
  REQUIRE(sources.size() == 2);
  CHECK(sources[0].bytes == small);
  CHECK(sources[1].bytes.empty());
  CHECK(read_revision_bytes(sources[1]) == large);
  fs::remove(folder.versions() / "a.sql");
  fs::remove(folder.versions() / "b.sql");
  CHECK(read_revision_bytes(sources[0]) == small);
  CHECK_THROWS_AS(read_revision_bytes(sources[1]), Error);
}

}  // namespace
