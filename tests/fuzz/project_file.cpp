// limbeck.toml, and the urls that stand in it.
#include <filesystem>

#include "base/redact.h"
#include "base/text_place.h"
#include "dialect/database_url.h"
#include "project/config_reader.h"
#include "split_check.h"

namespace {

using namespace limbeck;

// A file is read, or refused at its place.
void check_configuration(std::string_view text) {
  Project project;
  project.file = "/limbeck-fuzz/limbeck.toml";
  project.folder = project.file.parent_path();
  try {
    check_text(text, {project.file.string(), 1, 1, {}});
    read_config(text, project);
  } catch (const Error& error) {
    require(error.code() == ExitCode::invalid_project && error.report().place);
  }
}

// What people read of a url never holds its password: neither when it is understood nor when not.
void check_secret(std::string_view rest) {
  constexpr std::string_view secret = "Zq9Xv";
  if (rest.find(secret) != std::string_view::npos) return;
  if (rest.find_first_of(" \t\r\n") != std::string_view::npos) return;
  const std::string url = "postgresql://u:" + std::string(secret) + std::string(rest) + "@h/db";
  require(redact(url).find(secret) == std::string::npos);
  require(redact(redact(url)) == redact(url));
  try {
    const DatabaseUrl parsed = DatabaseUrl::parse(url);
    require(parsed.redacted().find(secret) == std::string::npos);
  } catch (const Error& error) {
    const ErrorReport& report = error.report();
    require(report.code == ExitCode::usage);
    for (const std::string& told : {report.message, report.detail, report.hint})
      require(told.find(secret) == std::string::npos);
  }
}

void check_url(std::string_view text) {
  try {
    const DatabaseUrl url = DatabaseUrl::parse(text);
    require(url.dialect() == "postgresql" || url.dialect() == "sqlite");
    require(url.target().find('\0') == std::string::npos);
  } catch (const Error& error) {
    require(error.code() == ExitCode::usage);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_configuration(text);
  check_url(text);
  check_secret(text);
  return 0;
}
