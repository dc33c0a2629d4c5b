// A SQLite file in a folder that lives as long as a test.
#pragma once

#include <array>
#include <filesystem>
#include <memory>
#include <stdlib.h>
#include <string>

#include "dialect/dialect.h"

namespace limbeck::test {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::array<char, 32> pattern{"/tmp/limbeck-unit-XXXXXX"};
    folder_ = mkdtemp(pattern.data());
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string file(const std::string& name = "app.db") const { return folder_ + '/' + name; }
  DatabaseUrl url(const std::string& name = "app.db") const {
    return DatabaseUrl::parse("sqlite:///" + file(name));
  }
  std::unique_ptr<Connection> connect(const ConnectOptions& options = {}) const {
    return dialect_named("sqlite").connect(url(), options);
  }

 private:
  std::string folder_;
};

}  // namespace limbeck::test
