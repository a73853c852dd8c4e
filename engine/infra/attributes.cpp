#include "infra/attributes.h"

namespace sovrisk::infra {

namespace {

bool is_true(const Node* node) { return node != nullptr && node->kind == Node::Kind::boolean && node->boolean; }

const Node* member(const Node* node, std::string_view key) {
  // `true` in place of a map or list says the same of everything below it.
  return is_true(node) ? node : node != nullptr ? node->find(key) : nullptr;
}

const Node* item(const Node* node, std::size_t index) {
  if (is_true(node)) return node;
  return node != nullptr && index < node->items.size() ? &node->items[index] : nullptr;
}

void gather(const Values& values, std::string_view path, const std::string& whole, std::vector<Said>& found) {
  if (is_true(values.sensitive)) {
    found.push_back({{}, "sensitive", {{whole, {}}}});
    return;
  }
  if (is_true(values.unknown)) {
    found.push_back({{}, "after-apply", {{whole, {}}}});
    return;
  }
  const Node* planned = values.planned;
  const bool list = (planned != nullptr && planned->kind == Node::Kind::list) ||
                    (values.unknown != nullptr && values.unknown->kind == Node::Kind::list);
  if (list) {
    const std::size_t items = std::max(planned != nullptr ? planned->items.size() : 0,
                                       values.unknown != nullptr ? values.unknown->items.size() : 0);
    for (std::size_t i = 0; i < items; ++i)
      gather({item(planned, i), item(values.unknown, i), item(values.sensitive, i)}, path, whole, found);
    return;
  }
  if (path.empty()) {
    if (planned == nullptr) return;
    const bool scalar = planned->kind == Node::Kind::text || planned->kind == Node::Kind::number ||
                        planned->kind == Node::Kind::boolean;
    if (scalar && !planned->text.empty()) found.push_back({planned->text, {}, {{whole, planned->text}}});
    return;
  }
  const auto dot = path.find('.');
  const std::string_view key = path.substr(0, dot);
  gather({member(planned, key), member(values.unknown, key), member(values.sensitive, key)},
         dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1), whole, found);
}

}  // namespace

std::vector<Said> Values::at(const std::string& path) const {
  std::vector<Said> found;
  gather(*this, path, path, found);
  return found;
}

bool Values::has(const std::string& attribute) const {
  return (planned != nullptr && planned->find(attribute) != nullptr) ||
         (unknown != nullptr && unknown->find(attribute) != nullptr);
}

}  // namespace sovrisk::infra
