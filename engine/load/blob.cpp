#include "load/blob.h"

#include <algorithm>
#include <cstring>

namespace sovrisk {

namespace {

constexpr std::string_view magic = "sovrisk-blob-6\n";

}  // namespace

void BlobWriter::number(std::uint64_t value) {
  while (value >= 0x80) {
    out_ += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out_ += static_cast<char>(value);
}

void BlobWriter::text(std::string_view value) {
  number(value.size());
  out_ += value;
}

void BlobWriter::real(double value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  out_.append(bytes, sizeof value);
}

void BlobWriter::span(const Span& span) {
  number(span.line);
  number(span.column);
  number(span.length);
}

void BlobWriter::node(const Node& node) {
  number(static_cast<std::uint64_t>(node.kind));
  span(node.span);
  switch (node.kind) {
    case Node::Kind::null: break;
    case Node::Kind::boolean:
      number(node.boolean ? 1 : 0);
      text(node.text);
      break;
    case Node::Kind::number:
      real(node.number);
      text(node.text);
      break;
    case Node::Kind::text: text(node.text); break;
    case Node::Kind::list: {
      BlobWriter inside;
      inside.number(node.items.size());
      for (const Node& item : node.items)
        inside.node(item);
      text(inside.out_);
      break;
    }
    case Node::Kind::map: {
      BlobWriter inside;
      inside.number(node.members.size());
      for (const Member& member : node.members)
        inside.member(member);
      text(inside.out_);
      break;
    }
  }
}

void BlobWriter::member(const Member& member) {
  text(member.key);
  span(member.key_span);
  node(member.value);
}

std::uint64_t BlobReader::number() {
  std::uint64_t value = 0;
  for (int shift = 0; at_ < in_.size() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(in_[at_++]);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) break;
  }
  return value;
}

std::string BlobReader::text() {
  const std::uint64_t wanted = number();
  const std::size_t length = std::min<std::size_t>(wanted, in_.size() - at_);
  std::string value(in_.substr(at_, length));
  at_ += length;
  return value;
}

double BlobReader::real() {
  double value = 0;
  if (in_.size() - at_ < sizeof value) return value;
  std::memcpy(&value, in_.data() + at_, sizeof value);
  at_ += sizeof value;
  return value;
}

Span BlobReader::span() {
  Span span{file_, 0, 0, 0};
  span.line = static_cast<std::uint32_t>(number());
  span.column = static_cast<std::uint32_t>(number());
  span.length = static_cast<std::uint32_t>(number());
  return span;
}

Unread BlobReader::unread() {
  const std::uint64_t wanted = number();
  const std::size_t length = std::min<std::size_t>(wanted, in_.size() - at_);
  // What is empty needs no reading: its number of values is all there is.
  const Unread place{length > 1 ? in_.data() + at_ : nullptr, static_cast<std::uint32_t>(length), file_};
  at_ += length;
  return place;
}

Node BlobReader::node() {
  Node node;
  node.kind = static_cast<Node::Kind>(number());
  node.span = span();
  switch (node.kind) {
    case Node::Kind::null: break;
    case Node::Kind::boolean:
      node.boolean = number() != 0;
      node.text = text();
      break;
    case Node::Kind::number:
      node.number = real();
      node.text = text();
      break;
    case Node::Kind::text: node.text = text(); break;
    case Node::Kind::list: node.items = Children<Node>(unread()); break;
    case Node::Kind::map: node.members = Children<Member>(unread()); break;
  }
  return node;
}

Member BlobReader::member() {
  Member member;
  member.key = text();
  member.key_span = span();
  member.value = node();
  return member;
}

std::string write_blob(const std::vector<BlobEntry>& entries) {
  BlobWriter bodies;
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint64_t> conditions;
  for (const BlobEntry& entry : entries) {
    conditions.push_back(entry.compiled.empty() ? 0 : bodies.size() + 1);
    if (!entry.compiled.empty()) bodies.text(entry.compiled);
    offsets.push_back(bodies.size());
    bodies.node(entry.root);
  }
  BlobWriter index;
  index.number(entries.size());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const BlobEntry& entry = entries[i];
    index.text(entry.kind);
    index.text(entry.id);
    index.number(entry.aliases.size());
    for (const std::string& alias : entry.aliases)
      index.text(alias);
    index.text(entry.title);
    index.text(entry.path);
    index.text(entry.sha256);
    index.number(entry.names.size());
    for (const std::string& name : entry.names)
      index.text(name);
    index.number(offsets[i]);
    index.number(conditions[i]);
  }
  BlobWriter head;
  const std::string index_bytes = index.take();
  head.real(static_cast<double>(magic.size() + sizeof(double) + index_bytes.size()));
  return std::string(magic) + head.take() + index_bytes + bodies.take();
}

std::optional<std::vector<BlobEntry>> read_blob_index(std::string_view blob) {
  if (!blob.starts_with(magic)) return std::nullopt;
  BlobReader reader(blob.substr(magic.size()), no_file);
  const auto bodies = static_cast<std::uint64_t>(reader.real());
  std::vector<BlobEntry> entries(reader.number());
  for (BlobEntry& entry : entries) {
    entry.kind = reader.text();
    entry.id = reader.text();
    entry.aliases.resize(reader.number());
    for (std::string& alias : entry.aliases)
      alias = reader.text();
    entry.title = reader.text();
    entry.path = reader.text();
    entry.sha256 = reader.text();
    entry.names.resize(reader.number());
    for (std::string& name : entry.names)
      name = reader.text();
    entry.offset = bodies + reader.number();
    const std::uint64_t conditions = reader.number();
    entry.conditions = conditions == 0 ? 0 : bodies + conditions - 1;
  }
  return entries;
}

std::string_view read_blob_conditions(std::string_view blob, std::uint64_t offset) {
  // The length stands in front as BlobWriter::text writes it; the bytes are read where they are.
  std::uint64_t length = 0;
  for (int shift = 0; offset < blob.size() && shift < 64; shift += 7) {
    const auto byte = static_cast<unsigned char>(blob[offset++]);
    length |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) break;
  }
  return blob.substr(offset, length);
}

Node read_blob_node(std::string_view blob, std::uint64_t offset, FileId file) {
  return BlobReader(blob.substr(offset), file).node();
}

namespace {

template <class Item, class Read>
void read_all(const Unread& place, std::vector<Item>& into, Read read) {
  BlobReader reader({place.bytes, place.size}, place.file);
  const std::uint64_t count = reader.number();
  // Each takes a byte at least: a number that is too large asks for no memory.
  into.reserve(std::min<std::uint64_t>(count, place.size));
  for (std::uint64_t i = 0; i < count && i < place.size; ++i)
    into.push_back(read(reader));
}

}  // namespace

void read_unread(const Unread& place, std::vector<Node>& into) {
  read_all(place, into, [](BlobReader& reader) { return reader.node(); });
}

void read_unread(const Unread& place, std::vector<Member>& into) {
  read_all(place, into, [](BlobReader& reader) { return reader.member(); });
}

}  // namespace sovrisk
