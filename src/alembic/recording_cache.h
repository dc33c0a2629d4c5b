// What scripts came to in earlier runs, so that those that have not changed need no Python.
//
// A recording is found by everything that has gone into it: the script's text, the configuration,
// the reader. It is only ever a shortcut: what is missing, damaged or cannot be written is as if
// there were nothing. It is kept outside of the project, where nobody who hands in a project can
// put anything in the place of what a script does.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace limbeck {

class RecordingCache {
 public:
  // inputs: what all scripts have in common. folder: empty keeps nothing.
  RecordingCache(const std::filesystem::path& folder, std::string_view inputs);
  RecordingCache(const RecordingCache&) = delete;
  RecordingCache& operator=(const RecordingCache&) = delete;
  // Writes down what was kept.
  ~RecordingCache();

  // What was said of this script, a line; empty: nothing is known.
  std::string_view find(const std::string& script);
  void keep(const std::string& script, std::string_view line);

 private:
  void read();
  void write() noexcept;

  std::filesystem::path file_;
  std::string text_;                                         // of the file
  std::map<std::string_view, std::string_view> known_ = {};  // in text_
  std::set<std::string_view> used_ = {};
  std::map<std::string, std::string> added_ = {};
};

}  // namespace limbeck
