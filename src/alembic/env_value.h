// What a name of env.py stands for while it is followed. Internal to src/alembic.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "alembic/python_tree.h"

namespace limbeck::alembic {

struct EnvValue;

// The names of a function that runs, of a class, or of the module.
struct EnvFrame {
  std::map<std::string, EnvValue*, std::less<>> names = {};
  std::set<std::string, std::less<>> globals = {};  // names that are the module's
  std::set<std::string, std::less<>> outer = {};    // that are those of a function around
  EnvFrame* parent = nullptr;
  EnvValue* self = nullptr;  // of a method
  bool is_class = false;
  bool is_comprehension = false;
  using Yield = std::function<void(EnvValue*)>;
  const Yield* on_yield = nullptr;  // of a generator that runs: takes what it gives
};

struct EnvValue {
  enum class Kind {
    unknown,  // text: where it comes from, "app.config.settings.url"
    none,
    truth,   // text: "True" or "False"
    number,  // text: as it is written
    text,
    list,        // a tuple, a set and a generator, too
    dictionary,  // with texts for keys
    function,    // of env.py
    class_type,  // likewise
    object,      // of such a class
    method,      // self: of what; text: its name
    library,     // text: "sqlalchemy.create_engine"
    partial,     // self: the function; items and attributes: what it is given
    url,         // text, or unknown when self is an unknown
    engine,      // or a connection, a session, a transaction of it; self: its url
    metadata,    // of sqlalchemy; self: its schema
    path,        // of pathlib
    section,     // of config.file_config; text: its name
    super,       // super(); self: the object, items: the class that it stands in
    generator,   // definition: its function, frame: that one's; or lambda: its expression, and
                 // items: what it goes through
  };
  Kind kind = Kind::unknown;
  std::string text = {};
  std::vector<EnvValue*> items = {};  // of a dictionary: its values
  std::vector<std::string> keys = {};
  bool is_open = false;        // there may be more items, or others
  bool is_iterator = false;    // of a list: what is taken of it is gone
  bool is_set = false;         // of a list: nobody knows in which order
  bool is_configured = false;  // of an unknown: it may come from alembic.ini
  EnvValue* self = nullptr;
  const PythonStatement* definition = nullptr;
  const PythonExpression* lambda = nullptr;
  EnvFrame* frame = nullptr;  // that a function or a class stands in
  std::map<std::string, EnvValue*, std::less<>> attributes = {};
  // Of the environment, that it is made of; of what the application gives: whose name says that it
  // holds a url.
  std::string variable = {};
  bool changes_variable = false;  // something that is not known is made of its value
  int line = 0;                   // of an engine, and of an option's value: where it is made

  bool is(Kind other) const { return kind == other; }
  EnvValue* find(std::string_view key) const;
  void set(std::string_view key, EnvValue* value);
  void remove(std::string_view key);
};

// What a function is called with.
struct EnvArguments {
  std::vector<EnvValue*> values = {};
  std::map<std::string, EnvValue*, std::less<>> named = {};
  bool is_open = false;        // there may be more: *what_is_unknown, **what_is_unknown
  bool is_configured = false;  // what there may be may come from alembic.ini
  std::string origin = {};     // of what there may be

  EnvValue* at(std::size_t position, std::string_view name) const {
    if (position < values.size()) return values[position];
    const auto found = named.find(name);
    return found == named.end() ? nullptr : found->second;
  }
};

// Among the keys of a function, which are its decorators: one that nobody follows.
inline constexpr const char* wrapped_function = "?";

// Nothing when it is no whole number, or too large a one.
std::optional<long long> whole_number(std::string_view text);

// The characters of a text, which are not its bytes.
std::vector<std::string> characters_of(std::string_view text);
long long length_of(std::string_view text);

// A number as Python shows it; nothing when that is not known.
std::optional<std::string> number_text(std::string_view written);

// The variable of the environment that what the application calls so is filled from, as a rule,
// when the name says that it holds a url: "database_url". Else empty.
std::string url_variable(std::string_view name);

// As SQLAlchemy writes it into a url. plain: what else stays as it is.
std::string quoted_for_url(std::string_view text, std::string_view plain = {});

}  // namespace limbeck::alembic
