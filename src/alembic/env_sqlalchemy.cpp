#include <algorithm>
#include <array>

#include "alembic/env_machine.h"

namespace limbeck::alembic {
namespace {

std::string_view last_name(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

bool makes_engine(std::string_view name) {
  return name == "create_engine" || name == "create_async_engine" || name == "engine_from_config" ||
         name == "async_engine_from_config";
}

}  // namespace

EnvValue* EnvMachine::engine_of_url(Value* url) {
  Value* engine = make(Kind::engine);
  engine->line = url->line > 0 ? url->line : line_;
  if (url->is(Kind::url)) {
    Value* made = url->self == nullptr ? text(url->text) : url->self;
    derive(made, url);
    url = made;
  }
  const bool is_known = url->is(Kind::text) && !connects_otherwise_;
  engine->self = is_known ? in_folder(url) : unknown_of({url});
  return engine;
}

// A relative path of SQLite is one from the working directory that there is now.
EnvValue* EnvMachine::in_folder(Value* url) {
  const std::string& own = url->text;
  const std::size_t path = own.find(":///");
  const bool is_file = own.starts_with("sqlite") && path != std::string::npos &&
                       own.size() > path + 4 && own[path + 4] != '/' &&
                       own.compare(path + 4, 8, ":memory:") != 0;
  if (!is_file) return folder_is_lost_ ? unknown_of({url}) : url;
  if (folder_is_lost_ || folder_is_unknown_ || own.compare(path + 4, 5, "file:") == 0)
    return folder_is_lost_ || folder_is_unknown_ ? unknown_of({url}) : url;
  if (folder_ == project_.working_folder) return url;
  return text(own.substr(0, path + 4) + (folder_ / own.substr(path + 4)).string());
}

EnvValue* EnvMachine::url_of(Value* engine) {
  Value* url = make(Kind::url);
  if (engine->self->is(Kind::text)) {
    url->text = engine->self->text;
  } else {
    url->self = engine->self;
  }
  url->variable = engine->self->variable;
  return url;
}

EnvValue* EnvMachine::make_engine(std::string_view maker, EnvArguments& arguments) {
  Value* url = arguments.at(0, "url");
  if (maker.ends_with("_from_config")) {
    Value* all = arguments.at(0, "configuration");
    if (all != nullptr) all = as_dictionary(all);
    const Value* prefix = arguments.at(1, "prefix");
    const auto named = arguments.named.find("url");
    if (named != arguments.named.end()) {
      url = named->second;
    } else if (all == nullptr || !all->is(Kind::dictionary) ||
               (prefix != nullptr && !prefix->is(Kind::text))) {
      url = all == nullptr        ? unknown()
            : all->is(Kind::none) ? without("AttributeError", {})
                                  : unknown_of({all});
    } else {
      const std::string key = (prefix == nullptr ? "sqlalchemy." : prefix->text) + "url";
      const bool is_there = all->find(key) != nullptr || all->is_open;
      url = is_there ? item_of(all, text(key), "url") : without("KeyError", {});
    }
  }
  if (url == nullptr) url = unknown(arguments.is_configured);
  if (arguments.named.contains("creator") || arguments.named.contains("async_creator"))
    url = unknown();
  if (url->is(Kind::none)) url = without("ArgumentError", url->variable);
  // They come before what the url says.
  const auto connect = arguments.named.find("connect_args");
  if (connect != arguments.named.end())
    for (const std::string_view name : {"dbname", "database", "host", "port", "user", "service"})
      if (connect->second->find(name) != nullptr) url = unknown();
  Value* engine = engine_of_url(url);
  take_connect_args(engine, arguments);
  return engine;
}

// URL.create(drivername=..., host=...)
EnvValue* EnvMachine::url_of_parts(EnvArguments& arguments) {
  constexpr std::array<std::string_view, 7> names{"drivername", "username", "password", "host",
                                                  "port",       "database", "query"};
  std::map<std::string_view, std::string> parts;
  bool is_known = !arguments.is_open;
  std::string query;
  for (std::size_t at = 0; at < names.size(); ++at) {
    const Value* value = arguments.at(at, names[at]);
    if (value == nullptr || value->is(Kind::none)) continue;
    if (names[at] == "query" && value->is(Kind::dictionary) && !value->is_open) {
      for (std::size_t i = 0; i < value->keys.size(); ++i) {
        is_known = is_known && value->items[i]->is(Kind::text);
        query += (query.empty() ? "?" : "&") + quoted_for_url(value->keys[i]) + "=" +
                 quoted_for_url(value->items[i]->text);
      }
      continue;
    }
    is_known = is_known && (value->is(Kind::text) || value->is(Kind::number));
    parts[names[at]] = value->text;
  }
  Value* url = make(Kind::url);
  if (!is_known || !parts.contains("drivername")) {
    url->self = unknown();
    return url;
  }
  std::string text = parts["drivername"] + "://";
  if (parts.contains("username")) {
    text += quoted_for_url(parts["username"]);
    if (parts.contains("password")) text += ":" + quoted_for_url(parts["password"]);
    text += "@";
  }
  text += parts["host"];
  if (parts.contains("port")) text += ":" + parts["port"];
  if (parts.contains("database")) text += "/" + parts["database"];
  url->text = text + query;
  return url;
}

EnvValue* EnvMachine::url_attribute(Value* of, const std::string& name) {
  if (of->self != nullptr) return unknown_of({of});
  if (name == "drivername") return text(of->text.substr(0, of->text.find("://")));
  if (name == "get_backend_name") {
    Value* bound = make(Kind::method);
    bound->self = of;
    bound->text = name;
    return bound;
  }
  return unknown_of({of});
}

EnvValue* EnvMachine::url_method(Value* self, const std::string& name, EnvArguments& arguments) {
  if (self->self != nullptr) return unknown_of({self});
  if (name == "get_backend_name") {
    const std::string driver = self->text.substr(0, self->text.find("://"));
    return text(driver.substr(0, driver.find('+')));
  }
  if (name == "render_as_string") {
    const Value* hides = arguments.at(0, "hide_password");
    const std::size_t at = self->text.find('@');
    const std::size_t colon = self->text.find(':', self->text.find("://") + 3);
    const bool has_password = at != std::string::npos && colon < at;
    const bool is_hidden = has_password && (hides == nullptr || known_truth(hides) != false);
    return is_hidden ? unknown() : text(self->text);
  }
  const Value* driver = arguments.at(0, "drivername");
  const bool only_driver = driver != nullptr && driver->is(Kind::text) &&
                           arguments.values.size() + arguments.named.size() == 1;
  const bool sets = name == "set" || name == "_replace";
  Value* result = make(Kind::url);
  if (sets && only_driver && !arguments.is_open) {
    result->text = driver->text + self->text.substr(self->text.find("://"));
  } else {
    result->self = unknown_of({self});
  }
  return result;
}

EnvValue* EnvMachine::engine_method(Value* self, const std::string& name, EnvArguments& arguments,
                                    std::string_view source) {
  constexpr std::array<std::string_view, 12> same_database{"connect",
                                                           "begin",
                                                           "execution_options",
                                                           "connection",
                                                           "get_bind",
                                                           "session",
                                                           "options",
                                                           "begin_once",
                                                           "begin_nested",
                                                           "contextual_connect",
                                                           "get_raw_connection",
                                                           "__enter__"};
  if (name == "connect" || name == "begin") return new_connection(self);
  if (std::find(same_database.begin(), same_database.end(), name) != same_database.end())
    return self;
  if (name == "run_sync" && !arguments.values.empty()) {
    Value* function = arguments.values.front();
    arguments.values.front() = self;
    return invoke(function, arguments, source);
  }
  return unknown();
}

EnvValue* EnvMachine::call_sqlalchemy(const std::string& path, EnvArguments& arguments) {
  const std::string_view name = last_name(path);
  Value* first = arguments.values.empty() ? nullptr : arguments.values.front();
  if (makes_engine(name)) return make_engine(name, arguments);
  if (name == "make_url" && first != nullptr) {
    if (first->is(Kind::url)) return first;
    Value* url = make(Kind::url);
    if (first->is(Kind::text)) {
      url->text = first->text;
      url->variable = first->variable;
    } else {
      url->self = unknown_of({first});
    }
    return url;
  }
  if (name == "create" && path.ends_with("URL.create")) return url_of_parts(arguments);
  if (name == "URL") return url_of_parts(arguments);
  const auto written = arguments.named.find("text");
  if (name == "text" && written != arguments.named.end()) return written->second;
  if ((name == "text" || name == "DDL") && first != nullptr) return first;
  if (name == "set_config" && arguments.values.size() == 3) {  // func.set_config(...)
    const auto& values = arguments.values;
    if (!values[0]->is(Kind::text) || !values[1]->is(Kind::text)) return unknown();
    return text("SELECT set_config('" + values[0]->text + "', '" + values[1]->text + "', " +
                (known_truth(values[2]) == false ? "false)" : "true)"));
  }
  if (name == "select" && first != nullptr && first->is(Kind::text)) return first;
  if (name == "MetaData") {
    Value* metadata = make(Kind::metadata);
    Value* schema = arguments.at(1, "schema");
    metadata->self = schema == nullptr ? (arguments.is_open ? unknown() : none()) : schema;
    return metadata;
  }
  if (name == "listens_for" || name == "listen") {
    const Value* event = arguments.at(1, "identifier");
    const bool is_other = event == nullptr || !event->is(Kind::text);
    if (is_other || event->text == "do_connect") {  // which may connect to another database
      if (first != nullptr && first->is(Kind::engine)) first->self = unknown();
      if (first == nullptr || !first->is(Kind::engine)) connects_otherwise_ = true;
    }
    return unknown();
  }
  if (name == "declarative_base") {
    Value* metadata = arguments.at(1, "metadata");
    if (metadata != nullptr) return metadata;
    metadata = make(Kind::metadata);
    metadata->self = none();
    return metadata;
  }
  constexpr std::array<std::string_view, 7> of_engine{
      "sessionmaker",   "async_sessionmaker",  "Session", "AsyncSession", "AsyncEngine",
      "scoped_session", "async_scoped_session"};
  if (std::find(of_engine.begin(), of_engine.end(), name) != of_engine.end()) {
    Value* engine = arguments.at(0, "bind");
    return engine == nullptr ? unknown() : engine;
  }
  return unknown_of(arguments);
}

}  // namespace limbeck::alembic
