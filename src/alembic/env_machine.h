// Follows the statements of env.py with what is known of the values. Internal to src/alembic.
//
// Its files are env_machine (the ways), env_names, env_statement, env_error,
// env_definition, env_generator (with "with"), env_expression, env_call (the functions and classes
// of env.py), env_application (those of others), env_execution
// (what it executes), and what others give it: env_builtin,
// env_collection, env_library, env_environment, env_sqlalchemy, env_config, and the methods of
// texts and collections in env_method.
#pragma once

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alembic/application_words.h"
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
  EnvValue* of = nullptr;     // its class, when that is one of env.py
};

bool is_builtin_error(std::string_view name);

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
  // The statements of its session before it, as far as they are known; also "COMMIT" and "ROLLBACK"
  // of a connection that env.py ends a transaction of, and the "options" that it is made with.
  std::vector<std::string> executed = {};
};

class EnvMachine {
 public:
  // What becomes of it where something that it needs is not there, as a variable of the
  // environment: an error, or it goes on, with a value that nobody knows.
  enum class Needs { have_to_be_there, are_met };
  // Both must outlive it.
  EnvMachine(const AlembicProject& project, const PythonTree& tree,
             Needs needs = Needs::have_to_be_there);
  ~EnvMachine();
  EnvMachine(const EnvMachine&) = delete;
  EnvMachine& operator=(const EnvMachine&) = delete;

  // Where it goes on although env.py ends itself there.
  void go_on_behind(const std::set<int>& lines) { passed_ = lines; }
  // Goes one of the ways that were not gone yet. False: there is none.
  bool next_way();
  // Throws EnvTooLong.
  void run();

  const std::vector<EnvTarget>& targets() const { return targets_; }
  // The lines of the statements that some way came to.
  const std::set<int>& reached() const { return reached_; }
  int line() const { return line_; }
  // All that any way executes, on whatever connection, and whenever.
  const std::set<std::string>& statements() const { return statements_; }
  // Where some way looks at all that -x says, whatever its keys are; 0: nowhere.
  int line_of_x_arguments() const { return line_of_x_arguments_; }
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
  void extend(Value* list, const Value* more);
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
  EnvFrame* frame_of(std::string_view name);
  Value* look_up(std::string_view name);
  void assign_name(const std::string& name, Value* value);
  void assign_outside(const std::string& name, Value* value);
  void forget_names(std::string_view origin = {});
  void import_all(const std::string& module);
  Value* imported(const std::string& path);

  // Statements
  Flow run_all(const std::vector<Statement>& statements);
  Flow run_one(const Statement& statement);
  Flow run_condition(const Statement& statement);
  Flow run_for(const Statement& statement);
  Flow run_while(const Statement& statement);
  void run_expression(const Statement& statement);
  Flow run_rounds(const Statement& statement, Value* iterated);
  Flow run_with(const Statement& statement, std::size_t at);
  Flow run_with_generator(const Statement& statement, std::size_t at, Value* manager);
  Flow run_with_object(const Statement& statement, std::size_t at, Value* manager);
  void raise(const Statement& statement);
  bool run_plain_import(const Statement& statement);
  Flow run_attempt(const Statement& statement);
  Flow run_handled(const Statement& statement);
  Flow run_last(const Statement& statement, Flow before);
  Flow run_handler(const Statement& statement, const EnvError& error);
  Flow run_match(const Statement& statement);
  void run_import(const Statement& statement);
  void run_assignment(const Statement& statement);
  void run_deletion(const Statement& statement);
  void define(const Statement& statement);
  Value* decorated(const Expression& decorator, Value* by, Value* value);
  bool catches(const Statement::Branch& branch, const EnvError& error, bool is_last);
  std::optional<bool> is_error_of(const EnvError& error, const Value* type) const;
  std::optional<bool> is_class_below(const Value* type, const Value* other, int depth = 0) const;
  std::optional<bool> matches(const Expression& pattern, Value* subject);
  void assign(const Expression& target, Value* value);
  void assign_parts(const Expression& target, Value* value);

  // Generators
  void yield(Value* value, bool is_all);
  void run_generator(Value* generator, const EnvFrame::Yield& taken);
  void force(Value* value);
  Value* next_of(Value* value);
  Flow run_for_generated(const Statement& statement, Value* generator);

  // Expressions
  Value* evaluate(const Expression& expression);
  Value* evaluate_now(const Expression& expression);
  Value* named(const std::string& name);
  Value* first_that_decides(const Expression& expression);
  Value* not_called_yet(Kind kind, const Expression& expression);
  Value* f_string(const Expression& expression);
  Value* collection(const Expression& expression);
  Value* dictionary_of(const Expression& expression);
  Value* operation(const Expression& expression);
  Value* added(Value* left, Value* right);
  Value* formatted(Value* left, Value* right);
  Value* computed(std::string_view op, Value* left, Value* right);
  Value* comparison(const Expression& expression);
  std::optional<bool> is_version(std::string_view op, const Value* with) const;
  std::optional<bool> compared(const std::string& op, Value* left, Value* right);
  std::optional<bool> contains(Value* all, Value* one);
  Value* comprehension(const Expression& expression, Value* iterated);
  Value* item(Value* of, const Expression& key, const Expression& whole);
  Value* slice(Value* of, const Expression& key);
  Value* item_of(Value* of, Value* key, std::string_view source);
  std::vector<Value*> items_of(Value* value);  // that a loop goes through
  Value* attribute(Value* of, const std::string& name);
  Value* attribute_of_object(Value* of, const std::string& name);
  void set_attribute(Value* of, const std::string& name, Value* value);

  // Calls
  Value* call(const Expression& expression);
  EnvArguments arguments_of(const Expression& expression, const Value* function);
  Value* invoke(Value* function, EnvArguments arguments, std::string_view source);
  Value* invoke_function(Value* function, EnvArguments arguments);
  void give_away(Value* value, const Value* receiver, std::string_view source);
  Value* invoke_unknown(Value* function, const EnvArguments& arguments, std::string_view source);
  Value* make_object(Value* type, EnvArguments arguments);
  Value* class_attribute(Value* type, const std::string& name, int depth = 0);
  bool has_unknown_base(const Value* type, int depth = 0) const;
  void take_defaults(Value* function, const std::vector<PythonParameter>& parameters);
  void bind_parameters(EnvFrame& frame, const std::vector<PythonParameter>& parameters,
                       Value* function, EnvArguments& arguments);
  Value* call_builtin(std::string_view name, EnvArguments& arguments, std::string_view source);
  Value* whole_of(Value* value);
  Value* is_instance(const EnvArguments& arguments);
  Value* set_of(Value* list);
  Value* gathered(Value* from);
  Value* call_collection(std::string_view name, EnvArguments& arguments);
  Value* sorted(const EnvArguments& arguments);
  Value* range(const EnvArguments& arguments);
  Value* iterated(std::string_view name, const EnvArguments& arguments);
  Value* super();
  Value* super_attribute(const Value* of, const std::string& name);
  Value* call_method(Value* self, const std::string& name, EnvArguments& arguments,
                     std::string_view source);
  Value* text_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* list_of_texts(const std::vector<std::string>& texts);
  Value* replaced_in(const std::string& own, const std::vector<std::string>& texts,
                     const EnvArguments& arguments, Value* otherwise);
  Value* changed_text(Value* self, const std::string& name, const std::vector<std::string>& texts,
                      Value* otherwise);
  Value* joined(const std::string& own, const EnvArguments& arguments, Value* otherwise);
  Value* has_end(const Value* self, std::string_view name, const EnvArguments& arguments,
                 Value* otherwise);
  Value* split(const std::string& own, std::string_view name, const EnvArguments& arguments,
               Value* otherwise);
  Value* formatted_by(const std::string& own, const EnvArguments& arguments, Value* otherwise);
  Value* list_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* dictionary_method(Value* self, const std::string& name, EnvArguments& arguments);
  void merge(Value* into, Value* from);
  void update(Value* all, const EnvArguments& arguments);

  // What others give it
  Value* library_attribute(const Value* of, const std::string& name);
  Value* call_library(const std::string& path, EnvArguments& arguments, std::string_view source);
  Value* split_by_pattern(const EnvArguments& arguments);
  Value* call_system(const std::string& path, EnvArguments& arguments);
  void change_folder(const Value* to);
  Value* call_path_function(std::string_view name, EnvArguments& arguments);
  Value* quoted(std::string_view maker, const Value* value);
  Value* path_attribute(Value* of, const std::string& name);
  Value* path_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* environment_variable(const std::string& name);
  Value* call_environment(std::string_view name, EnvArguments& arguments);
  Value* unknown_variable(const std::string& name);
  void update_environment(const Value* with);
  bool dotenv_gives(const std::string& name);
  Value* call_dotenv(std::string_view name, EnvArguments& arguments);
  Value* call_sqlalchemy(const std::string& path, EnvArguments& arguments);
  Value* make_engine(std::string_view maker, EnvArguments& arguments);
  Value* engine_of_url(Value* url);
  Value* in_folder(Value* url);
  Value* url_of(Value* engine);
  Value* url_attribute(Value* of, const std::string& name);
  Value* url_of_parts(EnvArguments& arguments);
  Value* url_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* engine_method(Value* self, const std::string& name, EnvArguments& arguments,
                       std::string_view source);
  Value* call_context(std::string_view name, EnvArguments& arguments);
  void see_x_arguments(const Value* value);
  Value* call_config(std::string_view name, EnvArguments& arguments);
  Value* option(const std::string& section, const std::string& name);  // null: there is none
  bool has_section(const std::string& name) const;
  Value* section_of(const std::string& name, Value* otherwise);
  Value* section_method(Value* self, const std::string& name, EnvArguments& arguments);
  Value* section_item(const Value* section, const Value* key);
  Value* as_dictionary(Value* value);  // of a section of file_config
  Value* option_or(const Value* section, const Value* name, Value* otherwise);
  Value* call_file_config(std::string_view name, EnvArguments& arguments);
  void set_option(Value* section, Value* name, Value* value);
  std::optional<std::string> interpolated(const std::string& section, const std::string& raw);
  Value* table_name(Value* value);
  void configure(EnvArguments& arguments);
  void run_migrations(const EnvArguments& arguments);
  void add_target(bool is_migrated, const EnvArguments& arguments);
  void see_execution(const Expression& callee, const Value* function,
                     const EnvArguments& arguments);
  void end_transaction(const Expression& manager, const Value* connection);
  void execute(const Value* on, std::string text);
  std::vector<std::string> executed_on(const Value* connection);
  void take_connect_args(Value* engine, const EnvArguments& arguments);
  Value* new_connection(Value* engine);
  void read_sections();

  const AlembicProject& project_;
  const PythonTree& tree_;
  const Needs needs_;
  std::set<int> passed_;
  std::map<std::string, std::map<std::string, std::string>> sections_;  // as they are written

  // Of one way
  std::deque<Value> values_;
  std::deque<EnvFrame> frames_;
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
  bool dotenv_overrides_ = false;  // what is set
  std::vector<std::string> dotenv_files_;
  bool imports_application_ = false;
  bool connects_otherwise_ = false;  // events of all engines may connect to another database
  std::filesystem::path folder_;     // the working directory
  bool folder_is_unknown_ = false;
  bool folder_is_lost_ = false;  // and the scripts are elsewhere there
  std::map<std::pair<std::string, std::string>, Value*> options_;  // that env.py sets
  std::set<std::pair<std::string, std::string>> removed_;
  std::set<std::string> added_sections_;
  bool options_are_open_ = false;
  std::string section_;                                 // config.config_ini_section
  std::map<std::string, Value*, std::less<>> patched_;  // of libraries: what env.py sets
  Value* attributes_ = nullptr;                         // config.attributes
  Value* configured_ = nullptr;  // what context.configure() was given, as a dictionary
  int configured_line_ = 0;
  std::map<std::string, int> configured_lines_;
  struct Executed {
    const Value* on = nullptr;  // null: nobody knows on which connection
    std::string text = {};
  };
  std::vector<Executed> executed_;
  std::vector<EnvTarget> targets_;
  bool has_run_ = false;
  bool may_run_ = false;  // something that is not followed is called behind context.configure()
  int left_to_others_in_ = 0;
  std::optional<EnvError> error_;

  // Of all of them
  ApplicationWords application_;
  int line_of_x_arguments_ = 0;
  std::set<std::string> statements_;
  std::vector<bool> decisions_;
  std::size_t decision_ = 0;
  bool has_begun_ = false;
  std::set<int> reached_;
  std::set<std::string> dotenv_variables_;
  int ways_ = 0;
  int steps_ = 0;
};

}  // namespace limbeck::alembic
