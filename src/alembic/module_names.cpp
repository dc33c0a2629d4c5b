#include "alembic/module_names.h"

#include <filesystem>
#include <set>
#include <vector>

#include "limbeck/error.h"

#include "alembic/env_file.h"
#include "alembic/env_modules.h"
#include "alembic/python_tree.h"
#include "base/file.h"

namespace limbeck::alembic {
namespace {

using Names = std::map<std::string, std::string>;

class NameReader {
 public:
  explicit NameReader(const AlembicProject& project) : project_(project) {}

  bool read(const std::string& module) {
    if (!seen_.insert(module).second) return true;
    const auto file = find_module(project_, module);
    if (!file || seen_.size() > most_modules_) return false;
    std::string text;
    try {
      text = read_file(*file, max_module_size);
    } catch (const Error&) {
      return false;
    }
    if (text.find("globals()") != std::string::npos || text.find("exec(") != std::string::npos)
      return false;
    const PythonTree tree = parse_python(text);
    const bool is_package = file->filename() == "__init__.py";
    package_ = is_package ? module
                          : module.substr(
                                0, module.rfind('.') == std::string::npos ? 0 : module.rfind('.'));
    return tree.broken_in == 0 && read_all(tree.body);
  }

  Names take() && { return std::move(names_); }

 private:
  bool read_all(const std::vector<PythonStatement>& body) {
    for (const PythonStatement& statement : body)
      if (!read_one(statement)) return false;
    return true;
  }

  bool read_one(const PythonStatement& statement) {
    using Of = PythonStatement::Kind;
    switch (statement.kind) {
      case Of::function:
      case Of::class_type:
        names_[statement.text] = {};
        return true;
      case Of::unknown:
        return false;
      case Of::import:
        return read_imports(statement);
      case Of::assignment:
      case Of::for_loop:
        for (const PythonExpression& target : statement.first) add(target);
        break;
      case Of::with:
        for (const PythonExpression& target : statement.second) add(target);
        break;
      default:
        break;
    }
    for (const PythonStatement::Branch& branch : statement.branches)
      if (!read_all(branch.body)) return false;
    return read_all(statement.body) && read_all(statement.otherwise) && read_all(statement.last);
  }

  bool read_imports(const PythonStatement& statement) {
    const std::string package = package_;
    for (const PythonImport& import : statement.imports) {
      const std::string module = absolute(import.module, package);
      if (import.member == "*") {
        if (!read(module)) return false;
        package_ = package;
      } else {
        names_[import.name] = import.member.empty() ? module : module + "." + import.member;
      }
    }
    return true;
  }

  // ".models" within the package "app" is "app.models".
  static std::string absolute(const std::string& module, std::string package) {
    const std::size_t dots = std::min(module.find_first_not_of('.'), module.size());
    if (dots == 0) return module;
    for (std::size_t up = 1; up < dots; ++up) {
      const std::size_t dot = package.rfind('.');
      package.resize(dot == std::string::npos ? 0 : dot);
    }
    if (dots == module.size()) return package;
    return (package.empty() ? "" : package + ".") + module.substr(dots);
  }

  void add(const PythonExpression& target) {
    using Part = PythonExpression::Kind;
    if (target.kind == Part::name) names_[target.text] = {};
    const bool has_parts =
        target.kind == Part::tuple || target.kind == Part::list || target.kind == Part::star;
    if (!has_parts) return;
    for (const PythonExpression& part : target.parts) add(part);
  }

  static constexpr std::size_t most_modules_ = 200;

  const AlembicProject& project_;
  std::set<std::string> seen_;
  std::string package_;
  Names names_;
};

}  // namespace

std::optional<Names> names_of_module(const AlembicProject& project, std::string_view module) {
  NameReader reader(project);
  if (!reader.read(std::string(module))) return std::nullopt;
  return std::move(reader).take();
}

}  // namespace limbeck::alembic
