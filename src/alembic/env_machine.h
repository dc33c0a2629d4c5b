// Follows the statements of env.py with what is known of the values. Internal to src/alembic.
//
// Its files are env_machine (the ways and the names), env_statement, env_expression, env_call (the
// functions and classes of env.py), and what others give it: env_builtin, env_library,
// env_sqlalchemy, env_config, and the methods of texts and collections in env_method.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alembic/env_value.h"
#include "alembic/project.h"
#include "alembic/python_tree.h"

namespace limbeck::alembic {

// An error of Python that goes up.
struct EnvError {
  std::string type = {};  // empty: of any type
  int line = 0;
  // Something that env.py needs is not there, a variable of the environment or an option: it is
  // known to be missing, and what would follow otherwise can be known all the same.
  bool is_of_environment = false;
  bool is_meant = false;      // env.py says "raise" or exit()
  std::string variable = {};  // of the environment, that is not set
};

// There is too much of it.
struct EnvTooLong {};

// Goes into another frame until it ends.
class EnvFrameSwitch {
 public:
  EnvFrameSwitch(EnvFrame*& current, EnvFrame* next)
      : current_(current), before_(std::exchange(current, next)) {}
  ~EnvFrameSwitch() { current_ = before_; }
  EnvFrameSwitch(const EnvFrameSwitch&) = delete;
  EnvFrameSwitch& operator=(const EnvFrameSwitch&) = delete;

 private:
  EnvFrame*& current_;
  EnvFrame* before_;
};

// So deep no env.py that a person wrote nests.
class EnvDepth {
 public:
  explicit EnvDepth(int& depth) : depth_(depth) {
    if (depth_ >= 300) throw EnvTooLong();
    ++depth_;
  }
  ~EnvDepth() { --depth_; }
  EnvDepth(const EnvDepth&) = delete;
  EnvDepth& operator=(const EnvDepth&) = delete;

 private:
  int& depth_;
};

// What context.configure() is given when the migrations run.
struct EnvTarget {
  bool is_migrated = true;    // false: nothing calls context.run_migrations()
  EnvValue* url = nullptr;    // an unknown when it is not known
  EnvValue* table = nullptr;  // none: it is not named
  EnvValue* schema = nullptr;
  EnvArguments arguments = {};  // of context.run_migrations()
  int url_line = 0;
  int table_line = 0;
  int schema_line = 0;
  std::vector<std::string> executed = {};  // the statements before it, as far as they are known
};

class EnvMachine {
 public:
  // What becomes of it where something that it needs is not there, as a variable of the
  // environment, and where it ends itself: that, or it goes on, with a value that nobody knows.
  enum class Needs { have_to_be_there, are_met };
  // Both must outlive it.
  EnvMachine(const AlembicProject& project, const PythonTree& tree,
             Needs needs = Needs::have_to_be_there);
  ~EnvMachine();
  EnvMachine(const EnvMachine&) = delete;
  EnvMachine& operator=(const EnvMachine&) = delete;

  // Goes one of the ways that were not gone yet. False: there is none.
  bool next_way();
  // Throws EnvTooLong.
  void run();

  const std::vector<EnvTarget>& targets() const { return targets_; }
  // The lines of the statements that some way came to.
  const std::set<int>& reached() const { return reached_; }
  int line() const { return line_; }
  // The error that ended this way.
  const std::optional<EnvError>& error() const { return error_; }
  // Where this way last calls or imports something that is not followed; 0: nowhere.
  int left_to_others_in() const { return left_to_others_in_; }
  // The variables of the environment to which a file .env gives a url, on all ways.
  const std::set<std::string>& dotenv_variables() const { return dotenv_variables_; }

 private:
  using Kind = EnvValue::Kind;
  using Value = EnvValue;
  using Expression = PythonExpression;
  using Statement = PythonStatement;
  enum class Flow { on, leave, leave_loop, next_round };

  // Values
  Value* make(Kind kind);
  Value* unknown(bool is_configured = false);
  Value* none() { return make(Kind::none); }
  Value* truth_value(bool value);
  Value* text(std::string value);
  Value* number(long long value);
  Value* library(std::string path);
  Value* dictionary(const std::map<std::string, std::string>& values);
  Value* list_of(std::vector<Value*> items);
  Value* copied(const Value* value);
  bool is_configured(const Value* value) const;
  std::string variable_of(const Value* value) const;
  // Takes over where an unknown comes from.
  void derive(Value* value, const Value* from);
  // What an unknown that is made of these is.
  Value* unknown_of(std::initializer_list<const Value*> values);
  Value* unknown_of(const EnvArguments& arguments);
  // Of an unknown, or what is not known of a dictionary: "app.options".
  std::string origin_of(const Value* value) const;
  bool may_hold_configuration(const Value* value, int depth = 0) const;
  std::optional<bool> same(const Value* a, const Value* b) const;
  std::optional<bool> known_truth(const Value* value) const;
  std::optional<std::string> text_of_value(const Value* value) const;  // str(value)

  // Ways
  bool decide(std::string_view about);
  bool is_true(const Value* value);
  void leave_to_others();
  void may_fail(std::string_view about, std::string type);
  Value* without(std::string type, const std::string& variable);
  void end_itself(std::string type);
  void count_step(std::size_t work = 1);
  void open_environment();

  // Names
  Value* look_up(std::string_view name);
  void assign_name(const std::string& name, Value* value);

  // Statements
  Flow run_all(const std::vector<Statement>& statements);
  Flow run_one(const Statement& statement);
  Flow run_condition(const Statement& statement);
  Flow run_for(const Statement& statement);
  Flow run_while(const Statement& statement);
  Flow run_with(const Statement& statement);
  Flow run_attempt(const Statement& statement);
  Flow run_handler(const Statement& statement, const EnvError& error);
  Flow run_match(const Statement& statement);
  void run_import(const Statement& statement);
  void run_assignment(const Statement& statement);
  void run_deletion(const Statement& statement);
  void define(const Statement& statement);
  bool catches(const Statement::Branch& branch, const EnvError& error);
  std::optional<bool> matches(const Expression& pattern, Value* subject);
  void assign(const Expression& target, Value* value);
  void assign_parts(const Expression& target, Value* value);

  // Expressions
  Value* evaluate(const Expression& expression);
  Value* evaluate_now(const Expression& expression);
  Value* f_string(const Expression& expression);
  Value* collection(const Expression& expression);
  Value* dictionary_of(const Expression& expression);
  Value* operation(const Expression& expression);
  Value* added(Value* left, Value* right);
  Value* formatted(Value* left, Value* right);
  Value* comparison(const Expression& expression);
  std::optional<bool> compared(const std::string& op, Value* left, Value* right);
  std::optional<bool> contains(Value* all, Value* one);
  Value* comprehension(const Expression& expression);
  Value* item(Value* of, const Expression& key, const Expression& whole);
  Value* slice(Value* of, const Expression& key);
  Value* item_of(Value* of, Value* key, std::string_view source);
  std::vector<Value*> items_of(Value* value);  // that a loop goes through
  Value* attribute(Value* of, const std::string& name);
  void set_attribute(Value* of, const std::string& name, Value* value);

  // Calls
  Value* call(const Expression& expression);
  EnvArguments arguments_of(const Expression& expression, const Value* function);
  Value* invoke(Value* function, EnvArguments arguments, std::string_view source);
  Value* invoke_function(Value* function, EnvArguments arguments);
  Value* invoke_unknown(Value* function, const EnvArguments& arguments, std::string_view source);
  Value* make_object(Value* type, EnvArguments arguments);
  Value* class_attribute(Value* type, const std::string& name, int depth = 0);
  bool has_unknown_base(const Value* type, int depth = 0) const;
  void bind_parameters(EnvFrame& frame, const Statement& definition, Value* function,
                       EnvArguments& arguments);
  Value* call_builtin(std::string_view name, EnvArguments& arguments, std::string_view source);
  Value* call_method(Value* self, const std::string& name, EnvArguments& arguments,
                     std::string_view source);
  Value* text_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* list_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* dictionary_method(Value* self, const std::string& name, EnvArguments& arguments);
  void merge(Value* into, Value* from);

  // What others give it
  Value* library_attribute(const Value* of, const std::string& name);
  Value* call_library(const std::string& path, EnvArguments& arguments, std::string_view source);
  Value* split_by_pattern(const EnvArguments& arguments);
  Value* call_system(const std::string& path, EnvArguments& arguments);
  Value* call_path_function(std::string_view name, EnvArguments& arguments);
  Value* quoted(std::string_view maker, const Value* value);
  Value* path_attribute(Value* of, const std::string& name);
  Value* path_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* environment_variable(const std::string& name);
  Value* call_environment(std::string_view name, EnvArguments& arguments);
  Value* call_sqlalchemy(const std::string& path, EnvArguments& arguments);
  Value* make_engine(std::string_view maker, EnvArguments& arguments);
  Value* engine_of_url(Value* url);
  Value* url_of(Value* engine);
  Value* url_attribute(Value* of, const std::string& name);
  Value* url_of_parts(EnvArguments& arguments);
  Value* url_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* engine_method(Value* self, const std::string& name, EnvArguments& arguments,
                       std::string_view source);
  Value* call_context(std::string_view name, EnvArguments& arguments);
  Value* call_config(std::string_view name, EnvArguments& arguments);
  Value* option(const std::string& section, const std::string& name);  // null: there is none
  Value* section_of(const std::string& name, Value* otherwise);
  void set_option(Value* section, Value* name, Value* value);
  std::optional<std::string> interpolated(const std::string& section, const std::string& raw);
  Value* table_name(Value* value);
  void configure(EnvArguments& arguments);
  void run_migrations(const EnvArguments& arguments);
  void add_target(bool is_migrated, const EnvArguments& arguments);
  void read_sections();

  const AlembicProject& project_;
  const PythonTree& tree_;
  const Needs needs_;
  std::map<std::string, std::map<std::string, std::string>> sections_;  // as they are written

  // Of one way
  std::deque<Value> values_;
  std::deque<EnvFrame> frames_;
  std::deque<std::vector<Value*>> yields_;
  EnvFrame* module_ = nullptr;
  EnvFrame* frame_ = nullptr;
  Value* returned_ = nullptr;
  int line_ = 0;
  int depth_ = 0;
  std::vector<bool> attempts_;  // those whose body runs: whether it was asked if it fails
  std::vector<EnvError> handled_;
  std::map<std::string, bool, std::less<>> decided_;
  std::map<std::string, Value*, std::less<>> environment_;  // that env.py sets
  bool environment_is_open_ = false;  // env.py sets variables whose names are not known
  bool reads_dotenv_ = false;
  bool dotenv_is_unknown_ = false;
  std::map<std::pair<std::string, std::string>, Value*> options_;  // that env.py sets
  std::set<std::pair<std::string, std::string>> removed_;
  bool options_are_open_ = false;
  Value* attributes_ = nullptr;  // config.attributes
  Value* configured_ = nullptr;  // what context.configure() was given, as a dictionary
  int configured_line_ = 0;
  std::map<std::string, int> configured_lines_;
  std::vector<std::string> executed_;
  std::vector<EnvTarget> targets_;
  bool has_run_ = false;
  bool may_run_ = false;  // something that is not followed is called behind context.configure()
  int left_to_others_in_ = 0;
  std::optional<EnvError> error_;

  // Of all of them
  std::vector<bool> decisions_;
  std::size_t decision_ = 0;
  bool has_begun_ = false;
  std::set<int> reached_;
  std::set<std::string> dotenv_variables_;
  int ways_ = 0;
  int steps_ = 0;
};

}  // namespace limbeck::alembic
