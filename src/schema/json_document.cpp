#include "schema/json_document.h"

#include <bit>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

namespace limbeck {

using Json = nlohmann::json;
using Type = JsonValue::Type;

JsonValue::Type JsonValue::type() const {
  return document_->nodes_[node_].type;
}

bool JsonValue::truth() const {
  return document_->nodes_[node_].number != 0;
}

std::int64_t JsonValue::integer() const {
  return std::bit_cast<std::int64_t>(document_->nodes_[node_].number);
}

std::uint64_t JsonValue::natural() const {
  return document_->nodes_[node_].number;
}

std::string_view JsonValue::text() const {
  const auto& slice = document_->nodes_[node_].text;
  return std::string_view(document_->texts_).substr(slice.at, slice.size);
}

std::string_view JsonValue::name() const {
  const auto& slice = document_->nodes_[node_].name;
  return std::string_view(document_->texts_).substr(slice.at, slice.size);
}

std::size_t JsonValue::size() const {
  std::size_t count = 0;
  for (auto at = begin(); !(at == end()); ++at) ++count;
  return count;
}

std::optional<JsonValue> JsonValue::find(std::string_view name) const {
  for (const JsonValue member : *this)
    if (member.name() == name) return member;
  return std::nullopt;
}

JsonValue::Iterator& JsonValue::Iterator::operator++() {
  node_ = document_->nodes_[node_].end;
  return *this;
}

JsonValue::Iterator JsonValue::begin() const {
  return {*document_, node_ + 1};
}

JsonValue::Iterator JsonValue::end() const {
  return {*document_, document_->nodes_[node_].end};
}

// What the parser calls for each token.
class JsonBuilder : public nlohmann::json_sax<Json> {
 public:
  explicit JsonBuilder(JsonDocument& document) : document_(document) {}

  bool null() override { return leaf(Type::null, 0); }
  bool boolean(bool truth) override { return leaf(Type::truth, truth ? 1 : 0); }
  bool number_integer(std::int64_t number) override {
    return leaf(Type::integer, std::bit_cast<std::uint64_t>(number));
  }
  bool number_unsigned(std::uint64_t number) override { return leaf(Type::natural, number); }
  bool number_float(double, const std::string&) override { return leaf(Type::real, 0); }
  bool string(std::string& text) override {
    leaf(Type::text, 0);
    document_.nodes_.back().text = keep(text);
    return true;
  }
  bool binary(Json::binary_t&) override { return false; }
  bool key(std::string& name) override {
    name_ = keep(name);
    return true;
  }
  bool start_object(std::size_t) override { return open(Type::object); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Type::list); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    throw JsonDocument::Fault{position == 0 ? 0 : position - 1};
  }

 private:
  bool leaf(Type type, std::uint64_t number) {
    JsonDocument::Node node;
    node.type = type;
    node.name = std::exchange(name_, {});
    node.number = number;
    document_.nodes_.push_back(node);
    document_.nodes_.back().end = static_cast<std::uint32_t>(document_.nodes_.size());
    return true;
  }

  bool open(Type type) {
    open_.push_back(document_.nodes_.size());
    return leaf(type, 0);
  }

  bool close() {
    document_.nodes_[open_.back()].end = static_cast<std::uint32_t>(document_.nodes_.size());
    open_.pop_back();
    return true;
  }

  JsonDocument::Slice keep(std::string_view text) {
    const auto at = static_cast<std::uint32_t>(document_.texts_.size());
    document_.texts_ += text;
    return {at, static_cast<std::uint32_t>(text.size())};
  }

  JsonDocument& document_;
  JsonDocument::Slice name_;
  std::vector<std::size_t> open_;
};

JsonDocument::JsonDocument(std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) throw Fault{0};
  texts_.reserve(text.size());
  JsonBuilder builder(*this);
  Json::sax_parse(text, &builder);
}

}  // namespace limbeck
