// Shell completion: made from the table of commands.
//
// The scripts hold no knowledge of the commands: they ask "limbeck __complete -- WORDS...", so that
// they never grow old.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck::cli {

struct Candidate {
  std::string value;
  std::string meaning;
};

// What the last of the words (those after the program's name) may become. revisions: asked only
// when a revision may stand there. The single candidate ":files" or ":folders" leaves it to the
// shell.
std::vector<Candidate> complete(std::span<const std::string> words,
                                const std::function<std::vector<Candidate>()>& revisions);

// "bash", "zsh", "fish"; nothing for anything else.
std::optional<std::string_view> completion_script(std::string_view shell);

}  // namespace limbeck::cli
