#include "base/file.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <doctest/doctest.h>
#include <iterator>
#include <sys/stat.h>
#include <thread>
#include <vector>

namespace {

using namespace limbeck;
namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "limbeck-file-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
  long files() const { return std::distance(fs::directory_iterator(path), {}); }
};

TEST_CASE("what was written is read") {
  const Folder folder;
  const std::string text("a\0b\r\n\xFF", 6);
  write_new_file(folder.path / "x", text);
  CHECK(read_file(folder.path / "x", 100) == text);
  write_new_file(folder.path / "empty", "");
  CHECK(read_file(folder.path / "empty", 0).empty());
  CHECK(folder.files() == 2);
}

TEST_CASE("a file that is there stays as it is, and nothing is left behind") {
  const Folder folder;
  write_new_file(folder.path / "x", "old");
  CHECK_THROWS_AS(write_new_file(folder.path / "x", "new"), Error);
  CHECK(read_file(folder.path / "x", 100) == "old");
  fs::create_symlink("nowhere", folder.path / "link");
  CHECK_THROWS_AS(write_new_file(folder.path / "link", "new"), Error);
  CHECK_THROWS_AS(write_new_file(folder.path / "missing/x", "new"), Error);
  CHECK(folder.files() == 2);
}

TEST_CASE("of several that write the same file at once, one succeeds") {
  const Folder folder;
  std::atomic<int> written{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      try {
        write_new_file(folder.path / "x", std::string(100000, 'x'));
        ++written;
      } catch (const Error&) {
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(written == 1);
  CHECK(read_file(folder.path / "x", 100000).size() == 100000);
  CHECK(folder.files() == 1);
}

TEST_CASE("what is refused to be read") {
  const Folder folder;
  const auto message = [](const fs::path& path, std::size_t size) -> std::string {
    try {
      read_file(path, size);
    } catch (const Error& error) {
      CHECK(error.report().place.value().file == path.string());
      return std::string(error.what()) + error.report().detail;
    }
    return {};
  };
  CHECK(message(folder.path / "x", 10) == "this file cannot be readNo such file or directory");
  CHECK(message(folder.path, 10) == "this is no regular file");
  write_new_file(folder.path / "x", "12345");
  CHECK(message(folder.path / "x", 4) == "this file is too large");
  CHECK(message(folder.path / "x", 5).empty());
  REQUIRE(mkfifo((folder.path / "pipe").c_str(), 0600) == 0);
  CHECK(message(folder.path / "pipe", 10) == "this is no regular file");
}

}  // namespace
