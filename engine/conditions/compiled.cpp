#include "conditions/compiled.h"

#include "conditions/scope.h"

namespace sovrisk {

namespace {

// Marks before each entry of a document's conditions. Reading past the end gives zeros, which ask for one.
constexpr std::uint64_t is_asked_for = 0;
constexpr std::uint64_t is_condition = 1;
constexpr std::uint64_t is_path = 2;

void write(const std::vector<std::string>& words, BlobWriter& out) {
  out.number(words.size());
  for (const std::string& word : words)
    out.text(word);
}

void write(const Path& path, BlobWriter& out) {
  out.text(path.text);
  write(path.steps, out);
  out.number(static_cast<std::uint64_t>(path.scope));
  out.number(path.follows.size());
  for (const bool follows : path.follows)
    out.number(follows ? 1 : 0);
}

void write(const Test& test, BlobWriter& out) {
  out.number(static_cast<std::uint64_t>(test.op));
  out.number(test.negated ? 1 : 0);
  write(test.words, out);
  out.number(test.numbers.size());
  for (const double number : test.numbers)
    out.real(number);
  out.number(test.boolean ? (*test.boolean ? 2 : 1) : 0);
  out.text(test.group);
  out.real(test.number);
  out.number(static_cast<std::uint64_t>(test.order));
  out.number(test.bound ? 1 : 0);
  out.text(test.date ? test.date->text() : std::string());
  out.number(static_cast<std::uint64_t>(test.duration.amount));
  out.number(static_cast<std::uint64_t>(test.duration.unit));
  out.text(test.key);
  out.number(test.each_link ? 1 : 0);
  out.number(test.shares ? 1 : 0);
}

std::vector<std::string> read_words(BlobReader& in) {
  std::vector<std::string> words(in.number());
  for (std::string& word : words)
    word = in.text();
  return words;
}

Path read_path(BlobReader& in) {
  Path path;
  path.text = in.text();
  path.steps = read_words(in);
  path.scope = static_cast<int>(in.number());
  path.follows.resize(in.number());
  for (auto&& follows : path.follows)
    follows = in.number() != 0;
  return path;
}

Test read_test(BlobReader& in) {
  Test test;
  test.op = static_cast<Test::Op>(in.number());
  test.negated = in.number() != 0;
  test.words = read_words(in);
  test.numbers.resize(in.number());
  for (double& number : test.numbers)
    number = in.real();
  if (const std::uint64_t boolean = in.number(); boolean != 0) test.boolean = boolean == 2;
  test.group = in.text();
  test.number = in.real();
  test.order = static_cast<Test::Order>(in.number());
  test.bound = in.number() != 0;
  test.date = Date::parse(in.text());
  test.duration.amount = static_cast<int>(in.number());
  test.duration.unit = static_cast<Duration::Unit>(in.number());
  test.key = in.text();
  test.each_link = in.number() != 0;
  test.shares = in.number() != 0;
  return test;
}

using Read = std::vector<std::shared_ptr<Condition>>;
using Paths = std::vector<PathPtr>;

/// Paths are numbered from 1; 0 is none.
PathPtr path_at(std::uint64_t place, const Paths& paths) {
  return place > 0 && place <= paths.size() ? paths[place - 1] : nullptr;
}

ConditionPtr read_place(BlobReader& in, const Read& read) {
  const std::uint64_t place = in.number();
  if (place >= read.size()) return std::make_shared<const Condition>();
  const std::shared_ptr<Condition>& condition = read[place];
  condition->recurs = condition.use_count() > 1;
  return condition;
}

std::shared_ptr<Condition> read_condition(BlobReader& in, const Read& read, const Paths& paths) {
  auto made = std::make_shared<Condition>();
  Condition& condition = *made;
  condition.op = static_cast<Condition::Op>(in.number());
  condition.span = in.span();
  condition.speaks_of = static_cast<std::uint32_t>(in.number());
  condition.label = in.text();
  condition.constant = in.number() != 0;
  condition.parts.resize(in.number());
  for (ConditionPtr& part : condition.parts)
    part = read_place(in, read);
  condition.path = path_at(in.number(), paths);
  if (condition.op == Condition::Op::test) {
    condition.test = read_test(in);
    condition.test.other = path_at(in.number(), paths);
    if (in.number() != 0) condition.test.each = read_place(in, read);
  }
  return made;
}

}  // namespace

std::uint64_t ConditionWriter::place_of(const PathPtr& path) {
  if (path == nullptr) return 0;
  BlobWriter own;
  write(*path, own);
  std::string bytes = own.take();
  const auto known = paths_.find(bytes);
  if (known != paths_.end()) return known->second;
  out_.number(is_path);
  out_.bytes(bytes);
  return paths_.emplace(std::move(bytes), paths_.size() + 1).first->second;
}

std::uint64_t ConditionWriter::place_of(const Condition& condition) {
  BlobWriter own;
  own.number(static_cast<std::uint64_t>(condition.op));
  own.span(condition.span);
  own.number(condition.speaks_of);
  own.text(condition.label);
  own.number(condition.constant ? 1 : 0);
  own.number(condition.parts.size());
  for (const ConditionPtr& part : condition.parts)
    own.number(place_of(*part));
  own.number(place_of(condition.path));
  if (condition.op == Condition::Op::test) {
    write(condition.test, own);
    own.number(place_of(condition.test.other));
    own.number(condition.test.each != nullptr ? 1 : 0);
    if (condition.test.each != nullptr) own.number(place_of(*condition.test.each));
  }
  std::string bytes = own.take();
  const auto known = places_.find(bytes);
  if (known != places_.end()) return known->second;
  out_.number(is_condition);
  out_.bytes(bytes);
  return places_.emplace(std::move(bytes), places_.size()).first->second;
}

void ConditionWriter::add(const Condition& condition) {
  const std::uint64_t place = place_of(condition);
  out_.number(is_asked_for);
  out_.number(place);
}

ConditionPtr ConditionSource::next(const Node& node, Diagnostics& diagnostics, std::string_view list) {
  if (stored()) {
    for (std::uint64_t what = reader_.number(); what != is_asked_for; what = reader_.number()) {
      if (what == is_path) {
        paths_.push_back(std::make_shared<const Path>(read_path(reader_)));
      } else {
        read_.push_back(read_condition(reader_, read_, paths_));
      }
    }
    return read_place(reader_, read_);
  }
  ConditionScope scope = condition_scope(schemas_, groups_, list);
  scope.define = document_.root.find("define");
  ConditionPtr condition = compile_condition(node, scope, diagnostics);
  if (recording_ != nullptr) recording_->add(*condition);
  return condition;
}

}  // namespace sovrisk
