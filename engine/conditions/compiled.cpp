#include "conditions/compiled.h"

namespace sovrisk {

namespace {

BlobWriter* recording = nullptr;

void write(const Condition& condition, BlobWriter& out);

void write(const std::vector<std::string>& words, BlobWriter& out) {
  out.number(words.size());
  for (const std::string& word : words)
    out.text(word);
}

void write(const Path& path, BlobWriter& out) {
  out.text(path.text);
  write(path.steps, out);
  out.number(static_cast<std::uint64_t>(path.scope));
  for (std::size_t i = 0; i < path.steps.size(); ++i)
    out.number(i < path.follows.size() && path.follows[i] ? 1 : 0);
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
  out.number(test.other ? 1 : 0);
  if (test.other) write(*test.other, out);
  out.real(test.number);
  out.number(static_cast<std::uint64_t>(test.order));
  out.number(test.bound ? 1 : 0);
  out.text(test.date ? test.date->text() : std::string());
  out.number(static_cast<std::uint64_t>(test.duration.amount));
  out.number(static_cast<std::uint64_t>(test.duration.unit));
  out.text(test.key);
  out.number(test.each_link ? 1 : 0);
  out.number(test.shares ? 1 : 0);
  out.number(test.each != nullptr ? 1 : 0);
  if (test.each != nullptr) write(*test.each, out);
}

void write(const Condition& condition, BlobWriter& out) {
  out.number(static_cast<std::uint64_t>(condition.op));
  out.span(condition.span);
  out.text(condition.label);
  out.number(condition.constant ? 1 : 0);
  out.number(condition.parts.size());
  for (const Condition& part : condition.parts)
    write(part, out);
  if (condition.op == Condition::Op::known || condition.op == Condition::Op::test) write(condition.path, out);
  if (condition.op == Condition::Op::test) write(condition.test, out);
}

Condition read_condition(BlobReader& in);

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
  path.follows.resize(path.steps.size());
  for (std::size_t i = 0; i < path.steps.size(); ++i)
    path.follows[i] = in.number() != 0;
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
  if (in.number() != 0) test.other = read_path(in);
  test.number = in.real();
  test.order = static_cast<Test::Order>(in.number());
  test.bound = in.number() != 0;
  test.date = Date::parse(in.text());
  test.duration.amount = static_cast<int>(in.number());
  test.duration.unit = static_cast<Duration::Unit>(in.number());
  test.key = in.text();
  test.each_link = in.number() != 0;
  test.shares = in.number() != 0;
  if (in.number() != 0) test.each = std::make_shared<const Condition>(read_condition(in));
  return test;
}

Condition read_condition(BlobReader& in) {
  Condition condition;
  condition.op = static_cast<Condition::Op>(in.number());
  condition.span = in.span();
  condition.label = in.text();
  condition.constant = in.number() != 0;
  condition.parts.resize(in.number());
  for (Condition& part : condition.parts)
    part = read_condition(in);
  if (condition.op == Condition::Op::known || condition.op == Condition::Op::test) condition.path = read_path(in);
  if (condition.op == Condition::Op::test) condition.test = read_test(in);
  return condition;
}

}  // namespace

Condition ConditionSource::next(const Node& node, const ConditionScope& scope, Diagnostics& diagnostics) {
  if (!stored_.empty()) return read_condition(reader_);
  Condition condition = compile_condition(node, scope, diagnostics);
  if (recording != nullptr) write(condition, *recording);
  return condition;
}

void ConditionSource::record(BlobWriter* into) { recording = into; }

}  // namespace sovrisk
