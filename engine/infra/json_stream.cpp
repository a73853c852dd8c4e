#include "infra/json_stream.h"

#include <fmt/format.h>
#include <sha256.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_set>

namespace sovrisk::infra {

using Json = nlohmann::json;

struct CountedInput::Hash {
  SHA2_CTX context{};
};

CountedInput::CountedInput(std::istream& in, std::size_t most)
    : in_(in), most_(most), buffer_(std::size_t{1} << 16), hash_(std::make_unique<Hash>()) {
  SHA256Init(&hash_->context);
  fill();
}

CountedInput::~CountedInput() = default;

void CountedInput::fill() {
  in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  auto got = static_cast<std::size_t>(std::max<std::streamsize>(in_.gcount(), 0));
  if (read_ + got > most_) {
    too_large_ = true;
    got = 0;
  }
  read_ += got;
  SHA256Update(&hash_->context, reinterpret_cast<const std::uint8_t*>(buffer_.data()), got);
  setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
  counted_ = buffer_.data();
}

void CountedInput::count() {
  for (; counted_ < gptr(); ++counted_) {
    const auto byte = static_cast<unsigned char>(*counted_);
    if (byte == '\n') {
      ++line_;
      column_ = 0;
    } else if ((byte & 0xc0U) != 0x80U) {  // characters, not bytes: what continues one does not count
      ++column_;
    }
  }
}

CountedInput::int_type CountedInput::underflow() {
  count();
  fill();
  return gptr() == egptr() ? traits_type::eof() : traits_type::to_int_type(*gptr());
}

Span CountedInput::place(FileId file) {
  count();
  return {file, line_, std::max<std::uint32_t>(column_, 1), 1};
}

std::string CountedInput::digest() {
  while (underflow() != traits_type::eof())
    setg(eback(), egptr(), egptr());
  std::array<char, SHA256_DIGEST_STRING_LENGTH> hex{};
  SHA256End(&hash_->context, hex.data());
  return {hex.data()};
}

std::string CountedInput::rest(std::size_t most) {
  std::string text;
  while (text.size() <= most && (gptr() != egptr() || underflow() != traits_type::eof())) {
    text.append(gptr(), egptr());
    setg(eback(), egptr(), egptr());
  }
  return text;
}

namespace {

/// What the parser complains of, without its own place and without the text it read last, which may be very long.
std::string complaint(std::string_view what) {
  if (const auto place = what.find(", column "); place != std::string_view::npos)
    what = what.substr(std::min(what.find(": ", place) + 2, what.size()));
  what = what.substr(0, what.find("; last read"));
  constexpr std::size_t enough = 160;
  return std::string(what.substr(0, enough));
}

/// The beginning of a text, cut between characters.
std::string beginning(const std::string& text) {
  std::size_t end = std::min<std::size_t>(text.size(), 100);
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U)
    --end;
  return text.substr(0, end);
}

/// The keys of one object, as far as one needs to see one come twice. Equal hashes count as equal keys: whoever makes
/// two keys collide gets a refusal, and nothing else.
class Keys {
 public:
  void clear() {
    few_.clear();
    many_.reset();
  }
  bool add(std::string_view key) {
    const std::size_t hash = std::hash<std::string_view>()(key);
    if (many_ != nullptr) return many_->insert(hash).second;
    if (std::find(few_.begin(), few_.end(), hash) != few_.end()) return false;
    few_.push_back(hash);
    constexpr std::size_t few = 32;
    if (few_.size() > few) many_ = std::make_unique<std::unordered_set<std::size_t>>(few_.begin(), few_.end());
    return true;
  }

 private:
  std::vector<std::size_t> few_;
  std::unique_ptr<std::unordered_set<std::size_t>> many_;
};

class Reader : public nlohmann::json_sax<Json> {
 public:
  Reader(CountedInput& input, FileId file, const Shape& shape, Diagnostics& diagnostics, const StreamLimits& limits)
      : input_(input), file_(file), root_shape_(shape), diagnostics_(diagnostics), limits_(limits) {}

  Node root;

  bool null() override { return scalar(Node::Kind::null, {}); }
  bool boolean(bool value) override {
    const Shape* shape = next_shape();
    if (shape == nullptr) return true;
    Node node = made(Node::Kind::boolean);
    node.text = value ? "true" : "false";
    node.boolean = value;
    return finish(std::move(node), shape);
  }
  bool number_integer(number_integer_t value) override { return number(static_cast<double>(value), value); }
  bool number_unsigned(number_unsigned_t value) override { return number(static_cast<double>(value), value); }
  bool number_float(number_float_t value, const string_t& written) override {
    const Shape* shape = next_shape();
    if (shape == nullptr) return true;
    Node node = made(Node::Kind::number);
    node.number = value;
    node.text = written;
    return finish(std::move(node), shape);
  }
  bool string(string_t& value) override {
    const Shape* shape = next_shape();
    if (shape == nullptr) return true;
    Node node = made(Node::Kind::text);
    node.text = std::move(value);
    return finish(std::move(node), shape);
  }
  bool binary(binary_t&) override { return false; }  // not in JSON text

  bool start_object(std::size_t) override { return open(Node::Kind::map); }
  bool start_array(std::size_t) override { return open(Node::Kind::list); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    Frame& frame = frames_[depth_ - 1];
    if (!frame.keys.add(name)) {
      diagnostics_.error("duplicate-key", input_.place(file_),
                         fmt::format("key `{}` is given twice in one object", beginning(name)),
                         "readers differ in which of the two they take; keep one");
      return false;
    }
    frame.next = nullptr;
    if (frame.shape == nullptr) return true;
    if (frame.shape->all) {
      frame.next = frame.shape->done ? &everything_ : frame.shape;
    } else if (const auto member = frame.shape->members.find(name); member != frame.shape->members.end()) {
      frame.next = member->second;
    } else {
      frame.next = frame.shape->any_member;
    }
    if (frame.next != nullptr) frame.key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) override {
    const std::string_view what = error.what();
    const Span at = input_.place(file_);
    if (input_.too_large()) {
      diagnostics_.error("file-too-large", {file_, 0, 0, 0}, fmt::format("is larger than {} MiB", limits_.bytes >> 20),
                         "plan a part of the configuration, or a module at a time");
    } else if (what.find("UTF-8") != std::string_view::npos) {
      diagnostics_.error("not-utf8", at, "the file is not valid UTF-8", "save it as UTF-8");
    } else if (dynamic_cast<const Json::out_of_range*>(&error) != nullptr) {
      diagnostics_.error("number-too-large", at, "a number is too large for any computer to count with");
    } else {
      diagnostics_.error("json-syntax", at, fmt::format("no JSON: {}", complaint(what)),
                         "is the file whole? `terraform show -json PLANFILE` prints one");
    }
    return false;
  }

 private:
  struct Frame {
    const Shape* shape = nullptr;  ///< null: dropped
    const Shape* next = nullptr;   ///< of the value of the key read last
    std::string key;
    Node node;
    Keys keys;
    bool list = false;
    std::size_t kept_before = 0;
  };

  [[nodiscard]] Node made(Node::Kind kind) const {
    Node node;
    node.kind = kind;
    node.span.file = file_;
    return node;
  }
  /// The shape of the value that comes now.
  [[nodiscard]] const Shape* next_shape() {
    if (depth_ == 0) return &root_shape_;
    const Frame& frame = frames_[depth_ - 1];
    if (!frame.list || frame.shape == nullptr) return frame.next;
    if (frame.shape->all) return frame.shape->done ? &everything_ : frame.shape;
    return frame.shape->items;
  }
  bool scalar(Node::Kind kind, std::string text) {
    const Shape* shape = next_shape();
    if (shape == nullptr) return true;
    Node node = made(kind);
    node.text = std::move(text);
    return finish(std::move(node), shape);
  }
  template <class Number>
  bool number(double value, Number written) {
    const Shape* shape = next_shape();
    if (shape == nullptr) return true;
    Node node = made(Node::Kind::number);
    node.number = value;
    node.text = std::to_string(written);
    return finish(std::move(node), shape);
  }

  bool open(Node::Kind kind) {
    if (depth_ >= limits_.depth) {
      diagnostics_.error("nesting-too-deep", input_.place(file_),
                         fmt::format("objects and arrays are nested more than {} deep", limits_.depth),
                         "no plan or template is that deep");
      return false;
    }
    const Shape* shape = next_shape();
    if (frames_.size() == depth_) frames_.emplace_back();
    Frame& frame = frames_[depth_++];
    frame.shape = shape;
    frame.next = nullptr;
    frame.list = kind == Node::Kind::list;
    frame.keys.clear();
    frame.kept_before = kept_;
    if (shape == nullptr) return true;
    frame.node = made(kind);
    frame.node.span = input_.place(file_);
    return true;
  }
  bool close() {
    Frame& frame = frames_[--depth_];
    if (frame.shape == nullptr) return true;
    const bool taken = static_cast<bool>(frame.shape->done);
    const std::size_t before = frame.kept_before;
    if (!finish(std::move(frame.node), frame.shape)) return false;
    if (taken) kept_ = before;
    return true;
  }

  /// Puts a whole value where it belongs: to whoever asked for it, or under its parent.
  bool finish(Node node, const Shape* shape) {
    if (++kept_ > limits_.kept) {
      diagnostics_.error("too-many-values", input_.place(file_),
                         fmt::format("more than {} values that matter in one part of the file", limits_.kept));
      return false;
    }
    if (shape->done) {
      path_.clear();
      for (std::size_t i = 0; i < depth_; ++i)
        if (!frames_[i].list) path_.push_back(frames_[i].key);
      shape->done(node, path_);
      return true;
    }
    if (depth_ == 0) {
      root = std::move(node);
      return true;
    }
    Frame& parent = frames_[depth_ - 1];
    if (parent.list) {
      parent.node.items.push_back(std::move(node));
    } else {
      parent.node.members.push_back({parent.key, {}, std::move(node)});
    }
    return true;
  }

  CountedInput& input_;
  FileId file_;
  const Shape& root_shape_;
  Shape everything_{true, {}, nullptr, nullptr, nullptr};
  Diagnostics& diagnostics_;
  const StreamLimits& limits_;
  std::vector<Frame> frames_;
  std::size_t depth_ = 0;
  std::size_t kept_ = 0;
  std::vector<std::string> path_;
};

}  // namespace

bool read_stream(CountedInput& input, FileId file, const Shape& shape, Node& root, Diagnostics& diagnostics,
                 const StreamLimits& limits) {
  std::istream stream(&input);
  Reader reader(input, file, shape, diagnostics, limits);
  if (!Json::sax_parse(stream, &reader)) return false;
  root = std::move(reader.root);
  return true;
}

}  // namespace sovrisk::infra
