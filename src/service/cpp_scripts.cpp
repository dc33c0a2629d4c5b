#include "service/cpp_scripts.h"

#include <algorithm>
#include <exception>
#include <fmt/format.h>

#include "limbeck/operations.h"

#include "service/operation_host.h"

namespace limbeck {
namespace {

const std::function<void(Operations&)>& function_of(const CppRevision& revision,
                                                    Direction direction) {
  return direction == Direction::upgrade ? revision.upgrade : revision.downgrade;
}

}  // namespace

const CppRevision& CppScripts::revision_of(const ScriptCall& call) const {
  return *std::find_if(revisions_.begin(), revisions_.end(),
                       [&](const CppRevision& it) { return it.id == call.request.id; });
}

Recording CppScripts::record(const ScriptCall& call) {
  const CppRevision& revision = revision_of(call);
  if (!function_of(revision, call.request.direction)) {
    throw Error(
        {.code = ExitCode::invalid_project,
         .message = fmt::format("revision {} is irreversible: it has no downgrade", revision.id),
         .place = call.file.revision.place,
         .state = "nothing of this revision was run",
         .hint = "restore a backup from before its upgrade"});
  }
  return {.needs = ScriptNeed{.what = ScriptNeed::What::query,
                              .text = "it is written in C++",
                              .line = revision.line}};
}

Recording CppScripts::run(const ScriptCall& call, ScriptHost& host) {
  const CppRevision& revision = revision_of(call);
  const std::string_view database = call.dialect.name();
  OperationHost operation_host{
      .host = host,
      .dialect = call.dialect,
      .line = revision.line,
      .text = DefinitionText(model_dialect_named(database)),
      .alters_tables = schema_dialect_named(database).alters_constraints()};
  Operations operations(operation_host);
  try {
    function_of(revision, call.request.direction)(operations);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {  // of the program's own code
    throw Error(
        {.code = ExitCode::invalid_project,
         .message = fmt::format("revision {} threw an exception: {}", revision.id, error.what()),
         .place = call.file.revision.place,
         .hint =
             "the function that is declared there threw it: correct that, and build the program "
             "anew"});
  } catch (...) {
    throw Error(
        {.code = ExitCode::invalid_project,
         .message = fmt::format("revision {} threw what is not a std::exception", revision.id),
         .place = call.file.revision.place,
         .hint =
             "the function that is declared there threw it: correct that, and build the program "
             "anew"});
  }
  operation_host.require_working();
  return {.notes = std::move(operation_host.notes)};
}

}  // namespace limbeck
