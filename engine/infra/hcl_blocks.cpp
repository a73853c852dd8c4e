#include "infra/hcl_blocks.h"

#include <algorithm>
#include <optional>

#include "load/position.h"

namespace sovrisk {

namespace {

struct Token {
  enum class Kind : std::uint8_t { end, word, quoted, template_text, sign };
  Kind kind = Kind::end;
  std::string_view text;  ///< of a quoted one without the quotes
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool is_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  constexpr unsigned char beyond_ascii = 0x80;  // letters of other scripts may stand in names
  return byte >= beyond_ascii || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         c == '_' || c == '-';
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  Token next() {
    skip_blanks();
    Token token;
    token.begin = at_;
    if (at_ >= text_.size()) {
      token.end = at_;
      return token;
    }
    const char c = text_[at_];
    if (c == '"') {
      const bool plain = skip_quoted();
      const std::size_t close = at_ > token.begin + 1 && text_[at_ - 1] == '"' ? at_ - 1 : at_;
      token.kind = plain ? Token::Kind::quoted : Token::Kind::template_text;
      token.text = text_.substr(token.begin + 1, close - token.begin - 1);
    } else if (text_.substr(at_).starts_with("<<") && skip_heredoc()) {
      token.kind = Token::Kind::template_text;
    } else if (is_word(c)) {
      while (at_ < text_.size() && is_word(text_[at_]))
        ++at_;
      token.kind = Token::Kind::word;
      token.text = text_.substr(token.begin, at_ - token.begin);
    } else {
      ++at_;
      token.kind = Token::Kind::sign;
      token.text = text_.substr(token.begin, 1);
    }
    token.end = at_;
    return token;
  }

 private:
  void to_line_end() { at_ = std::min(text_.find('\n', at_), text_.size()); }

  void skip_comment_or_stop(bool& moved) {
    const std::string_view rest = text_.substr(at_);
    moved = true;
    if (rest.starts_with('#') || rest.starts_with("//")) {
      to_line_end();
    } else if (rest.starts_with("/*")) {
      const auto close = text_.find("*/", at_ + 2);
      at_ = close == std::string_view::npos ? text_.size() : close + 2;
    } else {
      moved = false;
    }
  }

  void skip_blanks() {
    for (bool moved = true; moved;) {
      while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
        ++at_;
      skip_comment_or_stop(moved);
    }
  }

  /// Over a quoted template. Whether it is plain text, without escapes and interpolations. Interpolations hold
  /// expressions, which hold templates, as deep as the author likes: hence a stack of ours.
  bool skip_quoted() {
    bool plain = true;
    ++at_;
    std::string open = "\"";  // a quote: in a template; a brace: in an expression
    while (!open.empty() && at_ < text_.size()) {
      const char c = text_[at_];
      if (open.back() == '"') {
        plain = in_template(c, open) && plain;
      } else {
        in_expression(c, open);
      }
    }
    return plain;
  }

  bool in_template(char c, std::string& open) {
    const std::string_view rest = text_.substr(at_);
    if (c == '\n') {  // nobody closed it: it ends with its line, so that the rest of the file is read
      open.clear();
      return false;
    }
    if (c == '\\') {
      at_ = std::min(at_ + 2, text_.size());
      return false;
    }
    if (rest.starts_with("$${") || rest.starts_with("%%{")) {
      at_ += 3;
      return false;
    }
    if (rest.starts_with("${") || rest.starts_with("%{")) {
      open += '{';
      at_ += 2;
      return false;
    }
    if (c == '"') open.pop_back();
    ++at_;
    return true;
  }

  void in_expression(char c, std::string& open) {
    bool comment = false;
    skip_comment_or_stop(comment);
    if (comment) return;
    if (c == '"' || c == '{') open += c;
    if (c == '}') open.pop_back();
    ++at_;
  }

  /// Over `<<NAME` or `<<-NAME` up to the line that holds NAME alone.
  bool skip_heredoc() {
    std::size_t begin = at_ + 2;
    if (begin < text_.size() && text_[begin] == '-') ++begin;
    std::size_t end = begin;
    while (end < text_.size() && is_word(text_[end]))
      ++end;
    const std::string_view name = text_.substr(begin, end - begin);
    while (end < text_.size() && (text_[end] == ' ' || text_[end] == '\t' || text_[end] == '\r'))
      ++end;
    if (name.empty() || end >= text_.size() || text_[end] != '\n') return false;
    std::size_t line = end;
    while (line != std::string_view::npos) {
      const std::size_t start = line + 1;
      line = text_.find('\n', start);
      const std::size_t stop = std::min(line, text_.size());
      std::string_view row = text_.substr(start, stop - start);
      row.remove_prefix(std::min(row.find_first_not_of(" \t"), row.size()));
      row = row.substr(0, row.find_last_not_of(" \t\r") + 1);
      if (row == name) {
        at_ = stop;
        return true;
      }
    }
    at_ = text_.size();
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void place(HclBlock& block, std::size_t begin, std::size_t end, Position& position) {
  position.go_to(begin);
  block.line = position.line();
  block.column = position.column();
  position.go_to(end);
  block.length = position.column() - block.column;
}

}  // namespace

std::vector<HclBlock> hcl_blocks(std::string_view text) {
  using Kind = Token::Kind;
  std::vector<HclBlock> blocks;
  Scanner scanner(text);
  Position position(text);
  std::optional<HclBlock> head;  // words of a block whose brace is still to come
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t depth = 0;
  int source = 0;  // of a module: 1 after `source`, 2 after its `=`
  for (Token token = scanner.next(); token.kind != Kind::end; token = scanner.next()) {
    const bool opens = token.kind == Kind::sign && token.text == "{";
    // The head of a block stands on one line.
    if (head && text.substr(end, token.begin - end).find('\n') != std::string_view::npos) head.reset();
    if (depth == 0 && opens && head) {
      place(*head, begin, end, position);
      blocks.push_back(std::move(*head));
      head.reset();
    } else if (depth == 0 && token.kind == Kind::word && !head) {
      head = HclBlock{};
      head->type = token.text;
      begin = token.begin;
      end = token.end;
    } else if (depth == 0 && head && (token.kind == Kind::word || token.kind == Kind::quoted)) {
      head->labels.emplace_back(token.text);
      end = token.end;
    } else if (depth == 0) {
      head.reset();
    } else if (depth == 1 && !blocks.empty() && blocks.back().type == "module") {
      if (source == 2 && token.kind == Kind::quoted) blocks.back().source = token.text;
      const bool equals = token.kind == Kind::sign && token.text == "=";
      source = token.kind == Kind::word && token.text == "source" ? 1 : source == 1 && equals ? 2 : 0;
    }
    if (opens) ++depth;
    if (token.kind == Kind::sign && token.text == "}" && depth > 0) --depth;
  }
  return blocks;
}

}  // namespace sovrisk
