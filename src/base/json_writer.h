// Writes JSON, on one line, its keys in the order in which they are given.
//
// It never checks that objects and arrays are closed in the right order; the caller's code shows
// that. Text becomes valid JSON whatever it holds: bytes that are not UTF-8 become U+FFFD, and
// control characters are escaped so that a terminal is safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

class JsonWriter {
 public:
  JsonWriter& begin_object();
  JsonWriter& end_object();
  JsonWriter& begin_array();
  JsonWriter& end_array();
  JsonWriter& key(std::string_view name);

  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view(text)); }
  JsonWriter& value(const std::string& text) { return value(std::string_view(text)); }
  template <std::same_as<bool> T>
  JsonWriter& value(T truth) {
    return raw(truth ? "true" : "false");
  }
  template <std::integral T>
  requires(!std::same_as<T, bool>) JsonWriter& value(T number) {
    return raw(std::to_string(number));
  }
  JsonWriter& value(double number);  // null when it is not finite
  JsonWriter& value(const std::vector<std::string>& texts);
  JsonWriter& null() { return raw("null"); }

  // key() and value() in one.
  template <class T>
  JsonWriter& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  // The same for text that may be unknown: null when it is empty.
  JsonWriter& optional_member(std::string_view name, std::string_view text);

  const std::string& text() const { return text_; }

 private:
  JsonWriter& raw(std::string_view json);
  void separate();
  void quote(std::string_view text);

  std::string text_;
  bool first_ = true;  // nothing yet in the innermost object or array
  bool after_key_ = false;
};

}  // namespace limbeck
