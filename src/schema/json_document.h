// A JSON text as a value to be walked through: flat, without a map or a string of its own for each
// member, so that a schema of thousands of tables costs little more than its text.
//
// It never says what a member means; json_read does. A member that stands twice is there twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace limbeck {

class JsonDocument;

// One value of a document, which must outlive it.
class JsonValue {
 public:
  enum class Type : std::uint8_t { null, truth, integer, natural, real, text, list, object };

  JsonValue(const JsonDocument& document, std::uint32_t node) : document_(&document), node_(node) {}

  Type type() const;
  bool truth() const;             // REQUIRES truth
  std::int64_t integer() const;   // REQUIRES integer: one below zero
  std::uint64_t natural() const;  // REQUIRES natural
  std::string_view text() const;  // REQUIRES text
  std::string_view name() const;  // of a member of an object
  std::size_t size() const;       // of a list or an object: how many are in it
  std::optional<JsonValue> find(std::string_view name) const;  // in an object

  class Iterator;
  // The elements of a list, the members of an object.
  Iterator begin() const;
  Iterator end() const;

 private:
  const JsonDocument* document_;
  std::uint32_t node_;
};

class JsonValue::Iterator {
 public:
  Iterator(const JsonDocument& document, std::uint32_t node) : document_(&document), node_(node) {}

  JsonValue operator*() const { return {*document_, node_}; }
  Iterator& operator++();
  bool operator==(const Iterator&) const = default;

 private:
  const JsonDocument* document_;
  std::uint32_t node_;
};

class JsonDocument {
 public:
  // Where a text is no JSON.
  struct Fault {
    std::size_t offset = 0;
  };

  // Throws Fault. text: less than 4 GiB.
  explicit JsonDocument(std::string_view text);

  JsonValue root() const { return {*this, 0}; }

 private:
  friend class JsonValue;
  friend class JsonBuilder;

  struct Slice {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
  };
  struct Node {
    JsonValue::Type type = JsonValue::Type::null;
    std::uint32_t end = 0;  // of the node after this one and all that is in it
    Slice name = {};
    Slice text = {};
    std::uint64_t number = 0;  // of an integer, its bits
  };

  std::vector<Node> nodes_;
  std::string texts_;
};

}  // namespace limbeck
