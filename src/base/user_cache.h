// Where what can be made again is kept for a person, outside of every project.
#pragma once

#include <cstddef>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <string_view>

namespace limbeck {

// $XDG_CACHE_HOME/limbeck, or ~/.cache/limbeck; empty when neither is known.
std::filesystem::path user_cache_folder();

// Puts a file in the place of another, whole at any moment and readable for its owner alone, in a
// folder that is made when it is missing. Not being able to is no error: it is only a cache.
void write_cache_file(const std::filesystem::path& path, std::string_view bytes) noexcept;

// The same with a hash in front of it, by which a damaged one is known.
void write_checked_cache_file(const std::filesystem::path& path, std::string_view body) noexcept;

// What is larger is not kept.
inline constexpr std::size_t largest_cache_file = std::size_t{64} * 1024 * 1024;

// The body of such a file; empty when it is not there, another user's, damaged or too large.
std::string read_checked_cache_file(const std::filesystem::path& path);

// Removes the files of these endings that nobody has written for a long time.
void remove_old_cache_files(const std::filesystem::path& folder,
                            std::initializer_list<std::string_view> endings) noexcept;

}  // namespace limbeck
