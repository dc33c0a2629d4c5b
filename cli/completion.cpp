#include "cli/completion.h"

#include <algorithm>

#include "cli/command.h"

namespace limbeck::cli {
namespace {

constexpr std::string_view bash_script = R"(# limbeck completion for bash
_limbeck() {
  # Bash cuts words at : and @; here they are put together again, as they stand in the line.
  local rest="$COMP_LINE" words=() piece value names="" i
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece="${COMP_WORDS[i]}"
    if ((i > 0)) && [[ $rest != [[:space:]]* ]]; then
      words[${#words[@]}-1]+="$piece"
    else
      words+=("$piece")
    fi
    rest="${rest#"${rest%%[![:space:]]*}"}"
    rest="${rest#"$piece"}"
  done
  local current="${words[${#words[@]}-1]}" before="" breaks="${COMP_WORDBREAKS//[^:@=]/}"
  # Bash puts what is chosen in the place of what follows the last of them, or begins with an @.
  [[ -n $breaks ]] && before="${current%"${current##*[$breaks]}"}" && before="${before%@}"
  COMPREPLY=()
  while IFS=$'\t' read -r value _; do
    case "$value" in
      :files) names=f ;;
      :folders) names=d ;;
      *) COMPREPLY+=("$value") ;;
    esac
  done < <(limbeck __complete -- "${words[@]:1}" 2>/dev/null)
  COMPREPLY=("${COMPREPLY[@]#"$before"}")
  [[ -z $names ]] && return
  compopt -o filenames 2>/dev/null  # quoted where they have to be; a folder goes on with a slash
  mapfile -t COMPREPLY < <(compgen "-$names" -- "${current#--*=}")
}
complete -F _limbeck limbeck
)";

constexpr std::string_view zsh_script = R"(#compdef limbeck
# limbeck completion for zsh
_limbeck() {
  local value meaning
  local -a candidates
  while IFS=$'\t' read -r value meaning; do
    case "$value" in
      :files) compset -P '--*='; _files ;;
      :folders) compset -P '--*='; _files -/ ;;
      *) candidates+=("${value//:/\\:}:$meaning") ;;
    esac
  done < <(limbeck __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  (( ${#candidates} )) && _describe limbeck candidates
}
compdef _limbeck limbeck
)";

constexpr std::string_view fish_script = R"(# limbeck completion for fish
function __limbeck_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (limbeck __complete -- $words[2..-1] 2>/dev/null)
    switch $line
      case ':files*' ':folders*'
        set -l before (string match -r -- '^--[^=]*=' $words[-1])
        for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' $words[-1]))
          echo "$before$path"
        end
      case '*'
        echo $line
    end
  end
end
complete -c limbeck -f -a '(__limbeck_complete)'
)";

// Where in the command line the last word stands.
struct Position {
  const CommandSpec* command = nullptr;
  const OptionSpec* option = nullptr;  // whose value the last word is
  std::size_t positionals = 0;         // before the last word
};

const OptionSpec* find_option(std::span<const OptionSpec> options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const OptionSpec& option) {
    return option.name == name || (!option.short_name.empty() && option.short_name == name);
  });
  return found == options.end() ? nullptr : &*found;
}

Position locate(std::span<const std::string> words) {
  Position position;
  for (const std::string& word : words.first(words.size() - 1)) {
    if (position.option != nullptr) {
      position.option = nullptr;
    } else if (word.starts_with('-') && word.size() > 1) {
      const OptionSpec* option = find_option(global_options(), word);
      if (option == nullptr && position.command != nullptr) {
        option = find_option(position.command->options, word);
      }
      if (option != nullptr && !option->value.empty()) position.option = option;
    } else if (position.command == nullptr) {
      position.command = find_command(word);
    } else {
      position.positionals += 1;
    }
  }
  return position;
}

void add_options(std::span<const OptionSpec> options, std::vector<Candidate>& candidates) {
  for (const OptionSpec& option : options) {
    candidates.push_back({std::string(option.name), std::string(option.help)});
  }
}

std::vector<Candidate> command_names() {
  std::vector<Candidate> candidates;
  for (const CommandSpec& spec : commands()) {
    if (!spec.hidden) candidates.push_back({std::string(spec.name), std::string(spec.summary)});
  }
  return candidates;
}

std::vector<Candidate> values_of(Completion completion,
                                 const std::function<std::vector<Candidate>()>& revisions) {
  std::vector<Candidate> candidates;
  switch (completion) {
    case Completion::nothing:
      break;
    case Completion::revision:
      candidates = revisions();
      for (const char* symbol : {"head", "heads", "base", "current"}) {
        candidates.push_back({symbol, "symbol"});
      }
      break;
    case Completion::file:
      candidates.push_back({":files", ""});
      break;
    case Completion::folder:
      candidates.push_back({":folders", ""});
      break;
    case Completion::shell:
      for (const char* shell : {"bash", "zsh", "fish"}) candidates.push_back({shell, "shell"});
      break;
    case Completion::color:
      for (const char* when : {"auto", "always", "never"}) candidates.push_back({when, "color"});
      break;
    case Completion::command:
      candidates = command_names();
      break;
  }
  return candidates;
}

Completion positional_completion(const CommandSpec& command, std::size_t number) {
  if (command.positionals.empty()) return Completion::nothing;
  const PositionalSpec& last = command.positionals.back();
  if (number < command.positionals.size()) return command.positionals[number].completion;
  return last.most == many ? last.completion : Completion::nothing;
}

// What of a word stays as it is: "--head=" and, of a range or a branch, "r1:" and "core@".
std::string_view kept_part(std::string_view word, Completion completion) {
  std::size_t end = word.starts_with("--") ? word.find('=') + 1 : 0;
  if (completion == Completion::revision) end = std::max(end, word.find_last_of(":@") + 1);
  return word.substr(0, end);
}

std::vector<Candidate> values_for(std::string_view word, Completion completion,
                                  const std::function<std::vector<Candidate>()>& revisions) {
  const std::string kept(kept_part(word, completion));
  std::vector<Candidate> candidates = values_of(completion, revisions);
  for (Candidate& candidate : candidates) {
    if (!candidate.value.starts_with(':')) candidate.value.insert(0, kept);
  }
  return candidates;
}

// The option of "--head=a", which is one word.
const OptionSpec* option_with_value(const Position& position, std::string_view word) {
  if (!word.starts_with("--") || word.find('=') == std::string_view::npos) return nullptr;
  const std::string_view name = word.substr(0, word.find('='));
  const OptionSpec* option = find_option(global_options(), name);
  if (option == nullptr && position.command != nullptr) {
    option = find_option(position.command->options, name);
  }
  return option;
}

std::vector<Candidate> all_candidates(const Position& position, std::string_view word,
                                      const std::function<std::vector<Candidate>()>& revisions) {
  if (position.option != nullptr) return values_for(word, position.option->completion, revisions);
  if (const OptionSpec* option = option_with_value(position, word)) {
    return values_for(word, option->completion, revisions);
  }
  if (word.starts_with('-')) {
    std::vector<Candidate> candidates;
    if (position.command != nullptr) add_options(position.command->options, candidates);
    add_options(global_options(), candidates);
    candidates.push_back({"--help", "show the help"});
    return candidates;
  }
  if (position.command == nullptr) return command_names();
  return values_for(word, positional_completion(*position.command, position.positionals),
                    revisions);
}

}  // namespace

std::vector<Candidate> complete(std::span<const std::string> words,
                                const std::function<std::vector<Candidate>()>& revisions) {
  if (words.empty()) return command_names();
  const std::string& last = words.back();
  const Position position = locate(words);
  std::vector<Candidate> candidates = all_candidates(position, last, revisions);
  candidates.erase(std::remove_if(candidates.begin(), candidates.end(),
                                  [&](const Candidate& candidate) {
                                    return !candidate.value.starts_with(last) &&
                                           !candidate.value.starts_with(':');
                                  }),
                   candidates.end());
  return candidates;
}

std::optional<std::string_view> completion_script(std::string_view shell) {
  if (shell == "bash") return bash_script;
  if (shell == "zsh") return zsh_script;
  if (shell == "fish") return fish_script;
  return std::nullopt;
}

}  // namespace limbeck::cli
